"""How fair a draw is: ours beside that of a provincial platform, rebuilt from its published code.

    python -m benchmarks.fairness [--expected 20] [--years 100] [--operators 10000] [--json FILE]

省级平台走号法 walks the list in steps from one random row; 跳号法 is its older module (both in
``benchmarks.fairness_peers``); 公抽 is the core itself. Everything is counted in this run, from fixed seeds.

What the walk can bring about is exact: every row it can start from is tried. For ours it is what the draws of this run
showed; its outcomes are all subsets, but no more than there are seeds (2^256). Each way draws so often that every
object is expected ``--expected`` times or more. Even then the least and the most often drawn differ by chance: "within"
is what a fair draw keeps to for all objects in all but one run of a thousand, and the chi-square is over all objects.
A z within 5 is chance. Fails if ours is not within all of these, or has objects that it never or always drew.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import accumulate, combinations, count
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks import fairness_peers as peers
from gongchou.draw.attempts import Attempts
from gongchou.draw.encoding import parse_time
from gongchou.draw.errors import EvidenceError
from gongchou.draw.log import Entry
from gongchou.draw.match import match
from gongchou.draw.roster import Inspector, Roster, SlotGroup, Task
from gongchou.draw.select import lowest
from gongchou.draw.ticket import digests, inspector_prefix, object_prefix, task_prefix

OURS, WALK, SKIP = "公抽", "省级平台走号法", "跳号法"
SEED = 20_240_601
N_SEEDS = 1 << 256
LEAST_WORK = 1_000_000  # objects looked at in the draws of one pool, so that small ones are drawn more often
N_CHUNKS = 8
N_PAIRS = 1_000
SURE_Z = 5.0  # chance goes so far once in two million times
ERROR = 0.001  # how often a fair draw leaves what all its objects are to keep within

N_DRAWS, N_VISITS = 12, 20  # of a year, and of each draw
PEOPLE = (10, 20, 13)  # the last does not divide what there is to do

Table = list[list[str]]


class Pool(NamedTuple):
    """So many of so many objects are to be drawn."""

    size: int
    target: int

    @property
    def rate(self) -> float:
        return self.target / self.size

    def n_draws(self, expected: int) -> int:
        """How often to draw, so that each object is expected ``expected`` times or more."""
        return max(math.ceil(expected / self.rate), LEAST_WORK // self.size)


# The last two show what the others do not: that the older module prefers the end of a list, and the leaving out.
POOLS = [
    Pool(299, 100),
    Pool(1_000, 30),
    Pool(9_999, 2_500),
    Pool(20_000, 600),
    Pool(30_000, 12_000),
    Pool(1_000, 50),
    Pool(12_000, 7_000),
]


# Drawing objects --------------------------------------------------------------------------------


def draw_ours(pool: Pool, numbers: Iterable[int]) -> Iterator[set[int]]:
    """The rows that the core selects, once for each number, from which a seed is made."""
    lines = [b"D\t%010d\tP" % row for row in range(pool.size)]  # of a frame: stratum, object, pool
    for number in numbers:
        tickets = digests(object_prefix(seed_of("objects", *pool, number)))
        drawn = lowest(lambda: [lines], pool.target, pool.size, tickets)
        yield {int(object_id) for _, object_id in drawn}


def draw_walk(pool: Pool, numbers: Iterable[int]) -> Iterator[set[int]]:
    n_starts = peers.n_starts(*pool)
    for number in numbers:
        yield set(peers.draw(*pool, chance_of("walk", *pool, number).randrange(n_starts)))


def draw_skip(pool: Pool, numbers: Iterable[int]) -> Iterator[set[int]]:
    for chance in (chance_of("skip", *pool, number) for number in numbers):
        yield peers.skip(*pool, (chance.randint(1, pool.size) for _ in count()))


WAYS = {WALK: draw_walk, SKIP: draw_skip, OURS: draw_ours}


def seed_of(*what: object) -> str:
    """A seed of the protocol, 64 hex digits."""
    return sha256(repr((SEED, *what)).encode()).hexdigest()


def chance_of(*what: object) -> Random:
    return Random(seed_of(*what))


# What was drawn ---------------------------------------------------------------------------------


class Pairs(NamedTuple):
    """Kinds of pairs of rows: neighbours in the list, one step of the walk apart, and a sample of all."""

    step: int
    sample: list[tuple[int, int]]

    @classmethod
    def of(cls, pool: Pool) -> Pairs:
        chance = chance_of("pairs", *pool)
        pairs = [tuple(chance.sample(range(pool.size), 2)) for _ in range(N_PAIRS)]
        return cls(peers.n_starts(*pool), [(a, b) for a, b in pairs])

    def sizes(self, pool: Pool) -> list[int]:
        """How many pairs of each kind there are."""
        return [pool.size - 1, pool.size - self.step, len(self.sample)]

    def together(self, drawn: set[int]) -> list[int]:
        """How many of each kind were drawn together."""
        return [
            sum(row + 1 in drawn for row in drawn),
            sum(row + self.step in drawn for row in drawn),
            sum(a in drawn and b in drawn for a, b in self.sample),
        ]


@dataclass
class Tally:
    """Draws of one pool in one way.

    times: how often each row was drawn. together: per draw, the pairs of each kind. largest: the largest draw.
    """

    name: str
    pool: Pool
    times: list[int]
    together: list[list[int]]
    largest: int

    @property
    def n_draws(self) -> int:
        return len(self.together)

    def add(self, other: Tally) -> None:
        self.times = [a + b for a, b in zip(self.times, other.times, strict=True)]
        self.together += other.together
        self.largest = max(self.largest, other.largest)

    def share(self, rows: slice) -> float:
        """How often the rows of a slice were drawn, on average."""
        return statistics.fmean(self.times[rows]) / self.n_draws


def tally(name: str, pool: Pool, numbers: range) -> Tally:
    times, together, largest, pairs = [0] * pool.size, [], 0, Pairs.of(pool)
    for drawn in WAYS[name](pool, numbers):
        for row in drawn:
            times[row] += 1
        together.append(pairs.together(drawn))
        largest = max(largest, len(drawn))
    return Tally(name, pool, times, together, largest)


def tally_all(expected: int) -> list[Tally]:
    """Every pool in every way, on all cores; the order of the work decides nothing."""
    jobs = [(name, pool) for pool in POOLS for name in WAYS]
    parts = [(*job, part) for job in jobs for part in chunks(job[1].n_draws(expected))]
    found: dict[tuple[str, Pool], Tally] = {}
    with ProcessPoolExecutor(os.cpu_count()) as executor:
        for part in executor.map(tally, *zip(*parts, strict=True)):
            if (part.name, part.pool) in found:
                found[part.name, part.pool].add(part)
            else:
                found[part.name, part.pool] = part
    return [found[job] for job in jobs]


def chunks(n: int) -> list[range]:
    return [range(n * k // N_CHUNKS, n * (k + 1) // N_CHUNKS) for k in range(N_CHUNKS)]


# What it says -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evenness:
    """How often the objects of a pool were drawn: chi-square, its degrees of freedom and z.

    least, most: as shares of the draws. within: what a fair draw keeps these to.
    """

    chi2: float
    df: int
    z: float
    least: float
    most: float
    within: tuple[float, float]

    @classmethod
    def of(cls, told: Tally) -> Evenness:
        size, rate, n_draws = told.pool.size, told.pool.rate, told.n_draws
        squares = sum((times - n_draws * rate) ** 2 for times in told.times)
        df = size - 1
        # Each draw is of so many objects; that takes one degree of freedom and a little of the variance.
        chi2 = squares / (n_draws * rate * (1 - rate)) * df / size
        low, high = (count / n_draws for count in binomial_bounds(n_draws, rate, ERROR / (2 * size)))
        least, most = min(told.times) / n_draws, max(told.times) / n_draws
        return cls(chi2, df, (chi2 - df) / math.sqrt(2 * df), least, most, (low, high))

    @property
    def is_chance(self) -> bool:
        return abs(self.z) < SURE_Z and self.within[0] <= self.least and self.most <= self.within[1]


def binomial_bounds(n: int, p: float, tail: float) -> tuple[int, int]:
    """The counts below and above which there lies less than ``tail`` of a binomial distribution, each."""
    log_p, log_q, log_ways = math.log(p), math.log1p(-p), math.lgamma(n + 1)
    logs = [k * log_p + (n - k) * log_q - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(n + 1)]
    weights = [math.exp(log_ways + each) for each in logs]
    low = sum(total < tail for total in accumulate(weights))
    high = n - sum(total < tail for total in accumulate(reversed(weights)))
    return low, high


@dataclass(frozen=True)
class Reach:
    """What a way can bring about: its outcomes, and the objects drawn in none and in all of them."""

    n_outcomes: int
    n_never: int
    n_always: int


def reach_of_walk(pool: Pool) -> Reach:
    """Exact: every row the walk can start from is tried."""
    outcomes = {frozenset(peers.draw(*pool, start)) for start in range(peers.n_starts(*pool))}
    reached, always = frozenset.union(*outcomes), frozenset.intersection(*outcomes)
    return Reach(len(outcomes), pool.size - len(reached), len(always))


def reach_of_ours(told: Tally) -> Reach:
    """Objects as the draws showed; every subset is as likely as any other, while there are seeds."""
    n_outcomes = min(math.comb(*told.pool), N_SEEDS)
    return Reach(n_outcomes, told.times.count(0), told.times.count(told.n_draws))


@dataclass(frozen=True)
class Excess:
    """Pairs of one kind were drawn together ``ratio`` times as often as by chance; z over the draws."""

    ratio: float
    z: float


def excess_of(told: Tally) -> list[Excess]:
    pool = told.pool
    chance = pool.rate * (pool.target - 1) / (pool.size - 1)
    kinds = zip(Pairs.of(pool).sizes(pool), zip(*told.together, strict=True), strict=True)
    return [_excess(n_pairs * chance, counts) for n_pairs, counts in kinds]


def _excess(expected: float, counts: Sequence[int]) -> Excess:
    mean, error = statistics.fmean(counts), statistics.stdev(counts) / math.sqrt(len(counts))
    return Excess(mean / expected, (mean - expected) / error if error else 0.0)


@dataclass(frozen=True)
class Objects:
    """One pool drawn in one way: what it can do, how even it was, and how much the place in the list mattered.

    The outcomes of the older module are not counted, and its draws are not all of one size.
    """

    name: str
    pool: Pool
    n_draws: int
    reach: Reach | None
    evenness: Evenness | None
    excess: list[Excess]
    first_tenth: float
    last_tenth: float
    largest: int

    @classmethod
    def of(cls, told: Tally) -> Objects:
        tenth = told.pool.size // 10
        return cls(
            name=told.name,
            pool=told.pool,
            n_draws=told.n_draws,
            reach={OURS: reach_of_ours(told), WALK: reach_of_walk(told.pool)}.get(told.name),
            evenness=None if told.name == SKIP else Evenness.of(told),
            excess=excess_of(told),
            first_tenth=told.share(slice(tenth)),
            last_tenth=told.share(slice(-tenth, None)),
            largest=told.largest,
        )


# Inspectors -------------------------------------------------------------------------------------

Team = tuple[int, ...]


def year_of_walk(n_people: int, year: int) -> list[list[Team]]:
    """The teams of each draw of a year, the list always in the same order."""
    chance = chance_of("rounds", n_people, year)
    return [peers.rounds(n_people, chance.randrange(n_people), N_VISITS) for _ in range(N_DRAWS)]


def year_of_ours(n_people: int, year: int) -> list[list[Team]]:
    """The teams of each draw of a year; the visits of the earlier draws are the loads that the next begins with."""
    loads, draws = Counter(dict.fromkeys(range(n_people), 0)), []
    for number in range(N_DRAWS):
        draws.append(deal(loads, seed_of("inspectors", n_people, year, number)))
        loads.update(person for team in draws[-1] for person in team)
    return draws


def deal(loads: Counter[int], seed: str) -> list[Team]:
    """Teams of two for each visit by ``deal1``, all inspectors fit for everything."""
    cap = max(loads.values()) + N_VISITS
    people = [Inspector(f"{p}", "SCJ", "U", None, frozenset(), cap, load) for p, load in loads.items()]
    tasks = [Task(f"O{visit}", "P", (SlotGroup(None, (), 2),)) for visit in range(N_VISITS)]
    prefixes = {"task_prefix": task_prefix(seed), "inspector_prefix": inspector_prefix(seed)}
    found = match(tasks, Roster(people, [], cross_home=False), **prefixes)
    seats = found.seats
    return [(int(seats[t, 0].inspector), int(seats[t, 1].inspector)) for t in range(N_VISITS)]


YEARS = {WALK: year_of_walk, OURS: year_of_ours}


@dataclass(frozen=True)
class Service:
    """Years of one list of inspectors: means over the years, loads of all; ``ever`` are the pairs of any year."""

    name: str
    n_people: int
    pairs_of_draw: float
    pairs_of_year: float
    ever: int
    most_repeated: float
    loads_of_draw: tuple[int, int]
    loads_of_year: tuple[int, int]

    @property
    def n_possible(self) -> int:
        return math.comb(self.n_people, 2)


def serve(name: str, n_people: int, n_years: int) -> Service:
    years = [YEARS[name](n_people, year) for year in range(n_years)]
    firsts = [pairs_in(draws[:1]) for draws in years]
    wholes = [pairs_in(draws) for draws in years]
    return Service(
        name=name,
        n_people=n_people,
        pairs_of_draw=statistics.fmean(map(len, firsts)),
        pairs_of_year=statistics.fmean(map(len, wholes)),
        ever=len(set().union(*wholes)),
        most_repeated=statistics.fmean(max(pairs.values()) for pairs in wholes),
        loads_of_draw=loads_in([[draw] for draws in years for draw in draws], n_people),
        loads_of_year=loads_in(years, n_people),
    )


def pairs_in(draws: list[list[Team]]) -> Counter[tuple[int, int]]:
    return Counter(pair for teams in draws for team in teams for pair in combinations(sorted(team), 2))


def loads_in(spans: list[list[list[Team]]], n_people: int) -> tuple[int, int]:
    """The fewest and the most visits of one person within any of the spans of time."""
    loads = [Counter(person for teams in span for team in teams for person in team) for span in spans]
    each = [load[person] for load in loads for person in range(n_people)]
    return min(each), max(each)


# Redraws ----------------------------------------------------------------------------------------

CLASS_D = Pool(50, 15)
BEACON = "2026-03-01T10:00:00Z"
NEXT_DAY = "2026-03-02T10:00:00Z"


@dataclass(frozen=True)
class Redraw:
    """A friend in class D, and ``tries`` draws of which the operator keeps the first without her.

    Shares of operators whose friend is drawn all the same; ``error`` is the standard error of a simulated one.
    """

    tries: int
    formula: float
    any_draw: float
    walk: float
    ours: float
    error: float


def redraws(n_operators: int, most: int = 3) -> list[Redraw]:
    """How often the friend is still drawn. Ours allows no more tries than the core's own log accepts."""
    friends = [chance_of("friend", number).randrange(CLASS_D.size) for number in range(n_operators)]
    fair, walk = (is_drawn(name, friends, most) for name in (OURS, WALK))
    return [
        Redraw(
            tries=tries,
            formula=CLASS_D.rate**tries,
            any_draw=share_caught(fair, tries),
            walk=share_caught(walk, tries),
            ours=share_caught(fair, n_accepted(tries)),
            error=math.sqrt(CLASS_D.rate**tries * (1 - CLASS_D.rate**tries) / n_operators),
        )
        for tries in range(1, most + 1)
    ]


