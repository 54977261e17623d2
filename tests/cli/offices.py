"""A small office for tests of the command line: a register, people, a draft, and every step of a draw as a command.

All names and ids are fictitious (演示数据); the beacon is a real, long past round of a public network.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from gongchou.cli import main
from gongchou.draw.register import USCC_ALPHABET, uscc_check_character
from gongchou.draw.seed import party_commitment

ROUND = 12040883
SIGNATURE = "929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec895bb6868e5b9ff13ab289bdb5266b394"
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
FRAMED_AT = "2024-10-12T00:00:00Z"
COMMITTED_AT = "2024-10-13T00:00:00Z"
REVEALED_AT = "2024-10-14T16:30:00Z"
CLOSED_AT = "2024-10-14T17:00:00Z"
DRAWN_AT = "2024-10-14T17:14:00Z"
BEACON_TIME = "2024-10-14T17:13:33Z"
DICE = "63454660390103169462"
SECRET = "a1" * 32
EVIDENCE = "e5" * 32
HEADER = ["名称", "统一社会信用代码", "所属区"]
PARTIES = {"DEPT-A": SECRET}
AUTHORITIES = ("JIJIAN", "SCJG", "XFJ")


def gongchou(*words: object) -> int:
    """Run the command line as a user would; return the exit code."""
    return main([str(word) for word in words])


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a command that must be refused with exit code 2; return what it says, code first, without a traceback."""
    capsys.readouterr()
    assert gongchou(*words) == 2
    told = capsys.readouterr().err
    assert told.startswith("✗ ")
    return told.removeprefix("✗ ").strip()


def report(capsys: pytest.CaptureFixture[str], bundle: object, *words: object) -> tuple[int, int, str]:
    """Verify; return exit code, number and code of the check that failed (0 and colour when all holds)."""
    capsys.readouterr()
    code = gongchou("verify", bundle, "--json", *words)
    told = json.loads(capsys.readouterr().out)
    if told["failure"]:
        return code, told["failure"]["number"], told["failure"]["code"]
    return code, 0, told["colour"]


