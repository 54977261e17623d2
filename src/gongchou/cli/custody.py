"""Verbs for what an office keeps: its keys, its log, and the zip it hands out."""

from __future__ import annotations

import secrets
from argparse import Namespace

from gongchou.cli import afterwards, framing
from gongchou.cli.office import Office, make_key, read_key, write_key, write_secret
from gongchou.cli.verbs import check_given, moment, publish, say, workspace_of
from gongchou.draw.bundle import Files, write_zip
from gongchou.draw.encoding import format_time
from gongchou.draw.errors import EvidenceError, FormatError, RuleError
from gongchou.draw.frame import key_commitment
from gongchou.draw.log import Checkpoint, chains_of, check_chain, read_checkpoint
from gongchou.draw.merkle import root_of_hashes
from gongchou.draw.note import COSIGNATURE, cosigned_at
from gongchou.folders import beside, open_bundle, read_bytes, write_whole


def keygen(args: Namespace) -> int:
    """A new key; prints the public one."""
    if args.kind == "seal":
        write_secret(args.output, secrets.token_hex(32) + "\n")
        commitment = key_commitment(framing.read_seal_key(args.output))
        say(args, f"密封密钥已写入 {args.output}；密钥承诺", f"seal key written to {args.output}; its commitment")
        print(commitment)
        return 0
    key = make_key(args.name, "cosignature" if args.kind == "witness" else "ed25519")
    write_key(args.output, key)
    print(key.public)
    return 0


def witness(args: Namespace) -> int:
    """Cosign the latest checkpoint, if it continues the last one this witness signed."""
    check_given(args, "office")
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
        workspace = workspace_of(args)
        afterwards.refresh_replacements(workspace)
        publish(args, workspace, moment(args))
        return 0
    office = _office_of(args)
    entries = office.entries()
    for entry in entries:
        document = entry.document
        print(f"{entry.index}\t{document['time']}\t{document['authority']}\t{document['seq']}\t{document['type']}")
    if args.action == "check":
        for own in chains_of(entries):
            check_chain(own)
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
        files = workspace_of(args).public_files(files)
    write_whole(args.output, write_zip(files))
    say(args, f"已写入 {args.output}", f"written to {args.output}")
    return 0
