"""The selection of spec section 7 in SQL: one text for every database.

Sorting all tickets costs more than hashing them, so the frame is never sorted. Every object is hashed once
and kept only if its ticket lies below a threshold of its stratum, under which the wanted ones lie almost
surely; what was kept, the survivors, is sorted by the whole (ticket, object). The threshold never decides: if
it kept fewer than are wanted it is widened and the frame is hashed again, and if it kept enough the lowest
are among them for certain.

An engine lends a ``Session``: how one kind of database is spoken to. What comes back is not believed but
checked: one ticket computed beforehand, the sizes of the strata, the number of survivors and the order of the
rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import isqrt
from string import Template
from typing import Any, NamedTuple, Protocol

from gongchou.draw.errors import DrawError, EvidenceError, FormatError, RuleError
from gongchou.draw.select import Quota, Ranked
from gongchou.draw.ticket import ticket, unit_ticket

HEX_DIGITS = 12  # the length of a threshold; its steps are far finer than any margin
EVERY_TICKET = "g"  # above every hex digit
PROBE, UNIT_PROBE = "PROBE-0", "UNIT-0"

# Tables and columns as the statements below know them. ``pool`` is never read.
FRAME = "gongchou_frame"  # stratum, object and, when tickets are made from it, unit
EXCLUDED = "gongchou_excluded"
PROBES = "gongchou_probe"
THRESHOLDS = "gongchou_thresholds"
SURVIVORS = "gongchou_survivors"

_PROBE = Template("SELECT $ticket FROM gongchou_probe")
_HALVES = Template("concat(substr($unit, 1, 32), substr($own, 1, 32))")
# A missing object or key is not counted, so it shows as a wrong size.
_COUNT = Template("SELECT stratum, count(object), count($key) FROM gongchou_frame GROUP BY stratum")
_COUNT_GONE = """
SELECT f.stratum, count(*)
FROM gongchou_frame f JOIN gongchou_excluded e ON e.object = f.object
GROUP BY f.stratum
"""
# The hint is a comment to all but Spark, which would otherwise sort the whole frame to join it.
_KEEP = Template("""
SELECT /*+ BROADCAST(t) */ f.stratum, f.ticket, f.object
FROM (SELECT stratum, object, $ticket AS ticket FROM gongchou_frame) f
JOIN gongchou_thresholds t ON t.stratum = f.stratum
WHERE f.ticket < t.threshold $still_there
""")
_STILL_THERE = "AND NOT EXISTS (SELECT 1 FROM gongchou_excluded e WHERE e.object = f.object)"
_COUNT_KEPT = "SELECT stratum, count(*) FROM gongchou_survivors GROUP BY stratum"
_SORT = "SELECT stratum, ticket, object FROM gongchou_survivors ORDER BY stratum, ticket, object"

Row = tuple[str, str, str]  # (stratum, ticket, object): the rows are in the order of these


class EngineError(DrawError):
    """A database did not do what it was asked, or cannot do it.

    engine_suite   engines know ``sha256`` only; the core draws with ``sm3``
    engine_ticket  the database computes other tickets than the core
    engine_order   rows came back out of order, or one came twice
    engine_rows    rows were lost between filtering and reading
    """


class Dialect(NamedTuple):
    """All that differs between databases, as templates.

    ticket: expression for the ticket as 64 lower-case hex digits, compared bytewise, of ``$prefix`` and
        column ``$key``
    keep: statement that stores the rows of ``$query`` as ``$table``
    drop: statement that forgets ``$table``, stored or not
    """

    ticket: Template
    keep: Template
    drop: Template


class Session(Protocol):
    """An open database in which a relation ``gongchou_frame`` can be read."""

    @property
    def dialect(self) -> Dialect:
        """How this database spells what the others spell differently."""

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Make or replace a temporary table of texts that compare bytewise."""

    def run(self, statement: str) -> None:
        """Execute a statement that gives no rows."""

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Stream the rows of a query, read to the end before anything else is asked."""


def usual_margin(count: int) -> int:
    """How many more than ``count`` objects the first threshold lets through on average.

    Survivors spread by less than √count around the average, so six times that is missed once in a billion
    draws.
    """
    return 6 * isqrt(count) + 16


def threshold(count: int, margin: int, size: int) -> str:
    """The text below which about ``count + margin`` of ``size`` tickets lie, in exact integers."""
    everything = 16**HEX_DIGITS
    bound = -(-(count + margin) * everything // max(size, 1))
    return f"{bound:0{HEX_DIGITS}x}" if bound < everything else EVERY_TICKET


def two_phase(
    session: Session,
    *,
    prefix: str,
    quotas: Mapping[str, Quota],
    ticket_key: str = "object",
    suite: str = "sha256",
    excluded: Collection[str] = (),
    margin: Callable[[int], int] = usual_margin,
) -> Iterator[Ranked]:
    """Yield ranks 1 to n + reserve of every stratum, by (stratum, rank); ranks up to n are the selected.

    prefix: P_object, 64 hex digits
    quotas: one for every stratum of the frame and no other; ``size`` counts the excluded too
    ticket_key: ``object`` or ``unit``
    excluded: object ids that no longer take part; those not in the frame are passed over
    margin: wanted objects -> how many more the first threshold should let through; only tests set it

    Raises FormatError ``prefix_invalid``, RuleError ``quota_invalid``, EngineError, and EvidenceError
    ``stratum_unknown`` or ``stratum_size`` if the frame has other strata or sizes. All but an EngineError for
    the order or number of rows are raised before the first object is given.
    """
    _check_request(prefix, quotas, ticket_key, suite)
    expression = _expression(session.dialect, prefix, ticket_key)
    _check_ticket(session, expression, prefix, ticket_key)
    _check_sizes(session, quotas, ticket_key)
    left = _sizes_left(session, quotas, excluded)
    wanted = {name: min(quota.n + quota.reserve, left[name]) for name, quota in quotas.items()}
    query = _KEEP.substitute(ticket=expression, still_there=_STILL_THERE if excluded else "")
    n_kept = _keep_survivors(session, query, {name: k for name, k in wanted.items() if k}, left, margin)
    yield from ranked(session.rows(_SORT), wanted, n_kept)


def ranked(rows: Iterable[tuple[Any, ...]], wanted: Mapping[str, int], n_rows: int) -> Iterator[Ranked]:
    """Number sorted (stratum, ticket, object) rows and pass on the first ``wanted`` of each stratum.

    Raises EngineError ``engine_order`` at a row that does not come after the one before it, ``engine_rows``
    in the end if there were not ``n_rows``.
    """
    before: tuple[Any, ...] = ("", "", "")
    rank = n_read = 0
    for row in rows:
        # Not even ORDER BY is believed: a release of DuckDB was seen to give sorted batches in the wrong
        # order.
        if row <= before:
            raise EngineError("engine_order", row[0], row=row, before=before)
        stratum, ticket_text, object_id = row
        rank = rank + 1 if stratum == before[0] else 1
        if rank <= wanted[stratum]:
            yield Ranked(stratum, rank, object_id, ticket_text)
        before = row
        n_read += 1
    if n_read != n_rows:
        raise EngineError("engine_rows", expected=n_rows, got=n_read)


def _check_request(prefix: str, quotas: Mapping[str, Quota], ticket_key: str, suite: str) -> None:
    if suite != "sha256":
        raise EngineError("engine_suite", suite=suite)
    if not re.fullmatch(r"[0-9a-f]{64}", prefix):
        raise FormatError("prefix_invalid", prefix=prefix)
    if ticket_key not in ("object", "unit"):
        raise FormatError("json_field", "ticket_key", got=ticket_key)
    for name, quota in quotas.items():
        if min(quota) < 0 or quota.n + quota.reserve > quota.size:
            raise RuleError("quota_invalid", name, **quota._asdict())


def _expression(dialect: Dialect, prefix: str, ticket_key: str) -> str:
    """The ticket of a row in this database's words; by unit it is half the unit's and half the object's own."""
    if ticket_key == "object":
        return dialect.ticket.substitute(prefix=prefix, key="object")
    unit = dialect.ticket.substitute(prefix=prefix, key="unit")
    own = dialect.ticket.substitute(prefix=f"{prefix}:' || unit || '", key="object")
    return _HALVES.substitute(unit=unit, own=own)


