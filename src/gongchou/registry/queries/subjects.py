"""Reading subjects, their sub-libraries and dossiers: always as far as somebody sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gongchou.accounts.models import User
from gongchou.accounts.queries import bounds_of, departments_within, fields_within, has_everything, in_fields
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Membership, Subject, SubjectFact, SubjectTag, SubLibrary
from gongchou.registry.queries.items import departments_above


def visible(by: User, duty: Duty = Duty.READ_LIBRARIES) -> QuerySet[Subject]:
    """Subjects that a department within reach keeps, or that stand in a sub-library of such a department."""
    if has_everything(by, duty):
        return Subject.objects.all()
    reach = bounds_of(by, duty)
    of_library = reach.rows("sub_library__department", "sub_library__field")
    in_library = Membership.objects.filter(of_library, subject=OuterRef("pk"))
    return Subject.objects.filter(Q(keeper__in=reach.departments) | Exists(in_library))


def counted(by: User) -> QuerySet[Subject]:
    """The same as ``visible``, to be counted: what stands in her libraries is looked up.

    To ask each of 120,000 subjects whether it stands in one takes a department that sees a thousand 0.2 s. Where her
    departments keep most of them that is the quicker way, since the keeper answers first.
    """
    if has_everything(by, Duty.READ_LIBRARIES):
        return visible(by)
    own = _own(by)
    if 2 * Subject.objects.filter(own).count() > Subject.objects.count():
        return visible(by)
    return Subject.objects.filter(own | Q(pk__in=_entered(by).values("subject")))


FEW = 100_000  # rows, which are looked up in a fifth of a second
SHARE = 4  # and no more than every fourth of all: of a larger part each is sooner asked than looked up


def ids_if_few(by: User, library: SubLibrary | None) -> QuerySet[Membership, UUID] | None:
    """The ids of what stands in a sub-library, or else of all that somebody sees; None where they are not few.

    To look these up is quicker than to find a word in a million texts and to ask of each whether she sees it. Some may
    be named twice.
    """
    if library is None and has_everything(by, Duty.READ_LIBRARIES):
        return None
    kept = (Subject.objects.none() if library else Subject.objects.filter(_own(by))).order_by()
    entered = (library.memberships.all() if library else _entered(by)).order_by()
    n = 0
    for rows in (kept, entered):
        n += rows.values("pk")[: FEW + 1].count()
        if n > FEW or not Subject.objects.order_by("pk")[SHARE * n :].exists():
            return None
    ids = entered.values_list("subject", flat=True)
    return ids.union(kept.values_list("pk", flat=True), all=True)


def _own(by: User) -> Q:
    """What her departments keep."""
    return Q(keeper__in=list(bounds_of(by, Duty.READ_LIBRARIES).departments.values_list("pk", flat=True)))


def _entered(by: User) -> QuerySet[Membership]:
    """What stands in her libraries."""
    return Membership.objects.filter(sub_library__in=list(sub_libraries(by).values_list("pk", flat=True)))


def kept(by: User) -> QuerySet[Subject]:
    """Subjects whose entry somebody may change."""
    return Subject.objects.filter(keeper__in=departments_within(by, Duty.KEEP_LIBRARIES))


def sub_libraries(by: User, duty: Duty = Duty.READ_LIBRARIES) -> QuerySet[SubLibrary]:
    """Sub-libraries of the departments and fields within reach."""
    return SubLibrary.objects.filter(bounds_of(by, duty).rows("department", "field")).select_related("department")


def libraries_to_ask_by(by: User) -> QuerySet[SubLibrary]:
    """Those within reach, and those of the departments above hers: what a district keeps stands in them as well."""
    own = bounds_of(by, Duty.READ_LIBRARIES).rows("department", "field")
    fields = fields_within(by, Duty.READ_LIBRARIES)
    upper = Q(department__in=departments_above(by.department)) & in_fields(fields, "field")
    return SubLibrary.objects.filter(own | upper).select_related("department")


def with_sizes(libraries: QuerySet[SubLibrary]) -> QuerySet[SubLibrary]:
    """Each with ``n_rows`` (entries) and ``n_subjects`` (distinct living subjects in force; R-23)."""
    # Counted for the libraries of a page only: joined, all entries of all libraries would be gone through, twice.
    entries = Membership.objects.filter(sub_library=OuterRef("pk")).order_by().values("sub_library")
    # The subjects that do not live are few: looking each entry's subject up takes twice as long as leaving those out.
    others = Subject.objects.exclude(state=Subject.State.ACTIVE).order_by().values("pk")
    in_force = entries.filter(state=Membership.State.ACTIVE).exclude(subject__in=others)
    return libraries.annotate(
        n_rows=Coalesce(Subquery(entries.values(n=Count("pk"))), 0),
        n_subjects=Coalesce(Subquery(in_force.values(n=Count("subject", distinct=True))), 0),
    )


def expiring(memberships: QuerySet[Membership], on: date, days: int) -> QuerySet[Membership]:
    """Licences in force that end within some days from a day on."""
    return memberships.filter(state=Membership.State.ACTIVE, valid_to__gte=on, valid_to__lte=on + timedelta(days=days))


class Line(NamedTuple):
    """One line of a dossier, as it is shown."""

    at: object
    kind: str
    told: str
    by_name: str
    source: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Dossier:
    """Everything known of a subject: its sub-libraries, its tags, and its facts with the newest first.

    n_hidden: older facts that are not among the lines
    """

    subject: Subject
    memberships: list[Membership]
    tags: list[SubjectTag]
    lines: list[Line]
    n_hidden: int


MOST_LINES = 200


def dossier_of(subject: Subject, *, is_whole: bool = False) -> Dossier:
    """Read a dossier; of a very long one the newest lines, unless it is wanted whole."""
    memberships = subject.memberships.select_related("sub_library__department", "qualification")
    tags = subject.taggings.filter(ended_at=None).select_related("tag")
    facts = subject.facts.all() if is_whole else subject.facts.all()[:MOST_LINES]
    lines = [line_of(fact) for fact in facts]
    n_hidden = subject.facts.count() - MOST_LINES if len(lines) == MOST_LINES and not is_whole else 0
    return Dossier(subject, list(memberships), list(tags), lines, n_hidden)


def line_of(fact: SubjectFact) -> Line:
    """A fact in words: changed values stand by the Chinese names of their fields."""
    told = fact.data.items() if fact.kind == "changed" else ()
    changes = [(field_name(field), str(old or "（空）"), str(new or "（空）")) for field, (old, new) in told]
    return Line(fact.at, fact.kind, fact.told, fact.by_name, fact.source, changes)


def field_name(field: str) -> str:
    """The Chinese name of a field of ``Subject``; a column kept aside is called as it was."""
    found = next((own for own in Subject._meta.get_fields() if own.name == field), None)
    return str(getattr(found, "verbose_name", field))


def chosen(by: User, ids: Iterable[UUID]) -> QuerySet[Subject]:
    """Those of some ids that somebody may put into her sub-libraries or tag."""
    return visible(by, Duty.KEEP_LIBRARIES).filter(pk__in=list(ids))
