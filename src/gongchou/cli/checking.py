"""Verbs for whoever checks: verify, ticket, receipt."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from gongchou.cli import afterwards, receipts, reporting
from gongchou.cli.verbs import check_given, key_of, moment, say, workspace_of
from gongchou.draw.encoding import dump_json, is_hash, is_id
from gongchou.draw.errors import FormatError
from gongchou.draw.receipts import check_against, check_receipt
from gongchou.draw.ticket import object_prefix, ticket
from gongchou.draw.verify import CHECKS, Check, Failure, Options, Report, parse_real_ids, parse_trust, verify
from gongchou.folders import open_bundle, read_text, write_whole


def check(args: Namespace) -> int:
    """Verify a bundle. Exit code 0 only when all holds."""
    options = Options(
        trust=_trust(args.trust) if args.trust else None,
        allow_test=args.allow_test,
        seal_key=key_of(args),
        real_ids=parse_real_ids(read_text(args.real_ids)) if args.real_ids else None,
    )
    try:
        files = open_bundle(args.bundle)
    except FormatError as error:
        if error.code == "not_found":
            raise
        return _show_unopened(error, args)
    return _show(verify(files, options, (lambda found: None) if args.json else _InOrder(args.lang)), args)


class _InOrder:
    """Prints checks by their numbers: 16 is run before 12, but a reader looks for it behind 15."""

    def __init__(self, lang: str) -> None:
        self.lang, self.following = lang, 1
        self.waiting: dict[int, Check] = {}

    def __call__(self, found: Check) -> None:
        self.waiting[found.number] = found
        while self.following in self.waiting:
            done = self.waiting.pop(self.following)
            self.following += 1
            if done.status != "skipped":
                print(reporting.of_check(done, self.lang), flush=True)


def _show(report: Report, args: Namespace) -> int:
    if args.json:
        print(json.dumps(reporting.document_of(report, args.lang), ensure_ascii=False, indent=1))
    else:
        print(*reporting.of_report(report, args.lang), sep="\n")
    return 0 if report.ok else 1


def _trust(path: Path) -> dict[str, frozenset[str]]:
    try:
        return parse_trust(read_text(path))
    except FormatError as error:
        place = f"{path} {error.place}".strip() if error.code == "key_invalid" else str(path)
        raise FormatError(error.code, place, **error.facts) from error


def _show_unopened(error: FormatError, args: Namespace) -> int:
    """A bundle whose paths or zip form are refused fails the first check."""
    failure = Failure(1, error.code, error.place, {key: str(value) for key, value in error.facts.items()})
    checks = [Check(n, name, "failed" if n == 1 else "skipped") for n, (name, _) in enumerate(CHECKS, 1)]
    return _show(Report(False, "red", None, None, failure, checks, [], {}), args)


def tickets(args: Namespace) -> int:
    """Tickets of ids under a seed. Raises FormatError ``seed_invalid`` or ``id_invalid``."""
    if not is_hash(args.seed):
        raise FormatError("seed_invalid", value=args.seed[:80])
    for object_id in [*args.ids, *([args.draw] if args.draw else [])]:
        if not is_id(object_id):
            raise FormatError("id_invalid", value=object_id[:80])
    prefix = object_prefix(args.seed, mode=args.mode, suite=args.suite, draw=args.draw)
    for object_id in args.ids:
        print(f"{object_id}\t{ticket(prefix, object_id, suite=args.suite)}")
    return 0


def receipt(args: Namespace) -> int:
    """Why me, why not me: one object's receipt, or the check of one."""
    if args.check:
        return _check_receipt(args)
    check_given(args, *(("check",) if args.bundle else ("dir", "id")))
    workspace = workspace_of(args)
    draw = afterwards.find_draw(workspace, args.draw)
    document = receipts.receipt(workspace, draw, args.id, key=key_of(args), at=moment(args))
    if args.output:
        write_whole(args.output, dump_json(document))
        say(args, f"回执已写入 {args.output}", f"receipt written to {args.output}")
    else:
        print(dump_json(document).decode())
    for row in receipts.replaced(workspace, draw, document["object"]):
        title = receipts.title_of(draw, row.reason)
        # Behind the printed receipt a sentence would spoil it for whoever keeps what is printed.
        told = reporting.of_replacement(row, document["object"], title, args.lang)
        print(told, file=sys.stdout if args.output else sys.stderr)
    return 0


def _check_receipt(args: Namespace) -> int:
    document = receipts.read_receipt(args.check)
    check_receipt(document)
    if args.bundle:
        check_against(document, open_bundle(args.bundle))
        zh = f"回执成立，并与证据包 {args.bundle} 一致；证据包本身是否成立，请用 verify 核验"
        en = f"the receipt holds and agrees with {args.bundle}; whether the bundle holds is for verify to say"
    else:
        zh = "回执自身成立（L0）：行、证明、票号前后一致。只核对了回执自身，没有与证据包对照；请加 --bundle 证据包"
        en = "the receipt holds by itself (L0) and was compared with nothing else: add --bundle PATH"
    say(args, zh, en)
    return 0
