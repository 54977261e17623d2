"""What docs/guide promises is what the program has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongchou.registry.forms.imports import CAN_BE_FULL, KIND_WORDS
from gongchou.registry.imports.loading import KINDS
from gongchou.registry.imports.reading import TOP
from gongchou.registry.models import ImportBatch
from gongchou.registry.rules.imports import NEEDED

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide" / "imports.zh.md").read_text(encoding="utf-8")
ROOM = ROOT / "src" / "gongchou" / "registry"


def label_of(kind):
    return ImportBatch.Kind(kind).label


def test_the_guide_has_a_row_for_each_register_and_no_other():
    rows = re.findall(r"^\| (\S+) \| .+ \| (.+) \| (可以|不可以) \|$", GUIDE, re.MULTILINE)

    assert [(name, full == "可以") for name, _, full in rows] == [
        (label_of(kind), kind in CAN_BE_FULL) for kind in KINDS
    ]
    assert len(KIND_WORDS) == len(rows)
    for (_, told, _), kind in zip(rows, KINDS, strict=True):
        labels = {one.field: one.label for one in KINDS[kind].columns}
        assert [labels[field] for field in NEEDED[kind] if labels[field] not in told] == []


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_guide_names_every_column_in_its_order(kind):
    line = re.search(rf"### {label_of(kind)}的栏目\n\n(.+)\n", GUIDE)

    assert line is not None
    assert line[1].split("、") == [one.label for one in KINDS[kind].columns]


def test_every_button_the_guide_names_is_on_a_page():
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOM / "templates" / "registry").glob("import*.html"))

    named = set(re.findall(r"【(.+?)】", GUIDE))

    assert len(named) == 10
    assert {name for name in named if name not in pages} == set()


def test_the_header_is_looked_for_where_the_guide_says():
    assert f"前 {TOP} 行" in GUIDE
