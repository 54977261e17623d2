"""Who may put tags on subjects and take them off."""

from __future__ import annotations

from collections.abc import Iterable

from gongchou.accounts.models import User
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor
from gongchou.refusal import Refused
from gongchou.registry.models import Subject
from gongchou.registry.queries.subjects import visible


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
