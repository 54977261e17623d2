"""Another name for ``./gongchou``, for tools that expect it."""

from pathlib import Path
from runpy import run_path

run_path(str(Path(__file__).with_name("gongchou")))
