"""From the numbers of a plan line to the chance of each profile: what joins ``quota`` to ``forecast``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gongchou.plans.forecast import Numbers, rate_by
from gongchou.plans.queries.profiles import Profiles
from gongchou.plans.quota import COUNTED_WITH, Cell, Quota
from gongchou.registry.ratio import By, Level, Ratio, Table


def chances_of(rule: Ratio, quota: Quota, profiles: Profiles, line: int) -> Numbers:
    """The chance of each profile in each draw of a line; shape (draws, P), all 0 where the number is open.

    A table by level has a draw for each of its levels, every other rule one. Grades and counties go by their own
    numbers. Groups, and towns, are not told apart by profiles: their numbers are spread over the whole pool. Of a
    range it is the lower end.

    line: which pool of the profiles the quota was made for
    """
    if quota.n is None or not quota.cells:
        return np.zeros((1, len(profiles.sizes)))
    if isinstance(rule, Table) and rule.by == By.GRADE:
        grades = [grade or COUNTED_WITH for grade in profiles.grades]
        return np.array([_keyed(quota.cells, grades, profiles, line)])
    levels = list(dict.fromkeys(cell.level for cell in quota.cells))
    if levels == [""]:
        return np.array([_even(quota.n, profiles, line)])
    told = [[cell for cell in quota.cells if cell.level == level] for level in levels]
    return np.array([_of_level(level, cells, profiles, line) for level, cells in zip(levels, told, strict=True)])


def _of_level(level: str, cells: Sequence[Cell], profiles: Profiles, line: int) -> Numbers:
    if level == Level.COUNTY:
        return _keyed(cells, profiles.districts, profiles, line)
    return _even(sum(cell.n or 0 for cell in cells), profiles, line)


def _keyed(cells: Sequence[Cell], keys: Sequence[str], profiles: Profiles, line: int) -> Numbers:
    drawn = {cell.key: cell.n or 0 for cell in cells}
    return rate_by(profiles.members[:, line], profiles.sizes, keys, drawn)


def _even(n: int, profiles: Profiles, line: int) -> Numbers:
    one_key = np.zeros(len(profiles.sizes), "U1")
    return rate_by(profiles.members[:, line], profiles.sizes, one_key, {"": n})
