"""What others say in the public log: plans when they are published, auditors when they have looked."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from gongchou.draw.log import read_entry
from gongchou.draw.verify import Options, verify
from gongchou.draws import bundles, store
from gongchou.draws.damage import find_damage
from gongchou.draws.models import Batch, LogEntry
from gongchou.draws.operations.log import Signer, log_audit, log_plans
from gongchou.draws.queries.plans import to_log
from gongchou.plans.operations import plans as operations
from gongchou.plans.queries.plans import field_label
from gongchou.refusal import Refused
from tests.factories import draws as factory
from tests.factories import plans
from tests.factories.draw_log import touch
from tests.factories.lists import department_of_lists, keeper_of
from tests.factories.people import NOW, appoint, make_department, make_user, official

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def refused(code: str):
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def entries(kind: str):
    return [read_entry(bytes(row.data), row.index) for row in LogEntry.objects.filter(type=kind).order_by("index")]


def log_all() -> None:
    log_plans(by=Signer(), at=NOW)


# Plans ----------------------------------------------------------------------------------------------


@pytest.fixture
def published(witnesses):
    version = plans.make_plan()
    plans.make_line(version)
    plans.put_out(version)
    version.refresh_from_db()
    return version


def test_a_published_plan_is_logged_once_with_the_digest_of_what_the_public_reads(published, client):
    log_all()

    (entry,) = entries("plan")
    assert entry.body == {"plan": f"{plans.YEAR}年度部门内部计划 第1版 演示{plans.YEAR}年度计划"}
    assert entry.document["authority"] == published.plan.department.code
    (file,) = entry.document["files"]
    document = client.get(reverse("draws:log-plan", args=[entry.index])).content
    assert (file["name"], file["sha256"]) == ("plan.json", hashlib.sha256(document).hexdigest())
    told = json.loads(document)
    assert [line["columns"][field_label("name")] for line in told["lines"]] == [published.lines.get().name]
    with refused("draws.plans_logged"):
        log_all()


def test_drafts_are_not_logged(witnesses):
    plans.make_line(plans.make_plan())

    assert to_log() == []
    with refused("draws.plans_logged"):
        log_all()


def test_a_revision_is_logged_beside_what_it_took_the_place_of(published):
    log_all()
    by = keeper_of(published.plan.department)
    revised = operations.revise(plan=published.plan, reason="演示调整", by=by, at=NOW)
    assert to_log() == []
    plans_out = type(published).objects
    touch("UPDATE plans_planversion SET state = 'superseded', ended_at = %s, ended_by_id = approved_by_id "
          "WHERE number = 1", [NOW])  # fmt: skip
    plans.put_out(plans_out.get(pk=revised.pk))

    log_all()

    assert [entry.body["plan"].split(" ")[1] for entry in entries("plan")] == ["第1版", "第2版"]


def test_what_was_logged_does_not_change_with_the_plan(published, client):
    log_all()
    (entry,) = entries("plan")
    touch("UPDATE plans_planversion SET name = '另一名称'")

    assert "另一名称" not in client.get(reverse("draws:log-plan", args=[entry.index])).content.decode()
    assert to_log() == []


def test_an_entry_that_is_no_plan_has_no_document(signed_log, client):
    answer = client.get(reverse("draws:log-plan", args=[0]))

    assert (answer.status_code, answer.content.decode()) == (404, "公开日志第0条不是计划，或没有保存其内容。\n")


def test_the_job_logs_plans_before_it_signs(published):
    out = StringIO()

    call_command("draws_checkpoint", stdout=out)
    call_command("draws_checkpoint", stdout=out)

    assert out.getvalue() == "检查点：1条\n公开日志没有新的内容\n"
    verbs = list(Line.objects.order_by("-index").values_list("verb", flat=True)[:2])
    assert verbs == ["public_log.signed", "public_log.plans_entered"]


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_plan_s_document_that_is_gone_or_changed_is_found(published, is_gone):
    log_all()
    (entry,) = entries("plan")
    digest = entry.document["files"][0]["sha256"]
    path = store.folder() / digest[:2] / digest
    assert find_damage() is None
    path.unlink() if is_gone else path.write_bytes(b"x")

    damage = find_damage()

    assert (damage.table, damage.row, damage.what) == ("draws_logentry", 0, "lost" if is_gone else "spoilt")


# Auditors -------------------------------------------------------------------------------------------


@pytest.fixture
def batch(home, db) -> Batch:
    return factory.drawn(factory.make_batch())


def auditor() -> User:
    user = make_user("auditor", make_department("SJJ", department_of_lists().region))
    appoint(user, RoleCode.AUDITOR, "all")
    return user


def test_an_auditor_s_verdict_stands_in_the_log_in_the_chain_of_her_own_office(batch):
    digest = bundles.digest_of(batch)

    log_audit(batch=batch, verdict="复算一致。", bundle=digest, by=auditor(), at=batch.beacon_at)

    (entry,) = entries("audit")
    assert entry.body == {"bundle": digest, "campaign": batch.code, "verdict": "复算一致。"}
    assert (entry.document["authority"], entry.document["seq"]) == ("SJJ", 1)
    line = Line.objects.latest("index")
    assert (line.verb, line.about) == ("batch.audited", batch.audit_id)
    assert find_damage() is None


def test_with_a_verdict_behind_it_the_evidence_still_holds(batch):
    digest = bundles.digest_of(batch)
    log_audit(batch=batch, verdict="复算一致。", bundle=digest, by=auditor(), at=batch.beacon_at)
    call_command("draws_checkpoint", stdout=StringIO())

    assert verify(bundles.bundle_of(batch), Options()).failure is None


def test_who_had_a_hand_in_a_batch_does_not_audit_it(batch):
    own = keeper_of(batch.department)
    appoint(own, RoleCode.AUDITOR, "own")

    with refused("draws.own_audit"):
        log_audit(batch=batch, verdict="好", bundle="0" * 64, by=own, at=NOW)


def test_who_does_not_reach_the_organiser_does_not_audit_its_batch(batch):
    elsewhere = make_department("YJGL", department_of_lists().region)

    for user in (official(RoleCode.HEAD, scope="own", department=elsewhere), make_user("nobody", batch.department)):
        with refused("registry.out_of_reach"):
            log_audit(batch=batch, verdict="好", bundle="0" * 64, by=user, at=NOW)


@pytest.mark.parametrize(
    ("verdict", "bundle", "code"),
    [("", "0" * 64, "draws.verdict"), ("好" * 501, "0" * 64, "draws.verdict"), ("好", "x", "draws.not_a_hash")],
)
def test_a_verdict_has_words_and_says_of_what(batch, verdict, bundle, code):
    with refused(code):
        log_audit(batch=batch, verdict=verdict, bundle=bundle, by=auditor(), at=NOW + timedelta(days=1))


def test_before_there_is_a_result_there_is_nothing_to_audit(home, db):
    batch = factory.committed(factory.make_batch())

    with refused("draws.not_drawn"):
        log_audit(batch=batch, verdict="好", bundle="0" * 64, by=auditor(), at=NOW)
