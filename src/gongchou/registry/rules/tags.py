"""What may be done to a tag, whoever asks."""

from __future__ import annotations

from gongchou.accounts.models import Department
from gongchou.refusal import Refused
from gongchou.registry.models import Tag


def check_may_propose(*, code: str, parent: Tag | None, reach: str, owner: Department) -> None:
    """Big classes are provincial; a place adds small ones below them, with its own code in front.

    Raises Refused ``registry.tag_needs_parent``, ``registry.tag_prefix``, ``registry.tag_parent_state`` or
    ``registry.tag_code_taken``.
    """
    if Tag.objects.filter(code=code).exists():
        raise Refused("registry.tag_code_taken", number=code)
    if parent is not None and parent.state != Tag.State.IN_USE:
        raise Refused("registry.tag_parent_state", name=parent.name)
    if reach == Tag.Reach.PROVINCE:
        return
    if parent is None:
        raise Refused("registry.tag_needs_parent")
    if not code.startswith(f"{owner.region.code}-"):
        raise Refused("registry.tag_prefix", prefix=f"{owner.region.code}-")


def check_parent_dimension(parent: Tag | None, dimension: str) -> None:
    """A branch speaks about one thing. Raises Refused ``registry.tag_dimension``."""
    if parent is not None and parent.dimension != dimension:
        raise Refused("registry.tag_dimension", name=parent.name)


def check_is_proposed(tag: Tag) -> None:
    """Raises Refused ``registry.tag_decided``."""
    if tag.state != Tag.State.PROPOSED:
        raise Refused("registry.tag_decided", name=tag.name, state=Tag.State(tag.state).label)


def check_can_end(tag: Tag) -> None:
    """Raises Refused unless the tag is in use and none below it is."""
    if tag.state != Tag.State.IN_USE:
        raise Refused("registry.tag_not_in_use", name=tag.name, state=Tag.State(tag.state).label)
    child = tag.children.filter(state=Tag.State.IN_USE).first()
    if child:
        raise Refused("registry.tag_has_children", name=tag.name, child=child.name)
