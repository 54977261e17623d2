"""Who acts before there is anybody."""

from __future__ import annotations

from dataclasses import dataclass

from gongchou.accounts.models import User
from gongchou.audit.operations import Actor


@dataclass(frozen=True)
class Installer:
    """The command that sets the platform up."""

    audit_id: str = "installer"
    audit_name: str = "安装程序"


@dataclass(frozen=True)
class Visitor:
    """Whoever stands at the entrance and has not shown who she is."""

    audit_id: str = "visitor"
    audit_name: str = "未登录者"


def person(by: Actor) -> User | None:
    """The account that acts, if it is one."""
    return by if isinstance(by, User) else None
