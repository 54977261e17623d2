"""A fictitious city (演示数据) for the matrix: everybody with one role and scope, and rows of each kind in each place.

Five places stand around the department everybody belongs to, so that each scope ends between two of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils import timezone

from gongchou.accounts import operations as accounts
from gongchou.accounts import sessions
from gongchou.accounts.models import Department, OpenSession, User
from gongchou.accounts.roles import ROLES, Duty, RoleCode
from gongchou.audit.apps import keys_folder
from gongchou.audit.checkpoints import make_checkpoint
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line
from gongchou.draws.models import (
    Attendance,
    Batch,
    Contribution,
    Draw,
    Hit,
    LogEntry,
    Reading,
    Replacement,
    Seat,
    Stratum,
    Substitution,
    Visit,
    WatchGroup,
    Withdrawal,
)
from gongchou.draws.operations import log as public_log
from gongchou.draws.settings import Settings, to_store
from gongchou.inspections import files as exhibits
from gongchou.inspections.badges import token_of
from gongchou.inspections.models import Attachment, Exhibit, Inspection, Instance, Revision, Worksheet
from gongchou.plans.operations import joint, tasks, waivers
from gongchou.registry.imports import files
from gongchou.registry.models import Inspector
from gongchou.registry.operations import claims, conflicts, imports, matters, subjects
from gongchou.registry.operations import inspectors as inspector_operations
from tests.cli.offices import credit_code
from tests.factories import checklists, draw_log, draws, inspectors, lists, people, plans
from tests.factories.imports import SHOP_HEAD, csv_file, shop_row
from tests.factories.log import make_log_keys
from tests.factories.people import BY, NOW
from tests.factories.subjects import enter, make_library, make_subject
from tests.factories.subjects import make_tag as make_subject_tag

SCOPES = ("all", "below", "own", "custom", "self")
PLACES = ("own", "unit", "below", "chosen", "foreign")
REACH = {
    "all": {"own", "unit", "below", "chosen", "foreign"},
    "below": {"own", "unit", "below"},
    "own": {"own", "unit"},
    "custom": {"chosen"},
    "self": set(),
}
PARENT = {"unit": "own", "below": "own"}
UNTIL = date(2099, 12, 31)
_number = count(1)


def scopes_of(role: RoleCode) -> list[str]:
    """The scopes a role can have: 仅本人 is for who sees only what she is charged with herself."""
    return [scope for scope in SCOPES if scope != "self" or ROLES[role].is_own_only]


class Browser(RequestFactory):
    """As the test client, without what that keeps of every template, and with one handler for all."""

    handler = ClientHandler(enforce_csrf_checks=False)

    def __init__(self, session: str) -> None:
        super().__init__()
        if session:
            self.cookies[settings.SESSION_COOKIE_NAME] = session

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


@dataclass
class Actor:
    """Somebody with one role and one scope, at a browser of her own; without a role, a visitor."""

    role: RoleCode | None = None
    scope: str = ""
    user: Any = None
    session: str = ""

    def __str__(self) -> str:
        return f"{self.role}/{self.scope}" if self.role else "visitor"

    def ask(self, method: str, address: str) -> Any:
        """What the platform answers, as if nothing had been asked before."""
        return Browser(self.session).generic(method, address)

    def has(self, *duties: Duty) -> bool:
        return self.role is not None and bool(ROLES[self.role].duties & set(duties))

    def reaches(self, place: str) -> bool:
        return place in REACH[self.scope]


# Who sees which row -----------------------------------------------------------------------------

Sees = Callable[[Actor, str], bool]


def within_reach(actor: Actor, place: str) -> bool:
    """The row is a department's: who may open the page sees it as far as her scope reaches."""
    return actor.reaches(place)


def everybody(actor: Actor, place: str) -> bool:
    """The row is public among those who may open the page."""
    return True


def draft(actor: Actor, place: str) -> bool:
    """What is not published yet is for those who keep or approve the owner's list."""
    return actor.has(Duty.KEEP_LIST, Duty.APPROVE_LIST) and actor.reaches(place)


def draft_of_plan(actor: Actor, place: str) -> bool:
    """A plan that is not published yet is for those who keep or approve that department's."""
    return actor.has(Duty.KEEP_PLAN, Duty.APPROVE_PLAN) and actor.reaches(place)


