"""A request by somebody who is signed in, for the types of views."""

from __future__ import annotations

from django.http import HttpRequest

from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.queries import Reach


class SignedInRequest(HttpRequest):
    """What every view gets that is not public: the door has looked up person and duties."""

    user: User
    roles: frozenset[RoleCode]
    duties: frozenset[str]
    n_unread: int
    marks: frozenset[str]
    log_reach: Reach
    comes_first: str
    can_use_keys: bool
