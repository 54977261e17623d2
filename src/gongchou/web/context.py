"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def place(request: HttpRequest) -> dict[str, Any]:
    """Whether this installation holds invented data only."""
    return {"is_demo": settings.IS_DEMO}
