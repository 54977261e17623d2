"""A real register with its real dirt: three kinds of file, one frame, a draw that holds, and edits that do not."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from gongchou.cli.workspace import Workspace
from tests.cli.offices import (
    CLOSED_AT,
    DICE,
    DRAWN_AT,
    FRAMED_AT,
    SIGNATURE,
    draft,
    gongchou,
    report,
    trust_file,
    write_draft,
)

CITIES = {
    "济南": "JN", "青岛": "QD", "淄博": "ZB", "枣庄": "ZZ", "东营": "DY", "烟台": "YT", "潍坊": "WF", "济宁": "JI",
    "泰安": "TA", "威海": "WH", "日照": "RZ", "临沂": "LY", "德州": "DZ", "聊城": "LC", "滨州": "BZ", "菏泽": "HZ",
}  # fmt: skip
IDS = sorted(CITIES.values())


def frame_words(register: Path, bundle: Path) -> list[object]:
    table = bundle.parent / "cities.csv"
    table.write_text("".join(f"{name},{own}\n" for name, own in CITIES.items()), encoding="utf-8")
    columns = ("--id", "统一社会信用代码", "--stratum", "地区", "--pool", "地区", "--map", table)
    return ["frame", register, "-o", bundle, *columns, "--at", FRAMED_AT]


@pytest.fixture(scope="module")
def register(shared_data: Path) -> Path:
    path = shared_data / "real-register" / "shandong-1978-2003.csv"
    if not path.is_file():
        pytest.skip("the real register is not there")
    return path


@pytest.fixture(scope="module")
def whole(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete draw by city with mixed ratios, two hundred generated inspectors in pairs."""
    folder = tmp_path_factory.mktemp("real")
    bundle = folder / "bundle"
    assert gongchou(*frame_words(register, bundle)) == 0
    ratios = {"*": {"ratio": "1%"}, "QD": {"ratio": "1/200"}, "JN": {"ratio": "0.5%", "max": 20}, "RZ": {"n": 9}}
    groups = [{"department": "SCJG", "skills": ["lead"]}, {"department": "SCJG", "skills": ["food"]}]
    told = draft(strata=ratios, matching={"slots": groups}, seed=draft_sources())
    people = [inspector(number) for number in range(1, 201)]
    (folder / "inspectors.tsv").write_text("".join(people), encoding="utf-8", newline="")
    words = ("--params", write_draft(folder, told), "--inspectors", folder / "inspectors.tsv")
    assert gongchou("commit", bundle, *words, "--at", "2024-10-13T00:00:00Z") == 0
    assert gongchou("close", bundle, "--value", f"1={DICE}", "--at", CLOSED_AT) == 0
    assert gongchou("seed", bundle, "--value", SIGNATURE) == 0
    assert gongchou("run", bundle, "--at", DRAWN_AT) == 0
    return bundle


def draft_sources() -> list[object]:
    return [{"type": "digits", "n": len(DICE)}, {"type": "drand", "chain": "quicknet"}]


def inspector(number: int) -> str:
    home, near = IDS[number % 16], IDS[(number + 1) % 16]
    skill = "lead" if number // 16 % 2 else "food"
    return f"I{number:03}\tSCJG\t{home}\t{','.join(sorted((home, near)))}\t{skill}\t9\t0\n"


def test_every_row_of_the_register_is_accepted_or_refused_with_its_reason(whole: Path):
    universe = json.loads((whole / "universe.json").read_bytes())
    rejected = list(csv.DictReader((whole / "rejected.csv").read_text("utf-8-sig").splitlines()))

    assert Counter(row["reason"] for row in rejected) == {"id_lower_case": 19, "stratum_unmapped": 42}
    assert Counter(row["value"] for row in rejected if row["reason"] == "stratum_unmapped")["N/A"] == 41
    assert (universe["read"], universe["size"], universe["rejected"]["count"]) == (44_722, 44_661, 61)


def gb18030(register: Path, folder: Path) -> Path:
    copy = folder / "copy.csv"
    copy.write_bytes(register.read_bytes().decode("utf-8-sig").encode("gb18030"))
    return copy


def workbook(register: Path, folder: Path) -> Path:
    copy = folder / "copy.xlsx"
    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with register.open(encoding="utf-8-sig", newline="") as file, xlsxwriter.Workbook(copy, options) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(csv.reader(file)):
            sheet.write_row(at, 0, row)
    return copy


@pytest.mark.parametrize("copied", [gb18030, pytest.param(workbook, marks=pytest.mark.night)])
def test_a_copy_in_another_form_gives_the_same_frame(
    register: Path, whole: Path, tmp_path: Path, copied: Callable[[Path, Path], Path]
):
    assert gongchou(*frame_words(copied(register, tmp_path), tmp_path / "bundle")) == 0

    assert (tmp_path / "bundle" / "frame.tsv").read_bytes() == (whole / "frame.tsv").read_bytes()


def test_a_complete_draw_of_it_is_green(whole: Path, capsys: pytest.CaptureFixture[str]):
    found = report(capsys, whole, "--trust", trust_file(whole))
    gongchou("verify", whole, "--json")
    summary = json.loads(capsys.readouterr().out)["summary"]
    chosen = {part["id"]: part["n"] for part in summary["draws"][0]["strata"]}

    assert found == (0, 0, "green")
    assert (chosen["QD"], chosen["JN"], chosen["RZ"], chosen["YT"]) == (48, 20, 9, 54)
    assert (summary["doors"], summary["unfilled"]) == (sum(chosen.values()), 0)


def _ratio(bundle: Path) -> None:
    path = bundle / "params.json"
    path.write_bytes(path.read_bytes().replace(b'"den":200', b'"den":400'))


def _dropped(bundle: Path) -> None:
    path = bundle / "frame.tsv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def _extra(bundle: Path) -> None:
    path = bundle / "frame.tsv"
    path.write_bytes(path.read_bytes() + b"ZZ\t~ZZ".replace(b"~", b"ZZZ") + b"\tZZ\n")


def _swapped(bundle: Path) -> None:
    path = bundle / "assignment.tsv"
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    other = next(at for at, row in enumerate(rows) if row[2] != rows[0][2])
    rows[0][2], rows[other][2] = rows[other][2], rows[0][2]
    path.write_text("".join("\t".join(row) + "\n" for row in rows))


@pytest.mark.parametrize(
    ("edit", "naive", "signed"),
    [
        (_ratio, (1, 1, "file_digest"), (1, 2, "entry_files")),
        (_dropped, (1, 1, "file_size"), (1, 6, "size_mismatch")),
        (_extra, (1, 1, "file_size"), (1, 6, "size_mismatch")),
        (_swapped, (1, 1, "file_digest"), (1, 2, "entry_files")),
    ],
)
def test_an_edit_is_caught_also_when_the_operator_signs_it(
    whole: Path,
    capsys: pytest.CaptureFixture[str],
    edit: Callable[[Path], None],
    naive: tuple[int, int, str],
    signed: tuple[int, int, str],
):
    kept = {path: path.read_bytes() for path in whole.rglob("*") if path.is_file()}
    trust = trust_file(whole)

    edit(whole)
    before = report(capsys, whole, "--trust", trust)
    Workspace(whole).sign_manifest()
    after = report(capsys, whole, "--trust", trust)
    for path, data in kept.items():
        path.write_bytes(data)

    assert (before, after) == (naive, signed)
