"""What each verb of the command line does: arguments in, work, lines out."""

from __future__ import annotations

import json
import re
import secrets
import time
from argparse import Namespace
from collections import Counter
from pathlib import Path

from gongchou.cli import afterwards, drawing, freezing, receipts
from gongchou.cli.folders import beside, open_bundle, read_bytes, read_text, write_whole
from gongchou.cli.office import Office, make_key, read_key, write_key, write_secret
from gongchou.cli.workspace import Workspace
from gongchou.draw import sentences
from gongchou.draw.bundle import Files, write_zip
from gongchou.draw.encoding import dump_json, format_time, is_hash, is_id, parse_time
from gongchou.draw.errors import EvidenceError, FormatError, RuleError
from gongchou.draw.frame import key_commitment
from gongchou.draw.log import Checkpoint, check_chain, read_checkpoint
from gongchou.draw.merkle import root_of_hashes
from gongchou.draw.note import COSIGNATURE, cosigned_at
from gongchou.draw.params import REASONS
from gongchou.draw.register import Layout, ValueMap, parse_map, parse_rule
from gongchou.draw.seed import party_commitment
from gongchou.draw.ticket import object_prefix, ticket
from gongchou.draw.verify import CHECKS, Check, Failure, Options, Report, parse_trust, verify


def say(args: Namespace, zh: str, en: str) -> None:
    """One line in the chosen language."""
    print(en if args.lang == "en" else zh)


def moment(args: Namespace) -> int:
    """``--at``, or now: the command line may look at a clock, the core never does."""
    return parse_time(args.at) if args.at else int(time.time())


def _workspace(args: Namespace) -> Workspace:
    if not args.dir.is_dir():
        raise FormatError("not_found", str(args.dir))
    return Workspace(args.dir, args.office)


def _check_given(args: Namespace, *names: str) -> None:
    """Options that only some uses of a verb need. Raises RuleError ``arguments_missing``."""
    missing = [name.upper() if name in ("dir", "id") else f"--{name}" for name in names if getattr(args, name) is None]
    if missing:
        raise RuleError("arguments_missing", names="、".join(missing))


def _key(args: Namespace) -> bytes | None:
    return freezing.read_seal_key(args.seal) if args.seal else None


def _publish(args: Namespace, workspace: Workspace, at: int) -> None:
    if not workspace.publish(at):
        k = workspace.shared()["witness_k"]
        say(
            args,
            f"等待 {k} 个见证人共签：用 witness 共签后再 log refresh",
            f"waiting for {k} witnesses: witness, then log refresh",
        )


# Before the seed --------------------------------------------------------------------------------


def frame(args: Namespace) -> int:
    """A register into a frame."""
    layout = Layout(
        args.id,
        parse_rule(args.stratum),
        parse_rule(args.pool) if args.pool else None,
        args.unit,
        args.scheme,
        parse_map(read_text(args.map)) if args.map else ValueMap(),
        parse_map(read_text(args.pool_map or args.map)) if args.pool_map or args.map else ValueMap(),
    )
    reasons = None
    if args.reasons:
        reasons = freezing.read_draft(args.reasons)
        freezing.dump_document(reasons, REASONS, str(args.reasons))
    outcome = freezing.make_frame(
        args.register,
        layout,
        args.output,
        at=moment(args),
        registry=args.registry,
        scope=args.scope or args.register.name,
        sheet=args.sheet,
        encoding=args.encoding,
        seal_key=_key(args),
        reasons=reasons,
    )
    accepted, rejected = len(outcome.accepted), len(outcome.rejected)
    say(
        args,
        f"读入 {outcome.read} 行 = 接收 {accepted} + 拒收 {rejected}",
        f"{outcome.read} rows read = {accepted} accepted + {rejected} rejected",
    )
    for reason, count in Counter(row.reason for row in outcome.rejected).most_common():
        example = min(row for row in outcome.rejected if row.reason == reason)
        told = sentences.reason_sentence(
            reason, lang=args.lang, column=example.column, value=example.value, first_line=example.first_line
        )
        print(f"  {reason} {count}：{told}" if args.lang == "zh" else f"  {reason} {count}: {told}")
    strata = Counter(fields[0] for fields in outcome.accepted)
    say(
        args,
        f"{len(strata)} 层，名录写入 {args.output}",
        f"{len(strata)} strata, frame written to {args.output}",
    )
    return 0


