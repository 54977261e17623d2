"""What a joint item must say before it is submitted."""

from __future__ import annotations

from gongchou.refusal import Refused
from gongchou.registry.models import JointItemVersion
from gongchou.registry.queries.joint import dropped_items


def check_parties(version: JointItemVersion) -> None:
    """One initiator for each type of subject, and somebody else beside each of them (R-12).

    That a type has one initiator only is held by the database. How many take part is not judged (R-13).
    Raises Refused ``registry.joint_type_unnamed`` or ``registry.joint_alone``.
    """
    initiators = list(version.initiators.select_related("department"))
    if len(initiators) > 1 and not all(one.subject_type for one in initiators):
        raise Refused("registry.joint_type_unnamed", name=version.name)
    participants = set(version.participants.values_list("pk", flat=True))
    alone = next((one for one in initiators if not participants - {one.department_id}), None)
    if alone:
        raise Refused("registry.joint_alone", name=version.name, department=alone.department.name)


def check_items_stand(version: JointItemVersion) -> None:
    """All its items are on a published list (R-1). Raises Refused ``registry.joint_item_dropped``."""
    dropped = dropped_items(version).first()
    if dropped:
        raise Refused("registry.joint_item_dropped", name=version.name, item=dropped.code)
