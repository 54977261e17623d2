"""``python -m gongchou.engines run``: the verb ``run`` with a fast engine; the bundle is the same to the byte."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from gongchou.cli import perform, verbs
from gongchou.cli.arguments import add_run
from gongchou.cli.drawing import earlier_selected
from gongchou.cli.workspace import Draw, Workspace
from gongchou.draw.errors import RuleError
from gongchou.draw.params import quotas
from gongchou.draw.select import Ranked
from gongchou.draw.sentences import LANGUAGES


def main(argv: Sequence[str] | None = None) -> int:
    """Run the one verb engines have; return the exit code."""
    top = ArgumentParser(prog="python -m gongchou.engines", description="大名录的快速抽取 · fast draws of large frames")
    run = top.add_subparsers(dest="verb", required=True, metavar="VERB").add_parser("run", help="抽取并匹配 · select")
    add_run(run)
    run.add_argument("--lang", choices=LANGUAGES, default="zh")
    run.add_argument("--memory", default="700MB", help="DuckDB 的内存上限 · memory limit of DuckDB")
    args = top.parse_args(argv)
    return perform(args, _run)


def _run(args: Namespace) -> int:
    return verbs.run(args, selector(Workspace(args.dir, args.office), args.memory))


def selector(workspace: Workspace, memory_limit: str) -> Callable[[Draw, str], Iterator[list[Ranked]]]:
    """DuckDB's way of drawing the strata of one draw. Raises RuleError ``engine_missing``."""
    try:
        from gongchou.engines import duckdb_engine  # noqa: PLC0415 -- optional: the core draws without it
    except ImportError as error:
        raise RuleError("engine_missing", module="duckdb") from error

    def select(draw: Draw, prefix: str) -> Iterator[list[Ranked]]:
        rows = duckdb_engine.select(
            draw.path("frame.tsv"),
            prefix=prefix,
            quotas=quotas(draw.params),
            ticket_key=draw.params["ticket_key"],
            suite=draw.params["suite"],
            excluded={object_id.decode() for object_id in earlier_selected(workspace, draw)},
            memory_limit=memory_limit,
        )
        for _, of_stratum in groupby(rows, key=attrgetter("stratum")):
            yield list(of_stratum)

    return select
