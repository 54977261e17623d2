"""Frame, exclude, universe, commit, reveal, close: what they write, and what they refuse without writing anything."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from gongchou.cli.workspace import Workspace
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.errors import DrawError
from tests.cli.offices import (
    BEACON_TIME,
    CLOSED_AT,
    COMMITTED_AT,
    DICE,
    EVIDENCE,
    HEADER,
    REVEALED_AT,
    SECRET,
    commit_words,
    credit_code,
    draft,
    frame_words,
    gongchou,
    listing,
    refused,
    report,
    shops,
    write_csv,
    write_draft,
    write_people,
)
from tests.factories import bundles


def folder_listing(bundle: Path) -> dict[str, bytes]:
    """Bundle and office together: what a refused command may not have touched."""
    return {name: data for name, data in listing(bundle.parent).items() if name.startswith("bundle")}


def rejected_of(bundle: Path) -> list[list[str]]:
    text = (bundle / "rejected.csv").read_bytes().decode("utf-8-sig")
    return list(csv.reader(text.splitlines(keepends=True)))[1:]


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

    assert [(row[0], row[1]) for row in rejected] == [
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

    assert [row[3] for row in rejected if row[1] == "id_shape"][1:] == [
        "'=cmd|' /C calc'!A0",
        "'+1",
        "'@SUM(A1)",
        "'-2",
    ]
    assert [cell for row in rejected for cell in row if cell.startswith(("=", "+", "-", "@", "＝"))] == []
    assert [row for row in rejected if len(row) != 6 or not any(sign >= "一" for sign in row[5])] == []


def test_a_rule_that_begins_like_a_formula_is_made_harmless_too(tmp_path: Path):
    rows = [["A商户", credit_code(1), "演示东区"], ["商户", credit_code(2), "演示东区"]]
    words = frame_words(write_csv(tmp_path / "register.csv", rows), tmp_path / "bundle")
    words[words.index("--pool") + 1] = "=P+名称[0:1]"
    (tmp_path / "pools.csv").write_text("所属区,演示东区,DQ\n", encoding="utf-8")

    assert gongchou(*words, "--pool-map", tmp_path / "pools.csv") == 0

    assert rejected_of(tmp_path / "bundle")[0][:4] == ["3", "pool_shape", "'=P+名称[0:1]", "P-商"]


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
        ("编号,理由\n", "exclusion_invalid"),
        (f"{credit_code(3)},friend\n", "exclusion_invalid"),
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


# commit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (
            {"strata": {"*": {"ratio": "101%"}}},
            "quota_invalid  params.json: 抽取规则不成立（比例须在0到1之间且分母不为0），层：DQ",
        ),
        (
            {"strata": {"*": {"ratio": "0/0"}}},
            "quota_invalid  params.json: 抽取规则不成立（比例须在0到1之间且分母不为0），层：DQ",
        ),
        (
            {"strata": {"*": {"ratio": "3/2"}}},
            "quota_invalid  params.json: 抽取规则不成立（比例须在0到1之间且分母不为0），层：DQ",
        ),
        ({"strata": {"*": {"ratio": "a third"}}}, "ratio_invalid  比例“a third”不合格式，请写 3%、2.5% 或 1/30"),
        (
            {"strata": {"*": {"ratio": "5%", "min": 5, "max": 2}}},
            "quota_invalid  params.json: 抽取规则不成立（下限大于上限），层：DQ",
        ),
        ({"strata": {"DQ": {"n": 3}, "XQ": {"n": 21}}}, "quota_above_pool  XQ 层只有 20 户，抽不出 21 户"),
        ({"strata": {"*": {"n": 3}, "NQ": {"n": 1}}}, "stratum_empty  名录里没有 NQ 层的对象；现有：DQ、XQ"),
        ({"strata": {"DQ": {"n": 3}}}, "stratum_without_ratio  XQ 层没有给出比例，也没有通用的“*”"),
        ({"strata": {"*": {"ration": "5%"}}}, "draft_key  草案里有不认识的字段 strata.DQ.ration，请检查拼写"),
        (
            {"strata": {"*": {"weight": 0}}, "hamilton": {"total": 5}},
            "quota_invalid  抽取规则不成立（权重全为0），层：—",
        ),
        (
            {"strata": {"*": {"weight": 1}}, "hamilton": {"total": 61}},
            "quota_invalid  抽取规则不成立（总数超过各层户数之和），层：—",
        ),
        ({"strata": []}, "draft_type  草案的 strata 类型不对"),
        ({"seed": [{"type": "clock"}]}, "json_field  params.json: 字段 seed[0].type 不合规定：clock"),
        ({"seed": ["dice"]}, "json_field  params.json: 字段 seed[0].type 不合规定：None"),
        ({"seed": []}, "json_field  params.json: 字段 seed 不合规定：[]"),
        ({"ratio": "3%"}, "draft_key  草案里有不认识的字段 ratio，请检查拼写"),
        ({"campaign": ["x"]}, "json_field  params.json: 字段 campaign 不合规定：['x']"),
        ({"campaign": "抽查"}, "json_field  params.json: 字段 campaign 不合规定：抽查"),
        (
            {"beacon_time": "tomorrow"},
            "time_invalid  beacon_time: 时间“tomorrow”不合规定，应为 2026-12-01T02:00:00Z 的形式",
        ),
        ({"matching": {"slots": [3]}}, None),
        ({"matching": []}, "draft_missing  草案缺少 matching.slots"),
        ({"reserve": {}}, None),
        ({"plan": "\ud800"}, None),
        ({"draws": {}}, "draft_type  草案的 draws 类型不对"),
        ({"draws": {"../outside": {}}}, "draft_type  草案的 draws 类型不对"),
        ({"draws": {"D1": 3}}, "draft_type  草案的 draws 类型不对"),
        ({"witness_k": 1}, "json_field  params.json: 字段 witness_k 不合规定：1"),
    ],
)
def test_a_draft_with_a_slip_is_refused_and_nothing_is_written(
    framed: Path, capsys: pytest.CaptureFixture[str], own: dict[str, object], said: str | None
):
    before = folder_listing(framed)
    path = framed.parent / "draft.json"
    path.write_text(json.dumps(draft(**own)))
    people = write_people(framed.parent)

    told = refused(capsys, "commit", framed, "--params", path, *people, "--at", COMMITTED_AT)

    assert said is None or told == said
    assert folder_listing(framed) == before


@pytest.mark.parametrize("key", ["campaign", "draw", "authority", "plan", "strata", "seed", "closes_at", "beacon_time"])
def test_a_draft_without_a_part_names_it(framed: Path, capsys: pytest.CaptureFixture[str], key: str):
    told = draft()
    del told[key]

    assert refused(capsys, *commit_words(framed, told)) == f"draft_missing  草案缺少 {key}"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"plan": NaN}', "[" * 50_000, '{"plan": "a", "plan": "b"}'])
def test_a_draft_that_is_no_json_object_is_refused(framed: Path, capsys: pytest.CaptureFixture[str], text: str):
    path = framed.parent / "draft.json"
    path.write_text(text)

    told = refused(capsys, "commit", framed, "--params", path, "--at", COMMITTED_AT)

    assert told.split()[0] in ("draft_json", "draft_missing")


def test_inspectors_that_the_draft_asks_for_must_be_there(framed: Path, capsys: pytest.CaptureFixture[str]):
    path = write_draft(framed.parent, draft())
    before = folder_listing(framed)

    told = refused(capsys, "commit", framed, "--params", path, "--at", COMMITTED_AT)

    assert told == f"inspectors_missing  {framed}: 参数要求匹配人员，但没有 inspectors.tsv；请用 --inspectors 指定"
    assert folder_listing(framed) == before


@pytest.mark.parametrize(
    "row", ["I001 SCJG DQ * food 9 0\n", "i001\tSCJG\tDQ\t*\tfood\t9\t0\n", "I001\tSCJG\tDQ\t*\tfood\t9\t0"]
)
def test_a_slip_in_the_inspectors_is_refused_with_its_place(framed: Path, capsys: pytest.CaptureFixture[str], row: str):
    words = commit_words(framed, draft())
    (framed.parent / "inspectors.tsv").write_text(row)

    told = refused(capsys, *words)

    assert told.split()[:2] == ["table_invalid", "inspectors.tsv:"]


@pytest.mark.parametrize("at", ["2024-10-14T17:03:34Z", BEACON_TIME, "2024-10-15T00:00:00Z"])
def test_a_commitment_that_comes_too_late_is_refused(framed: Path, capsys: pytest.CaptureFixture[str], at: str):
    before = folder_listing(framed)

    told = refused(capsys, *commit_words(framed, draft(), at=at))

    assert told == f"commit_late  承诺晚了：须在信标时间之前至少提前规定的秒数（{BEACON_TIME}）"
    assert folder_listing(framed) == before


def test_a_commitment_at_the_last_permitted_second_is_taken(framed: Path):
    assert gongchou(*commit_words(framed, draft(), at="2024-10-14T17:03:33Z")) == 0


@pytest.mark.parametrize("own", [{}, {"draw": "D2"}, {"draw": "D2", "plan": "另一事项"}])
def test_a_draw_is_committed_once(committed: Path, capsys: pytest.CaptureFixture[str], own: dict[str, object]):
    before = folder_listing(committed)

    told = refused(capsys, *commit_words(committed, draft(**own)))

    assert told == f"already_committed  {committed}: 这次抽取已经承诺，不能再改；确有错误请 withdraw 后另行承诺"
    assert folder_listing(committed) == before


def test_a_commitment_before_the_latest_entry_of_the_log_is_refused(
    committed: Path, capsys: pytest.CaptureFixture[str]
):
    other = committed.parent / "bundle-2"
    gongchou(*frame_words(committed.parent / "register.csv", other))
    words = commit_words(other, draft(draw="D2", plan="另一事项"), at="2024-10-12T23:59:59Z")
    before = folder_listing(committed)

    told = refused(capsys, *words, "--office", committed.with_name("bundle.office"))

    assert told == "time_backwards  时间 2024-10-12T23:59:59Z 早于日志最近一条 2024-10-13T00:00:00Z"
    assert folder_listing(committed) == before


def test_a_commitment_without_a_frame_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "bundle").mkdir()

    told = refused(capsys, *commit_words(tmp_path / "bundle", draft()))

    assert told.split()[0] == "not_found"
    assert sorted(listing(tmp_path)) == ["avoid.tsv", "draft.json", "inspectors.tsv"]


def test_the_current_directory_is_a_bundle_like_any_other(framed: Path, monkeypatch: pytest.MonkeyPatch):
    words = commit_words(framed, draft())
    monkeypatch.chdir(framed)

    assert gongchou("commit", ".", *words[2:]) == 0

    assert (framed.with_name("bundle.office") / "keys" / "operator.key").exists()


# reveal and close -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("party", "secret", "said"),
    [
        ("DEPT-A", "b2" * 32, "reveal_mismatch  DEPT-A 的揭示与其承诺不符"),
        ("DEPT-A", "short", "reveal_mismatch  DEPT-A 的揭示与其承诺不符"),
        ("DEPT-X", SECRET, "reveal_unknown  参数里没有 DEPT-X 这一方（DEPT-A）"),
    ],
)
def test_a_reveal_that_does_not_fit_is_refused(
    committed: Path, capsys: pytest.CaptureFixture[str], party: str, secret: str, said: str
):
    before = folder_listing(committed)

    told = refused(capsys, "reveal", committed, "--party", party, "--secret", secret, "--at", REVEALED_AT)

    assert told == said
    assert folder_listing(committed) == before


def test_a_party_reveals_once_and_not_after_the_close(committed: Path, capsys: pytest.CaptureFixture[str]):
    words = ("reveal", committed, "--party", "DEPT-A", "--secret", SECRET, "--at")
    assert gongchou(*words, REVEALED_AT) == 0

    again = refused(capsys, *words, REVEALED_AT)
    gongchou("close", committed, "--value", f"2={DICE}", "--at", CLOSED_AT)
    late = refused(capsys, *words, CLOSED_AT)

    assert (again, late.split()[0]) == ("already_revealed  DEPT-A 已经揭示过", "already_closed")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--at", "2024-10-14T16:59:59Z"], "close_early  截止记录早于规定的截止时间 2024-10-14T17:00:00Z"),
        (["--at", BEACON_TIME], "close_late  截止记录晚于信标：此时结果已可预知，抽取无效"),
        (["--at", "2024-10-12T00:00:00Z"], "close_early  截止记录早于规定的截止时间 2024-10-14T17:00:00Z"),
    ],
)
def test_a_close_at_the_wrong_time_is_refused(
    committed: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
):
    before = folder_listing(committed)

    told = refused(capsys, "close", committed, "--value", f"2={DICE}", *words)

    assert told == said
    assert folder_listing(committed) == before


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "value_needed  第 2 个来源（digits）还没有给出取值"),
        (["2=123"], "value_invalid  digits 来源的取值不合格式：123"),
        (["2=" + "x" * 20], f"value_invalid  digits 来源的取值不合格式：{'x' * 20}"),
        ([DICE], f"value_invalid  --value 来源的取值不合格式：{DICE}"),
        (["²=1"], "value_invalid  --value 来源的取值不合格式：²=1"),
        ([f"2={DICE}", f"2={DICE}"], f"value_invalid  --value 来源的取值不合格式：2={DICE}"),
        ([f"2={DICE}", f"1={SECRET}"], "value_unneeded  第 1 个来源不需要给出取值；需要的是：2"),
        ([f"2={DICE}", "9=1"], "value_unneeded  第 9 个来源不需要给出取值；需要的是：2"),
    ],
)
def test_a_close_without_the_right_values_is_refused(
    committed: Path, capsys: pytest.CaptureFixture[str], values: list[str], said: str
):
    before = folder_listing(committed)
    words = [word for value in values for word in ("--value", value)]

    told = refused(capsys, "close", committed, *words, "--at", CLOSED_AT)

    assert told == said
    assert folder_listing(committed) == before


def test_a_silent_party_stands_as_missing_and_marks_the_result(committed: Path, capsys: pytest.CaptureFixture[str]):
    assert gongchou("close", committed, "--value", f"2={DICE}", "--at", CLOSED_AT) == 0

    assert "source 1 cr DEPT-A missing" in capsys.readouterr().out.splitlines()


def test_a_draw_is_closed_once_and_not_before_it_is_committed(
    closed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    before = folder_listing(closed)
    (tmp_path / "fresh").mkdir()

    again = refused(capsys, "close", closed, "--value", f"2={DICE}", "--at", CLOSED_AT)
    early = refused(capsys, "close", tmp_path / "fresh", "--value", f"2={DICE}", "--at", CLOSED_AT)
    other = refused(capsys, *commit_words(closed, draft(draw="D2"), at=COMMITTED_AT))

    assert (again.split()[0], early.split()[0], other.split()[0]) == (
        "already_closed",
        "not_committed",
        "already_committed",
    )
    assert folder_listing(closed) == before


def test_a_closed_draw_is_not_whole_yet(closed: Path, capsys: pytest.CaptureFixture[str]):
    assert report(capsys, closed) == (1, 1, "file_missing")


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"D1": {"seq": 1}, "D2": {"seq": 1}}, "campaign_order"),
        ({"D1": {"ticket_scope": "draw", "exclude_selected_of": ["D2"]}, "D2": {}}, "campaign_order"),
        ({"D1": {}, "D2": {"beacon_time": "2024-10-14T17:20:00Z"}}, "campaign_mixed"),
        ({"D1": {}, "D2": {"suite": "sm3"}}, "campaign_mixed"),
        ({"D1": {"plan": "同"}, "D2": {"plan": "同"}}, "plan_two_live"),
        ({"D1": {"supersedes": "D77"}, "D2": {}}, "supersedes_invalid"),
        ({"D1": {"plan": "末尾空格 "}, "D2": {}}, "json_field"),
        ({"D1": {"plan": "零宽\u200b"}, "D2": {}}, "json_field"),
    ],
)
def test_a_campaign_no_verifier_would_accept_is_not_committed(tmp_path: Path, own: dict[str, Any], code: str):
    root = tmp_path / "campaign"
    for name in own:
        bundles.make_frame(root / name, {"A": 20}, at="2024-10-12T00:00:00Z")
    told = bundles.draft("C", closes_at="2024-10-14T17:00:00Z", beacon_time="2024-10-14T17:13:33Z")
    draws = {name: {"plan": f"计划 {name}"} | said for name, said in own.items()}

    with pytest.raises(DrawError) as refusal:
        bundles.commit(Workspace(root), told | {"draws": draws}, at="2024-10-13T00:00:00Z")

    assert refusal.value.code == code
    assert not Workspace(root).office.exists()


def test_draws_of_a_campaign_are_numbered_in_the_order_of_their_names(tmp_path: Path):
    root = tmp_path / "campaign"
    for name in ("D1", "D2"):
        bundles.make_frame(root / name, {"A": 20}, at="2024-10-12T00:00:00Z")
    told = bundles.draft("C", closes_at="2024-10-14T17:00:00Z", beacon_time="2024-10-14T17:13:33Z")
    workspace = Workspace(root)

    bundles.commit(workspace, told | {"draws": {"D2": {"plan": "乙"}, "D1": {"plan": "甲"}}}, at="2024-10-13T00:00:00Z")

    assert [(draw.id, draw.params["seq"]) for draw in workspace.draws()] == [("D1", 1), ("D2", 2)]
