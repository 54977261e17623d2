"""``./gongchou draws_renew_key``: another key in place of one that has served its time, or may be known to others."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from gongchou.audit.operations import Keeper
from gongchou.draws import keys
from gongchou.draws.operations.log import renew_key
from gongchou.refusal import Refused, sentence

ROLES = {"log": keys.LOG, "operator": keys.OPERATOR, "registry": keys.REGISTRY}


class Command(BaseCommand):
    """Exit code 0: done; 1: refused."""

    help = "更换抽取密钥：log 公开日志、operator 证据包、registry 名录；旧公钥保留，旧私钥不再保留"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which."""
        parser.add_argument("role", choices=list(ROLES))

    def handle(self, *args: Any, **options: Any) -> None:
        """Renew it and say what is to be done now."""
        role = ROLES[options["role"]]
        try:
            renew_key(role=role, by=Keeper(), at=timezone.now())
            self.stdout.write(f"已更换。新公钥（可公开）：{keys.public_of(role)}")
        except Refused as refused:
            self.stderr.write(sentence(refused))
            sys.exit(1)
        self.stdout.write("请另存新私钥的离线备份，并把新公钥交给见证人和核验人，见 docs/operate/draws.md。")
