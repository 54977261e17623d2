"""The pages of the log, as people with different reach see them; what a witness fetches, without an account."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from gongchou.accounts.operations import change_department, note_list_taken_out
from gongchou.accounts.roles import RoleCode
from gongchou.audit import proofs
from gongchou.audit.models import Cosignature, Head, Line
from gongchou.audit.queries import line_facts
from gongchou.audit.transport import Web
from gongchou.audit.verbs import known_verbs
from gongchou.audit.witness import Witness, main
from tests.factories.log import checkpoint_after, write_lines
from tests.factories.many import FEW_AND_MANY
from tests.factories.people import BY, NOW, appoint, make_department, make_region, make_user, official, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make_department("SCJG", make_region())


@pytest.fixture
def elsewhere(bureau):
    return make_department("YJGL", make_region("9902", "演示他市"))


@pytest.fixture
def auditor(client, bureau, elsewhere):
    """Who reads all of it, at the test client."""
    return signed_in(client, official(RoleCode.AUDIT_ADMIN, scope="all", department=bureau))


def page(client, name, *args, **asked):
    return client.get(reverse(f"audit:{name}", args=args), asked)


def shown(answer):
    return [row.record.index for row in answer.context["table"].page.object_list]


def line_of(thing):
    return Line.objects.filter(about=thing.audit_id).latest("index")


# Finding ----------------------------------------------------------------------------------------


def test_all_lines_come_newest_first_with_chinese_verbs(auditor):
    answer = page(auditor, "lines")

    assert shown(answer) == sorted(Line.objects.values_list("index", flat=True), reverse=True)
    assert "登记部门" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"thing": "YJGL"}, ["department.added"]),
        ({"person": "安装"}, "all"),
        ({"person": "没有这个人"}, []),
        ({"verb": "region.added"}, ["region.added", "region.added"]),
        ({"q": "演示他市"}, ["region.added"]),
        ({"since": "2026-03-02", "until": "2026-03-02"}, "all"),
        ({"since": "2026-03-03"}, []),
        ({"until": "2026-03-01"}, []),
        ({"who": "installer"}, "all"),
        ({"who": "user:nobody"}, []),
    ],
)
def test_lines_are_found(auditor, asked, expected):
    answer = page(auditor, "lines", **asked)

    verbs = [Line.objects.get(index=index).verb for index in shown(answer)]
    assert verbs == ([line.verb for line in Line.objects.order_by("-index")] if expected == "all" else expected)


@pytest.mark.parametrize(
    "asked", [{"person": " Zhao.m "}, {"q": "zhao.m", "verb": "list.taken_out"}, {"person": "赵敏"}]
)
def test_a_person_is_found_by_her_account_too(auditor, bureau, asked):
    clerk = make_user("zhao.m", bureau, name="演示赵敏")
    note_list_taken_out(title="演示名录", asked={}, n_rows=1, by=clerk, at=NOW)

    assert [Line.objects.get(index=index).by for index in shown(page(auditor, "lines", **asked))] == [clerk.audit_id]


@pytest.mark.parametrize("asked", [{"since": "0001-01-01"}, {"until": "1999-12-31"}])
def test_days_that_no_log_knows_are_not_asked_for(auditor, asked):
    answer = page(auditor, "lines", **asked)

    assert shown(answer) == []
    assert "请填写2000年以后的日期。" in answer.content.decode()


def test_days_in_the_wrong_order_are_not_asked_for(auditor):
    answer = page(auditor, "lines", since="2026-03-02", until="2026-03-01")

    assert shown(answer) == []
    assert "“至”的日期须不早于“自”的日期。" in answer.content.decode()


def test_lines_about_several_things_are_found_together(auditor, bureau, elsewhere):
    answer = page(auditor, "lines", about=[bureau.audit_id, elsewhere.audit_id])

    assert shown(answer) == [line_of(elsewhere).index, line_of(bureau).index]


def test_the_form_offers_every_verb_by_its_name(auditor):
    field = page(auditor, "lines").context["filter"].form.fields["verb"]

    groups = [choice for choice in field.choices if choice[0]]
    assert [heading for heading, _ in groups] == [
        "清单与标签", "计划", "联合抽查", "任务", "抽取", "检查", "检查对象", "检查人员", "导入", "账号与角色",
        "机构与区划", "消息", "平台",
    ]  # fmt: skip
    assert sorted(code for _, verbs in groups for code, _ in verbs) == list(known_verbs())


def test_the_verbs_of_one_thing_stand_together_as_one_follows_the_other(auditor):
    of_people = dict(page(auditor, "lines").context["filter"].form.fields["verb"].choices)["检查人员"]

    declared = [name for code, name in of_people if code.startswith("conflict.")]
    assert declared == ["申报回避", "决定回避", "解除回避"]


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_the_list_asks_as_often_for_many_lines_as_for_few(auditor, count, django_assert_num_queries):
    write_lines(count)
    page(auditor, "lines")

    with django_assert_num_queries(6):
        page(auditor, "lines")


def test_the_workbook_holds_what_the_list_shows(auditor):
    answer = page(auditor, "lines", export=1, verb="department.added")

    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert rows[0] == ["时间", "操作人", "操作", "对象", "区划代码", "序号", "内容"]
    assert [row[2] for row in rows[1:]] == ["登记部门", "登记部门"]
    assert rows[1][0] == "2026-03-02 09:00:00"


def test_the_workbook_holds_as_many_lines_as_the_log_says_of_it(auditor):
    answer = page(auditor, "lines", export=1)

    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert line_facts(Line.objects.get(verb="list.taken_out"))["n_rows"] == len(rows) - 1 == Line.objects.count() - 1


def test_the_workbook_tells_what_was_changed(auditor, bureau):
    old = bureau.name
    change_department(department=bureau, values={"name": "新局"}, **BY)

    answer = page(auditor, "lines", export=1, verb="department.changed")

    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert [row[-1] for row in rows[1:]] == [f"名称：{old} → 新局"]
    assert f"名称：{old} → 新局" not in page(auditor, "lines").content.decode()


# Reach ------------------------------------------------------------------------------------------


def test_a_head_reads_the_lines_of_her_department_only(client, bureau, elsewhere):
    signed_in(client, official(RoleCode.HEAD, scope="own", department=bureau))
    foreign, missing = line_of(elsewhere).index, 10**9

    answer = page(client, "lines")

    assert set(Line.objects.filter(index__in=shown(answer)).values_list("department", flat=True)) == {str(bureau.pk)}
    for name in ("line", "line-data", "line-proof"):
        one, other = page(client, name, foreign), page(client, name, missing)
        assert (one.status_code, one.content) == (404, other.content)


def test_who_has_a_region_whole_reads_what_is_about_the_region_itself(client, bureau, elsewhere):
    county = make_region("990101", "演示县", "county", bureau.region)
    user = make_user("office", bureau)
    appoint(user, RoleCode.CONFERENCE_OFFICE, "all", region=bureau.region)
    signed_in(client, user)

    found = shown(page(client, "lines"))

    assert {line_of(county).index, line_of(bureau.region).index, line_of(bureau).index} <= set(found)
    assert line_of(elsewhere).index not in found
    assert line_of(elsewhere.region).index not in found


# One line ---------------------------------------------------------------------------------------


def test_a_line_shows_before_and_after_in_words(auditor, bureau):
    change_department(department=bureau, values={"name": "演示市场监督管理局"}, **BY)

    answer = page(auditor, "line", line_of(bureau).index)

    (change,) = answer.context["changes"]
    assert (change.name, change.old, change.new) == ("名称", "演示SCJG局", "演示市场监督管理局")


def test_a_line_behind_the_last_checkpoint_has_no_proof_yet(auditor, bureau):
    index = line_of(bureau).index

    assert "还没有被检查点覆盖" in page(auditor, "line", index).content.decode()
    assert page(auditor, "line-proof", index).status_code == 404


def test_two_downloads_and_the_key_prove_a_line_without_the_platform(
    auditor, bureau, keys, witnesses, tmp_path, capsys
):
    index = line_of(bureau).index
    checkpoint_after(1, witnesses, keys)
    for name, file in (("line-data", "line.json"), ("line-proof", "line.proof")):
        (tmp_path / file).write_bytes(page(auditor, name, index).content)
    words = ["check", str(tmp_path / "line.json"), str(tmp_path / "line.proof"), "--log", str(keys / "audit.vkey")]

    assert main(words) == 0
    assert capsys.readouterr().out.startswith(f"核验通过：第{index}行")

    for file in ("line.json", "line.proof"):
        whole = (tmp_path / file).read_bytes()
        (tmp_path / file).write_bytes(whole.replace(b"1", b"2", 1))
        assert main(words) == 1
        (tmp_path / file).write_bytes(whole)


def test_the_proof_names_the_witnesses(auditor, bureau, keys, witnesses):
    checkpoint_after(1, witnesses, keys)

    answer = page(auditor, "line", line_of(bureau).index)

    assert [one.witness for one in answer.context["cosignatures"]] == ["witness-1.example", "witness-2.example"]


# What everybody may see -------------------------------------------------------------------------


def test_checkpoints_are_shown_to_whoever_asks(client, signed_log, django_assert_num_queries):
    with django_assert_num_queries(3):
        answer = page(client, "checkpoints")

    assert [row.record.size for row in answer.context["table"].page.object_list] == [7, 6, 5, 3]
    assert "witness-1.example、witness-2.example" in answer.content.decode()


def test_texts_for_a_witness_are_those_of_the_log(client, signed_log, keys):
    assert page(client, "checkpoint").content == proofs.checkpoint_note()
    assert page(client, "checkpoint-at", 3).content == proofs.checkpoint_note(3)
    assert page(client, "consistency", 3, 7).content == proofs.consistency_proof(3, 7)
    assert page(client, "public-key").content == (keys / "audit.vkey").read_bytes()


@pytest.mark.parametrize(
    ("name", "args"),
    [("checkpoint-at", [4]), ("consistency", [3, 4]), ("consistency", [7, 3]), ("consistency", [0, 7])],
)
def test_what_was_never_signed_is_not_there(client, signed_log, name, args):
    assert page(client, name, *args).status_code == 404


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([5, 3], "地址中的行数次序颠倒：应先小后大，请改为 3/5。"),
        ([3, 4], "日志没有在4行处签过检查点，无法出具延续证明。请从检查点列表中选用已签名的行数。"),
        ([4, 99], "日志没有在4行处签过检查点，无法出具延续证明。请从检查点列表中选用已签名的行数。"),
        ([3, 99], "日志没有在99行处签过检查点，无法出具延续证明。请从检查点列表中选用已签名的行数。"),
    ],
)
def test_whoever_asks_for_a_proof_that_cannot_be_is_told_why(client, signed_log, args, said):
    answer = page(client, "consistency", *args)

    assert (answer.status_code, answer.content.decode()) == (404, f"{said}\n")


def test_an_empty_log_has_no_checkpoint_and_says_so(client, keys):
    assert page(client, "checkpoint").status_code == 404
    assert page(client, "public-key").status_code == 404
    assert page(client, "checkpoints").status_code == 200


def test_no_text_for_a_witness_names_a_person(client, signed_log):
    make_user("zhang", make_department("SCJG", make_region("9901")), name="演示张三")
    names = {name for line in Line.objects.all() for name in (line.by_name, line.about_name, line.by)}

    texts = [page(client, name, *args).content.decode() for name, args in PUBLIC]

    assert [name for name in names for text in texts if name in text] == []


PUBLIC = [("checkpoints", []), ("checkpoint", []), ("checkpoint-at", [3]), ("consistency", [3, 7]), ("public-key", [])]


@pytest.mark.parametrize(
    ("sent", "status"), [(b"hello", 400), (b"\xff", 400), (b"", 400), (b"x" * ((1 << 20) + 1), 413)]
)
def test_what_is_no_cosignature_is_not_taken(client, signed_log, sent, status):
    before = Head.objects.get().n_cosignatures

    answer = client.post(reverse("audit:cosignature"), sent, content_type="text/plain")

    assert (answer.status_code, Head.objects.get().n_cosignatures) == (status, before)


@pytest.mark.django_db(transaction=True)
def test_a_witness_signs_over_the_platform_s_own_addresses(live_server, signed_log, keys, tmp_path):
    store = tmp_path / "store"
    assert main(["init", str(store), "--name", "witness-9.example", "--log", str(keys / "audit.vkey")]) == 0
    with (keys / "witnesses.vkey").open("a") as known:
        known.write((store / "witness.vkey").read_text())

    Witness(store).cosign(Web(f"{live_server.url}/audit/log"), at=1_800_000_000)
    write_lines(1)
    checkpoint_after(0, [], keys)
    Witness(store).cosign(Web(f"{live_server.url}/audit/log"), at=1_800_000_060)

    signed = Cosignature.objects.filter(witness="witness-9.example").order_by("index")
    assert list(signed.values_list("size", flat=True)) == [7, 9]


# Links ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "is_linked"), [(RoleCode.HEAD, True), (RoleCode.LIAISON, False)])
def test_a_page_leads_to_its_lines_for_who_may_read_them(client, bureau, role, is_linked):
    from tests.factories.subjects import make_subject  # noqa: PLC0415 -- a room above this one

    subject = make_subject(1)
    signed_in(client, official(role, department=bureau))

    text = client.get(reverse("registry:subject", args=[subject.pk])).content.decode()

    assert (f"{reverse('audit:lines')}?about=subject%3A{subject.pk}" in text) == is_linked


def test_what_nobody_did_anything_to_has_no_lines(auditor):
    answer = page(auditor, "lines", about=f"subject:{uuid4()}")

    assert shown(answer) == []
    assert Path(answer.templates[0].name).name == "lines.html"
