"""Print the permission matrix for people: docs/permissions.md.

python tools/print_permissions.py            write it
python tools/print_permissions.py --check    say whether it is current
"""

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


def main() -> int:
    """Write the page, or compare it; return 1 if it is not current."""
    text = printed()
    if "--check" not in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text else 1


if __name__ == "__main__":
    sys.exit(main())
