"""Whole draws made by the command line's own operations with fixed keys, so that the same bytes come out every time.

``python -m tests.factories.bundles spec/bundles`` writes the examples of the specification.
All ids are fictitious (演示数据). Beacons are real, long past rounds of public networks.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

from gongchou.cli import afterwards, drawing, framing, freezing, readings
from gongchou.cli.office import PRACTICE_KEYS, write_key
from gongchou.cli.workspace import Workspace
from gongchou.draw import note
from gongchou.draw.beacon import DEFAULT_CHAIN, QUICKNET, Beacon
from gongchou.draw.bundle import write_zip
from gongchou.draw.encoding import Document, dump_json, parse_time
from gongchou.draw.frame import seal
from gongchou.draw.register import Layout, parse_map, parse_rule
from gongchou.draw.seed import party_commitment
from gongchou.folders import open_bundle, write_whole

ROUND_123 = drawing.quicknet_beacon(
    123, "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92"
)
ROUND_12040883 = drawing.quicknet_beacon(
    12040883, "929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec895bb6868e5b9ff13ab289bdb5266b394"
)
DEFAULT_ROUND_1 = Beacon(
    DEFAULT_CHAIN,
    1,
    "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b101"
    "04990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655",
    DEFAULT_CHAIN.group_hash,
)
DICE = "63454660390103169462"
SEAL_KEY = sha256(b"vdp1 example seal key").digest()
EVIDENCE = sha256(b"vdp1 example evidence").hexdigest()


def secret_of(label: str) -> str:
    """A fixed secret, 64 hex digits."""
    return sha256(f"vdp1 example {label}".encode()).hexdigest()


def party(campaign: str, name: str) -> Document:
    """A contributor's source."""
    return {"type": "cr", "party": name, "commitment": party_commitment(campaign, name, secret_of(name))}


def set_up(workspace: Workspace) -> None:
    """An office with fixed keys."""
    for file, (name, kind) in PRACTICE_KEYS.items():
        secret = bytes.fromhex(secret_of(file))
        write_key(workspace.office.root / "keys" / file, note.secret_key(name, kind, secret))


def trust_text(workspace: Workspace) -> str:
    """A trust file that names exactly these keys, and the authorities of the examples."""
    office = workspace.office
    lines = [f"{role} {office.key(role).public}" for role in ("operator", "registry", "log")]
    lines += [f"witness {key}" for key in office.known_witnesses()]
    return "\n".join(lines + [f"authority {name}" for name in ("JIJIAN", "SCJG", "XFJ")]) + "\n"


def shop(number: int) -> str:
    """A fictitious object id."""
    return f"DEMO-{number:06}"


def workspace_root(folder: Path) -> Path:
    """The campaign's directory of a draw's: registers do not lie inside a bundle."""
    return folder.parent if folder.name.startswith("D") else folder


def make_frame(folder: Path, sizes: dict[str, int], *, start: int = 1, at: str, key: bytes | None = None) -> None:
    """A frame of so many shops per stratum, in pools P1 to P3; with one refused row."""
    lines, number = ["编号,层,片区"], start
    for stratum, size in sizes.items():
        for _ in range(size):
            lines.append(f"{shop(number)},{stratum},P{number % 3 + 1}")
            number += 1
    lines.append("demo-lower,A,P1")
    register = workspace_root(folder).with_name(f"{folder.name}.csv")
    register.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    layout = Layout("编号", parse_rule("层"), parse_rule("片区"), scheme="ID", values=parse_map(""))
    framing.make_frame(register, layout, folder, at=parse_time(at), registry="REGISTRY", scope="演示名录", seal_key=key)


def write_people(folder: Path, *, n: int = 12, cap: int = 9, key: bytes | None = None) -> None:
    """Inspectors of two departments in three pools; I01 must not meet shop 3."""
    lines = []
    for i in range(1, n + 1):
        skills = ("food,lead", "food", "fire", "fire,lead")[i % 4]
        lines.append(f"I{i:02}\t{'XFJ' if i % 4 > 1 else 'SCJG'}\tP{i % 3 + 1}\t*\t{skills}\t{cap}\t{i % 2}\n")
    (folder / "inspectors.tsv").write_text("".join(sorted(lines)), encoding="utf-8", newline="")
    avoided = seal(key, shop(3)) if key else shop(3)
    (folder / "avoid.tsv").write_text(f"I01\t{avoided}\n", encoding="utf-8", newline="")


