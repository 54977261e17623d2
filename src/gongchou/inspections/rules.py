"""What may happen to an inspection now, whoever asks; what a record must hold by the platform's own rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.checklists.answers import Form, fill, form_of
from gongchou.checklists.answers import Problem as AnswerProblem
from gongchou.inspections.models import Inspection, Instance, Worksheet
from gongchou.inspections.payload import ItemResult, Problem, Record, Unfit
from gongchou.inspections.queries.records import missing_files, recorders_of
from gongchou.inspections.states import ALONE, RESULT_MOVES, WITH_PROBLEM, Outcome, ResultState, Verdict
from gongchou.refusal import Refused


def check_may_become(inspection: Inspection, state: ResultState) -> None:
    """Raises Refused ``inspections.state``."""
    if state not in RESULT_MOVES[ResultState(inspection.state)]:
        raise Refused("inspections.state", state=inspection.state_word, wanted=state.label)


def check_may_be_reviewed(inspection: Inspection) -> None:
    """Raises Refused ``inspections.state``, ``inspections.files_missing``."""
    if inspection.state != ResultState.IN_REVIEW:
        raise Refused("inspections.not_in_review", state=inspection.state_word)
    n = len(missing_files(inspection))
    if n:
        raise Refused("inspections.files_missing", count=n)


def check_says_why(verdict: Verdict, opinion: str) -> None:
    """Raises Refused ``inspections.opinion_missing``."""
    if verdict != Verdict.PASS and not opinion:
        raise Refused("inspections.opinion_missing", verdict=Verdict(verdict).label)


def check_may_count(instance: Instance, inspection: Inspection) -> None:
    """A record that does not count yet, while nothing was passed. Raises Refused ``inspections.counts_already``."""
    if inspection.head is not None and inspection.head.instance_id == instance.pk:
        raise Refused("inspections.counts_already")
    check_may_become(inspection, ResultState.IN_REVIEW)


def check_recorded_nothing(inspection: Inspection, by: User) -> None:
    """Raises Refused ``inspections.own_record`` (R-92)."""
    if by.pk in recorders_of(inspection):
        raise Refused("inspections.own_record")


def check_record(record: Record, wanted: Mapping[UUID, str], sheet: Worksheet) -> None:
    """A record tells of every item of the department's part, once, and nothing else (R-74). Raises Unfit.

    wanted: the items with their codes
    """
    problems = [*_in_items(record, wanted), *_in_answers(record, sheet.definition)]
    if problems:
        raise Unfit(problems)


def _in_items(record: Record, wanted: Mapping[UUID, str]) -> Iterator[Problem]:
    told = [one.item for one in record.results]
    for pk, code in wanted.items():
        if told.count(pk) != 1:
            yield Problem("results", f"事项 {code} 应有且只有一个结果，请检查。")
    for number, one in enumerate(record.results):
        if one.item not in wanted:
            yield Problem(f"results.{number}.item", "这一事项不属于本部门对该对象的检查，请更新资料后重新填写。")
        else:
            yield from _in_result(f"results.{number}", wanted[one.item], one, record.outcome)


def _in_result(path: str, code: str, one: ItemResult, outcome: Outcome) -> Iterator[Problem]:
    if not one.is_checked:
        if one.codes and outcome == Outcome.INSPECTED:
            yield Problem(f"{path}.codes", f"事项 {code} 未检查，不应有结果。")
        return
    if not one.codes:
        yield Problem(f"{path}.codes", f"事项 {code} 已检查，请选择检查结果。")
    if len(one.codes) > 1 and ALONE & {*one.codes}:
        yield Problem(f"{path}.codes", f"事项 {code} 的结果“未发现问题”等不能与其他结果同时选择。")
    if WITH_PROBLEM & {*one.codes} and not one.problem:
        yield Problem(f"{path}.problem", f"事项 {code} 发现了问题，请写明问题情况。")
    if not one.follow_ups:
        yield Problem(f"{path}.follow_ups", f"事项 {code} 请选择后续处置措施；没有发现问题的选“无需后续处置”。")


def _in_answers(record: Record, definition: Mapping[str, Any]) -> Iterator[Problem]:
    """What the sheet itself asks for, where the object was inspected at all."""
    if record.outcome != Outcome.INSPECTED:
        return
    form = form_of(definition)
    day = timezone.localdate(record.entry.at).isoformat()
    for one in fill(form, record.answers, today=day).problems:
        yield Problem(f"answers.{one.path}", _words(form, one))


_WRONG: Final = {
    "missing": "这一题必填，还没有答案。",
    "type": "答案不是这一题要的类型。",
    "choice": "答案不在这一题的选项里。",
    "long": "答案太长，最多 {most} 个字。",
    "many": "答案太多，最多 {most} 项。",
    "unknown": "检查表中没有这一题，请更新资料后再提交。",
}


def _words(form: Form, problem: AnswerProblem) -> str:
    """The question, and what is wrong with its answer."""
    entry = form.entries.get(problem.path.rpartition("/")[2])
    label = entry.row.get("label", "") if entry else ""
    told = problem.facts.get("message") or _WRONG.get(problem.code, "答案不符合要求。").format(**problem.facts)
    return f"“{label}”：{told}" if label else told
