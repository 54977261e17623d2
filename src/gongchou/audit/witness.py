"""A witness: remembers what the log has shown, and signs only what continues it.

    python -m gongchou.audit.witness init STORE --name witness.example --log audit.vkey
    python -m gongchou.audit.witness run STORE --place https://… [--every SECONDS] [--peer PLACE]…
    python -m gongchou.audit.witness check line-7.json line-7.proof --log audit.vkey

STORE holds ``witness.key``, ``witness.vkey``, ``log.vkey`` (the log it trusts), ``checkpoint`` (the last it signed) and
``alarms/`` (what contradicted it). It runs on a machine that the log's people do not reach, without their database.
Exit code 0: cosigned; 1: could not be done, try again; 2: alarm. ``check`` needs no store: it tells with 0 that a line
is in the log, with 1 that it is not.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from hashlib import sha256
from pathlib import Path

from gongchou.audit.files import alone, write_whole
from gongchou.audit.inclusion import check_line
from gongchou.audit.keys import make_key, read_secret, read_vkeys
from gongchou.audit.sentences import SENTENCES
from gongchou.audit.transport import Place, place_of
from gongchou.draw import log, note
from gongchou.draw.errors import FormatError
from gongchou.draw.merkle import is_consistent
from gongchou.refusal import Refused, sentence, teach

ALARM = "audit.alarm_"


class Witness:
    """A store, and what may be signed after what is in it."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.key = read_secret(store / "witness.key")
        self.log_key = read_vkeys(store / "log.vkey", note.ED25519)[0]

    def seen(self) -> log.Checkpoint | None:
        """The last checkpoint this witness signed, or None. Raises Refused ``audit.note_invalid``."""
        path = self.store / "checkpoint"
        return _read(path.read_bytes()) if path.exists() else None

    def cosign(self, place: Place, *, at: int) -> log.Checkpoint:
        """Sign the log's latest checkpoint (``at`` seconds since 1970) if it continues what was seen; hand it back.

        It is remembered before it is handed back, so that a crash cannot make a signature nobody remembers. Raises
        Refused ``audit.alarm_…``, ``audit.unreachable`` or ``audit.note_invalid``.
        """
        with alone(self.store / "lock", waits=False):
            data = place.get("checkpoint")
            given = _read(data)
            self._check_signed(given, data)
            self._check_continues(given, data, place)
            line = note.cosign(given.signed.text, self.key.public, self.key.secret, at)
            write_whole(self.store / "checkpoint", note.write_note(given.signed.text, [self._log_line(data), line]))
        place.put("cosignature", note.write_note(given.signed.text, [line]))
        return given

    def compare(self, peer: Place, name: str, place: Place) -> None:
        """Look whether another witness was shown the same log. Raises Refused ``audit.alarm_peer``."""
        data = peer.get("checkpoint")
        theirs, ours = _read(data), self.seen()
        if ours is None:
            return
        self._check_signed(theirs, data)
        first, second = sorted((ours, theirs), key=lambda checkpoint: checkpoint.size)
        if not _continues(first, second, place):
            self._keep_alarm(data)
            raise Refused("audit.alarm_peer", peer=name, size=theirs.size)

    def _check_signed(self, given: log.Checkpoint, data: bytes) -> None:
        if given.origin != self.log_key.name or not note.is_signed_by(given.signed, self.log_key):
            self._keep_alarm(data)
            raise Refused("audit.alarm_signature")

    def _log_line(self, data: bytes) -> str:
        """The one signature by the log; what else stands on the note may fill a page."""
        text, _, tail = data.decode().rpartition("\n\n")
        lines = tail.splitlines(keepends=True)
        alone = {line: note.parse_note(note.write_note(text + "\n", [line])) for line in lines}
        return next(line for line, signed in alone.items() if note.is_signed_by(signed, self.log_key))

    def _check_continues(self, given: log.Checkpoint, data: bytes, place: Place) -> None:
        seen = self.seen()
        if seen is None:
            return
        if given.size < seen.size:
            alarm = Refused("audit.alarm_rollback", seen=seen.size, size=given.size)
        elif given.size == seen.size and given.root != seen.root:
            alarm = Refused("audit.alarm_fork", size=given.size)
        elif not _continues(seen, given, place):
            alarm = Refused("audit.alarm_inconsistent", seen=seen.size, size=given.size)
        else:
            return
        self._keep_alarm(data)
        raise alarm

    def _keep_alarm(self, data: bytes) -> None:
        """What is signed and contradicts what was signed is proof; it stays here even if the log hides it again."""
        write_whole(self.store / "alarms" / f"{sha256(data).hexdigest()}.note", data)


