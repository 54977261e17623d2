"""The register as it stands, as plans ask it: who is in a pool, and how many are alike.

Only subjects 在库 count (R-21), and each once, however many entries it has (R-23).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from gongchou.accounts.models import Region
from gongchou.accounts.queries import and_below
from gongchou.plans.pool import Pool
from gongchou.plans.quota import Sizes
from gongchou.registry.models import Membership, Subject, SubjectTag, SubLibrary, Tag

Below = Callable[[type[Model], str], list[UUID]]


def subjects_of(pool: Pool) -> QuerySet[Subject]:
    """The subjects of a pool, each once, in no order."""
    wanted = []
    if pool.not_visited_since:
        wanted.append(Q(visited_on=None) | Q(visited_on__lt=pool.not_visited_since))
    if pool.established_before:
        wanted.append(Q(established_on__lt=pool.established_before))
    return all_of(pool).filter(*wanted, state=Subject.State.ACTIVE)


def all_of(pool: Pool) -> QuerySet[Subject]:
    """Whoever a pool speaks of, the deregistered, the new and the lately visited too: what a draw counts as a whole."""
    wanted = [
        _is_any("kind", pool.kinds),
        _is_any("scale", pool.scales),
        _is_any("grade", pool.grades),
        _is_any("keeper", pool.keepers),
    ]
    if pool.regions:
        wanted.append(Q(region__in=_all_below(Region, pool.regions)))
    if pool.industries:
        # As it is written: the LIKE of SQLite would take small letters for large ones.
        wanted.append(reduce(or_, (Q(Exact(Left("industry", len(one)), one)) for one in pool.industries)))
    if pool.libraries or pool.licences:
        wanted.append(Q(pk__in=_entries(pool).values("subject")))
    if pool.tags:
        wanted.append(Q(pk__in=_tagged(_all_below(Tag, pool.tags)).values("subject")))
    return Subject.objects.filter(*wanted).order_by()


def _is_any(column: str, values: Iterable[str]) -> Q:
    return Q((f"{column}__in", list(values))) if values else Q()


def _entries(pool: Pool) -> QuerySet[Membership]:
    """Entries in force that put a subject into the pool; an entry has one licence at most."""
    wanted = [_is_any("sub_library", pool.libraries), _is_any("licence_name", pool.licences)]
    return Membership.objects.filter(*wanted, state=Membership.State.ACTIVE).order_by()


def _tagged(tags: Iterable[UUID]) -> QuerySet[SubjectTag]:
    return SubjectTag.objects.filter(tag__in=list(tags), ended_at=None).order_by()


def _all_below(model: type[Model], roots: Iterable[str]) -> set[UUID]:
    return {pk for root in roots for pk in and_below(model, UUID(root))}


def sizes_of(pool: Pool, *, groups: Iterable[str] = ()) -> Sizes:
    """How large a pool is, by grade, by the regions of each level, and by the tags or 分库 of these names.

    groups: as ``quota.groups_of`` names them; one that nothing in use has the name of is left out, for somebody to type
    """
    found = subjects_of(pool)
    by_grade: Counter[str] = Counter()
    by_region: Counter[UUID] = Counter()
    for grade, region, n in found.values_list("grade", "region").annotate(n=Count("pk")):
        by_grade[grade] += n
        by_region[region] += n
    return Sizes(by_grade.total(), dict(by_grade), _by_level(by_region), _by_group(found, groups))


def _by_level(by_region: Mapping[UUID, int]) -> dict[str, dict[str, int]]:
    """Level -> code of its regions -> subjects there and below."""
    tree = region_tree()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for region, n in by_region.items():
        for level, code in upwards(tree, region):
            found[level][code] += n
    return {level: dict(codes) for level, codes in found.items()}


Tree = Mapping[UUID, tuple[str, str, UUID | None]]


def region_tree() -> Tree:
    """Region -> level, code and the region above it; small enough to be read whole."""
    rows = Region.objects.order_by().values_list("pk", "level", "code", "parent")
    return {pk: (level, code, parent) for pk, level, code, parent in rows}


def upwards(tree: Tree, region: UUID) -> Iterable[tuple[str, str]]:
    """Level and code of a region and of all above it."""
    at: UUID | None = region
    while at is not None:
        level, code, at = tree[at]
        yield level, code


def groups_in_use(names: Iterable[str]) -> dict[str, Pool]:
    """Name -> who bears a tag of that name or one below it, or where no tag has the name, who stands in 分库 of it.

    A name that nothing in use has is left out.
    """
    wanted = list(names)
    tags = _by_name(Tag.objects.filter(name__in=wanted, is_for_subjects=True, state=Tag.State.IN_USE), wanted)
    libraries = _by_name(SubLibrary.objects.filter(name__in=set(wanted) - set(tags), is_active=True), wanted)
    found = {name: Pool(tags=own) for name, own in tags.items()}
    return dict(sorted((found | {name: Pool(libraries=own) for name, own in libraries.items()}).items()))


def _by_name(rows: QuerySet[Tag] | QuerySet[SubLibrary], wanted: list[str]) -> dict[str, tuple[str, ...]]:
    """Name -> the ids of all that have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for pk, name in rows.order_by().values_list("pk", "name") if wanted else ():
        found[name].append(str(pk))
    return {name: tuple(sorted(own)) for name, own in found.items()}


def _by_group(found: QuerySet[Subject], groups: Iterable[str]) -> dict[str, int]:
    pools = groups_in_use(groups)
    return {name: found.filter(pk__in=all_of(pool).values("pk")).count() for name, pool in pools.items()}


def sizes_apart(pool: Pool, groups: Iterable[str]) -> dict[str, int]:
    """Group -> how many of a pool are in it and in no group before it: a draw has everybody in one part only."""
    wanted, pools, found = list(groups), groups_in_use(groups), {}
    left = subjects_of(pool)
    for name in wanted:
        if name in pools:
            own = all_of(pools[name]).values("pk")
            found[name] = left.filter(pk__in=own).count()
            left = left.exclude(pk__in=own)
    return found
