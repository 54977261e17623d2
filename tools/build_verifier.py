"""Put the browser verifier together into one file that needs nothing else.

    python tools/build_verifier.py            write verifier/verify.html
    python tools/build_verifier.py --check    exit with 1 if it is not what the sources give

The page may run only this one script and this one style: their digests stand in its content policy.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "verifier"
PAGE = ROOT / "verify.html"


def source_of_policy(text: str) -> str:
    """Return the policy's name for exactly this inline text."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def read(path: str) -> str:
    """Return one source file."""
    return (ROOT / path).read_text(encoding="utf-8")


def build() -> str:
    """Return the page."""
    names = read("src/ORDER").split()
    strangers = sorted({path.name for path in (ROOT / "src").glob("*.js")} ^ set(names))
    if strangers:
        raise SystemExit(f"src/ORDER and the scripts beside it differ: {', '.join(strangers)}")
    licence = "/*\n" + read("vendor/noble-curves.LICENSE.txt") + "*/\n"
    parts = [licence + read("vendor/noble-curves.js"), *(f"// ---- {name}\n{read(f'src/{name}')}" for name in names)]
    script, style = "\n" + "\n".join(parts), "\n" + read("src/page.css")
    page = read("src/page.html")
    for mark, text in {
        "@SCRIPT_SOURCE@": source_of_policy(script),
        "@STYLE_SOURCE@": source_of_policy(style),
        "@STYLE@": style,
        "@SCRIPT@": script,
    }.items():
        page = page.replace(mark, text, 1)
    return page


def main() -> int:
    """Write the page, or with --check only compare."""
    page = build()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        print("verifier/verify.html is stale: run python tools/build_verifier.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