def proposal(actor: Actor, place: str) -> bool:
    """A tag that waits is also seen one step above, where it is decided."""
    is_above = actor.has(Duty.APPROVE_LIST) and place in PARENT and actor.reaches(PARENT[place])
    return draft(actor, place) or is_above


def whole_region(actor: Actor, place: str) -> bool:
    """Regions are for who has them whole."""
    return actor.scope == "all"


def one_s_own(actor: Actor, place: str) -> bool:
    """Nobody else's, however far she reaches."""
    return place == "own"


def has_file(actor: Actor, place: str) -> bool:
    """The address bears no id: it is about the entry that is linked to the account, which inspectors here have."""
    return actor.role == RoleCode.INSPECTOR


WORDS: dict[Sees, str] = {
    within_reach: "数据范围内的部门",
    everybody: "不限",
    draft: "维护或审批清单的人，在数据范围内",
    draft_of_plan: "编制或审批计划的人，在数据范围内",
    proposal: "维护或审批清单的人，在数据范围内；审批人另及下一级的提案",
    whole_region: "数据范围为“全部”",
    one_s_own: "仅本人",
    has_file: "本人在人员名录库内",
}


@dataclass(frozen=True)
class Row:
    """A kind of row: who sees it, and how one is made for a place.

    make: the arguments of the address, for a place; None where there can be no such row
    make_own: instead, for an actor, where the row is somebody's own
    """

    sees: Sees
    make: Callable[[City, str], tuple[Any, ...] | None] | None = None
    make_own: Callable[[City, Actor], tuple[Any, ...] | None] | None = None


class City:
    """Departments, everybody in them, and rows that are made when they are first asked for."""

    def __init__(self) -> None:
        province = people.make_region("99", "演示省", "province")
        city = people.make_region("9901", parent=province)
        county = people.make_region("990101", "演示县", "county", city)
        elsewhere = people.make_region("9902", "演示他市", parent=province)
        make = people.make_department
        self.bureau = make("SSCJG", province)
        self.afar = make("YC", province, line_parent=self.bureau, is_conference_member=True)
        own = make("SCJG", city, line_parent=self.bureau)
        self.departments: dict[str, Department] = {
            "own": own,
            "unit": make("SCJG-1", city, parent=own, is_internal_unit=True),
            "below": make("XSCJG", county, parent=own, line_parent=own),
            "chosen": make("XF", city, line_parent=self.bureau),
            "foreign": make("MZ", elsewhere, line_parent=self.bureau),
        }
        self.regions = {"own": city, "below": county, "foreign": elsewhere}
        self.asker = people.make_user("asker", self.bureau)
        people.appoint(self.asker, RoleCode.SECURITY_ADMIN, "all")
        self.somebody = people.make_user("somebody", own)
        self.visitor = Actor()
        self.actors = [self._arrive(role, scope) for role in RoleCode for scope in scopes_of(role)]
        make_log_keys(keys_folder())
        self.checkpoint = make_checkpoint(at=NOW)
        self.draw_checkpoint = draw_log.checkpoint_after(1, draw_log.make_log_keys(keys_folder() / "others"))
        self._rows: dict[tuple[str, str], tuple[Any, ...] | None] = {}

    def _arrive(self, role: RoleCode, scope: str) -> Actor:
        user = people.make_user(f"{role}-{scope}", self.departments["own"])
        chosen = {"departments": [self.departments["chosen"]]} if scope == "custom" else {}
        people.appoint(user, role, scope, **chosen)
        if role == RoleCode.INSPECTOR:
            inspector_operations.link_account(inspector=_inspector(self, "own"), user=user, **BY)
        client = Client()
        people.signed_in(client, user)
        session = client.session
        session[sessions.SEEN] = int(timezone.now().timestamp()) + 3600  # so that no request writes that it was used
        session.save()
        return Actor(role, scope, user, str(session.session_key))

    def forget_rows(self) -> None:
        """Make them anew when they are asked for."""
        self._rows.clear()

    def near(self, kind: str, actor: Actor) -> tuple[Any, ...] | None:
        """The address of the farthest row that somebody sees; None if there is none."""
        return self._first(kind, actor, reversed(PLACES), True)

    def far(self, kind: str, actor: Actor) -> tuple[Any, ...] | None:
        """The address of the nearest row that she does not see."""
        return self._first(kind, actor, PLACES, False)

    def _first(self, kind: str, actor: Actor, places: Any, is_seen: bool) -> tuple[Any, ...] | None:
        row = ROWS[kind]
        seen = [place for place in places if row.sees(actor, place) == is_seen]
        found = (self._row(kind, row, actor, place) for place in seen)
        return next((args for args in found if args is not None), None)

    def _row(self, kind: str, row: Row, actor: Actor, place: str) -> tuple[Any, ...] | None:
        if row.make_own is not None:
            owner = actor if place == "own" else self._another(actor)
            key = (kind, str(owner))
            if key not in self._rows:
                self._rows[key] = row.make_own(self, owner)
        else:
            assert row.make is not None
            key = (kind, place)
            if key not in self._rows:
                self._rows[key] = row.make(self, place)
        return self._rows[key]

    def _another(self, actor: Actor) -> Actor:
        return next(one for one in self.actors if one.role == actor.role and one.scope != actor.scope)


