"""Commit, reveal, close: what they write, and what they refuse without writing anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gongchou.cli.workspace import Workspace
from gongchou.draw.errors import DrawError
from tests.cli.offices import (
    BEACON_TIME,
    CLOSED_AT,
    COMMITTED_AT,
    DICE,
    REVEALED_AT,
    SECRET,
    commit_words,
    draft,
    folder_listing,
    frame_words,
    gongchou,
    listing,
    refused,
    report,
    write_draft,
    write_people,
)
from tests.factories import bundles

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
