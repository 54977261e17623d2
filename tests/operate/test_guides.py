"""What docs/operate promises is what the program has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from gongchou.operate.program import DOORS
from gongchou.operate.sentences import EXITS, SENTENCES

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "operate"


def guide(name: str) -> str:
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


def options_of(name: str) -> set[str]:
    command = load_command_class(get_commands()[name], name)
    return {option for action in command.create_parser("gongchou", name)._actions for option in action.option_strings}


def test_every_setting_is_in_the_guide_and_no_other():
    source = (ROOT / "src" / "gongchou" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', source))

    assert set(re.findall(r"^\| `(\w+)` \|", guide("settings"), re.MULTILINE)) == read


@pytest.mark.parametrize("name", ["install", "backup", "audit", "draws", "settings"])
def test_every_command_that_a_guide_names_exists(name):
    named = set(re.findall(r"\./gongchou ([a-z_]+)", guide(name)))

    assert named - set(get_commands()) == set()


def test_what_the_door_says_there_is_there_is():
    named = re.findall(r"^  (\w+)", DOORS, re.MULTILINE)

    assert set(named) - set(get_commands()) == set()


def test_every_command_of_ours_is_at_the_door():
    ours = {name for name, app in get_commands().items() if app.startswith("gongchou.")}
    for_demos_and_refusals = {"make_city", "createsuperuser", "changepassword"}

    missing = ours - for_demos_and_refusals - set(re.findall(r"^  (\w+)", DOORS, re.MULTILINE))

    assert missing == set()


@pytest.mark.parametrize("name", ["init", "backup", "restore"])
def test_every_option_is_in_a_guide(name):
    text = guide("install") + guide("backup")
    djangos = options_of("check") | {"--skip-checks"}

    assert {option for option in options_of(name) - djangos if option not in text} == set()


def test_every_exit_code_is_in_the_guide():
    rows = re.findall(r"^\| (\d+) \|", guide("backup"), re.MULTILINE)

    assert list(map(int, rows)) == sorted({0, 1, 2, *EXITS.values()})


def test_every_exit_code_belongs_to_a_refusal():
    assert {code for code in EXITS if code.startswith("operate.")} <= set(SENTENCES)


@pytest.mark.parametrize("name", ["install", "backup", "audit", "draws", "settings"])
def test_links_between_guides_lead_somewhere(name):
    named = re.findall(r"\]\(([^)#]+)\)", guide(name))

    assert [link for link in named if not (GUIDES / link).exists()] == []