def is_drawn(name: str, friends: list[int], tries: int) -> list[list[bool]]:
    """For each friend, whether each of the tries draws her."""
    draws = WAYS[name](CLASS_D, range(len(friends) * tries))
    return [[friend in next(draws) for _ in range(tries)] for friend in friends]


def share_caught(drawn: list[list[bool]], tries: int) -> float:
    """Friends whom every one of the first tries draws: nothing to keep."""
    return statistics.fmean(all(each[:tries]) for each in drawn)


class Log:
    """Commits and withdrawals of one plan item, checked by the core."""

    def __init__(self) -> None:
        self._n = 0
        self.attempts = Attempts(lambda _: parse_time(BEACON), {})

    def tell(self, kind: str, **body: str | None) -> str | None:
        """The code with which the core refuses an entry, or None."""
        document = {"type": kind, "authority": "SCJG", "body": {"campaign": "C", **body}}
        try:
            self.attempts.tell(Entry(self._n, b"", document))
        except EvidenceError as error:
            return error.code
        self._n += 1
        return None

    def commit(self, draw: str, *, supersedes: str | None = None, beacon_time: str = BEACON) -> str | None:
        return self.tell("commit", draw=draw, plan="P", mode="official", supersedes=supersedes, beacon_time=beacon_time)