def listing(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def folder_listing(bundle: Path) -> dict[str, bytes]:
    """Bundle and office together: what a refused command may not have touched."""
    return {name: data for name, data in listing(bundle.parent).items() if name.startswith("bundle")}


def credit_code(number: int) -> str:
    """A well-formed code under division 990101, which is not assigned to any place."""
    first = "92990101" + "".join(USCC_ALPHABET[number // 31**i % 31] for i in range(9))
    return first + uscc_check_character(first)


def shops(count: int, *, district: str = "演示东区", start: int = 1) -> list[list[str]]:
    """Rows of well-formed shops."""
    return [[f"演示商户{n}", credit_code(n), district] for n in range(start, start + count)]


def write_csv(path: Path, rows: Iterable[Sequence[str]], *, encoding: str = "utf-8", header: bool = True) -> Path:
    """A register with CRLF, as spreadsheets write it."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEADER, *rows] if header else rows)
    return path


def frame_words(register: Path, bundle: Path) -> list[object]:
    """The words of ``frame`` for the register of this office."""
    table = bundle.parent / "map.csv"
    table.write_text("演示东区,DQ\n演示西区,XQ\n", encoding="utf-8")
    columns = ("--id", HEADER[1], "--stratum", HEADER[2], "--pool", HEADER[2], "--map", table)
    return ["frame", register, "-o", bundle, *columns, "--at", FRAMED_AT]


def draft(**own: object) -> dict[str, object]:
    """A draft with one contributor, dice and a beacon."""
    return {
        "campaign": "OFFICE-2024",
        "draw": "D1",
        "authority": "SCJG",
        "plan": "演示计划",
        "strata": {"DQ": {"ratio": "10%"}, "XQ": {"n": 4}},
        "matching": {"slots": [{"department": "SCJG", "skills": ["food"], "count": 2}]},
        "seed": [
            {"type": "cr", "party": "DEPT-A", "commitment": party_commitment("OFFICE-2024", "DEPT-A", SECRET)},
            {"type": "digits", "n": len(DICE)},
            {"type": "drand", "chain": "quicknet"},
        ],
        "closes_at": CLOSED_AT,
        "beacon_time": BEACON_TIME,
        "replacement": {"inspectors": {"type": "drand", "chain": QUICKNET}},
        **own,
    }


def write_draft(folder: Path, told: object) -> Path:
    """A draft as an official would write it: indented, with a final line break."""
    path = folder / "draft.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def write_people(folder: Path, *, count: int = 8, pools: str = "*", cap: int = 9) -> list[object]:
    """Inspectors and one recusal; the words that name them."""
    rows = [f"I{n:03}\tSCJG\tDQ\t{pools}\tfood\t{cap}\t0\n" for n in range(1, count + 1)]
    (folder / "inspectors.tsv").write_text("".join(rows), encoding="utf-8", newline="")
    (folder / "avoid.tsv").write_text(f"I001\t{credit_code(5)}\n", encoding="utf-8", newline="")
    return ["--inspectors", folder / "inspectors.tsv", "--avoid", folder / "avoid.tsv"]


def framed(folder: Path) -> Path:
    """A bundle with a frame of sixty shops in two districts, one row refused."""
    rows = [*shops(40), *shops(20, district="演示西区", start=41), ["演示商户", "", "演示东区"]]
    bundle = folder / "bundle"
    assert gongchou(*frame_words(write_csv(folder / "register.csv", rows), bundle)) == 0
    return bundle


def commit_words(bundle: Path, told: object, *, at: str = COMMITTED_AT) -> list[object]:
    """The words of ``commit`` with inspectors."""
    folder = bundle.parent
    return ["commit", bundle, "--params", write_draft(folder, told), *write_people(folder), "--at", at]


def committed(folder: Path, **own: object) -> Path:
    """A frame, excluded shop 7, and the commitment."""
    bundle = framed(folder)
    listed = folder / "exclude.csv"
    listed.write_text(f"{credit_code(7)},inspected_recently,{EVIDENCE}\n", encoding="utf-8")
    assert gongchou("exclude", bundle, "--list", listed) == 0
    assert gongchou(*commit_words(bundle, draft(**own))) == 0
    return bundle


def closed(folder: Path, **own: object) -> Path:
    """Revealed and closed."""
    bundle = committed(folder, **own)
    assert gongchou("reveal", bundle, "--party", "DEPT-A", "--secret", SECRET, "--at", REVEALED_AT) == 0
    assert gongchou("close", bundle, "--value", f"2={DICE}", "--at", CLOSED_AT) == 0
    return bundle


def drawn(folder: Path, **own: object) -> Path:
    """Seeded, selected, matched."""
    bundle = closed(folder, **own)
    assert gongchou("seed", bundle, "--value", SIGNATURE) == 0
    assert gongchou("run", bundle, "--at", DRAWN_AT) == 0
    return bundle


def trust_file(bundle: Path) -> Path:
    """A trust file with the keys of this bundle, as published elsewhere."""
    keys = bundle / "keys"
    lines = [f"{role} {(keys / f'{role}.vkey').read_text()}" for role in ("operator", "registry", "log")]
    lines += [f"witness {line}\n" for line in (keys / "witnesses.vkey").read_text().splitlines()]
    lines += [f"authority {name}\n" for name in AUTHORITIES]
    path = bundle.parent / "trust.txt"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def drawn_by_dice(folder: Path, **own: object) -> Path:
    """A draw decided by dice a day before, so that the beacon we have is still to come for substitutions."""
    bundle = framed(folder)
    told = draft(
        seed=[{"type": "digits", "n": len(DICE)}],
        closes_at="2024-10-13T17:00:00Z",
        beacon_time="2024-10-13T18:00:00Z",
        **own,
    )
    assert gongchou(*commit_words(bundle, told)) == 0
    assert gongchou("close", bundle, "--at", "2024-10-13T17:00:00Z") == 0
    assert gongchou("seed", bundle, "--value", DICE) == 0
    assert gongchou("run", bundle, "--at", "2024-10-13T18:01:00Z") == 0
    return bundle