def draft(campaign: str, *, beacon_time: str, closes_at: str, **own: object) -> Document:
    """A draft with what all examples share."""
    return {
        "campaign": campaign,
        "draw": "D1",
        "authority": "SCJG",
        "plan": f"演示计划 {campaign}",
        "strata": {"*": {"ratio": "10%", "min": 1}},
        "closes_at": closes_at,
        "beacon_time": beacon_time,
        "seed": [
            party(campaign, "DEPT-A"),
            party(campaign, "DEPT-B"),
            {"type": "digits", "n": 20},
            {"type": "drand", "chain": "quicknet"},
        ],
        "replacement": {"inspectors": {"type": "drand", "chain": QUICKNET.hash}},
        **own,
    }


SLOTS = [
    {"department": "SCJG", "skills": ["lead"]},
    {"department": "SCJG", "skills": ["food"], "count": 1},
]


def reveal_and_close(workspace: Workspace, *, at: str, given: dict[int, str], parties: tuple[str, ...]) -> None:
    """Reveals ten seconds before, then the close."""
    for name in parties:
        freezing.reveal(workspace, name, secret_of(name), parse_time(at) - 10)
    freezing.close(workspace, given, parse_time(at))


def finish(workspace: Workspace, beacon: Beacon | None, *, at: str, value: str | None = None) -> None:
    """Seed, draw, match, publish."""
    drawing.make_seed(workspace, value=value, beacon=beacon)
    drawing.run(workspace, None, beacon, parse_time(at))
    assert workspace.publish(parse_time(at))


def commit(workspace: Workspace, told: Document, *, at: str) -> None:
    """Commit and have the checkpoint witnessed at that time."""
    freezing.commit(workspace, told, at=parse_time(at))
    workspace.publish(parse_time(at))


# The examples -----------------------------------------------------------------------------------


def open_single(root: Path) -> Workspace:
    """One open draw with match; official mode, strength D."""
    workspace = Workspace(root)
    set_up(workspace)
    make_frame(root, {"A": 60, "B": 40, "C": 12}, at="2024-10-12T00:00:00Z")
    (root.with_name(root.name + ".list")).write_text(f"{shop(5)},deregistered\n{shop(70)},cap_reached,{EVIDENCE}\n")
    framing.exclude_objects(root, root.with_name(root.name + ".list"), None)
    write_people(root)
    strata = {"A": {"ratio": "5%", "min": 1}, "B": {"num": 1, "den": 10}, "C": {"n": 6, "reserve": 3}}
    told = draft(
        "OPEN-2024",
        closes_at="2024-10-14T17:00:00Z",
        beacon_time="2024-10-14T17:13:33Z",
        strata=strata,
        matching={"slots": SLOTS},
    )
    commit(workspace, told, at="2024-10-13T00:00:00Z")
    reveal_and_close(workspace, at="2024-10-14T17:00:00Z", given={3: DICE}, parties=("DEPT-A", "DEPT-B"))
    workspace.publish(parse_time("2024-10-14T17:00:01Z"))
    finish(workspace, ROUND_12040883, at="2024-10-14T17:14:00Z")
    return workspace


def sealed_single(root: Path) -> Workspace:
    """A sealed draw whose match is sealed too; one contributor stays silent."""
    workspace = Workspace(root)
    set_up(workspace)
    make_frame(root, {"A": 80, "D": 9}, at="2024-10-12T00:00:00Z", key=SEAL_KEY)
    write_people(root, key=SEAL_KEY)
    told = draft(
        "SEALED-2024",
        closes_at="2024-10-14T17:00:00Z",
        beacon_time="2024-10-14T17:13:33Z",
        strata={"A": {"ratio": "3%", "min": 2}, "D": {"ratio": "1/2", "round": "floor", "max": 4}},
        matching={"slots": SLOTS, "cross_home": True},
        disclosure={"inspectors": "sealed", "after": "2024-12-01T00:00:00Z"},
        not_before={"chain": DEFAULT_CHAIN.hash, "round": 1, "signature": DEFAULT_ROUND_1.signature},
    )
    write_whole(root / "sources" / "not-before.json", dump_json(DEFAULT_ROUND_1.document()))
    commit(workspace, told, at="2024-10-13T00:00:00Z")
    reveal_and_close(workspace, at="2024-10-14T17:00:00Z", given={3: DICE}, parties=("DEPT-A",))
    workspace.publish(parse_time("2024-10-14T17:00:01Z"))
    finish(workspace, ROUND_12040883, at="2024-10-14T17:14:00Z")
    return workspace


