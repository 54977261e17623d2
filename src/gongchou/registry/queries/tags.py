"""Reading 标签字库."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import and_below, departments_within, has_duty
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Inspector, ItemVersion, SubjectTag, Tag
from gongchou.registry.queries.items import above, departments_above, lines_of_command, office_of
from gongchou.registry.states.lists import OPEN, VersionState


def visible(by: User) -> QuerySet[Tag]:
    """Tags that are or were in use are for every reader; proposals for those who keep or approve that owner's."""
    if not has_duty(by, Duty.READ_LIBRARIES):
        return Tag.objects.none()
    mine = departments_within(by, Duty.KEEP_LIST).values("pk")
    asked = departments_within(by, Duty.APPROVE_LIST).values("pk")
    below = Q(owner__line_parent__in=asked) | Q(owner__parent__in=asked)
    shown = Q(state__in=[Tag.State.IN_USE, Tag.State.ENDED]) | Q(owner__in=mine) | Q(owner__in=asked) | below
    return Tag.objects.filter(shown).select_related("owner__region", "parent")


def usable_tags(*departments: Department) -> QuerySet[Tag]:
    """The tags that departments may put on things: provincial ones, those of their own places, their own."""
    near = Q(reach=Tag.Reach.CITY, owner__region__in=_regions_above(departments)) | Q(owner__in=departments)
    return Tag.objects.filter(Q(reach=Tag.Reach.PROVINCE) | near, state=Tag.State.IN_USE)


def choosable_tags(by: User, *, on: date, duty: Duty = Duty.KEEP_LIST) -> QuerySet[Tag]:
    """The tags that somebody may put on what her lists, or her libraries, hold: usable there, and not run out.

    Who reaches an internal unit uses the tags of its office.
    """
    within = list(departments_within(by, duty).select_related("parent"))
    usable = usable_tags(*{*within, *map(office_of, within)})
    return usable.filter(Q(valid_to=None) | Q(valid_to__gte=on))


def and_narrower(tag: Tag) -> list[UUID]:
    """A tag and all below it: whoever asks for a big class means its small ones too."""
    return and_below(Tag, tag.pk)


def qualifications_for(by: User, *, on: date) -> QuerySet[Tag]:
    """What somebody may ask of the inspectors of a subject in a sub-library of hers."""
    usable = choosable_tags(by, on=on, duty=Duty.KEEP_LIBRARIES)
    return usable.filter(is_for_inspectors=True, dimension=Tag.Dimension.QUALIFICATION)


def _regions_above(departments: Iterable[Department]) -> set[UUID]:
    """The regions of departments and all above them. The tree is small and read whole."""
    parents = dict(Region.objects.values_list("pk", "parent"))
    left = [department.region_id for department in departments]
    found = set(left)
    for at in left:
        upper = parents.get(at)
        if upper and upper not in found:
            found.add(upper)
            left.append(upper)
    return found


@dataclass
class Usage:
    """How often a tag stands on items (as they stand now), subjects and inspectors."""

    n_items: int = 0
    n_subjects: int = 0
    n_inspectors: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return self.n_items + self.n_subjects + self.n_inspectors


def usage_counts() -> dict[UUID, Usage]:
    """Tag -> usage, in three questions whatever the number of tags."""
    found: dict[UUID, Usage] = defaultdict(Usage)
    now = [*OPEN, VersionState.PUBLISHED]
    on_items = ItemVersion.tags.through.objects.filter(itemversion__state__in=now)
    for pk, n in on_items.values_list("tag").annotate(n=Count("itemversion__item", distinct=True)):
        found[pk].n_items = n
    on_subjects = SubjectTag.objects.filter(ended_at=None).order_by()
    for pk, n in on_subjects.values_list("tag").annotate(n=Count("pk")):
        found[pk].n_subjects = n
    for pk, n in Inspector.tags.through.objects.values_list("tag").annotate(n=Count("pk")):
        found[pk].n_inspectors = n
    return found


@dataclass
class Branch:
    """A tag in its tree."""

    tag: Tag
    usage: Usage
    children: list[Branch] = field(default_factory=list)


def tree(tags: list[Tag]) -> dict[str, list[Branch]]:
    """Dimension -> its trees. A tag whose parent is not among the given ones stands at the root."""
    usage = usage_counts()
    branches = {tag.pk: Branch(tag, usage.get(tag.pk, Usage())) for tag in tags}
    found: dict[str, list[Branch]] = defaultdict(list)
    for tag in tags:
        upper = branches.get(tag.parent_id) if tag.parent_id else None
        if upper:
            upper.children.append(branches[tag.pk])
        else:
            found[Tag.Dimension(tag.dimension).label].append(branches[tag.pk])
    return dict(found)


def decidable_tags(by: User) -> list[Tag]:
    """The proposals that somebody may decide about, in as many questions for a hundred as for three."""
    reach = set(departments_within(by, Duty.APPROVE_LIST).values_list("pk", flat=True))
    upper = lines_of_command()
    proposals = Tag.objects.filter(state=Tag.State.PROPOSED).exclude(proposed_by=by).order_by("code", "id")
    return [tag for tag in proposals if reach & _deciders(tag, above(tag.owner_id, upper))]


def _deciders(tag: Tag, uppers: list[UUID]) -> set[UUID]:
    return set(uppers) if tag.reach == Tag.Reach.PROVINCE and uppers else {tag.owner_id, *uppers}


def may_decide_over(by: User, tag: Tag) -> bool:
    """Tell whether somebody approves for whom it takes: of a provincial tag a department above its owner.

    The owner itself decides where nobody stands above it.
    """
    reach = departments_within(by, Duty.APPROVE_LIST)
    return reach.filter(pk__in=_deciders(tag, departments_above(tag.owner))).exists()
