"""What can be done to the lines of a draft: added, changed, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, held, operation
from gongchou.plans.layout.news import MANY, GivenRow, News, compare, standing
from gongchou.plans.models import Line, LineVersion, PlanVersion
from gongchou.plans.operations.holding import held_line, held_version
from gongchou.plans.operations.joint import call_off
from gongchou.plans.operations.many_lines import add_many, change_many
from gongchou.plans.operations.waivers import end
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries import coverage, suggested
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules.plans import check_content, check_line
from gongchou.refusal import Refused
from gongchou.seen import check_unchanged

MOVED_OUT = "计划行不再列该部门为配合部门"
Content = Mapping[str, Any]
"""Columns of ``LineVersion.content`` by name; ``items`` and ``participants`` as rows."""


def fill(line: LineVersion, content: Content) -> None:
    """Write columns first, then what hangs on the row."""
    for name, value in content.items():
        if name not in MANY:
            setattr(line, name, value)
    line.save()
    for name in MANY:
        if name in content:
            getattr(line, name).set(content[name])


@operation("line.added", "增加计划行")
def add_line(*, version: PlanVersion, content: Content, by: User, at: datetime) -> Done[LineVersion]:
    """Add a line to a draft; the number it gets stays with it. Raises Refused as ``append``."""
    version = held_version(version)
    permissions.check_can_write_line(by, version, content["initiator"])
    line = append(version, content)
    return Done(line, {"number": line.number, "content": dict(queries.told(line))})


def append(version: PlanVersion, content: Content) -> LineVersion:
    """A line behind all others of a draft that is held. Raises Refused as ``rules.plans.check_line``."""
    check_line(content, version.plan, None)
    line = Line.objects.create(plan=version.plan, number=queries.next_line_number(version.plan))
    told = LineVersion(version=version, line=line)
    fill(told, content)
    return told


@operation("lines.suggested", "按清单补齐计划行")
def add_from_list(*, version: PlanVersion, by_risk: bool, by: User, at: datetime) -> Done[PlanVersion]:
    """Add a line for each due item of the list, or of the joint list, that no line has yet.

    by_risk: general items get the middle of each class's band instead of the ratio on the list
    Raises Refused ``plans.nothing_to_suggest``.
    """
    version = held_version(version)
    permissions.check_can_edit(by, version)
    contents = _suggested(Survey(version, on=timezone.localdate(at)), by_risk=by_risk)
    if not contents:
        raise Refused("plans.nothing_to_suggest", name=version.name)
    first = queries.next_line_number(version.plan)
    _write_all(version, contents)
    return Done(version, {"rows": [f"第{n}行 {one['name']}" for n, one in enumerate(contents, start=first)]})


@operation("lines.continued", "沿用上年计划行")
def continue_lines(*, version: PlanVersion, by: User, at: datetime) -> Done[PlanVersion]:
    """Take over the lines of last year's plan of the same kind, a year later, without what belonged to that year.

    Raises Refused ``plans.nothing_to_continue`` where there is none, or where this plan has lines already.
    """
    version = held_version(version)
    permissions.check_can_edit(by, version)
    old = queries.find_year_before(version.plan)
    if old is None or version.lines.exists():
        raise Refused("plans.nothing_to_continue", year=version.plan.year - 1)
    contents = [suggested.a_year_later(line) for line in queries.lines_of(old)]
    _write_all(version, contents)
    return Done(version, {"source": str(old), "count": len(contents)})


def _write_all(version: PlanVersion, contents: Sequence[Content]) -> None:
    """With the next numbers, in this order."""
    for content in contents:
        check_content(content, version.plan)
    add_many(version, [GivenRow(0, None, dict(content)) for content in contents])


def _suggested(survey: Survey, *, by_risk: bool) -> list[dict[str, Any]]:
    if survey.plan.is_joint:
        return suggested.of_joint_items(survey)
    return suggested.of_items(survey, coverage.uncovered_items(survey), by_risk=by_risk)


@operation("lines.imported", "导入计划行")
def import_lines(
    *,
    version: PlanVersion,
    rows: Sequence[GivenRow],
    file_name: str,
    file_digest: str,
    by: User,
    at: datetime,
    seen: str = "",
) -> Done[PlanVersion]:
    """Take the rows of a file into a draft: new ones are added, those with the number of a line change it, what is
    there already stays. seen: the digest of the news that a person was shown.

    Raises Refused ``plans.import_moved`` where they are other now, and as ``rules.plans.check_content``.
    """
    version = held_version(version)
    news = compare(rows, standing(version))
    if seen and seen != news.digest:
        raise Refused("plans.import_moved")
    _check_news(by, version, news)
    add_many(version, news.new)
    change_many(news.changed)
    counts = {"n_new": len(news.new), "n_changed": len(news.changed), "n_same": news.n_same}
    told = {"file_name": file_name, "file_digest": file_digest, **counts, "changed": _changed_words(news)}
    gone = call_off([line.line for line, own in news.changed if "participants" in own], MOVED_OUT, by=by, at=at)
    return Done(version, {**told, "departments": gone})


def _changed_words(news: News) -> list[str]:
    """抽查比例、备注：第3、5行, for each set of columns."""
    numbers: dict[str, list[str]] = {}
    for line, own in news.changed:
        numbers.setdefault("、".join(map(queries.field_label, own)), []).append(str(line.number))
    return [f"{labels}：第{'、'.join(found)}行" for labels, found in numbers.items()]


def _check_news(by: User, version: PlanVersion, news: News) -> None:
    """Each department is asked for once; each row keeps the rules."""
    told = [*(row.content for row in news.new), *(own for _, own in news.changed)]
    writers = {line.initiator for line, _ in news.changed} | {own["initiator"] for own in told if "initiator" in own}
    for department in writers or {version.plan.department}:
        permissions.check_can_write_line(by, version, department)
    for row in news.new:
        if not {"name", "initiator"} <= set(row.content):  # the line that it was to change is gone
            raise Refused("plans.import_moved")
        check_line(row.content, version.plan, None)
    for line, own in news.changed:
        check_line(own, version.plan, line)


@operation("line.edited", "修改计划行")
def edit_line(*, line: LineVersion, content: Content, by: User, at: datetime, seen: str = "") -> Done[LineVersion]:
    """Change a line of a draft; the log keeps old and new. seen: what the form had shown.

    Raises Refused ``web.changed_meanwhile`` and as ``rules.plans.check_content``.
    """
    line = held_line(line)
    permissions.check_can_edit_line(by, line)
    permissions.check_can_write_line(by, line.version, content.get("initiator", line.initiator))
    check_unchanged(seen, queries.shown(line))
    check_line(content, line.version.plan, line)
    before = queries.shown(line)
    fill(line, content)
    after = queries.shown(held(line))
    changed = {name: [before[name], text] for name, text in after.items() if before[name] != text}
    return Done(line, {"changed": changed, "departments": call_off([line.line], MOVED_OUT, by=by, at=at)})


@operation("line.dropped", "删除计划行")
def drop_line(*, line: LineVersion, reason: str, by: User, at: datetime) -> Done[LineVersion]:
    """Take a line out of a draft; what it said is in the log, and in the versions before."""
    line = held_line(line)
    permissions.check_can_drop_line(by, line)
    told = {"reason": reason, "content": dict(queries.told(line))}
    pk = line.pk
    take_out(line, by=by, at=at)
    told |= {"departments": call_off([line.line], reason, by=by, at=at)}
    line.pk = pk  # the log names it
    return Done(line, told)


@operation("lines.dropped", "删除多行计划行")
def drop_lines(
    *, version: PlanVersion, lines: Iterable[LineVersion], reason: str, by: User, at: datetime
) -> Done[PlanVersion]:
    """Take several lines out of a draft, all or none. Raises Refused ``plans.no_lines_chosen`` and as ``drop_line``."""
    version = held_version(version)
    chosen = list(queries.with_parts(version.lines.filter(pk__in=[line.pk for line in lines])))  # as they stand now
    if not chosen:
        raise Refused("plans.no_lines_chosen")
    told = [f"第{line.number}行 {line.name}" for line in chosen]
    for line in chosen:
        permissions.check_can_drop_line(by, line)
        take_out(line, by=by, at=at)
    gone = call_off([line.line for line in chosen], reason, by=by, at=at)
    return Done(version, {"reason": reason, "rows": told, "departments": gone})


def take_out(line: LineVersion, *, by: User, at: datetime) -> None:
    """Out of its draft, with what excused it: another line may get its number."""
    for waiver in queries.waivers_of(line.version).filter(line=line.line_id):
        end(waiver, by=by, at=at)
    line.delete()
