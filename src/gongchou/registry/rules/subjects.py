"""What may be done to a subject and its entries, whoever asks."""

from __future__ import annotations

from datetime import date

from gongchou.accounts.models import Department, Region
from gongchou.accounts.queries import and_below
from gongchou.draw.register import RowRefused, read_id
from gongchou.refusal import Refused
from gongchou.registry.models import Membership, Subject, SubjectTag, SubLibrary, Tag

MOVES: dict[str, set[str]] = {
    Subject.State.ACTIVE: {Subject.State.INACTIVE},
    Subject.State.INACTIVE: {Subject.State.ACTIVE, Subject.State.ARCHIVED},
    Subject.State.ARCHIVED: set(),
}

WITH_CREDIT_CODE = {
    Subject.Kind.ENTERPRISE,
    Subject.Kind.COOPERATIVE,
    Subject.Kind.INSTITUTION,
    Subject.Kind.AGENCY,
    Subject.Kind.SOCIETY,
    Subject.Kind.FOREIGN_OFFICE,
}


def check_number(kind: str, number: str) -> None:
    """A number of 18 characters, or of a kind that has a credit code, must be a good one (GB 32100-2015)."""
    if len(number) != 18 and kind not in WITH_CREDIT_CODE:
        return
    try:
        read_id(number, "USCC")
    except RowRefused as error:
        raise Refused("registry.number_invalid", number=number) from error


def check_region(region: Region, keeper: Department) -> None:
    """A subject stands where its keeper works. Raises Refused ``subject_region``."""
    if region.pk not in and_below(Region, keeper.region_id):
        raise Refused("registry.subject_region", region=region.name, keeper=keeper.short_name)


def check_is_new(number: str) -> None:
    """Raises Refused ``registry.subject_exists``."""
    if Subject.objects.filter(number=number).exists():
        raise Refused("registry.subject_exists", number=number)


def check_may_be_entered(
    subject: Subject, library: SubLibrary, licence_no: str, on: date, valid_to: date | None
) -> None:
    """Raises Refused ``library_ended``, ``licence_missing``, ``licence_over``, ``already_entered``."""
    if not library.is_active:
        raise Refused("registry.library_ended", library=library.name)
    if library.is_licensed and not licence_no:
        raise Refused("registry.licence_missing", library=library.name)
    check_not_over(valid_to, on)
    entries = Membership.objects.filter(subject=subject, sub_library=library, licence_no=licence_no)
    if entries.exclude(cause=Membership.Cause.ENDED).exists():
        raise Refused("registry.already_entered", subject=subject.name, library=library.name)


def check_can_be_tagged(tag: Tag, on: date) -> None:
    """Raises Refused ``tag_not_for_subjects``, ``tag_not_approved`` or ``tag_over``."""
    if not tag.is_for_subjects:
        raise Refused("registry.tag_not_for_subjects", tag=tag.name)
    if tag.state != Tag.State.IN_USE:
        raise Refused("registry.tag_not_approved", tag=tag.name)
    if tag.valid_to is not None and tag.valid_to < on:
        raise Refused("registry.tag_over", tag=tag.name, valid_to=tag.valid_to)


def check_is_tagged(tagging: SubjectTag) -> None:
    """Raises Refused ``registry.tag_gone``."""
    if tagging.ended_at is not None:
        raise Refused("registry.tag_gone")


def check_move(subject: Subject, state: str) -> None:
    """ACTIVE and INACTIVE go to and fro; only what is inactive is archived, and that for good (domain.md 4.2)."""
    if state not in MOVES[subject.state]:
        raise Refused("registry.subject_move", old=subject.get_state_display(), new=Subject.State(state).label)
    if state == Subject.State.ACTIVE and subject.status != Subject.Status.LIVING:
        raise Refused("registry.subject_not_living", status=subject.get_status_display())


def check_not_over(valid_to: date | None, on: date) -> None:
    """A licence that has ended brings nobody into a library. Raises Refused ``licence_over``."""
    if valid_to is not None and valid_to < on:
        raise Refused("registry.licence_over", valid_to=valid_to)


def check_is_in_force(membership: Membership) -> None:
    """Raises Refused ``membership_ended``."""
    if membership.state != Membership.State.ACTIVE:
        raise Refused("registry.membership_ended", library=membership.sub_library.name)


def check_was_not_ended(membership: Membership) -> None:
    """What somebody took out comes back by being entered again, not by a licence. Raises ``membership_left``."""
    if membership.cause == Membership.Cause.ENDED:
        raise Refused("registry.membership_left", library=membership.sub_library.name, reason=membership.state_reason)


def check_is_not_archived(subject: Subject) -> None:
    """Raises Refused ``subject_archived``."""
    if subject.state == Subject.State.ARCHIVED:
        raise Refused("registry.subject_archived", subject=subject.name)


def check_library_is_new(code: str) -> None:
    """Raises Refused ``library_exists``."""
    if SubLibrary.objects.filter(code=code).exists():
        raise Refused("registry.library_exists", library=code)
