"""``./gongchou serve``: the web processes. TLS and the outside world belong to a proxy before it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from gongchou.operate.backup import check_migrated
from gongchou.operate.setting_up import check_set_up
from gongchou.operate.speaking import SpeakingCommand

SOURCE = Path(__file__).parents[4]
THREADS = 4
PATIENCE_S = 120  # the longest that one request may take: a large export, a register being uploaded


class Command(SpeakingCommand):
    """It becomes gunicorn, so that whoever started it watches gunicorn itself."""

    help = "启动网页服务（前面须有提供 HTTPS 的反向代理）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, and how many."""
        parser.add_argument("--bind", default="127.0.0.1:8000", help="监听地址，缺省 127.0.0.1:8000")
        n = min(2 * (os.cpu_count() or 1) + 1, 9)
        parser.add_argument("--workers", type=int, default=n, help=f"进程数，缺省按处理器个数（本机{n}）")

    def act(self, **options: Any) -> None:
        """Look whether there is a platform to serve, then serve it."""
        check_migrated()
        check_set_up()
        settings.STATIC_ROOT.mkdir(
            parents=True, exist_ok=True
        )  # nothing need be collected into it, but it is looked for
        self.say(f"网页服务：http://{options['bind']}，{options['workers']}个进程")
        words = [
            *("--bind", options["bind"], "--workers", str(options["workers"]), "--threads", str(THREADS)),
            *("--timeout", str(PATIENCE_S), "--graceful-timeout", "30", "--no-control-socket"),
            # Threads of Python and of libraries leak a little; nobody should have to restart for it.
            *("--max-requests", "5000", "--max-requests-jitter", "500"),
        ]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH")]))
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "gongchou.wsgi:application", *words])  # noqa: S606 -- our own words, no shell
