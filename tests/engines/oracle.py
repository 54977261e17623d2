"""Section 7 of the specification in a few lines, sharing nothing with the package; frames to try it on."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from gongchou.draw.select import Quota

PREFIX = "0123456789abcdef" * 4
ID_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ._-"

Line = tuple[str, ...]  # (stratum, object, pool) or (stratum, object, pool, unit)
Answer = list[tuple[str, int, str, str]]  # (stratum, rank, object, ticket)


class Case(NamedTuple):
    """A frame and what is wanted of it."""

    lines: list[Line]
    quotas: dict[str, Quota]
    excluded: frozenset[str] = frozenset()

    @property
    def ticket_key(self) -> str:
        return "unit" if any(len(line) == 4 for line in self.lines) else "object"


def oracle(
    lines: Iterable[Line], quotas: Mapping[str, Quota], excluded: Collection[str] = (), prefix: str = PREFIX
) -> Answer:
    """Sort everything, take the first."""
    answer: Answer = []
    tickets = [(line[0], ticket_of(line, prefix), line[1]) for line in lines if line[1] not in excluded]
    for stratum, quota in sorted(quotas.items()):
        of_stratum = sorted(entry for entry in tickets if entry[0] == stratum)[: quota.n + quota.reserve]
        answer += [(stratum, rank, entry[2], entry[1]) for rank, entry in enumerate(of_stratum, 1)]
    return answer


def ticket_of(line: Line, prefix: str) -> str:
    """A digest of the object; with a unit, half of the unit's and half of both together."""
    _, name, _, *unit = line
    digests = [sha256(f"{prefix}:{':'.join(part)}".encode()).hexdigest() for part in (unit, [*unit, name])]
    return digests[0][:32] + digests[1][:32] if unit else digests[1]


def write_frame(path: Path, lines: Iterable[Line]) -> Path:
    """Write lines as they come; engines must not depend on their order."""
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="ascii")
    return path


def sizes(lines: Iterable[Line]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        found[line[0]] = found.get(line[0], 0) + 1
    return found


ids = st.builds(
    lambda first, rest: first + rest,
    st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    st.text(ID_LETTERS, max_size=20),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Frames with hardly any rule: empty quotas, whole strata, shared units, exclusions from everywhere."""
    objects = draw(st.lists(ids, unique=True, max_size=60))
    strata = draw(st.lists(ids, unique=True, min_size=1, max_size=5))
    units = draw(st.none() | st.lists(ids, min_size=1, max_size=6))
    chance = draw(st.randoms(use_true_random=False))
    lines: list[Line] = [
        (chance.choice(strata), each, "P", *([chance.choice(units)] if units else [])) for each in objects
    ]
    quotas = {stratum: _some_quota(chance, size) for stratum, size in sizes(lines).items()}
    excluded = {each for each in [*objects, *strata] if chance.random() < 0.2}
    return Case(lines, quotas, frozenset(excluded if chance.random() < 0.5 else ()))


def _some_quota(chance: random.Random, size: int) -> Quota:
    n = chance.choice([0, size, chance.randint(0, size)])
    return Quota(size, n, chance.randint(0, size - n))


def large_case(n_objects: int, n_strata: int, *, seed: int = 1) -> Case:
    """A frame like a province's: strata of unequal size, ratios of 1, 3, 10 and 50 per cent."""
    chance = random.Random(seed)
    names = [f"R{number:04d}-{letter}" for number in range(n_strata // 4) for letter in "ABCD"]
    weights = [{"A": 8, "B": 7, "C": 4, "D": 1}[name[-1]] for name in names]
    picked = chance.choices(names, weights, k=n_objects - len(names)) + names
    lines: list[Line] = sorted((name, f"91370{number:013d}", "P") for number, name in enumerate(picked))
    ratio = {"A": 1, "B": 3, "C": 10, "D": 50}
    quotas = {name: _ratio_quota(size, ratio[name[-1]]) for name, size in sizes(lines).items()}
    return Case(lines, quotas)


def _ratio_quota(size: int, per_cent: int) -> Quota:
    n = -(-size * per_cent // 100)
    return Quota(size, n, min(size - n, -(-n // 10)))
