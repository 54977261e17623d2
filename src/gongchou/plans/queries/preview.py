"""What one line that is not saved yet would draw: quick enough to be asked while somebody types.

``queries.outlook`` reads the register once for many lines; for a single pool the database counts faster.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from gongchou.accounts.models import Region, User
from gongchou.plans.models import LineVersion
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.outlook import Drawn, drawn_of, is_typed, pool_of
from gongchou.plans.queries.register import region_tree, sizes_of, subjects_of, upwards
from gongchou.plans.queries.survey import Survey, day_of
from gongchou.plans.quota import Sizes, groups_of
from gongchou.registry.models import Subject
from gongchou.registry.queries import subjects
from gongchou.registry.ratio import Level

SAMPLE = 5


@dataclass(frozen=True)
class Preview:
    """A line as it would stand now. by_district: name and subjects; sample: the first that this person may see"""

    drawn: Drawn
    by_district: list[tuple[str, int]]
    sample: list[Subject]


def preview(line: LineVersion, by: User) -> Preview:
    """Count the pool of a line and look into it."""
    sizes = typed_sizes(line) if is_typed(line) else counted_sizes(line)
    districts = queries.named_regions(sizes.by_level.get(Level.COUNTY.value, {}))
    return Preview(drawn_of(line, sizes), districts, [] if is_typed(line) else _sample(line, by))


def typed_sizes(line: LineVersion) -> Sizes:
    """A pool that somebody counted by hand."""
    return Sizes(line.bases[""], by_group=_typed_groups(line))


def counted_sizes(line: LineVersion) -> Sizes:
    """A pool as the register has it now, by the same classes and districts as ``Outlook.sizes``."""
    pool = pool_of(line)
    by_grade: Counter[str] = Counter()
    by_county: Counter[str] = Counter()
    tree, codes = region_tree(), {}
    for grade, region, n in subjects_of(pool).values_list("grade", "region").annotate(n=Count("pk")):
        if region not in codes:
            codes[region] = dict(upwards(tree, region)).get(Region.Level.COUNTY.value, tree[region][1])
        by_grade[grade] += n
        by_county[codes[region]] += n
    groups = groups_of(line.ratio_rule) if line.ratio else ()
    known = dict(sizes_of(pool, groups=groups).by_group) if groups else {}
    by_level = {Level.COUNTY.value: dict(by_county)}
    return Sizes(by_grade.total(), dict(by_grade), by_level, known | _typed_groups(line))


def _typed_groups(line: LineVersion) -> dict[str, int]:
    groups = groups_of(line.ratio_rule) if line.ratio else ()
    return {name: line.bases[name] for name in groups if name in line.bases}


def _sample(line: LineVersion, by: User) -> list[Subject]:
    # Both conditions on each row, by number: an inner query of all she sees took ten times as long for the first five.
    found = subjects_of(pool_of(line)) & subjects.visible(by).order_by()
    return list(found.select_related("region").order_by("number")[:SAMPLE])


class Alone(Survey):
    """One line that is not saved, with what documents demand around it; no other line is read."""

    def __init__(self, line: LineVersion, drawn: Drawn, *, on: date) -> None:
        self.version, self.plan = line.version, line.version.plan
        self.on, self.today = day_of(self.plan.year, on), on
        self.lines = [line]
        self.drawn = {line.line_id: drawn}
