"""Asking about inspectors: who may be seen, whose papers hold, who is there on a day, how complete the library is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Certificate, Inspector, Item, ItemVersion, Leave, Tag, ThirdParty
from gongchou.registry.queries.items import office_of, usable_items
from gongchou.registry.queries.tags import and_narrower, usable_tags

EXPIRING_DAYS = 60
"""A certificate that ends within so many days is shown as about to expire."""

STAFF = (Inspector.Category.CIVIL_SERVANT, Inspector.Category.QUALIFIED, Inspector.Category.DAILY)
"""The categories that should all be in the library and hold a certificate (R-16); experts and assistants help."""


# Who may be seen --------------------------------------------------------------------------------


def departments_read(by: User) -> QuerySet[Department]:
    """The departments whose inspectors somebody may read."""
    reach = Q(pk__in=departments_within(by, Duty.READ_LIBRARIES).values("pk"))
    return Department.objects.filter(reach | Q(pk__in=departments_kept(by).values("pk")))


def departments_kept(by: User) -> QuerySet[Department]:
    """The departments whose inspectors somebody keeps."""
    return departments_within(by, Duty.KEEP_LIBRARIES)


def visible(by: User) -> QuerySet[Inspector]:
    """The inspectors somebody may see: those of the departments within reach, and the own entry."""
    return Inspector.objects.filter(Q(department__in=departments_read(by).values("pk")) | Q(user=by))


def kept(by: User) -> QuerySet[Inspector]:
    """The inspectors somebody may change."""
    return Inspector.objects.filter(department__in=departments_kept(by).values("pk"))


def find_own(by: User) -> Inspector | None:
    """The entry that is linked to an account, if there is one."""
    return Inspector.objects.filter(user=by).select_related("department", "third_party").first()


def has_file() -> Exists:
    """Whether an entry is linked to an account, for a question about accounts."""
    return Exists(Inspector.objects.filter(user=OuterRef("pk")))


def third_parties_kept(by: User) -> QuerySet[ThirdParty]:
    """The bodies somebody may change. Everybody with a duty on the libraries reads all of them."""
    return ThirdParty.objects.filter(keeper__in=departments_kept(by).values("pk"))


# Certificates -----------------------------------------------------------------------------------


def certificates_holding_on(day: date) -> QuerySet[Certificate]:
    """The certificates that were good on a day: begun, not run out, and not cancelled before that day was over."""
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return Certificate.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(ended_at=None) | Q(ended_at__gte=midnight), valid_to__gte=day
    )


def certificate_holds_on(day: date) -> Exists:
    """Whether an inspector holds a valid certificate on a day (R-20): for ``filter`` or ``annotate`` on inspectors."""
    return Exists(certificates_holding_on(day).filter(inspector=OuterRef("pk")))


def current_certificates() -> QuerySet[Certificate]:
    """The certificates that stand: neither cancelled nor replaced by a later one. They may have run out."""
    return Certificate.objects.filter(ended_at=None, replaced_by=None)


def with_certificate_state(inspectors: QuerySet[Inspector], day: date) -> QuerySet[Inspector]:
    """Add ``certified_until``: how long the best certificate holds that has begun by a day; None for who has none."""
    begun = Certificate.objects.filter(Q(valid_from=None) | Q(valid_from__lte=day), ended_at=None)
    latest = begun.filter(inspector=OuterRef("pk")).order_by("-valid_to").values("valid_to")[:1]
    return inspectors.annotate(certified_until=Subquery(latest))


CERTIFICATE_STATES = (
    ("valid", "有效"),
    ("expiring", f"{EXPIRING_DAYS}日内到期"),
    ("expired", "已过期"),
    ("none", "无证"),
)


def certificate_state(until: date | None, day: date) -> str:
    """A code of ``CERTIFICATE_STATES`` for one ``certified_until``."""
    if until is None:
        return "none"
    if until < day:
        return "expired"
    return "expiring" if until <= day + timedelta(days=EXPIRING_DAYS) else "valid"


def in_certificate_state(inspectors: QuerySet[Inspector], state: str, day: date) -> QuerySet[Inspector]:
    """The inspectors in one of ``CERTIFICATE_STATES``; who is about to expire is still valid."""
    soon = day + timedelta(days=EXPIRING_DAYS)
    wanted = {
        "none": Q(certified_until=None),
        "expired": Q(certified_until__lt=day),
        "expiring": Q(certified_until__range=(day, soon)),
        "valid": Q(certified_until__gte=day),
    }[state]
    return with_certificate_state(inspectors, day).filter(wanted)


def certificates_ending(by: User, since: date, until: date) -> QuerySet[Certificate]:
    """The standing certificates of active inspectors within reach that end in a period, both days included."""
    return certificates_in_reach(by).filter(valid_to__range=(since, until))


def certificates_in_reach(by: User) -> QuerySet[Certificate]:
    """The standing certificates of the active inspectors within reach."""
    inspectors = visible(by).filter(state=Inspector.State.ACTIVE)
    return current_certificates().filter(inspector__in=inspectors.values("pk"))


def n_ending_by_month(by: User, since: date, n_months: int) -> list[tuple[date, int]]:
    """First day of each month from that of ``since`` on -> certificates that end in it, from ``since`` on (count)."""
    first = since.replace(day=1)
    months = [_months_after(first, number) for number in range(n_months + 1)]
    ends = certificates_ending(by, since, months[-1] - timedelta(days=1)).values_list("valid_to", flat=True)
    count = dict.fromkeys(months[:-1], 0)
    for end in ends:
        count[end.replace(day=1)] += 1
    return list(count.items())


def _months_after(first: date, number: int) -> date:
    years, month = divmod(first.month - 1 + number, 12)
    return date(first.year + years, month + 1, 1)


# Leave ------------------------------------------------------------------------------------------


def leaves_on(day: date) -> QuerySet[Leave]:
    """The leave that covers a day."""
    return leaves_within(day, day)


def leaves_within(since: date, until: date) -> QuerySet[Leave]:
    """The leave that touches a period, both days included."""
    return Leave.objects.filter(revoked_at=None, begins_on__lte=until, ends_on__gte=since)


def is_away_on(day: date) -> Exists:
    """Whether an inspector is on leave on a day, for ``filter`` or ``annotate`` on inspectors."""
    return Exists(leaves_on(day).filter(inspector=OuterRef("pk")))


# What can be chosen -----------------------------------------------------------------------------


def tags_for(department: Department, day: date) -> QuerySet[Tag]:
    """The tags that an inspector of a department may bear: in use, for inspectors, not run out, within their reach."""
    usable = usable_tags(office_of(department)) | usable_tags(department)
    return usable.filter(Q(valid_to=None) | Q(valid_to__gte=day), is_for_inspectors=True)


def items_for(department: Department, day: date) -> QuerySet[ItemVersion]:
    """The published versions of the items that an inspector of a department may be chosen for."""
    return usable_items(department, on=day)


def chosen_items(inspector: Inspector) -> list[tuple[Item, str]]:
    """The items somebody was chosen for, each with the name of its latest version, by code."""
    items = list(inspector.items.order_by("code"))
    versions = ItemVersion.objects.filter(item__in=items).order_by("valid_from", "id")
    names = dict(versions.values_list("item", "name"))
    return [(item, names.get(item.pk, item.code)) for item in items]


def accounts_for(inspector: Inspector) -> QuerySet[User]:
    """The accounts that could be this inspector's: of the same department or its internal units, and nobody's yet."""
    office = office_of(inspector.department)
    same = Q(department=office) | Q(department__parent=office, department__is_internal_unit=True)
    return User.objects.filter(same, is_active=True, inspector__isnull=True)


def in_words(inspectors: QuerySet[Inspector], words: str) -> QuerySet[Inspector]:
    """The inspectors whose name holds the words, or whose initials or number begin with them."""
    words = words.strip()
    if not words:
        return inspectors
    fits = Q(name__icontains=words) | Q(initials__istartswith=words) | Q(number__istartswith=words)
    return inspectors.filter(fits)


def doing_item(inspectors: QuerySet[Inspector], item: Item) -> QuerySet[Inspector]:
    """The inspectors whose scope holds an item."""
    chosen = Inspector.items.through.objects.filter(item=item).values("inspector")
    return inspectors.filter(Q(does_all_items=True) | Q(pk__in=chosen))


def bearing_tag(inspectors: QuerySet[Inspector], tag: Tag) -> QuerySet[Inspector]:
    """The inspectors who bear a tag, or one below it."""
    borne = Inspector.tags.through.objects.filter(tag__in=and_narrower(tag))
    return inspectors.filter(pk__in=borne.values("inspector"))


def for_list(inspectors: QuerySet[Inspector], day: date) -> QuerySet[Inspector]:
    """Everything a row of the list shows, in a fixed number of queries."""
    found = with_certificate_state(inspectors, day).annotate(is_away=is_away_on(day))
    return found.select_related("department").prefetch_related("tags").order_by(F("number"))


def ending_within(certificates: QuerySet[Certificate], within: str, day: date) -> QuerySet[Certificate]:
    """Those that ended before a day (``expired``), or that end within so many days from it on."""
    if within == "expired":
        return certificates.filter(valid_to__lt=day)
    return certificates.filter(valid_to__range=(day, day + timedelta(days=int(within))))


def third_parties(by: User) -> QuerySet[ThirdParty]:
    """All bodies, with ``n_people`` (active people of theirs) and ``is_kept`` (whether the reader may change it)."""
    active = Count("people", filter=Q(people__state=Inspector.State.ACTIVE))
    is_kept = Exists(departments_kept(by).filter(pk=OuterRef("keeper")))
    return ThirdParty.objects.annotate(n_people=active, is_kept=is_kept).select_related("keeper")
