"""What every recorded table has."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class Recorded(models.Model):
    """A table that is written to by operations only, with a line of audit each."""

    is_recorded: ClassVar = True
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    @property
    def audit_id(self) -> str:
        """Kind and id, for the log."""
        return f"{self._meta.model_name}:{self.pk}"

    @property
    def audit_name(self) -> str:
        """What the log calls it."""
        return str(self)

    @property
    def audit_place(self) -> str:
        """Region code of whose affair it is."""
        return ""

    @property
    def audit_department(self) -> str:
        """Id of the department whose affair it is."""
        return ""
