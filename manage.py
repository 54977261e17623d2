"""Django's commands: ``python manage.py COMMAND``."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Run a command with the settings of this project."""
    sys.path.insert(0, str(Path(__file__).parent / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongchou.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- the path is set above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
