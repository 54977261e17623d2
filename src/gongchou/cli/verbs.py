"""What the verbs that make a draw do: arguments in, work, lines out."""

from __future__ import annotations

import json
import re
import secrets
import time
from argparse import Namespace

from gongchou.cli import afterwards, drawing, framing, freezing, readings, reporting
from gongchou.cli.workspace import Workspace
from gongchou.draw.encoding import is_id, parse_time
from gongchou.draw.errors import FormatError, RuleError
from gongchou.draw.params import REASONS
from gongchou.draw.register import Layout, ValueMap, parse_map, parse_rule
from gongchou.draw.replace import VOID, Substitution
from gongchou.draw.seed import party_commitment
from gongchou.folders import read_text


def say(args: Namespace, zh: str, en: str) -> None:
    """One line in the chosen language."""
    print(en if args.lang == "en" else zh)


def moment(args: Namespace) -> int:
    """``--at``, or now: the command line may look at a clock, the core never does."""
    return parse_time(args.at) if args.at else int(time.time())


def workspace_of(args: Namespace) -> Workspace:
    """The directory that was named, with its office. Raises FormatError ``not_found``."""
    if not args.dir.is_dir():
        raise FormatError("not_found", str(args.dir))
    return Workspace(args.dir, args.office)


def check_given(args: Namespace, *names: str) -> None:
    """Options that only some uses of a verb need. Raises RuleError ``arguments_missing``."""
    missing = [name.upper() if name in ("dir", "id") else f"--{name}" for name in names if getattr(args, name) is None]
    if missing:
        raise RuleError("arguments_missing", names="、".join(missing))


def key_of(args: Namespace) -> bytes | None:
    """The campaign key of ``--seal``. Raises FormatError ``seal_key``."""
    return framing.read_seal_key(args.seal) if args.seal else None


def publish(args: Namespace, workspace: Workspace, at: int) -> None:
    """Bring log and proofs of the bundle up to date, or say that witnesses are awaited."""
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
        args.header,
    )
    reasons = None
    if args.reasons:
        reasons = freezing.read_draft(args.reasons)
        framing.dump_document(reasons, REASONS, str(args.reasons))
    outcome = framing.make_frame(
        args.register,
        layout,
        args.output,
        at=moment(args),
        registry=args.registry,
        scope=args.scope or args.register.name,
        sheet=args.sheet,
        encoding=args.encoding,
        seal_key=key_of(args),
        reasons=reasons,
    )
    print(*reporting.of_register(outcome, args.lang), sep="\n")
    n_strata = len({fields[0] for fields in outcome.accepted})
    say(args, f"{n_strata} 层，名录写入 {args.output}", f"{n_strata} strata, frame written to {args.output}")
    return 0


def exclude(args: Namespace) -> int:
    """Objects of a list from the frame to the exclusions."""
    count = framing.exclude_objects(args.dir, args.list, key_of(args))
    say(args, f"除外 {count} 户，写入 {args.dir}", f"{count} objects excluded in {args.dir}")
    return 0


def universe(args: Namespace) -> int:
    """The registry signs its universe."""
    workspace = workspace_of(args)
    if not workspace.office.exists():
        workspace.office.set_up_for_practice()
    framing.sign_universe(args.dir, workspace.office)
    say(args, "登记全集已签名", "universe signed")
    return 0


def commit(args: Namespace) -> int:
    """Freeze and log the parameters."""
    workspace = workspace_of(args)
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
    publish(args, workspace, at)
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
    workspace = workspace_of(args)
    at = moment(args)
    freezing.reveal(workspace, args.party, args.secret, at)
    publish(args, workspace, at)
    say(args, f"{args.party} 已揭示", f"{args.party} has revealed")
    return 0


def close(args: Namespace) -> int:
    """Write and log the close document."""
    workspace = workspace_of(args)
    given = {}
    for item in args.value or []:
        number, _, value = item.partition("=")
        if not re.fullmatch("[1-9][0-9]?", number) or not value or int(number) in given:
            raise RuleError("value_invalid", source="--value", value=item)
        given[int(number)] = value
    at = moment(args)
    text = freezing.close(workspace, given, at)
    publish(args, workspace, at)
    print(text, end="")
    return 0


