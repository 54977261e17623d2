"""What the commands have in common: they speak, and their exit codes say which no it was."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import OperationalError

from gongchou.operate.sentences import EXITS
from gongchou.refusal import Refused, sentence

FEWEST = 12  # characters of a passphrase


class SpeakingCommand(BaseCommand):
    """A command whose refusals end in a sentence and an exit code."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            self.act(**options)
        except Refused as refused:
            self._end(refused)
        except OperationalError as error:
            self._end(Refused("operate.no_database", cause=str(error).strip()))
        except OSError as error:
            self._end(Refused("operate.no_disk", cause=error))

    def _end(self, refused: Refused) -> NoReturn:
        self.stderr.write(sentence(refused))
        sys.exit(EXITS.get(refused.code, 1))

    def act(self, **options: Any) -> None:
        """What the command does. Raises Refused."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """A line for whoever looks on."""
        self.stdout.write(text)
        self.stdout.flush()


def read_passphrase(file: Path | None) -> str | None:
    """The first line of a file. Raises Refused ``operate.file_unreadable`` or ``operate.passphrase_short``."""
    if file is None:
        return None
    try:
        found = file.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("operate.file_unreadable", file=file, cause=error) from error
    if len(found) < FEWEST:
        raise Refused("operate.passphrase_short", file=file)
    return found