def n_accepted(tries: int) -> int:
    """How many commits of one plan item the core's log takes, when nothing is withdrawn."""
    log = Log()
    return [log.commit(f"D{number}") for number in range(tries)].count(None)


def second_tries() -> list[str]:
    """What becomes of a second try, at once and after withdrawing the first when its seed was known."""
    log = Log()
    log.commit("D1")
    at_once = log.commit("D2", supersedes="D1")
    log.tell("withdraw", draw="D1", reason="error", second="JIJIAN")
    same_day = log.commit("D2", supersedes="D1")
    next_day = log.commit("D2", supersedes="D1", beacon_time=NEXT_DAY)
    states = ", ".join(each.state for each in log.attempts)
    return [f"refused ({at_once})", f"refused ({same_day})", f"{next_day or 'taken'}, and the log shows: {states}"]


# Printing ---------------------------------------------------------------------------------------


def width(text: str) -> int:
    """Columns of a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def aligned(rows: Table, left: Sequence[int]) -> str:
    """Columns as wide as need be, flush right but for those in ``left``."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        gaps = [" " * (widths[k] - width(text)) for k, text in enumerate(row)]
        cells = [text + gap if k in left else gap + text for k, (text, gap) in enumerate(zip(row, gaps, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def power(number: float) -> str:
    """A number, or its power of ten if it is long."""
    exponent = int(math.log10(number))
    return f"{number:,.0f}" if exponent < 6 else f"10^{exponent}"


def reach_table(found: list[Objects]) -> str:
    head = ["pool", "target", "drawn by", "outcomes", f"× {WALK}", "never drawn", "share", "always drawn"]
    walks = {each.pool: each.reach.n_outcomes for each in found if each.name == WALK and each.reach}
    rows = [[*named(each), *reach_row(each.reach, each.pool, walks)] for each in found if each.reach]
    return aligned([head, *rows], left=[2])


def named(each: Objects) -> list[str]:
    return [f"{each.pool.size:,}", f"{each.pool.target:,}", each.name]


def reach_row(reach: Reach, pool: Pool, walks: dict[Pool, int]) -> list[str]:
    ratio = power(reach.n_outcomes // walks[pool])
    return [
        power(reach.n_outcomes), ratio, f"{reach.n_never:,}", f"{reach.n_never / pool.size:.1%}", f"{reach.n_always:,}",
    ]  # fmt: skip


def evenness_table(found: list[Objects]) -> str:
    head = ["pool", "target", "drawn by", "draws", "nominal", "least", "most", "within", "chi²", "d.f.", "z"]
    return aligned([head, *(evenness_row(each, each.evenness) for each in found if each.evenness)], left=[2])


def evenness_row(each: Objects, even: Evenness) -> list[str]:
    shares = [f"{share:.2%}" for share in (each.pool.rate, even.least, even.most)]
    within = "{:.2%} to {:.2%}".format(*even.within)
    return [*named(each), f"{each.n_draws:,}", *shares, within, f"{even.chi2:,.0f}", f"{even.df:,}", f"{even.z:,.1f}"]


def pairs_table(found: list[Objects]) -> str:
    head = ["pool", "target", "drawn by", "neighbours", "z", "a step apart", "z", f"{N_PAIRS:,} of all pairs", "z"]
    return aligned([head, *(pairs_row(each) for each in found if each.evenness)], left=[2])


def pairs_row(each: Objects) -> list[str]:
    # The walk's draws are so few that they hardly scatter, and a z would mean nothing.
    cells = [(f"{kind.ratio:.3f}", f"{kind.z:.1f}" if each.name == OURS else "–") for kind in each.excess]
    return [*named(each), *(text for cell in cells for text in cell)]


def places_table(found: list[Objects]) -> str:
    head = ["pool", "target", "drawn by", "nominal", "first tenth", "last tenth", "last/first", "largest draw"]
    return aligned([head, *map(places_row, found)], left=[2])


def places_row(each: Objects) -> list[str]:
    shares = [f"{share:.2%}" for share in (each.pool.rate, each.first_tenth, each.last_tenth)]
    return [*named(each), *shares, f"{each.last_tenth / each.first_tenth:.2f}", f"{each.largest:,}"]


def inspectors_table(found: list[Service]) -> str:
    head = "people,matched by,pairs of a draw,of a year,×,ever,possible,most repeated,÷,loads of a draw,of a year"
    walks = {each.n_people: each for each in found if each.name == WALK}
    return aligned([head.split(","), *(inspectors_row(each, walks[each.n_people]) for each in found)], left=[1])


def inspectors_row(each: Service, walk: Service) -> list[str]:
    return [
        f"{each.n_people}", each.name, f"{each.pairs_of_draw:.1f}", f"{each.pairs_of_year:.1f}",
        f"{each.pairs_of_year / walk.pairs_of_year:.1f}", f"{each.ever}", f"{each.n_possible}",
        f"{each.most_repeated:.1f}", f"{walk.most_repeated / each.most_repeated:.1f}",
        "{} to {}".format(*each.loads_of_draw), "{} to {}".format(*each.loads_of_year),
    ]  # fmt: skip


def redraws_table(found: list[Redraw]) -> str:
    head = ["tries", "formula", "±", "any fair draw", WALK, OURS, f"{OURS} / {WALK}"]
    return aligned([head, *map(redraws_row, found)], left=[])


def redraws_row(each: Redraw) -> list[str]:
    shares = (each.formula, each.error, each.any_draw, each.walk, each.ours)
    return [f"{each.tries}", *(f"{share:.2%}" for share in shares), f"{each.ours / each.walk:.1f}"]


def report(found: list[Objects], services: list[Service], caught: list[Redraw], n_years: int) -> str:
    tried = zip(("at once:", "after withdrawing, too soon:", "after withdrawing:"), second_tries(), strict=True)
    parts = [
        f"Objects: what {WALK} can bring about, and {OURS}",
        reach_table(found),
        "How often the objects were drawn",
        evenness_table(found),
        "Pairs of objects drawn together, as a multiple of chance (1 is fair)",
        pairs_table(found),
        "Where an object stands in the list",
        places_table(found),
        f"Inspectors: two a visit, {N_DRAWS} draws of {N_VISITS} visits a year, means of {n_years} years"
        f" (× more pairs, ÷ fewer repeats than {WALK})",
        inspectors_table(services),
        f"Redraws: a friend in class D ({CLASS_D.target} of {CLASS_D.size} are drawn) is still drawn when the operator"
        " may try again and keeps the draw without her",
        redraws_table(caught),
        "\n".join(f"{OURS}, a second try {when} {what}" for when, what in tried),
    ]
    return "\n\n".join(parts)


def check_fair(found: list[Objects]) -> None:
    """Stop if ours was less even than chance allows."""
    for each in (each for each in found if each.name == OURS):
        is_even = each.evenness is not None and each.evenness.is_chance
        reaches_all = each.reach is not None and not each.reach.n_never and not each.reach.n_always
        if not (is_even and reaches_all and all(abs(kind.z) < SURE_Z for kind in each.excess)):
            sys.exit(f"not fair: {each}")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.fairness", description="How fair a draw is.")
    parser.add_argument("--expected", type=int, default=20, help="times each object is expected to be drawn (20)")
    parser.add_argument("--years", type=int, default=100, help="years of inspections (100)")
    parser.add_argument("--operators", type=int, default=10_000, help="operators who redraw (10000)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    asked = parse(arguments)
    found = [Objects.of(told) for told in tally_all(asked.expected)]
    services = [serve(name, n_people, asked.years) for n_people in PEOPLE for name in YEARS]
    caught = redraws(asked.operators)
    print(report(found, services, caught, asked.years))
    if asked.json:
        figures = {
            "objects": [asdict(each) for each in found],
            "inspectors": [asdict(each) for each in services],
            "redraws": [asdict(each) for each in caught],
        }
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")
    check_fair(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
