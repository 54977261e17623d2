"""A file that has come whole is looked at and kept."""

from __future__ import annotations

from datetime import datetime

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, operation
from gongchou.inspections.files import Looked
from gongchou.inspections.models import Attachment


@operation("attachment.stored", "收到检查附件")
def store(*, sha256: str, looked: Looked, by: User, at: datetime) -> Done[Attachment]:
    """Keep what a file turned out to be. That it is kept once is held by the database."""
    row = Attachment.objects.create(
        sha256=sha256,
        size=looked.size,
        media_type=looked.media_type,
        width=looked.width,
        height=looked.height,
        exif=looked.exif or {},
        stored_at=at,
        stored_by=by,
    )
    return Done(row, {"digest": sha256, "size": looked.size, "type": looked.media_type})
