"""What is wrong with the expressions of a form that somebody brings: each fault with its row, all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from gongchou.checklists.answers import WITHOUT_ANSWER, Circle, Entry, order_of, placed
from gongchou.checklists.expressions import (
    DEEPEST_TYPED,
    FUNCTIONS,
    LONGEST_TYPED,
    Answer,
    Call,
    Chain,
    Count,
    ExpressionError,
    Literal,
    Node,
    Own,
    inside,
    parse,
)
from gongchou.refusal import Refused

COLUMNS: Final = {"relevant": "显示条件", "constraint": "校验条件", "calculation": "计算公式"}
MOST_TYPED: Final = 100_000  # characters of all expressions of a form
MOST_CIRCLES = 10  # at once; who has more will see the rest the next time
_UNASKED = (*WITHOUT_ANSWER, "begin_repeat", "end_group", "end_repeat", "calculate")

Row = Mapping[str, Any]
Found = Iterator[tuple[int, Refused]]
Nodes = Mapping[tuple[int, str], Node]


def faults_in(survey: Sequence[Row], choices: Sequence[Row], known: Collection[str], *, is_nested: bool) -> Found:
    """The place of a row in the form, and what is wrong with it.

    known: codes of rows that were refused, which may well be named; is_nested: whether groups begin and end in turn.
    """
    too_much = _too_much(survey)
    if too_much is not None:
        yield too_much, Refused("checklists.formula_much", most=MOST_TYPED)
        return
    nodes: dict[tuple[int, str], Node] = {}
    is_whole = is_nested
    for number, row in enumerate(survey):
        for fault in (*_idle(row), *_unread(row, number, nodes)):
            is_whole = False
            yield number, fault
    for number, fault in _misnamed(survey, nodes, {*known, *(row["name"] for row in survey if "name" in row)}):
        is_whole = False
        yield number, fault
    if is_whole:
        entries = list(placed(survey, choices))
        rows = {row.get("name"): number for number, row in enumerate(survey)}
        for name, fault in (*_unfitting(entries), *_circles(entries)):
            yield rows[name], fault


def _too_much(survey: Sequence[Row]) -> int | None:
    """The row at which a form has more to work out than a phone should, if there is one."""
    sizes = accumulate(sum(len(row.get(column, "")) for column in COLUMNS) for row in survey)
    return next((number for number, size in enumerate(sizes) if size > MOST_TYPED), None)


def _idle(row: Row) -> Iterator[Refused]:
    """Formulas that nothing asks for, and a calculation without one."""
    if row.get("constraint") and row["type"] in _UNASKED:
        yield Refused("checklists.constraint_idle")
    if row.get("calculation") and row["type"] != "calculate":
        yield Refused("checklists.calculation_idle")
    if row["type"] == "calculate" and not row.get("calculation"):
        yield Refused("checklists.empty", column=COLUMNS["calculation"])


def _unread(row: Row, number: int, nodes: dict[tuple[int, str], Node]) -> Iterator[Refused]:
    for column, word in COLUMNS.items():
        try:
            if row.get(column):
                nodes[number, column] = parse(row[column], longest=LONGEST_TYPED, deepest=DEEPEST_TYPED)
        except ExpressionError as error:
            yield _told(error, word)


def _told(error: ExpressionError, column: str) -> Refused:
    facts: dict[str, object] = {"column": column, "place": error.at + 1, "text": error.text}
    if error.code == "function":
        facts["known"] = "、".join(FUNCTIONS)
    if error.code == "arguments":
        fewest, most = FUNCTIONS[error.text]
        facts["count"] = str(fewest) if fewest == most else f"{fewest}到{most}"
    if error.code == "long":
        facts["most"] = LONGEST_TYPED
    return Refused(f"checklists.formula_{error.code}", **facts)


def _misnamed(survey: Sequence[Row], nodes: Nodes, known: Collection[str]) -> Found:
    """Names that nothing bears, and a ``.`` where there is no answer, or none where there should be one."""
    for (number, column), node in nodes.items():
        word, found = COLUMNS[column], list(inside(node))
        named = dict.fromkeys(one.name for one in found if isinstance(one, Answer | Count))
        for name in named:
            if name not in known:
                yield number, Refused("checklists.unknown", column=word, name=name)
        has_own = any(isinstance(one, Own) for one in found)
        if column == "constraint" and not has_own and survey[number]["type"] not in _UNASKED:
            yield number, Refused("checklists.formula_own_missing", column=word)
        if column != "constraint" and has_own:
            yield number, Refused("checklists.formula_own", column=word)


# Once all rows stand --------------------------------------------------------------------------------


def _unfitting(entries: Sequence[Entry]) -> Iterator[tuple[str, Refused]]:
    by_name = {one.name: one for one in entries}
    for entry in entries:
        for column, word in COLUMNS.items():
            node = getattr(entry, column)
            for one in inside(node) if node else ():
                for fault in (*_unanswerable(one, entry, by_name), *_unoffered(one, entry, by_name)):
                    yield entry.name, Refused(fault.code, column=word, **fault.facts)


def _unanswerable(node: Node, entry: Entry, by_name: Mapping[str, Entry]) -> Iterator[Refused]:
    """A name that has no answer, or has several from where the expression stands."""
    if isinstance(node, Count) and by_name[node.name].kind != "begin_repeat":
        yield Refused("checklists.formula_count", place="", text=node.name)
    if isinstance(node, Answer):
        named = by_name[node.name]
        if named.kind in (*WITHOUT_ANSWER, "begin_repeat"):
            yield Refused("checklists.formula_no_answer", name=node.name)
        elif named.home not in ("", entry.home):
            yield Refused("checklists.formula_repeat", name=node.name, repeat=named.home)


def _unoffered(node: Node, entry: Entry, by_name: Mapping[str, Entry]) -> Iterator[Refused]:
    """A code that its question does not offer, which could never be the answer."""
    for asked, literal in _pairs(node):
        named = entry if isinstance(asked, Own) else by_name[asked.name] if isinstance(asked, Answer) else None
        code = literal.value if isinstance(literal, Literal) else None
        if named and named.choices and isinstance(code, str) and code not in ("", *named.choices):
            offered = "、".join(named.choices)
            yield Refused("checklists.formula_choice", name=named.name, choice=code[:40], known=offered)


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    match node:
        case Call("selected", (asked, code)):
            yield asked, code
        case Chain(first, (("=" | "!=", second), *_)):
            yield first, second
            yield second, first


def _circles(entries: Sequence[Entry]) -> Iterator[tuple[str, Refused]]:
    left = {one.name: one for one in entries}
    for _ in range(MOST_CIRCLES):
        try:
            order_of(left)
        except Circle as circle:
            first = next(name for name in left if name in circle.names)
            at = circle.names.index(first)
            way = [*circle.names[at:-1], *circle.names[:at], first]
            yield first, Refused("checklists.formula_circle", way=" → ".join(way))
            for name in way[:-1]:
                del left[name]
        else:
            return
