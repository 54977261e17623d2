"""Frame, exclude, universe: what they write, and what they refuse without writing anything."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from gongchou.draw.encoding import sha256_hex
from tests.cli.offices import (
    EVIDENCE,
    HEADER,
    commit_words,
    credit_code,
    draft,
    folder_listing,
    frame_words,
    gongchou,
    listing,
    refused,
    shops,
    write_csv,
)


def rejected_of(folder: Path) -> list[dict[str, str]]:
    text = (folder / "rejected.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


# frame ------------------------------------------------------------------------------------------

DIRT = [
    ["小写", credit_code(101).lower(), "演示东区"],
    ["全角", "９" + credit_code(102)[1:], "演示东区"],
    ["旧号", "990101000000015", "演示东区"],
    ["浮点", "9.13702E+17", "演示东区"],
    ["空", "", "演示东区"],
    ["空格", f" {credit_code(103)}", "演示东区"],
    ["校验", credit_code(104)[:17] + "I", "演示东区"],
    ["区划", credit_code(105), "N/A"],
    ["少", credit_code(106)],
    ["多", credit_code(107), "演示东区", "演示东区"],
    ["", "", ""],
    HEADER,
    ["演示商户1", credit_code(1), "演示东区"],
    ["公式", "=cmd|' /C calc'!A0", "演示东区"],
    ["公式", "+1", "演示东区"],
    ["公式", "@SUM(A1)", "演示东区"],
    ["公式", "-2", "演示东区"],
    ["公式", "＝1", "演示东区"],
    ["换行", f"{credit_code(108)}\n", "演示东区"],
]


def test_a_dirty_register_is_counted_row_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    register = write_csv(tmp_path / "register.csv", [*shops(3), *DIRT])
    register.write_bytes(register.read_bytes() + b"\xff\xfe,x,y\r\n")
    bundle = tmp_path / "bundle"

    assert gongchou(*frame_words(register, bundle)) == 0
    told = capsys.readouterr().out.splitlines()
    rejected, universe = rejected_of(bundle), json.loads((bundle / "universe.json").read_bytes())

    assert [(row["line"], row["reason"]) for row in rejected] == [
        ("5", "id_lower_case"),
        ("6", "id_full_width"),
        ("7", "id_old_number"),
        ("8", "id_float"),
        ("9", "id_empty"),
        ("10", "id_space"),
        ("11", "id_shape"),
        ("12", "stratum_unmapped"),
        ("13", "ragged"),
        ("14", "ragged"),
        ("15", "blank"),
        ("16", "repeated_header"),
        ("17", "duplicate"),
        ("18", "id_shape"),
        ("19", "id_shape"),
        ("20", "id_shape"),
        ("21", "id_shape"),
        ("22", "id_full_width"),
        ("23", "id_space"),
        ("25", "undecodable"),
    ]
    assert (universe["read"], universe["size"], universe["rejected"]["count"]) == (23, 3, 20)
    assert universe["rejected"]["sha256"] == sha256_hex((bundle / "rejected.csv").read_bytes())
    assert told[0] == "读入 23 行 = 接收 3 + 拒收 20"
    assert len((bundle / "frame.tsv").read_text().splitlines()) == 3


def test_every_refused_row_has_a_chinese_sentence_and_no_cell_is_a_formula(tmp_path: Path):
    bundle = tmp_path / "bundle"
    gongchou(*frame_words(write_csv(tmp_path / "register.csv", [*shops(3), *DIRT]), bundle))

    rejected = rejected_of(bundle)

    assert [row["value"] for row in rejected if row["reason"] == "id_shape"][1:] == [
        "'=cmd|' /C calc'!A0",
        "'+1",
        "'@SUM(A1)",
        "'-2",
    ]
    assert [cell for row in rejected for cell in row.values() if cell.startswith(("=", "+", "-", "@", "＝"))] == []
    assert [row for row in rejected if len(row) != 7 or not any(sign >= "一" for sign in row["sentence"])] == []


def test_a_rule_that_begins_like_a_formula_is_made_harmless_too(tmp_path: Path):
    rows = [["A商户", credit_code(1), "演示东区"], ["商户", credit_code(2), "演示东区"]]
    words = frame_words(write_csv(tmp_path / "register.csv", rows), tmp_path / "bundle")
    words[words.index("--pool") + 1] = "=P+名称[0:1]"
    (tmp_path / "pools.csv").write_text("所属区,演示东区,DQ\n", encoding="utf-8")

    assert gongchou(*words, "--pool-map", tmp_path / "pools.csv") == 0

    row = rejected_of(tmp_path / "bundle")[0]
    assert [row[name] for name in ("line", "object", "reason", "column", "value")] == [
        "3",
        credit_code(2),
        "pool_shape",
        "'=P+名称[0:1]",
        "P-商",
    ]


def test_the_list_of_refused_rows_says_whom_each_concerns_where_that_can_be_read(tmp_path: Path):
    bundle = tmp_path / "bundle"
    gongchou(*frame_words(write_csv(tmp_path / "register.csv", [*shops(3), *DIRT]), bundle))

    known = {int(row["line"]): row["object"] for row in rejected_of(bundle) if row["object"]}

    assert known == {12: credit_code(105), 13: credit_code(106), 14: credit_code(107), 17: credit_code(1)}


def test_a_sealed_frame_shows_no_id_and_no_cell_of_a_refused_row(tmp_path: Path):
    gongchou("keygen", "key", "--kind", "seal", "-o", tmp_path / "seal.key")
    words = frame_words(write_csv(tmp_path / "register.csv", [*shops(3), *DIRT]), tmp_path / "bundle")

    assert gongchou(*words, "--seal", tmp_path / "seal.key") == 0
    public, auditors = b"".join(listing(tmp_path / "bundle").values()), tmp_path / "bundle.auditor"
    secret = {cell for row in rejected_of(auditors) for cell in (row["object"], row["value"]) if len(cell) > 3}

    assert credit_code(105) in secret
    assert [cell for cell in secret if cell.encode() in public] == []
    universe = json.loads((tmp_path / "bundle" / "universe.json").read_bytes())
    assert universe["rejected"]["sha256"] == sha256_hex((auditors / "rejected.csv").read_bytes())


def test_old_numbers_are_taken_under_a_prefix_when_the_scheme_says_so(tmp_path: Path):
    register = write_csv(tmp_path / "register.csv", [*shops(1), ["旧号", "990101000000015", "演示西区"]])

    assert gongchou(*frame_words(register, tmp_path / "bundle"), "--scheme", "REG") == 0

    assert (tmp_path / "bundle" / "frame.tsv").read_text() == (
        f"DQ\t{credit_code(1)}\tDQ\nXQ\tREG-990101000000015\tXQ\n"
    )


def test_a_file_in_the_place_of_the_new_directory_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    register = write_csv(tmp_path / "register.csv", shops(2))
    (tmp_path / "bundle").write_text("mine")

    told = refused(capsys, *frame_words(register, tmp_path / "bundle"))

    assert told == f"folder_exists  {tmp_path / 'bundle'}: 目录已存在且不为空，请换一个目录名"
    assert (tmp_path / "bundle").read_text() == "mine"


def test_a_frame_is_not_written_over_another(framed: Path, capsys: pytest.CaptureFixture[str]):
    before = folder_listing(framed)

    told = refused(capsys, *frame_words(framed.parent / "register.csv", framed))

    assert told == f"folder_exists  {framed}: 目录已存在且不为空，请换一个目录名"
    assert folder_listing(framed) == before


def test_a_sealed_frame_needs_two_free_directories_before_it_writes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    register = write_csv(tmp_path / "register.csv", shops(2))
    gongchou("keygen", "key", "--kind", "seal", "-o", tmp_path / "seal.key")
    words = [*frame_words(register, tmp_path / "bundle"), "--seal", tmp_path / "seal.key"]
    (tmp_path / "bundle.auditor").mkdir()
    (tmp_path / "bundle.auditor" / "notes.txt").write_text("mine")

    told = refused(capsys, *words)
    before = sorted(listing(tmp_path))
    (tmp_path / "bundle.auditor" / "notes.txt").unlink()

    assert told.split()[0] == "folder_exists"
    assert [name for name in before if name.startswith("bundle")] == ["bundle.auditor/notes.txt"]
    assert gongchou(*words) == 0
    assert sorted(listing(tmp_path / "bundle.auditor")) == ["real-ids.tsv", "rejected.csv"]
    assert [data for data in listing(tmp_path / "bundle").values() if credit_code(1).encode() in data] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--registry", "市监局"], "json_field  universe.json: 字段 registry 不合规定：市监局"),
        (["--at", "2024-10-12"], "time_invalid  时间“2024-10-12”不合规定，应为 2026-12-01T02:00:00Z 的形式"),
        (["--stratum", "区划[x]"], "rule_invalid  规则“区划[x]”不合格式：用 列名、列名[起:止]、=常量，以 + 连接"),
        (["--map", "{folder}/none.csv"], "not_found  {folder}/none.csv: 找不到这个文件或目录"),
        (
            ["--map", "{folder}/register.csv"],
            "map_invalid  对照表第 1 行不合格式或前后矛盾：名称,统一社会信用代码,所属区",
        ),
        (["--map", "{folder}/gbk.csv"], "not_utf8  {folder}/gbk.csv: 文件不是 UTF-8 文本，请另存为 UTF-8"),
        (["--seal", "{folder}/register.csv"], "seal_key  {folder}/register.csv: 密钥文件应只有64位十六进制数字"),
        (
            ["--reasons", "{folder}/map.csv"],
            "draft_json  {folder}/map.csv: 草案不是合法的 JSON：Expecting value: line 1 column 1 (char 0)",
        ),
    ],
)
def test_a_slip_in_the_words_of_frame_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
):
    register = write_csv(tmp_path / "register.csv", shops(2))
    (tmp_path / "gbk.csv").write_text("演示东区,DQ\n", encoding="gbk")
    good = frame_words(register, tmp_path / "bundle")
    before = listing(tmp_path)

    told = refused(capsys, *good, *[word.format(folder=tmp_path) for word in words])

    assert told == said.format(folder=tmp_path)
    assert listing(tmp_path) == before


def test_closed_lists_of_reasons_may_be_written_by_hand(tmp_path: Path):
    register = write_csv(tmp_path / "register.csv", shops(2))
    kinds: dict[str, object] = {kind: {"own": "自定"} for kind in ("exclude", "replace", "substitute", "withdraw")}
    (tmp_path / "reasons.json").write_text(json.dumps({"v": "vdp1", **kinds}, indent=4, ensure_ascii=False) + "\n")

    code = gongchou(*frame_words(register, tmp_path / "bundle"), "--reasons", tmp_path / "reasons.json")

    assert code == 0
    assert json.loads((tmp_path / "bundle" / "reasons.json").read_bytes()) == {"v": "vdp1", **kinds}


# exclude and universe ---------------------------------------------------------------------------


def test_excluded_objects_move_from_one_table_to_the_other(framed: Path, capsys: pytest.CaptureFixture[str]):
    listed = framed.parent / "list.csv"
    listed.write_text(
        f"\ufeff{credit_code(3)},deregistered\n\n{credit_code(50)}\tcap_reached\t{EVIDENCE}\n", encoding="utf-8"
    )

    assert gongchou("exclude", framed, "--list", listed) == 0
    rows = (framed / "excluded.tsv").read_text().splitlines()

    assert capsys.readouterr().out == f"除外 2 户，写入 {framed}\n"
    assert sorted(rows) == sorted([f"{credit_code(3)}\tderegistered\t-", f"{credit_code(50)}\tcap_reached\t{EVIDENCE}"])
    assert len((framed / "frame.tsv").read_text().splitlines()) == 58


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("编号，理由\n", "exclusion_invalid"),
        (f"{credit_code(3)},friend\n", "reason_unknown"),
        (f"{credit_code(3)}\n", "exclusion_invalid"),
        (f"{credit_code(3)},deregistered,see file\n", "exclusion_invalid"),
        (f"{credit_code(3)},deregistered\n{credit_code(3)},moved_away\n", "exclusion_invalid"),
        (f"{credit_code(3)},deregistered\n{credit_code(900)},deregistered\n", "not_in_frame"),
        ("".join(f"{credit_code(n)},deregistered\n" for n in range(1, 61)), "nothing_left"),
    ],
)
def test_an_exclusion_that_cannot_be_is_refused_whole(
    framed: Path, capsys: pytest.CaptureFixture[str], lines: str, code: str
):
    listed = framed.parent / "list.csv"
    listed.write_text(lines, encoding="utf-8")
    before = folder_listing(framed)

    told = refused(capsys, "exclude", framed, "--list", listed)

    assert told.split()[0] == code
    assert folder_listing(framed) == before


def test_of_a_sealed_frame_objects_are_excluded_with_its_own_key_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for name in ("seal.key", "other.key"):
        gongchou("keygen", "key", "--kind", "seal", "-o", tmp_path / name)
    gongchou(
        *frame_words(write_csv(tmp_path / "register.csv", shops(3)), tmp_path / "bundle"),
        "--seal",
        tmp_path / "seal.key",
    )
    listed = tmp_path / "list.csv"
    listed.write_text(f"{credit_code(1)},deregistered\n", encoding="utf-8")
    words = ["exclude", tmp_path / "bundle", "--list", listed]
    capsys.readouterr()

    without, wrong = refused(capsys, *words), refused(capsys, *words, "--seal", tmp_path / "other.key")

    assert (without.split()[0], wrong.split()[0]) == ("seal_needed", "key_commitment")
    assert gongchou(*words, "--seal", tmp_path / "seal.key") == 0


def test_nobody_is_excluded_after_the_commitment(committed: Path, capsys: pytest.CaptureFixture[str]):
    listed = committed.parent / "list.csv"
    listed.write_text(f"{credit_code(3)},deregistered\n", encoding="utf-8")
    before = folder_listing(committed)

    told = refused(capsys, "exclude", committed, "--list", listed)

    assert told.split()[0] == "already_committed"
    assert folder_listing(committed) == before


def test_the_registry_may_sign_before_the_lead_commits(framed: Path):
    assert gongchou("universe", framed) == 0
    note = (framed / "universe.note").read_bytes()

    assert gongchou(*commit_words(framed, draft())) == 0
    assert (framed / "universe.note").read_bytes() == note
