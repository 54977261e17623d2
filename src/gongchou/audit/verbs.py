"""What the verbs of the log are called: each operation says it once, pages and exports ask here."""

from __future__ import annotations

_NAMES: dict[str, str] = {}

_GROUPS = {
    "清单与标签": "version edition ceiling claim official matter pilot tag checklist",
    "计划": "plan line lines waiver waivers norm",
    "联合抽查": "invitation invitations question campaign agreement proposal",
    "任务": "task participant exclusion scheme numbering",
    "抽取": "batch draw contribution reading attendance withdrawal replacement substitution joining seat"
    " public_log watch_group",
    "检查": "package inspections inspection attachment calendar",
    "检查对象": "subject sub_library membership memberships",
    "检查人员": "inspector certificate leave conflict staff_count third_party team teams",
    "导入": "import",
    "账号与角色": "account role",
    "机构与区划": "department region",
    "消息": "message",
    "平台": "platform list",
}
"""Heading -> the things it is about, in the order a reader looks for them."""


def teach_verb(verb: str, name: str) -> None:
    """Say what a verb is called in Chinese."""
    _NAMES[verb] = name


def verb_name(verb: str) -> str:
    """What a verb is called; a verb that no room teaches any more is shown as it was written."""
    return _NAMES.get(verb, verb)


def known_verbs() -> dict[str, str]:
    """Verb -> name, in the order of the verbs: what a search offers."""
    return dict(sorted(_NAMES.items()))


def grouped_verbs() -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings, each with its verbs and their names as one thing follows another in the office."""
    groups = {heading: _verbs_of(things.split()) for heading, things in _GROUPS.items()}
    told = {verb for verbs in groups.values() for verb, _ in verbs}
    groups["其他"] = [(verb, name) for verb, name in known_verbs().items() if verb not in told]
    return [(heading, verbs) for heading, verbs in groups.items() if verbs]


def _verbs_of(things: list[str]) -> list[tuple[str, str]]:
    # the rooms teach their verbs in the order in which they are written there
    return [(verb, name) for thing in things for verb, name in _NAMES.items() if verb.split(".")[0] == thing]