def exclude(args: Namespace) -> int:
    """Objects of a list from the frame to the exclusions."""
    count = freezing.exclude_objects(args.dir, args.list, _key(args))
    say(args, f"除外 {count} 户，写入 {args.dir}", f"{count} objects excluded in {args.dir}")
    return 0


def universe(args: Namespace) -> int:
    """The registry signs its universe."""
    workspace = _workspace(args)
    if not workspace.office.exists():
        workspace.office.set_up_for_practice()
    freezing.sign_universe(args.dir, workspace.office)
    say(args, "登记全集已签名", "universe signed")
    return 0


def commit(args: Namespace) -> int:
    """Freeze and log the parameters."""
    workspace = _workspace(args)
    is_new = not workspace.office.exists()
    draft = freezing.read_draft(args.params)
    at = moment(args)
    for commitment in freezing.commit(workspace, draft, at=at, inspectors=args.inspectors, avoid=args.avoid):
        say(args, f"承诺 C = {commitment}", f"commitment C = {commitment}")
    if is_new:
        say(
            args,
            f"已在 {workspace.office.root} 生成练习用钥匙；正式抽取的见证人须各自在自己的机器上保管钥匙",
            f"practice keys were made in {workspace.office.root}; real witnesses keep theirs on their own machines",
        )
    _publish(args, workspace, at)
    return 0


def contribute(args: Namespace) -> int:
    """Make a contributor's secret, keep it in a file, print the source that goes into the draft."""
    for word in (args.party, args.campaign):
        if not is_id(word):
            raise FormatError("id_invalid", value=word)
    if args.output.exists():
        raise FormatError("file_exists", str(args.output))
    secret = secrets.token_hex(32)
    args.output.touch(mode=0o600)
    args.output.write_text(secret + "\n", encoding="ascii")
    commitment = party_commitment(args.campaign, args.party, secret)
    print(json.dumps({"type": "cr", "party": args.party, "commitment": commitment}))
    return 0


def reveal(args: Namespace) -> int:
    """Log a contributor's secret."""
    workspace = _workspace(args)
    at = moment(args)
    freezing.reveal(workspace, args.party, args.secret, at)
    _publish(args, workspace, at)
    say(args, f"{args.party} 已揭示", f"{args.party} has revealed")
    return 0


def close(args: Namespace) -> int:
    """Write and log the close document."""
    workspace = _workspace(args)
    given = {}
    for item in args.value or []:
        number, _, value = item.partition("=")
        if not re.fullmatch("[1-9][0-9]?", number) or not value or int(number) in given:
            raise RuleError("value_invalid", source="--value", value=item)
        given[int(number)] = value
    at = moment(args)
    text = freezing.close(workspace, given, at)
    _publish(args, workspace, at)
    print(text, end="")
    return 0


# The draw ---------------------------------------------------------------------------------------


def seed(args: Namespace) -> int:
    """Write the seed document from the close and the beacon."""
    beacon = drawing.read_beacon(args.beacon) if args.beacon else None
    print(drawing.make_seed(_workspace(args), value=args.value, beacon=beacon), end="")
    return 0


def run(args: Namespace, selector: drawing.Selector | None = None) -> int:
    """Select and match."""
    workspace = _workspace(args)
    beacon = drawing.read_beacon(args.beacon) if args.beacon else None
    at = moment(args)
    value = drawing.run(workspace, args.seed_input, beacon, at, selector)
    _publish(args, workspace, at)
    say(args, f"种子 {value}", f"seed {value}")
    for draw in workspace.draws():
        strata = draw.params["strata"]
        chosen, of = sum(part["n"] for part in strata), draw.params["frame"]["size"]
        say(args, f"{draw.id}：{of} 户中抽中 {chosen} 户", f"{draw.id}: {chosen} of {of} selected")
    return 0


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


# Verification -----------------------------------------------------------------------------------


def check(args: Namespace) -> int:
    """Verify a bundle. Exit code 0 only when all holds."""
    options = Options(
        trust=_trust(args.trust) if args.trust else None,
        allow_test=args.allow_test,
        seal_key=_key(args),
        real_ids=_real_ids(args.real_ids) if args.real_ids else None,
    )
    try:
        files = open_bundle(args.bundle)
    except FormatError as error:
        if error.code == "not_found":
            raise
        return _show_unopened(error, args)
    show = (lambda found: None) if args.json else lambda found: _show_check(found, args.lang)
    report = verify(files, options, show)
    if args.json:
        print(json.dumps(told(report, args.lang), ensure_ascii=False, indent=1))
    else:
        _show_report(report, args.lang)
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
    report = Report(False, "red", None, None, failure, checks, [], {})
    if args.json:
        print(json.dumps(told(report, args.lang), ensure_ascii=False, indent=1))
    else:
        _show_report(report, args.lang)
    return 1