def _read(data: bytes) -> log.Checkpoint:
    try:
        return log.read_checkpoint(data, "checkpoint")
    except FormatError as error:
        raise Refused("audit.note_invalid") from error


def _continues(first: log.Checkpoint, second: log.Checkpoint, place: Place) -> bool:
    proof: list[bytes] = []
    if first.size < second.size:
        data = place.get(f"consistency/{first.size}/{second.size}")
        try:
            proof = log.read_consistency(data, "consistency").get((first.size, second.size), [])
        except FormatError:
            return False
    return is_consistent(first.size, second.size, proof, first.root, second.root)


# The program ------------------------------------------------------------------------------------


def main(words: list[str]) -> int:
    """Run the program; return its exit code."""
    teach(SENTENCES)
    args = _parser().parse_args(words)
    try:
        return int(args.do(args))
    except Refused as refused:
        return _tell(refused)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m gongchou.audit.witness", description="日志的见证人")
    verbs = parser.add_subparsers(required=True)
    init = verbs.add_parser("init", help="建立存放处和密钥")
    init.add_argument("store", type=Path)
    init.add_argument("--name", required=True, help="见证人名称，如 witness.example")
    init.add_argument("--log", required=True, type=Path, help="日志的公钥文件 audit.vkey")
    init.set_defaults(do=_init)
    run = verbs.add_parser("run", help="查看日志并共签")
    run.add_argument("store", type=Path)
    run.add_argument("--place", required=True, help="日志地址（http、https）或文件夹")
    run.add_argument("--every", type=float, help="每隔多少秒一次；不给则只做一次")
    run.add_argument("--peer", action="append", default=[], help="另一见证人公开检查点的地址或文件夹，可给多个")
    run.set_defaults(do=_run)
    check = verbs.add_parser("check", help="核验日志的一行")
    check.add_argument("line", type=Path, help="本行原文 line-N.json")
    check.add_argument("proof", type=Path, help="包含证明 line-N.proof")
    check.add_argument("--log", required=True, type=Path, help="日志的公钥文件 audit.vkey")
    check.set_defaults(do=_check)
    return parser


def _check(args: Namespace) -> int:
    key = read_vkeys(args.log, note.ED25519)[0]
    found = check_line(_bytes(args.line), _bytes(args.proof), key)
    print(f"核验通过：第{found.index}行在{found.checkpoint.size}行的检查点内（{found.checkpoint.origin}）。")
    return 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("audit.unreachable", place=path, cause=error.strerror) from error


def _init(args: Namespace) -> int:
    key = read_vkeys(args.log, note.ED25519)[0]
    public = make_key(args.store, "witness", args.name, "cosignature")
    write_whole(args.store / "log.vkey", f"{key}\n".encode())
    print(public)
    return 0


def _run(args: Namespace) -> int:
    witness = Witness(args.store)
    while True:
        code = _once(witness, args)
        if code == 2 or not args.every:
            return code
        time.sleep(args.every)


def _once(witness: Witness, args: Namespace) -> int:
    try:
        place = place_of(args.place)
        given = witness.cosign(place, at=int(time.time()))
        print(f"已共签：{given.origin}，{given.size}行", flush=True)
        for peer in args.peer:
            witness.compare(place_of(peer), peer, place)
    except Refused as refused:
        return _tell(refused)
    return 0


def _tell(refused: Refused) -> int:
    print(sentence(refused), file=sys.stderr, flush=True)
    return 2 if refused.code.startswith(ALARM) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
