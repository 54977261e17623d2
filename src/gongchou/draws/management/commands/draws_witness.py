"""``./gongchou draws_witness``: whose cosignatures on the public log of draws count."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from gongchou.audit.keys import read_vkeys
from gongchou.audit.operations import Keeper
from gongchou.draw.note import COSIGNATURE
from gongchou.draws import keys
from gongchou.draws.operations.log import name_witness
from gongchou.refusal import Refused, sentence

N_PRACTICE = 2


class Command(BaseCommand):
    """Exit code 0: done; 1: refused."""

    help = "抽取公开日志的见证人：list 列出，add 文件 登记公钥，practice 生成演练用的见证人"

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and with whose key."""
        parser.add_argument("action", choices=["list", "add", "practice"])
        parser.add_argument("file", type=Path, nargs="?", help="见证人的公钥文件 witness.vkey")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, then say who there is."""
        try:
            if options["action"] == "add":
                self._add(options["file"])
            elif options["action"] == "practice":
                self._practice()
        except Refused as refused:
            self.stderr.write(sentence(refused))
            sys.exit(1)
        self._list()

    def _add(self, file: Path | None) -> None:
        if file is None:
            self.stderr.write("请给出见证人的公钥文件：./gongchou draws_witness add witness.vkey")
            sys.exit(1)
        for key in read_vkeys(file, COSIGNATURE):
            name_witness(key=key, by=Keeper(), at=timezone.now())

    def _practice(self) -> None:
        """Their keys lie on this machine, so what they sign proves nothing to anybody else."""
        if keys.witnesses():
            raise Refused("draws.witnesses_known")
        site = keys.public_of(keys.LOG).name.removesuffix("/draws")
        keys.make_keys(site, n_practice=N_PRACTICE)

    def _list(self) -> None:
        own = {key.public for key in keys.practice_witnesses()}
        for key in keys.witnesses():
            self.stdout.write(f"{key}{'  （演练用：密钥在本机，不能证明给他人）' if key in own else ''}")
        if not keys.witnesses():
            self.stdout.write("还没有登记见证人。")