def _real_ids(path: Path) -> tuple[str, ...]:
    return tuple(line.split("\t")[0] for line in read_text(path).splitlines() if line)


def told(report: Report, lang: str) -> dict[str, object]:
    """The report with its sentences."""
    document = report.document()
    if report.failure:
        document["failure"]["sentence"] = sentences.sentence(report.failure.code, report.failure.facts, lang=lang)
    for mark in document["marks"]:
        mark["sentence"] = sentences.mark_sentence(mark["code"], mark["facts"], lang=lang)
    for found in document["checks"]:
        found["sentence"] = sentences.check_sentence(found["name"], lang=lang)
    return document


_SIGNS = {"passed": "✓", "failed": "✗", "not_checked": "—", "skipped": "·"}


def _show_check(found: Check, lang: str) -> None:
    if found.status != "skipped":
        print(
            f"{_SIGNS[found.status]} {found.number:2} {sentences.check_sentence(found.name, lang=lang)}",
            flush=True,
        )


def _show_report(report: Report, lang: str) -> None:
    failure = report.failure
    if failure:
        place = (
            f"{failure.place}：" if lang == "zh" and failure.place else f"{failure.place}: " if failure.place else ""
        )
        head = (
            f"不成立：第 {failure.number} 项 {failure.code}"
            if lang == "zh"
            else f"FAILED: check {failure.number} {failure.code}"
        )
        print(head)
        print(f"  {place}{sentences.sentence(failure.code, failure.facts, lang=lang)}")
        return
    colour = {"green": ("全部成立", "all holds"), "amber": ("成立，但有保留", "holds, with reservations")}[
        report.colour
    ]
    print(f"{colour[lang == 'en']}  {report.colour} {report.level} {report.strength}")
    for mark in report.marks:
        print(f"  {'！' if mark.colour == 'red' else '·'} {sentences.mark_sentence(mark.code, mark.facts, lang=lang)}")
    _show_summary(report, lang)


_LEVELS = {
    "L1": (
        "L1：按化名或不含人员匹配重算；真实名录须由审计员核对",
        "L1: recomputed on pseudonyms, or without the match",
    ),
    "L2": ("L2：连同真实名录一并核对", "L2: checked with the real list"),
}
_STRENGTHS = {
    "D": ("种子强度 D：公共随机信标，最强", "strength D: a public beacon"),
    "P": ("种子强度 P：非公共随机信标", "strength P: a private beacon"),
    "L": ("种子强度 L：彩票", "strength L: a lottery"),
    "N": ("种子强度 N：现场数字，最弱", "strength N: digits on the spot"),
}
_SIZES = {
    "universe": ("登记", "universe"),
    "rejected": ("拒收", "rejected"),
    "excluded": ("除外", "excluded"),
    "frame": ("名录", "frame"),
    "selected": ("抽中", "selected"),
    "replaced": ("替换", "replaced"),
}


def _count(value: int | dict[str, int]) -> int:
    return sum(value.values()) if isinstance(value, dict) else value


def _show_summary(report: Report, lang: str) -> None:
    summary = report.summary
    zh = lang == "zh"
    print(f"  {'种子' if zh else 'seed'} {summary['seed']}")
    if summary["beacon_round"]:
        print(f"  {'信标轮次' if zh else 'beacon round'} {summary['beacon_round']} · {summary['beacon_at']}")
    print(f"  {'见证人' if zh else 'witnesses'} {'、'.join(summary['witnesses'])} · {summary['horizon']['at']}")
    print(f"  {_LEVELS[report.level or ''][not zh]}")
    print(f"  {_STRENGTHS[report.strength or ''][not zh]}")
    for draw in summary["draws"]:
        sizes = [f"{pair[not zh]} {_count(draw[key])}" for key, pair in _SIZES.items()]
        print(
            f"  {draw['draw']} {draw['plan']}：{'，'.join(sizes)}"
            if zh
            else f"  {draw['draw']} {draw['plan']}: {', '.join(sizes)}"
        )
        for part in draw["strata"][:40]:
            rate = f"{part['n'] * 10000 // part['size'] / 100:g}%"
            print(f"    {part['id']:<12} {part['n']:>8} / {part['size']:<10} {rate}")
        if len(draw["strata"]) > 40:
            print(f"    … {len(draw['strata'])}")
    if summary["doors"] is not None:
        text = (
            f"检查任务 {summary['doors']}，空缺名额 {summary['unfilled']}"
            if zh
            else f"tasks {summary['doors']}, unfilled slots {summary['unfilled']}"
        )
        print(f"  {text}")


