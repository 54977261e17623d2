"""The command line of the draw: the only part that touches disks and clocks.

Exit codes: 0 all holds; 1 a verification or a proof does not hold; 2 the input or the call is refused. No traceback,
and files appear whole or not at all.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from io import TextIOWrapper

from gongchou.cli.arguments import parser
from gongchou.draw.errors import DrawError, EvidenceError
from gongchou.draw.sentences import sentence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    args = parser().parse_args(argv)
    return perform(args, args.act)


def perform(args: Namespace, act: Callable[[Namespace], int]) -> int:
    """Do what a verb does; a refusal becomes one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console in GBK has no ✓, which is no reason to stop
    try:
        return act(args)
    except DrawError as error:
        told = sentence(error.code, error.facts, lang=args.lang)
        place = f"{error.place}: " if error.place else ""
        print(f"✗ {error.code}  {place}{told}", file=sys.stderr)
        return 1 if isinstance(error, EvidenceError) else 2
    except BrokenPipeError:
        return 2
    except OSError as error:
        told = sentence("os_error", {"reason": error.strerror or error}, lang=args.lang)
        print(f"✗ os_error  {error.filename or ''}: {told}", file=sys.stderr)
        return 2
