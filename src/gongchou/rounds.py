"""A command that does its work once, or again and again beside the web server."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection


class RoundCommand(BaseCommand):
    """Exit code 1 where the database cannot be used; with ``--every`` the command outlasts that."""

    every: float | None

    def add_arguments(self, parser: CommandParser) -> None:
        """How often."""
        parser.add_argument("--every", type=float, help="每隔多少秒一次；不给则只做一次")

    def round(self) -> None:
        """The work, once."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what kept it from being done."""
        self.every = options["every"]
        while True:
            try:
                self.round()
            except (OperationalError, InterfaceError) as error:  # the database restarts
                self.stderr.write(f"数据库暂不可用：{error}")
                connection.close()
                if not self.every:
                    sys.exit(1)
            if not self.every:
                return
            time.sleep(self.every)