def receipt(args: Namespace) -> int:
    """Why me, why not me: one object's receipt, or the check of one."""
    if args.check:
        document = receipts.read_receipt(args.check)
        receipts.check_receipt(document)
        say(
            args,
            f"回执成立（L0）：行、证明、票号一致。名次、抽取数和名录根 {document['root'][:16]}… 须与证据包对照",
            f"the receipt holds (L0); compare rank, n and root {document['root'][:16]}… with the bundle",
        )
        return 0
    _check_given(args, "dir", "id")
    workspace = _workspace(args)
    draw = afterwards.find_draw(workspace, args.draw)
    document = receipts.receipt(workspace, draw, args.id, key=_key(args), at=moment(args))
    data = dump_json(document)
    if args.output:
        write_whole(args.output, data)
        say(args, f"回执已写入 {args.output}", f"receipt written to {args.output}")
    else:
        print(data.decode())
    return 0


# Afterwards -------------------------------------------------------------------------------------


def reserve(args: Namespace) -> int:
    """The next of the reserve in each stratum."""
    workspace = _workspace(args)
    sample = afterwards.sample_of(workspace, afterwards.find_draw(workspace, args.draw))
    for stratum in sorted(sample.quotas):
        waiting = sample.waiting[stratum]
        following = f"{waiting[0].rank}\t{waiting[0].object_id}" if waiting else "-\t-"
        print(f"{stratum}\t{len(waiting)}\t{following}")
    return 0


def replace(args: Namespace) -> int:
    """The next of the reserve in the place of a void object."""
    workspace = _workspace(args)
    at = moment(args)
    draw = afterwards.find_draw(workspace, args.draw)
    row = afterwards.replace_object(
        workspace, draw, args.out, reason=args.reason, evidence=args.evidence, second=args.second, at=at
    )
    _publish(args, workspace, at)
    say(
        args,
        f"{row.out} → {row.into}（{row.stratum} 第 {row.rank} 位）",
        f"{row.out} → {row.into} ({row.stratum}, rank {row.rank})",
    )
    return 0


def substitute(args: Namespace) -> int:
    """Ask for a slot to be dealt again, or finish such a request."""
    workspace = _workspace(args)
    at = moment(args)
    if args.event is not None:
        beacon = drawing.read_beacon(args.beacon) if args.beacon else None
        row = afterwards.finish_substitute(workspace, args.event, beacon=beacon, value=args.value)
        say(
            args,
            f"{row.object_id} 第 {row.slot} 位：{row.out or '空'} → {row.into or '无人可配'}",
            f"{row.object_id} slot {row.slot}: {row.out or 'open'} → {row.into or 'nobody fits'}",
        )
        _publish(args, workspace, at)
        return 0
    _check_given(args, "object", "slot")
    entry, round_number = afterwards.ask_substitute(
        workspace,
        args.object,
        args.slot,
        args.out,
        reason=args.reason,
        evidence=args.evidence,
        second=args.second,
        issue=args.issue,
        at=at,
    )
    _publish(args, workspace, at)
    by = (f"信标第 {round_number} 轮", f"round {round_number}") if round_number else ("之后的取值", "a later value")
    say(
        args,
        f"更换申请第 {entry.index} 号，由{by[0]}决定；届时用 --event {entry.index} 完成",
        f"request {entry.index}, decided by {by[1]}; then finish it with --event {entry.index}",
    )
    return 0


def withdraw(args: Namespace) -> int:
    """Withdraw a draw."""
    workspace = _workspace(args)
    at = moment(args)
    draw = afterwards.find_draw(workspace, args.draw)
    after = afterwards.withdraw(workspace, draw, reason=args.reason, second=args.second, at=at)
    _publish(args, workspace, at)
    say(
        args,
        f"{draw.id} 已撤回" + ("（截止之后，公开标红）" if after else ""),
        f"{draw.id} withdrawn" + (" after the close" if after else ""),
    )
    return 0


