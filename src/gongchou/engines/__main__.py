"""``python -m gongchou.engines``: delegates to the command line, as ``python -m gongchou.draw`` does."""

from __future__ import annotations

import sys

from gongchou.cli.engine_run import main

if __name__ == "__main__":
    sys.exit(main())