def campaign(root: Path) -> Workspace:
    """Three draws of two departments on one seed, one without the objects of the others, with events afterwards."""
    workspace = Workspace(root)
    set_up(workspace)
    for name, sizes, start in (("D1", {"A": 90, "B": 30}, 1), ("D2", {"A": 90, "B": 30}, 1), ("D3", {"X": 40}, 40)):
        make_frame(root / name, sizes, start=start, at="2023-08-22T00:00:00Z")
    write_people(root, n=16, cap=12)
    told = draft(
        "JOINT-2023",
        closes_at="2023-08-23T15:00:00Z",
        beacon_time="2023-08-23T15:15:33Z",
        draws={
            "D1": {"seq": 1, "plan": "甲", "strata": {"A": {"weight": 3}, "B": {"weight": 2}},
                   "hamilton": {"total": 17}, "matching": {"slots": SLOTS}},
            "D2": {"seq": 2, "plan": "乙", "authority": "XFJ", "strata": {"*": {"ratio": "15%"}},
                   "matching": {"slots": [{"department": "XFJ", "skills": ["fire"], "count": 2}]}},
            "D3": {"seq": 3, "plan": "丙", "ticket_scope": "draw", "exclude_selected_of": ["D1", "D2"],
                   "strata": {"X": {"ratio": "50%"}}},
        },
    )  # fmt: skip
    commit(workspace, told, at="2023-08-23T12:00:00Z")
    reveal_and_close(workspace, at="2023-08-23T15:00:00Z", given={3: DICE}, parties=("DEPT-A", "DEPT-B"))
    workspace.publish(parse_time("2023-08-23T15:00:01Z"))
    finish(workspace, ROUND_123, at="2023-08-23T15:16:00Z")
    events(workspace)
    return workspace


def events(workspace: Workspace) -> None:
    """A replacement, a substitution of a present inspector, and the open slots of the object that came in."""
    draw = workspace.draws()[0]
    out = draw.selected()[0].object_id
    at = parse_time("2023-09-01T00:00:00Z")
    row = afterwards.replace_object(workspace, draw, out, reason="not_found", evidence=EVIDENCE, second="JIJIAN", at=at)
    workspace.publish(at)
    asked = parse_time("2024-10-14T17:12:32Z")  # the first round a minute later is the one we have
    board = afterwards.current_board(workspace)
    object_id, slot = next((o, s) for (o, s) in sorted(board.seats) if o != row.into)
    requests: list[tuple[str, int, str | None]] = [(object_id, slot, board.seats[object_id, slot])]
    new_slots = [k for k in range(1, len(board.tasks[row.into].slots()) + 1) if (row.into, k) not in board.seats]
    requests += [(row.into, k, None) for k in new_slots]
    entries = [ask(workspace, *request, at=asked) for request in requests]
    workspace.publish(asked)
    for index in entries:
        afterwards.finish_substitute(workspace, index, beacon=ROUND_12040883, value=None)
    assert workspace.publish(parse_time("2024-10-14T17:20:00Z"))


def ask(workspace: Workspace, object_id: str, slot: int, out: str | None, *, at: int) -> int:
    """Ask for one slot to be dealt again; return the event."""
    entry, _ = afterwards.ask_substitute(
        workspace,
        object_id,
        slot,
        out,
        reason="absent" if out else "unfilled",
        evidence=None,
        second=None,
        issue=None,
        at=at,
    )
    return entry.index


LOTTERY = {
    "type": "lottery",
    "game": "SSQ",
    "issue": "2024120",
    "groups": [
        {"count": 6, "min": 1, "max": 33, "rule": "ascending"},
        {"count": 1, "min": 1, "max": 16, "rule": "ascending"},
    ],
}


def sm3_notary(root: Path) -> Workspace:
    """Suite sm3, a lottery first and the notary's dice last (strength N); withdrawn once before the close."""
    workspace = Workspace(root)
    set_up(workspace)
    make_frame(root, {"A": 30}, at="2024-10-12T00:00:00Z")
    told = draft(
        "NOTARY-2024",
        suite="sm3",
        closes_at="2024-10-14T17:00:00Z",
        beacon_time="2024-10-14T18:00:00Z",
        seed=[LOTTERY, {"type": "digits", "n": 50}],
        replacement={"inspectors": {"type": "digits", "n": 20}},
        draw="D0",
    )
    commit(workspace, told, at="2024-10-13T00:00:00Z")
    draw = workspace.draws()[0]
    at = parse_time("2024-10-13T06:00:00Z")
    afterwards.withdraw(workspace, draw, reason="error_in_parameters", second="JIJIAN", at=at)
    commit(workspace, told | {"draw": "D1", "supersedes": "D0"}, at="2024-10-13T07:00:00Z")
    reveal_and_close(workspace, at="2024-10-14T17:00:00Z", given={1: "03,05,11,17,21,30+09"}, parties=())
    workspace.publish(parse_time("2024-10-14T17:00:01Z"))
    finish(workspace, None, at="2024-10-14T18:01:00Z", value="1234561234" * 5)
    return workspace