# Keys, log, zip ---------------------------------------------------------------------------------


def keygen(args: Namespace) -> int:
    """A new key; prints the public one."""
    if args.kind == "seal":
        write_secret(args.output, secrets.token_hex(32) + "\n")
        commitment = key_commitment(freezing.read_seal_key(args.output))
        say(args, f"密封密钥已写入 {args.output}；密钥承诺", f"seal key written to {args.output}; its commitment")
        print(commitment)
        return 0
    key = make_key(args.name, "cosignature" if args.kind == "witness" else "ed25519")
    write_key(args.output, key)
    print(key.public)
    return 0


def witness(args: Namespace) -> int:
    """Cosign the latest checkpoint, if it continues the last one this witness signed."""
    _check_given(args, "office")
    office, key = Office(args.office), read_key(args.key)
    if key.public.kind != COSIGNATURE:
        raise RuleError("key_kind", str(args.key), kind="witness")
    size = max(office.checkpoints(), default=-1)
    if size < 0:
        raise RuleError("not_committed", str(args.office))
    checkpoint = read_checkpoint(office.checkpoints()[size], str(size))
    hashes = office.leaf_hashes()[:size]
    if root_of_hashes(hashes) != checkpoint.root:
        raise EvidenceError("consistency", str(args.office), size=size)
    if args.state.exists():
        _check_continues(read_checkpoint(read_bytes(args.state), str(args.state)), hashes, str(args.office))
    at = moment(args)
    if cosigned_at(checkpoint.signed, key.public) is None:
        office.cosign(office.checkpoint_path(size), key, at)
    write_whole(args.state, office.checkpoints()[size])
    say(
        args,
        f"{key.public.name} 于 {format_time(at)} 共签，大小 {size}",
        f"{key.public.name} cosigned size {size} at {format_time(at)}",
    )
    return 0


def _check_continues(old: Checkpoint, hashes: list[bytes], place: str) -> None:
    """A log may only grow: what this witness signed last is how the new checkpoint begins."""
    if old.size > len(hashes) or root_of_hashes(hashes[: old.size]) != old.root:
        raise EvidenceError("consistency", place, size=old.size)


def log(args: Namespace) -> int:
    """show: one line per entry; check: the whole log; refresh: bring a bundle's proofs up to date."""
    if args.action == "refresh":
        workspace = _workspace(args)
        afterwards.refresh_replacements(workspace)
        _publish(args, workspace, moment(args))
        return 0
    office = _office_of(args)
    entries = office.entries()
    for entry in entries:
        document = entry.document
        print(f"{entry.index}\t{document['time']}\t{document['authority']}\t{document['seq']}\t{document['type']}")
    if args.action == "check":
        for authority in sorted({entry.document["authority"] for entry in entries}):
            check_chain([e for e in entries if e.document["authority"] == authority])
        _check_checkpoints(office)
        say(args, f"{len(entries)} 条记录，各部门链条完整", f"{len(entries)} entries, all chains whole")
    return 0


def _office_of(args: Namespace) -> Office:
    """The office that was named, or the one beside a bundle. Raises FormatError ``not_found``."""
    root = args.office or (args.dir if (args.dir / "log" / "entries").is_dir() else beside(args.dir, ".office"))
    if not (root / "log" / "entries").is_dir():
        raise FormatError("not_found", str(root / "log" / "entries"))
    return Office(root)


def _check_checkpoints(office: Office) -> None:
    hashes = office.leaf_hashes()
    for size, data in office.checkpoints().items():
        place = str(office.checkpoint_path(size))
        checkpoint = read_checkpoint(data, place)
        is_ours = checkpoint.size == size <= len(hashes) and checkpoint.root == root_of_hashes(hashes[:size])
        if not is_ours:
            raise EvidenceError("consistency", place, size=size)


def pack(args: Namespace) -> int:
    """A bundle as the one zip file it has; --public leaves out the match where the parameters keep it sealed."""
    files: Files = open_bundle(args.dir)
    if args.output.resolve().is_relative_to(args.dir.resolve()):
        raise RuleError("inside_bundle", str(args.output))
    if args.public:
        files = _workspace(args).public_files(files)
    write_whole(args.output, write_zip(files))
    say(args, f"已写入 {args.output}", f"written to {args.output}")
    return 0
