"""``python -m gongchou.draw``: delegates to the command line, which may touch disks and clocks; the core may not."""

from __future__ import annotations

import sys

from gongchou.cli import main

if __name__ == "__main__":
    sys.exit(main())
