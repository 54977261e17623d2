"""Who may put tags on subjects and take them off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gongchou.accounts.models import User
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor
from gongchou.refusal import Refused
from gongchou.registry.models import Subject, Tag
from gongchou.registry.queries.subjects import visible
from gongchou.registry.queries.tags import choosable_tags, qualifications_for


def check_can_use_tag(by: Actor, tag: Tag, on: date) -> None:
    """A tag of a place or of a department is put by those who keep libraries there. Raises Refused ``tag_not_near``."""
    if isinstance(by, User) and not choosable_tags(by, on=on, duty=Duty.KEEP_LIBRARIES).filter(pk=tag.pk).exists():
        raise Refused("registry.tag_not_near", tag=tag.name)


def check_can_ask_for(by: Actor, qualification: Tag | None, on: date) -> None:
    """Raises Refused ``qualification_not_usable``."""
    if qualification is None or not isinstance(by, User):
        return
    if not qualifications_for(by, on=on).filter(pk=qualification.pk).exists():
        raise Refused("registry.qualification_not_usable", tag=qualification.name)


def check_can_tag(by: Actor, subjects: Iterable[Subject]) -> None:
    """Whoever keeps the libraries, for the subjects kept there or entered in a sub-library of hers.

    Raises Refused ``registry.out_of_reach``.
    """
    wanted = {subject.pk: subject for subject in subjects}
    if not isinstance(by, User):
        return
    for pk in visible(by, Duty.KEEP_LIBRARIES).filter(pk__in=wanted).order_by().values_list("pk", flat=True):
        del wanted[pk]
    if wanted:
        raise Refused("registry.out_of_reach", department=next(iter(wanted.values())).keeper.short_name)