_OTHER: dict[type, Callable[[], Any]] = {UUID: uuid4, int: lambda: 10**12}


def missing(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same address with an id that nothing has."""
    return tuple(_OTHER[type(one)]() if type(one) in _OTHER else one for one in args)


# How a row is made ------------------------------------------------------------------------------


def _subject(city: City, place: str) -> Any:
    return make_subject(next(_number), keeper=city.departments[place])


def _inspector(city: City, place: str) -> Any:
    return inspectors.make_inspector(f"{next(_number):04}", city.departments[place])


def _entry(city: City, place: str) -> Any:
    return enter(_subject(city, place), _library(city, place))


def _library(city: City, place: str) -> Any:
    return make_library(f"K{next(_number)}", department=city.departments[place])


def _tagging(city: City, place: str) -> Any:
    subject = _subject(city, place)
    tag = make_subject_tag(f"B{next(_number)}")
    subjects.tag_subjects(tag=tag, subjects=[subject], **BY)
    return subject.taggings.get()


def _certificate(city: City, place: str) -> Any:
    return inspectors.make_certificate(_inspector(city, place), UNTIL)


def _leave(city: City, place: str) -> Any:
    return inspectors.make_leave(_inspector(city, place), UNTIL, UNTIL)


def _conflict(city: City, place: str) -> Any:
    told = {"relation": "relative", "declared_by": "subject", "subject": _subject(city, place)}
    return conflicts.declare_conflict(inspector=_inspector(city, place), **told, **BY)


def _team(city: City, place: str) -> Any:
    return inspectors.make_team(f"T{next(_number)}", city.departments[place])


def _third_party(city: City, place: str) -> Any:
    return inspectors.make_body(city.departments[place], credit_code(5_000 + next(_number)))


def _person(city: City, place: str) -> User:
    return people.make_user(f"person-{next(_number)}", city.departments[place])


def _request(city: City, place: str) -> Any:
    told = {"role": RoleCode.REVIEWER, "scope": "own", "reason": "演示"}
    return accounts.request_appointment(user=_person(city, place), **told, by=city.asker, at=NOW)


def _appointment(city: City, place: str) -> Any:
    return people.appoint(_person(city, place), RoleCode.REVIEWER, "own")


def _region(city: City, place: str) -> tuple[UUID] | None:
    return (city.regions[place].pk,) if place in city.regions else None


def _owner(city: City, place: str) -> Department | None:
    """Who has lists: an internal unit has none of its own."""
    return None if place == "unit" else city.departments[place]


def _line(city: City, place: str) -> tuple[int]:
    subject = _subject(city, place)
    return (Line.objects.get(about=subject.audit_id).index,)


def _import(city: City, place: str) -> tuple[UUID]:
    department = city.departments[place]
    kept = files.keep(csv_file(SHOP_HEAD, shop_row(next(_number))).chunks(), ".csv")
    told = {"kind": "subjects", "department": department, "region": None, "is_full": False, "file_name": "演示.csv"}
    return (imports.bring_file(**told, kept=kept, by=lists.keeper_of(department), at=NOW).pk,)


def _signed_line(city: City, place: str) -> tuple[int]:
    """Written before the checkpoint."""
    return (Line.objects.get(about=city.departments[place].audit_id).index,)


Make = Callable[["City", str], "tuple[UUID] | None"]


def _draft(make: Callable[..., Any], thing: str = "", *, is_public: bool = False) -> Make:
    def made(city: City, place: str) -> tuple[UUID] | None:
        owner = _owner(city, place)
        if owner is None:
            return None
        version = make(owner=owner, published=is_public)
        return ((getattr(version, thing) if thing else version).pk,)

    return made


def _published(make: Callable[..., Any], thing: str) -> Make:
    return _draft(make, thing, is_public=True)


def _item_draft(city: City, place: str) -> tuple[str, UUID] | None:
    found = _draft(lists.make_item)(city, place)
    return found and ("items", *found)


def _item_thing(city: City, place: str) -> tuple[str, UUID] | None:
    found = _draft(lists.make_item, "item")(city, place)
    return found and ("items", *found)


def _tag(city: City, place: str) -> tuple[UUID]:
    tag = lists.make_tag(f"演示标签{next(_number)}", owner=city.departments[place], in_use=False)
    return (tag.pk,)


def _edition(city: City, place: str) -> tuple[UUID] | None:
    owner = _owner(city, place)
    return (lists.make_item(owner=owner).edition.pk,) if owner else None


def _pilot(city: City, place: str) -> tuple[UUID] | None:
    unit = _owner(city, place)
    if unit is None:
        return None
    told = {"name": f"演示试点{next(_number)}", "level": "city", "year": 2026, "matter": None, "told": "申报"}
    return (matters.add_pilot(unit=unit, **told, by=lists.keeper_of(unit), at=NOW).pk,)


def _claim(city: City, place: str) -> tuple[UUID] | None:
    department = _owner(city, place)
    if department is None:
        return None
    above = department.line_parent
    item = lists.make_item(owner=above, levels=["province", "city", "county"]).item
    return (claims.claim(item=item, department=department, by=lists.keeper_of(department), at=NOW).pk,)


def _checklist(thing: str = "", *, is_public: bool = False) -> Make:
    def made(city: City, place: str) -> tuple[UUID] | None:
        home = _owner(city, place)
        if home is None:
            return None
        version = checklists.make_checklist(home, published=is_public)
        return ((version.checklist if thing else version).pk,)

    return made


def _plan(city: City, place: str) -> Any:
    """A draft with one line, to which a department far away is asked; an internal unit makes no plans."""
    home = _owner(city, place)
    return plans.make_plan(home, year=2000 + next(_number) % 100) if home else None


def _line_content(city: City, place: str) -> Any:
    version = _plan(city, place)
    return version and plans.make_line(version, begins_on=None, ends_on=None)


def _invitation(city: City, place: str) -> Any:
    line = _line_content(city, place)
    if line is None:
        return None
    by = lists.keeper_of(line.initiator)
    joint.invite(line=line, departments=[city.afar], message="", by=by, at=NOW)
    return line.line.invitations.get()


def _question(city: City, place: str) -> Any:
    asked = _invitation(city, place)
    if asked is None:
        return None
    by = lists.keeper_of(asked.line.plan.department)
    return joint.raise_question(invitation=asked, text="演示分歧", by=by, at=NOW)


def _proposal(city: City, place: str) -> Any:
    version = _plan(city, place)
    return version and plans.make_proposal(version)


def _waiver(city: City, place: str) -> Any:
    version = _plan(city, place)
    if version is None:
        return None
    by = lists.keeper_of(version.plan.department)
    return waivers.waive(version=version, rule="coverage", reason="演示", by=by, at=NOW)


def _task(city: City, place: str) -> Any:
    home = _owner(city, place)
    return plans.make_task(home) if home else None


def _participant(city: City, place: str) -> Any:
    task = _task(city, place)
    return task and task.participants.get()


def _exclusion(city: City, place: str) -> Any:
    task = _task(city, place)
    if task is None:
        return None
    by = lists.keeper_of(task.department)
    tasks.exclude(task=task, subjects=[_subject(city, place)], reason="演示", by=by, at=NOW)
    return task.exclusions.get()


def _scheme(city: City, place: str) -> Any:
    task = _task(city, place)
    if task is None:
        return None
    content = dict.fromkeys(("goals", "duties", "measures", "deadlines"), "演示")
    return tasks.write_scheme(task=task, content=content, by=lists.keeper_of(task.department), at=NOW)


def _public_scheme(city: City, place: str) -> tuple[UUID] | None:
    scheme = _scheme(city, place)
    if scheme is None:
        return None
    tasks.publish_scheme(scheme=scheme, url="", by=lists.keeper_of(scheme.task.department), at=NOW)
    return (scheme.task_id,)


LAST = {"n": 20, "type": "digits"}


def _batch(city: City, place: str) -> Any:
    """A draft as it stands after somebody opened it, which is not what is tried here."""
    task = _task(city, place)
    if task is None:
        return None
    told = {"code": f"B{next(_number)}", "year": 2026, "serial": next(_number), "mode": "test", "last": LAST}
    days = {"closes_at": NOW, "beacon_at": NOW + timedelta(hours=1), "created_at": NOW}
    by = lists.keeper_of(task.department)
    with open_for_writing():
        settings = to_store(Settings())
        batch = Batch.objects.create(department=task.department, created_by=by, settings=settings, **told, **days)
        Draw.objects.create(batch=batch, task=task, seq=1, code=f"{batch.code}-01", plan=task.number)
    return batch


def _public_batch(city: City, place: str) -> Any:
    batch = _batch(city, place)
    if batch is None:
        return None
    batch.state, batch.committed_at, batch.committed_by = "committed", NOW, lists.approver_of(batch.department)
    with open_for_writing():
        batch.save()
    return batch


def _draw(city: City, place: str) -> Any:
    batch = _batch(city, place)
    return batch and batch.draws.get()


def _hit(city: City, place: str) -> Any:
    """An object of a batch that was drawn, as the tables have it."""
    draw = _draw(city, place)
    if draw is None:
        return None
    told = {"batch": draw.batch, "draw": draw}
    with open_for_writing():
        stratum = Stratum.objects.create(**told, code="ALL", label="全部", size=1, n=1, rule="1户")
        own = {"subject": _subject(city, "own"), "pid": "X", "ticket": "0" * 64, "place": "selected"}
        return Hit.objects.create(**told, stratum=stratum, rank=1, **own)


def _replacement(city: City, place: str) -> Any:
    hit = _hit(city, place)
    if hit is None:
        return None
    told = {"reason": "deregistered", "evidence": "0" * 64, "asked_at": NOW, "asked_by": hit.batch.created_by}
    with open_for_writing():
        return Replacement.objects.create(batch=hit.batch, draw=hit.draw, out=hit, **told)


def _seat_of(hit: Hit, **own: Any) -> Any:
    batch = hit.batch
    with open_for_writing():
        visit = Visit.objects.create(batch=batch, subject=hit.subject, pid=hit.pid)
        told = {"number": 1, "department": batch.department, "kind": "deal", "seated_at": NOW}
        return Seat.objects.create(batch=batch, visit=visit, **told, **own)


def _seat(city: City, place: str) -> Any:
    hit = _hit(city, place)
    return hit and _seat_of(hit)


def _door(city: City, place: str) -> Any:
    """A door with a seat that nobody holds."""
    seat = _seat(city, place)
    return seat and seat.visit


def _substitution(city: City, place: str) -> Any:
    seat = _seat(city, place)
    if seat is None:
        return None
    told = {"reason": "unfilled", "nonce": "0" * 64, "source": LAST, "event": 10**6 + next(_number)}
    with open_for_writing():
        return Substitution.objects.create(
            batch=seat.batch, seat=seat, **told, asked_at=NOW, asked_by=seat.batch.created_by
        )


def _inspection(city: City, place: str) -> Any:
    """A department's part of a door, with a record that nobody has looked at."""
    seat = _seat(city, place)
    if seat is None:
        return None
    home, by = seat.department, seat.batch.created_by
    with open_for_writing():
        row = Inspection.objects.create(visit=seat.visit, department=home, opened_at=NOW)
        told = {"inspection": row, "created_by": by, "created_at": NOW}
        record = Instance.objects.create(standing="held", **told)
        nothing: dict[str, Any] = {"survey": [], "choices": []}
        sheet = Worksheet.objects.create(digest=f"{next(_number):064x}", definition=nothing, made_at=NOW)
        body = json.dumps({"entry": {"at": "2026-03-02T09:00"}, "answers": {}})
        kept = {"digest": "0" * 64, "body": body, "outcome": "inspected", "receipt": "{}"}
        row.head = Revision.objects.create(
            inspection=row, instance=record, number=1, sheet=sheet, **kept, received_at=NOW, received_by=by
        )
        row.state = "in_review"
        row.save()
    return row


def _inspection_record(city: City, place: str) -> Any:
    row = _inspection(city, place)
    return row and row.instances.get()


def _exhibit(city: City, place: str) -> Any:
    row = _inspection(city, place)
    if row is None:
        return None
    told = {"sha256": f"{next(_number):064x}", "size": 4}
    exhibits.path_of(told["sha256"]).parent.mkdir(parents=True, exist_ok=True)
    exhibits.shown_path(told["sha256"]).write_bytes(b"demo")
    with open_for_writing():
        Attachment.objects.create(**told, media_type="image/jpeg", stored_at=NOW, stored_by=row.head.received_by)
        return Exhibit.objects.create(inspection=row, revision=row.head, kind="photo", **told)


def _badge(city: City, place: str) -> tuple[str] | None:
    """The code of somebody who goes to a door; with it everybody reads who comes."""
    hit = _hit(city, place)
    if hit is None:
        return None
    _put_out(hit.batch, "dispatched")
    seat = _seat_of(hit)
    return (token_of(seat.visit_id, seat.department_id),)


def _own_seat(city: City, actor: Actor) -> tuple[UUID] | None:
    """Somebody sits there who has an entry in the library; whoever has none has no seat either."""
    person = Inspector.objects.filter(user=actor.user).first()
    if person is None:
        person = inspector_operations.link_account(inspector=_inspector(city, "own"), user=actor.user, **BY)
    hit = _hit(city, "own")
    _put_out(hit.batch, "dispatched")
    return (_seat_of(hit, inspector=person).pk,)


def _put_out(batch: Batch, state: str) -> None:
    batch.state, batch.committed_at, batch.committed_by = state, NOW, lists.approver_of(batch.department)
    batch.drawn_at, batch.seed = NOW, "0" * 64
    with open_for_writing():
        batch.save()


def _territory(city: City, place: str) -> tuple[UUID, UUID] | None:
    """What the province drew at a door in a department's own region."""
    home = _owner(city, place)
    if home is None:
        return None
    task = plans.make_task(city.bureau)
    told = {"code": f"B{next(_number)}", "year": 2026, "serial": next(_number), "mode": "test", "last": LAST}
    days = {"closes_at": NOW, "beacon_at": NOW + timedelta(hours=1), "created_at": NOW}
    by = lists.keeper_of(city.bureau)
    with open_for_writing():
        settings = to_store(Settings())
        batch = Batch.objects.create(department=city.bureau, created_by=by, settings=settings, **told, **days)
        draw = Draw.objects.create(batch=batch, task=task, seq=1, code=f"{batch.code}-01", plan=task.number)
        own = {"batch": batch, "draw": draw}
        stratum = Stratum.objects.create(**own, code="ALL", label="全部", size=1, n=1, rule="1户")
        subject = _subject(city, place)
        Hit.objects.create(**own, stratum=stratum, rank=1, subject=subject, pid="X", ticket="0" * 64, place="selected")
        Visit.objects.create(batch=batch, subject=subject, pid="X")
    _put_out(batch, "locked")
    return (batch.pk, home.pk)


def _contribution(city: City, place: str) -> Any:
    batch = _batch(city, place)
    if batch is None:
        return None
    with open_for_writing():
        return Contribution.objects.create(batch=batch, department=batch.department)


def _reading(city: City, place: str) -> Any:
    batch = _batch(city, place)
    if batch is None:
        return None
    with open_for_writing():
        return Reading.objects.create(batch=batch, number=1, value="1", read_at=NOW, read_by=batch.created_by)


def _withdrawal(city: City, place: str) -> Any:
    draw = _draw(city, place)
    if draw is None:
        return None
    told = {"reason": "error_in_frame", "asked_at": NOW, "asked_by": draw.batch.created_by}
    with open_for_writing():
        return Withdrawal.objects.create(batch=draw.batch, draw=draw, **told)


def _attendance(city: City, actor: Actor) -> tuple[UUID]:
    batch = _batch(city, "own")
    told = {"role": "witness", "asked_at": NOW, "asked_by": batch.created_by}
    with open_for_writing():
        return (Attendance.objects.create(batch=batch, user=actor.user, **told).pk,)


def _promised_batch(city: City, place: str) -> Any:
    """Promised to everybody, not drawn yet."""
    home = _owner(city, place)
    if home is None:
        return None
    return draws.committed(draws.make_batch(draws.ready_task(home, n=5, first=7_000 + 10 * next(_number))))


def _public_draw(city: City, place: str) -> tuple[str, str] | None:
    batch = _promised_batch(city, place)
    return (batch.code, batch.draws.get().code) if batch else None


def _watch_group(city: City, place: str) -> Any:
    home = _owner(city, place)
    if home is None:
        return None
    told = {"name": f"演示关注组{next(_number)}", "kind": "other", "reason": "演示", "created_at": NOW}
    with open_for_writing():
        return WatchGroup.objects.create(department=home, created_by=lists.keeper_of(home), **told)


def _campaign(city: City, place: str) -> Any:
    return plans.make_campaign(city.departments["own"], f"演示集中抽查{next(_number)}")


def _agreement(city: City, place: str) -> Any:
    home = _owner(city, place)
    return plans.make_agreement(home, f"演示协议{next(_number)}") if home else None


def _norm(city: City, place: str) -> Any:
    return plans.make_norm(city.departments["own"].region, 2000 + next(_number) % 100)


def _public_plan(thing: str) -> Make:
    """A published version, written past the rules: what it says does not matter here."""

    def made(city: City, place: str) -> tuple[UUID] | None:
        content = _line_content(city, place)
        if content is None:
            return None
        plans.put_out(content.version)
        return ((content.version.plan if thing == "plan" else content.line).pk,)

    return made


def _logged_plan(city: City, place: str) -> tuple[int] | None:
    if _public_plan("plan")(city, place) is None:
        return None
    public_log.log_plans(by=public_log.Signer(), at=NOW)
    return (LogEntry.objects.filter(type="plan").latest("index").index,)


def _maybe(make: Callable[[City, str], Any], of: Callable[[Any], Any] = lambda row: row.pk) -> Make:
    def made(city: City, place: str) -> tuple[UUID] | None:
        row = make(city, place)
        return (of(row),) if row is not None else None

    return made


def _source(city: City, place: str) -> tuple[UUID, int] | None:
    batch = _batch(city, place)
    return (batch.pk, 1) if batch else None


def _plan_rule(city: City, place: str) -> tuple[UUID, str] | None:
    version = _plan(city, place)
    return (version.pk, "coverage") if version else None


def _message(city: City, actor: Actor) -> tuple[UUID]:
    sent = accounts.send_message(to=[actor.user], title="演示通知", **BY)
    return (sent.deliveries.get().pk,)


def _sent(city: City, actor: Actor) -> tuple[UUID]:
    sent = accounts.send_message(to=[city.somebody], title="演示通知", by=actor.user, at=NOW)
    return (sent.pk,)


def _session(city: City, actor: Actor) -> tuple[UUID]:
    now = timezone.now()
    told = {"key": f"演示{next(_number)}", "source": "127.0.0.1", "began_at": now, "seen_at": now}
    return (OpenSession.objects.create(user=actor.user, **told).pk,)


def _pk(make: Callable[[City, str], Any]) -> Callable[[City, str], tuple[UUID]]:
    return lambda city, place: (make(city, place).pk,)


ROWS: dict[str, Row] = {
    "subject": Row(within_reach, _pk(_subject)),
    "entry": Row(within_reach, _pk(_entry)),
    "library": Row(within_reach, _pk(_library)),
    "tagging": Row(within_reach, _pk(_tagging)),
    "inspector": Row(within_reach, _pk(_inspector)),
    "certificate": Row(within_reach, _pk(_certificate)),
    "leave": Row(within_reach, _pk(_leave)),
    "conflict": Row(within_reach, _pk(_conflict)),
    "team": Row(within_reach, _pk(_team)),
    "third_party": Row(within_reach, _pk(_third_party)),
    "own_file": Row(has_file, lambda city, place: ()),
    "import": Row(within_reach, _import),
    "rule": Row(everybody, lambda city, place: ("ratio",)),
    "person": Row(within_reach, _pk(_person)),
    "request": Row(within_reach, _pk(_request)),
    "appointment": Row(within_reach, _pk(_appointment)),
    "department": Row(within_reach, lambda city, place: (city.departments[place].pk,)),
    "region": Row(whole_region, _region),
    "message": Row(one_s_own, make_own=_message),
    "sent": Row(one_s_own, make_own=_sent),
    "session": Row(one_s_own, make_own=_session),
    "line": Row(within_reach, _line),
    "signed_line": Row(within_reach, _signed_line),
    "checkpoint": Row(everybody, lambda city, place: (city.checkpoint.size,)),
    "checkpoints": Row(everybody, lambda city, place: (city.checkpoint.size, city.checkpoint.size)),
    "logged_plan": Row(everybody, _logged_plan),
    "draw_entry": Row(everybody, lambda city, place: (0,)),
    "draw_checkpoint": Row(everybody, lambda city, place: (city.draw_checkpoint.size,)),
    "draw_checkpoints": Row(everybody, lambda city, place: (city.draw_checkpoint.size, city.draw_checkpoint.size)),
    "draft_item": Row(draft, _draft(lists.make_item, "item")),
    "draft_joint": Row(draft, _draft(lists.make_joint_item, "joint_item")),
    "draft_matter": Row(draft, _draft(lists.make_matter, "matter")),
    "draft_version": Row(draft, _item_draft),
    "draft_thing": Row(draft, _item_thing),
    "public_item": Row(everybody, _published(lists.make_item, "item")),
    "public_joint": Row(everybody, _published(lists.make_joint_item, "joint_item")),
    "public_matter": Row(everybody, _published(lists.make_matter, "matter")),
    "claim": Row(within_reach, _claim),
    "proposed_tag": Row(proposal, _tag),
    "edition": Row(everybody, _edition),
    "pilot": Row(everybody, _pilot),
    "list_kind": Row(everybody, lambda city, place: ("items",)),
    "draft_checklist": Row(draft, _checklist("checklist")),
    "public_checklist": Row(everybody, _checklist("checklist", is_public=True)),
    "checklist_version": Row(draft, _checklist()),
    "draft_plan": Row(draft_of_plan, _maybe(_plan, lambda row: row.plan_id)),
    "public_plan": Row(everybody, _public_plan("plan")),
    "plan_version": Row(draft_of_plan, _maybe(_plan)),
    "plan_rule": Row(draft_of_plan, _plan_rule),
    "waiver": Row(draft_of_plan, _maybe(_waiver)),
    "draft_line": Row(draft_of_plan, _maybe(_line_content, lambda row: row.line_id)),
    "public_line": Row(everybody, _public_plan("line")),
    "line_content": Row(draft_of_plan, _maybe(_line_content)),
    "invitation": Row(within_reach, _maybe(_invitation)),
    "question": Row(within_reach, _maybe(_question)),
    "proposal": Row(within_reach, _maybe(_proposal)),
    "campaign": Row(everybody, _maybe(_campaign)),
    "agreement": Row(everybody, _maybe(_agreement)),
    "norm": Row(everybody, _maybe(_norm)),
    "task": Row(within_reach, _maybe(_task)),
    "batch": Row(within_reach, _maybe(_batch)),
    "promised_batch": Row(within_reach, _maybe(_public_batch)),
    "source": Row(within_reach, _source),
    "draw": Row(within_reach, _maybe(_draw)),
    "hit": Row(within_reach, _maybe(_hit)),
    "replacement": Row(within_reach, _maybe(_replacement)),
    "seat": Row(within_reach, _maybe(_seat)),
    "door": Row(within_reach, _maybe(_door)),
    "inspection": Row(within_reach, _maybe(_inspection)),
    "inspection_record": Row(within_reach, _maybe(_inspection_record)),
    "exhibit": Row(within_reach, _maybe(_exhibit)),
    "badge": Row(everybody, _badge),
    "own_seat": Row(one_s_own, make_own=_own_seat),
    "substitution": Row(within_reach, _maybe(_substitution)),
    "territory": Row(within_reach, _territory),
    "withdrawal": Row(within_reach, _maybe(_withdrawal)),
    "contribution": Row(within_reach, _maybe(_contribution)),
    "reading": Row(within_reach, _maybe(_reading)),
    "watch_group": Row(within_reach, _maybe(_watch_group)),
    "attendance": Row(one_s_own, make_own=_attendance),
    "participant": Row(within_reach, _maybe(_participant)),
    "exclusion": Row(within_reach, _maybe(_exclusion)),
    "public_scheme": Row(everybody, _public_scheme),
    "scheme": Row(within_reach, _maybe(_scheme)),
    "public_batch": Row(everybody, _maybe(_promised_batch, lambda row: row.code)),
    "public_draw": Row(everybody, _public_draw),
    "public_record": Row(everybody, _maybe(_promised_batch, lambda row: row.department.code)),
}
