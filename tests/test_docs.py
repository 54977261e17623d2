"""What the documents promise is tried."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gongchou.cli.arguments import parser
from gongchou.draw.sentences import known_codes
from tests.factories.mutants import original

ROOT = Path(__file__).parents[1]


def test_the_shell_recipe_of_the_readme_prints_the_selection(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash on this machine")
    recipe = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert recipe is not None
    files = original("open-single")
    for name in ("frame.tsv", "seed-input.txt"):
        (tmp_path / name).write_bytes(files[name])

    printed = subprocess.run([bash, "-c", recipe[1]], cwd=tmp_path, capture_output=True, check=True).stdout

    assert printed == files["selected.tsv"]


def test_every_verb_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "draw.md").read_text(encoding="utf-8")
    verbs = next(action.choices for action in parser()._actions if action.dest == "verb") or {}

    missing = [verb for verb in verbs if not re.search(rf"`{verb}\b", guide)]

    assert missing == []


def test_every_room_and_place_of_the_map_exists() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")

    missing = [place for place in re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE) if not (ROOT / place).exists()]

    assert missing == []


def test_every_code_that_section_11_names_has_a_sentence() -> None:
    section = (ROOT / "spec" / "vdp1.md").read_text(encoding="utf-8").split("## 11")[1].split("## 12")[0]
    rows = [line for line in section.splitlines() if re.match(r"\| \d+ \|", line)]
    codes = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row.split("|")[3])}

    assert codes - known_codes() == set()
