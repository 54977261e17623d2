"""May this person do this to what stands on a list, a claim, a tag? Each ends by asking the rules."""

from __future__ import annotations

from datetime import date

from gongchou.accounts.models import Department, User
from gongchou.accounts.roles import Duty
from gongchou.refusal import Refused
from gongchou.registry.models import Claim, Item, SupervisionMatter, Tag, Version
from gongchou.registry.models.versions import Listed
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.queries.tags import may_decide_over
from gongchou.registry.queries.versions import area_of
from gongchou.registry.rules import items, matters, tags, versions
from gongchou.registry.states.lists import ClaimState, VersionState


def check_can_keep(by: User, owner: Department, area: str = "") -> None:
    """Drafts are written by whoever keeps the owner's list, in the fields she keeps it for."""
    check_reaches(by, owner, Duty.KEEP_LIST, field=area)


def check_can_decide(by: User, owner: Department, area: str = "") -> None:
    """Approval, publication and the end are for whoever approves the owner's list, in the fields she does it for."""
    check_reaches(by, owner, Duty.APPROVE_LIST, field=area)


def check_can_amend(by: User, thing: Listed) -> None:
    """The next version is begun by a keeper."""
    check_can_keep(by, thing.owner, area_of(thing))
    versions.check_may_amend(thing)


def check_can_edit(by: User, version: Version) -> None:
    """Only a draft is changed."""
    check_can_keep(by, version.thing.owner, version.area)
    versions.check_is_draft(version)


def check_can_submit(by: User, version: Version) -> None:
    """A complete draft goes to review."""
    check_can_keep(by, version.thing.owner, version.area)
    versions.check_may_become(version, VersionState.REVIEW)
    versions.check_is_ready(version)


def check_can_withdraw(by: User, version: Version) -> None:
    """A draft that nobody wants any more is put aside."""
    check_can_keep(by, version.thing.owner, version.area)
    versions.check_may_become(version, VersionState.WITHDRAWN)


def check_can_approve(by: User, version: Version) -> None:
    """Somebody other than who submitted it. Raises Refused ``registry.version_same_person``."""
    check_can_decide(by, version.thing.owner, version.area)
    versions.check_may_become(version, VersionState.IN_FORCE)
    if version.submitted_by_id == by.pk:
        raise Refused("registry.version_same_person", name=version.name)


def check_can_send_back(by: User, version: Version) -> None:
    """What is under review, or approved and not yet out, goes back to its author."""
    check_can_decide(by, version.thing.owner, version.area)
    versions.check_may_become(version, VersionState.DRAFT)


def check_can_ask_end(by: User, version: Version) -> None:
    """A keeper asks for the end of what is published."""
    check_can_keep(by, version.thing.owner, version.area)
    versions.check_may_become(version, VersionState.ABOLISHED)
    versions.check_end_not_asked(version)


def check_can_decide_end(by: User, version: Version) -> None:
    """Somebody other than who asked decides. Raises Refused ``registry.end_same_person``."""
    check_can_decide(by, version.thing.owner, version.area)
    versions.check_may_become(version, VersionState.ABOLISHED)
    versions.check_end_asked(version)
    if version.end_asked_by_id == by.pk:
        raise Refused("registry.end_same_person", name=version.name)


def check_can_claim(by: User, item: Item, department: Department, *, on: date) -> None:
    """A keeper of the lower unit's list claims for it."""
    check_can_keep(by, department, area_of(item))
    items.check_may_claim(item, department, on=on)


def check_can_move_claim(by: User, claim: Claim, state: ClaimState) -> None:
    """Adapt, restore or release: the keeper of the claiming unit."""
    check_can_keep(by, claim.department, area_of(claim.item))
    items.check_claim_may_become(claim, state)


def check_can_review_matter(by: User, matter: SupervisionMatter) -> None:
    """The yearly look is the keeper's."""
    check_can_keep(by, matter.owner, area_of(matter))
    matters.check_can_review(matter)


def check_can_decide_tag(by: User, tag: Tag) -> None:
    """A second person, and above the owner where the tag is for the province (S4).

    Raises Refused ``registry.tag_not_yours`` or ``registry.tag_same_person``.
    """
    tags.check_is_proposed(tag)
    if not may_decide_over(by, tag):
        raise Refused("registry.tag_not_yours", name=tag.name, reach=Tag.Reach(tag.reach).label)
    if tag.proposed_by_id == by.pk:
        raise Refused("registry.tag_same_person", name=tag.name)


def check_can_end_tag(by: User, tag: Tag) -> None:
    """Whoever may approve a tag may end it."""
    tags.check_can_end(tag)
    if not may_decide_over(by, tag):
        raise Refused("registry.tag_not_yours", name=tag.name, reach=Tag.Reach(tag.reach).label)
