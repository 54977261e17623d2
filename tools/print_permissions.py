"""Print the permission matrix for people: docs/permissions.md."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "permissions.md"


def printed() -> str:
    """The whole page, from the declaration and from what the platform says of itself."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415 -- the path is known only now

    django.setup()
    from tests.access.document import page  # noqa: PLC0415

    return page()


if __name__ == "__main__":
    PAGE.write_text(printed(), encoding="utf-8")