def dice_seats(root: Path) -> Workspace:
    """A match whose seed and whose redraws are decided by dice, each typed and confirmed in the log."""
    workspace = Workspace(root)
    set_up(workspace)
    make_frame(root, {"A": 12}, at="2024-10-12T00:00:00Z")
    write_people(root)
    told = draft(
        "DICE-2024",
        closes_at="2024-10-14T17:00:00Z",
        beacon_time="2024-10-14T18:00:00Z",
        seed=[{"type": "digits", "n": 50}],
        strata={"*": {"n": 2}},
        matching={"slots": SLOTS},
        replacement={"inspectors": {"type": "digits", "n": 20}},
    )
    commit(workspace, told, at="2024-10-13T00:00:00Z")
    reveal_and_close(workspace, at="2024-10-14T17:00:00Z", given={}, parties=())
    workspace.publish(parse_time("2024-10-14T17:00:01Z"))
    read(workspace, {"source": 1}, "1234561234" * 5, at=parse_time("2024-10-14T18:00:30Z"))
    finish(workspace, None, at="2024-10-14T18:01:00Z", value="1234561234" * 5)
    board = afterwards.current_board(workspace)
    asked = parse_time("2024-10-15T01:00:00Z")
    events = [ask(workspace, *seat, board.seats[seat], at=asked) for seat in sorted(board.seats)[:2]]
    workspace.publish(asked)
    for event in events:
        read(workspace, {"event": event}, DICE, at=asked + 60)
        afterwards.finish_substitute(workspace, event, beacon=None, value=DICE)
    assert workspace.publish(asked + 120)
    return workspace


def read(workspace: Workspace, of: dict[str, int], value: str, *, at: int) -> None:
    """One person types what dice showed, another confirms it."""
    for second in (None, "P2-B"):
        readings.log_reading(workspace, of, value, reader="P2-A", second=second, at=at)


def tiny(root: Path) -> Workspace:
    """The smallest whole draw: seven objects, a beacon alone, no match."""
    workspace = Workspace(root)
    set_up(workspace)
    make_frame(root, {"A": 7}, at="2024-10-12T00:00:00Z")
    told = draft(
        "TINY-2024",
        closes_at="2024-10-14T17:00:00Z",
        beacon_time="2024-10-14T17:13:33Z",
        seed=[{"type": "drand"}],
        strata={"*": {"n": 2}},
    )
    commit(workspace, told, at="2024-10-13T00:00:00Z")
    reveal_and_close(workspace, at="2024-10-14T17:00:00Z", given={}, parties=())
    workspace.publish(parse_time("2024-10-14T17:00:01Z"))
    finish(workspace, ROUND_12040883, at="2024-10-14T17:14:00Z")
    return workspace


EXAMPLES = {
    "tiny": tiny,
    "open-single": open_single,
    "sealed-single": sealed_single,
    "campaign": campaign,
    "sm3-notary": sm3_notary,
    "dice-seats": dice_seats,
}


def write_examples(target: Path, work: Path) -> None:
    """Make every example and write it as a zip with its trust file; what an auditor has lies beside."""
    for name, make in EXAMPLES.items():
        workspace = make(work / name)
        write_whole(target / f"{name}.zip", write_zip(open_bundle(workspace.root)))
        write_whole(target / f"{name}.trust", trust_text(workspace).encode())
        if name == "sealed-single":
            write_whole(target / f"{name}.key", (SEAL_KEY.hex() + "\n").encode())
            real = (work / f"{name}.auditor" / "real-ids.tsv").read_bytes()
            write_whole(target / f"{name}.real-ids.tsv", real)
            public = workspace.public_files(open_bundle(workspace.root))
            write_whole(target / f"{name}-public.zip", write_zip(public))


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        write_examples(Path(sys.argv[1]), Path(scratch))
