"""What a phone takes with it: the sheets it will fill are kept as they were handed out, and the log says what went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, operation
from gongchou.inspections.models import Worksheet


@operation("package.taken", "下载检查资料到手机")
def take(*, sheets: Mapping[str, Any], doors: list[str], by: User, at: datetime) -> Done[User]:
    """Keep those sheets that are new. sheets: digest -> merged sheet; doors: the objects whose data went with it"""
    known = set(Worksheet.objects.filter(digest__in=sheets).values_list("digest", flat=True))
    new = [Worksheet(digest=digest, definition=sheets[digest], made_at=at) for digest in sheets if digest not in known]
    Worksheet.objects.bulk_create(new, ignore_conflicts=True)
    return Done(by, {"count": len(doors), "numbers": doors})