def reading(args: Namespace) -> int:
    """Log what dice or a drawing showed, for a source of the seed or for a request."""
    workspace = workspace_of(args)
    at = moment(args)
    of = {"source": args.source} if args.event is None else {"event": args.event}
    entry = readings.log_reading(workspace, of, args.value, reader=args.reader, second=args.second, at=at)
    publish(args, workspace, at)
    did = (
        ("已录入，请由另一人核对", "typed; now somebody else confirms it")
        if args.second is None
        else ("已核对", "confirmed")
    )
    say(args, f"读数{did[0]}（公开日志第 {entry.index} 条）", f"reading {did[1]} (entry {entry.index})")
    return 0


# The draw ---------------------------------------------------------------------------------------


def seed(args: Namespace) -> int:
    """Write the seed document from the close and the beacon."""
    beacon = drawing.read_beacon(args.beacon) if args.beacon else None
    print(drawing.make_seed(workspace_of(args), value=args.value, beacon=beacon), end="")
    return 0


def run(args: Namespace, selector: drawing.Selector | None = None) -> int:
    """Select and match."""
    workspace = workspace_of(args)
    beacon = drawing.read_beacon(args.beacon) if args.beacon else None
    at = moment(args)
    value = drawing.run(workspace, args.seed_input, beacon, at, selector)
    publish(args, workspace, at)
    say(args, f"种子 {value}", f"seed {value}")
    for draw in workspace.draws():
        print(reporting.of_draw(draw.params, args.lang))
    return 0


# Afterwards -------------------------------------------------------------------------------------


def reserve(args: Namespace) -> int:
    """The next of the reserve in each stratum."""
    workspace = workspace_of(args)
    sample = afterwards.sample_of(workspace, afterwards.find_draw(workspace, args.draw))
    for stratum in sorted(sample.quotas):
        waiting = sample.waiting[stratum]
        following = f"{waiting[0].rank}\t{waiting[0].object_id}" if waiting else "-\t-"
        print(f"{stratum}\t{len(waiting)}\t{following}")
    return 0


def replace(args: Namespace) -> int:
    """The next of the reserve in the place of a void object."""
    workspace = workspace_of(args)
    at = moment(args)
    draw = afterwards.find_draw(workspace, args.draw)
    row = afterwards.replace_object(
        workspace, draw, args.out, reason=args.reason, evidence=args.evidence, second=args.second, at=at
    )
    publish(args, workspace, at)
    say(
        args,
        f"{row.out} → {row.into}（{row.stratum} 第 {row.rank} 位）",
        f"{row.out} → {row.into} ({row.stratum}, rank {row.rank})",
    )
    return 0


def substitute(args: Namespace) -> int:
    """Ask for a slot to be dealt again, or finish such a request."""
    workspace = workspace_of(args)
    at = moment(args)
    if args.event is not None:
        beacon = drawing.read_beacon(args.beacon) if args.beacon else None
        row = afterwards.finish_substitute(workspace, args.event, beacon=beacon, value=args.value)
        say(args, *_outcome(row))
        publish(args, workspace, at)
        return 0
    check_given(args, "object", "slot")
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
    publish(args, workspace, at)
    by = (f"信标第 {round_number} 轮", f"round {round_number}") if round_number else ("之后的取值", "a later value")
    say(
        args,
        f"重抽申请第 {entry.index} 号，由{by[0]}决定；届时用 --event {entry.index} 完成",
        f"request {entry.index}, decided by {by[1]}; then finish it with --event {entry.index}",
    )
    return 0


def _outcome(row: Substitution) -> tuple[str, str]:
    """What came of a request, in both languages."""
    slot = f"{row.object_id} 第 {row.slot} 位", f"{row.object_id} slot {row.slot}"
    if row.into == VOID:
        return f"{slot[0]}：见证过迟，申请作废，人员不变；请重新申请", f"{slot[1]}: seen too late, void; ask again"
    return (
        f"{slot[0]}：{row.out or '空'} → {row.into or '无人可配'}",
        f"{slot[1]}: {row.out or 'open'} → {row.into or 'nobody fits'}",
    )


def withdraw(args: Namespace) -> int:
    """Withdraw a draw."""
    workspace = workspace_of(args)
    at = moment(args)
    draw = afterwards.find_draw(workspace, args.draw)
    after = afterwards.withdraw(workspace, draw, reason=args.reason, second=args.second, at=at)
    publish(args, workspace, at)
    say(
        args,
        f"{draw.id} 已撤回" + ("（截止之后，公开标红）" if after else ""),
        f"{draw.id} withdrawn" + (" after the close" if after else ""),
    )
    return 0
