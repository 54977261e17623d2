"""Nouns of the room, one file per aggregate."""

from gongchou.registry.models.alignment import OfficialEntry, OfficialImport
from gongchou.registry.models.batches import ColumnMap, ImportBatch, RefusedRow
from gongchou.registry.models.inspectors import (
    Certificate,
    Conflict,
    Inspector,
    InspectorFact,
    Leave,
    StaffCount,
    ThirdParty,
)
from gongchou.registry.models.items import Claim, Item, ItemVersion, Method, RatioCeiling
from gongchou.registry.models.joint import JointInitiator, JointItem, JointItemVersion
from gongchou.registry.models.matters import MatterDuty, MatterVersion, OneThing, Pilot, PilotStep, SupervisionMatter
from gongchou.registry.models.subjects import Membership, Subject, SubjectFact, SubjectTag, SubjectText, SubLibrary
from gongchou.registry.models.tags import Tag
from gongchou.registry.models.teams import StandingTeam, TeamMember
from gongchou.registry.models.versions import Edition, Version

__all__ = [
    "Certificate",
    "Claim",
    "ColumnMap",
    "Conflict",
    "Edition",
    "ImportBatch",
    "Inspector",
    "InspectorFact",
    "Item",
    "ItemVersion",
    "JointInitiator",
    "JointItem",
    "JointItemVersion",
    "Leave",
    "MatterDuty",
    "MatterVersion",
    "Membership",
    "Method",
    "OfficialEntry",
    "OfficialImport",
    "OneThing",
    "Pilot",
    "PilotStep",
    "RatioCeiling",
    "RefusedRow",
    "StaffCount",
    "StandingTeam",
    "SubLibrary",
    "Subject",
    "SubjectFact",
    "SubjectTag",
    "SubjectText",
    "SupervisionMatter",
    "Tag",
    "TeamMember",
    "ThirdParty",
    "Version",
]