def _check_ticket(session: Session, expression: str, prefix: str, ticket_key: str) -> None:
    """Have one ticket computed that is known here; another spelling of hex would make another draw."""
    session.load(PROBES, ["object", "unit"], [[PROBE, UNIT_PROBE]])
    expected = unit_ticket(prefix, UNIT_PROBE, PROBE) if ticket_key == "unit" else ticket(prefix, PROBE)
    found = list(session.rows(_PROBE.substitute(ticket=expression)))
    if found != [(expected,)]:
        raise EngineError("engine_ticket", expected=expected, got=found)


def _check_sizes(session: Session, quotas: Mapping[str, Quota], ticket_key: str) -> None:
    counts = {stratum: (n, keys) for stratum, n, keys in session.rows(_COUNT.substitute(key=ticket_key))}
    if unknown := counts.keys() - quotas.keys():
        raise EvidenceError("stratum_unknown", min(map(str, unknown)))
    for stratum, quota in quotas.items():
        found = counts.get(stratum, (0, 0))
        if found != (quota.size, quota.size):
            raise EvidenceError("stratum_size", stratum, expected=quota.size, objects=found[0], keys=found[1])


def _sizes_left(session: Session, quotas: Mapping[str, Quota], excluded: Collection[str]) -> dict[str, int]:
    if not excluded:
        return {name: quota.size for name, quota in quotas.items()}
    session.load(EXCLUDED, ["object"], ([object_id] for object_id in set(excluded)))
    gone = dict(session.rows(_COUNT_GONE))
    return {name: quota.size - gone.get(name, 0) for name, quota in quotas.items()}


def _keep_survivors(
    session: Session,
    query: str,
    wanted: Mapping[str, int],
    left: Mapping[str, int],
    margin: Callable[[int], int],
) -> int:
    """Store the survivors of every stratum and return how many there are, widening until each has enough."""
    margins = {name: margin(count) for name, count in wanted.items()}
    while True:
        bounds = {name: threshold(count, margins[name], left[name]) for name, count in wanted.items()}
        session.load(THRESHOLDS, ["stratum", "threshold"], bounds.items())
        session.run(session.dialect.drop.substitute(table=SURVIVORS))
        session.run(session.dialect.keep.substitute(table=SURVIVORS, query=query))
        kept = dict(session.rows(_COUNT_KEPT))
        short = [name for name, count in wanted.items() if kept.get(name, 0) < count]
        if not short:
            return sum(kept.values())
        for name in short:
            if bounds[name] == EVERY_TICKET:
                raise EngineError("engine_rows", name, expected=left[name], got=kept.get(name, 0))
            margins[name] = max(2 * margins[name], 1)
