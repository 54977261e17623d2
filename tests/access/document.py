"""The matrix as a page for people: which role opens what, and whose rows it finds there."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import get_resolver

from gongchou.accounts.roles import DUTY_WORDS, ROLES, WITH_FIELDS, Duty
from tests.access.city import REACH, ROWS, WORDS
from tests.access.declaration import MATRIX, PUBLIC, SIGNED_IN, Line

HEAD = """# Permissions

Printed from `tests/access/declaration.py` by `python tools/print_permissions.py`; a test fails when this page is old.
Every address is asked with every method as everybody: a visitor, and each role with each scope it can have.

- Who is not let in is answered 403; a visitor is sent to the sign-in page.
- A method that is not listed is answered 405. PUT, PATCH, DELETE, OPTIONS and TRACE are answered 405 everywhere.
- A row beyond one's reach answers exactly as one that is not there: 404, the same bytes, headers and number of queries.
- GET and HEAD never write a line to the log.
"""

FIELDS = """## Fields

An appointment may be bound to fields of the lists (事项领域). It then gives these duties only for what belongs to one
of them: {duties}. Other roles cannot be bound to fields. Scope, region and field hold together; several appointments
add up.

- An item belongs to its 领域, a joint item to its 抽查领域, a supervision matter and a sub-library to its 领域. What
  may be chosen for an appointment is what these say now: there is one vocabulary.
- Drafts and published versions of another field answer as missing rows. To draft in it, to move a version into it, and
  to approve or publish there is refused as for a department out of reach.
- An edition is a department's: it is seen, and shows, compares and publishes the versions of one's fields.
- A claim follows its item, an entry in a sub-library follows the sub-library.
- What has no field stays bound by scope and region alone: subjects, inspectors, certificates, conflicts, third parties,
  tags, ceilings, pilots, imports, entries of other systems, and the log.
- Things that refer to another field's item still name it, for published lists are public; its page is not opened.

`tests/access/test_fields.py` walks this.
"""


def page() -> str:
    """The whole document."""
    return "\n".join([HEAD, *_duties(), *_scopes(), *_fields(), *_addresses()])


def _duties() -> Iterator[str]:
    yield "## Roles and duties"
    yield ""
    yield "| role | " + " | ".join(DUTY_WORDS[duty] for duty in Duty) + " |"
    yield "|---|" + ":-:|" * len(Duty)
    for role in ROLES.values():
        yield f"| {role.name} | " + " | ".join("●" if duty in role.duties else "" for duty in Duty) + " |"
    yield ""


def _scopes() -> Iterator[str]:
    words = {
        "own": "own department",
        "unit": "unit inside it",
        "below": "below it",
        "chosen": "chosen",
        "foreign": "other",
    }
    names = {"all": "全部", "below": "本部门及以下", "own": "本部门", "custom": "自定", "self": "仅本人"}
    yield "## Scopes"
    yield ""
    yield "| scope | " + " | ".join(words.values()) + " |"
    yield "|---|" + ":-:|" * len(words)
    for scope, reach in REACH.items():
        yield f"| {names[scope]} | " + " | ".join("●" if place in reach else "" for place in words) + " |"
    yield ""
    own = "、".join(role.name for role in ROLES.values() if role.is_own_only)
    yield f"仅本人 reaches no rows of departments, so only these roles can have it: {own}. For others it is refused."
    yield ""


def _fields() -> Iterator[str]:
    duties = "、".join(DUTY_WORDS[duty] for duty in Duty if duty in WITH_FIELDS)
    yield from FIELDS.format(duties=duties).splitlines()
    yield ""


def _addresses() -> Iterator[str]:
    yield "## Addresses"
    yield ""
    yield "| address | methods | duty | roles | rows |"
    yield "|---|---|---|---|---|"
    paths = _paths()
    for name, line in MATRIX.items():
        yield f"| `{paths[name]}` | {_methods(line)} | {_who(line)} | {_roles(line)} | {_rows(line)} |"
    yield ""


def _paths() -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(patterns: list[object], path: str, space: str) -> None:
        for one in patterns:
            inner = f"{space}{getattr(one, 'namespace', None)}:" if getattr(one, "namespace", None) else space
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, path + str(one.pattern), inner)
            else:
                found[f"{space}{one.name}"] = f"/{path}{one.pattern}"

    walk(get_resolver().url_patterns, "", "")
    return found


def _methods(line: Line) -> str:
    return " ".join(sorted(line.methods - {"HEAD"}))


def _who(line: Line) -> str:
    words: dict[str, str] = {PUBLIC: "公开", SIGNED_IN: "已登录"} | {
        str(duty): told for duty, told in DUTY_WORDS.items()
    }
    return "；".join(words[one] for one in words if one in line.who)


def _roles(line: Line) -> str:
    if line.who & {PUBLIC, SIGNED_IN}:
        return "任何人" if line.is_public else "全部角色"
    return "、".join(role.name for code, role in ROLES.items() if line.lets_in(code))


def _rows(line: Line) -> str:
    rules = dict.fromkeys(WORDS[ROWS[kind].sees] for kind in line.row.split())
    return "；".join(rules) or "—"
