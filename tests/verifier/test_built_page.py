"""The shipped file: current, self-contained, closed to the network, and old enough for Chromium 90."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.browser_baseline import too_new_in_script, too_new_in_style

ROOT = Path(__file__).resolve().parents[2]
VERIFIER = ROOT / "verifier"
HTML = (VERIFIER / "verify.html").read_text(encoding="utf-8")
SCRIPT = HTML.split("<script>")[1].split("</script>")[0]
STYLE = HTML.split("<style>")[1].split("</style>")[0]


def test_built_page_is_current():
    command = [sys.executable, str(ROOT / "tools" / "build_verifier.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0


def test_policy_lets_in_this_script_and_this_style_and_nothing_else():
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', HTML)
    assert policy is not None
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (SCRIPT, STYLE)]
    assert policy[1] == (
        f"default-src 'none'; script-src 'sha256-{digests[0]}'; style-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_page_refers_to_nothing_outside_itself():
    markup = HTML.replace(SCRIPT, "").replace(STYLE, "")
    assert re.findall(r'(?:src|href|action|style)="(?!#)[^"]*"|url\(|@import', markup + STYLE) == []
    assert re.findall(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|importScripts", SCRIPT) == []
    assert (HTML.count("<script"), HTML.count("</script>")) == (1, 1)


def test_script_uses_nothing_newer_than_chromium_90():
    assert too_new_in_script(SCRIPT) == []
    assert re.findall(r"(?m)^(import|export)\b", SCRIPT) == []


def test_style_uses_nothing_newer_than_chromium_90():
    assert too_new_in_style(STYLE) == []


def test_top_level_never_awaits():
    for path in sorted((VERIFIER / "src").glob("*.js")):
        assert re.findall(r"(?m)^(?:  )?await\b", path.read_text(encoding="utf-8")) == [], path.name


def test_vendored_file_is_the_one_that_is_described():
    vendor = tomllib.loads((VERIFIER / "vendor" / "VENDOR.toml").read_text(encoding="utf-8"))["noble-curves"]
    data = (VERIFIER / "vendor" / vendor["file"]).read_bytes()
    assert hashlib.sha512(data).hexdigest() == vendor["sha512"]
    licence = (VERIFIER / "vendor" / vendor["licence_file"]).read_text(encoding="utf-8")
    assert licence in HTML


def test_scripts_stay_short():
    long = {path.name for path in (VERIFIER / "src").glob("*.js") if len(path.read_text().splitlines()) > 300}
    assert long == set()
