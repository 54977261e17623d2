"""A draw of millions, written straight into a frame: what a province would hold."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from gongchou.cli.framing import DEFAULT_REASONS
from gongchou.cli.workspace import Workspace
from gongchou.draw.encoding import Document, dump_json, parse_time, sha256_hex
from gongchou.draw.frame import Digester
from tests.factories.bundles import ROUND_12040883, commit, draft, finish, reveal_and_close, set_up

N_STRATA = 600
RATIOS = ("1%", "3%", "10%", "50%")


def object_id(number: int) -> str:
    """Eighteen characters, so that strata interleave in the order of ids."""
    return f"DEMO{number:014}"


def write_frame(path: Path, n: int) -> None:
    """n objects in 600 strata of equal size, line by line in order."""
    with path.open("w", encoding="ascii", newline="", buffering=1 << 20) as file:
        for stratum in range(N_STRATA):
            pool = f"P{stratum % 100:02}"
            file.writelines(f"S{stratum:03}\t{object_id(i)}\t{pool}\n" for i in range(stratum, n, N_STRATA))


def universe(n: int) -> Document:
    """What the registry states of these objects."""
    digester = Digester()
    for batch in _batches(n):
        digester.add(batch)
    found = digester.result()
    return {
        "key_commitment": None, "read": n, "registry": "REGISTRY", "rejected": {"count": 0, "sha256": sha256_hex(b"")},
        "root": found.root, "scope": "演示", "sealed": False, "sha256": found.sha256, "size": n,
        "snapshot_at": "2024-10-12T00:00:00Z", "source_sha256": None, "v": "vdp1",
    }  # fmt: skip


def _batches(n: int) -> Iterator[list[bytes]]:
    for start in range(0, n, 1 << 14):
        yield [object_id(i).encode() for i in range(start, min(n, start + (1 << 14)))]


def make_committed(root: Path, n: int) -> Workspace:
    """A workspace of n objects, closed and with its beacon come, ready to run."""
    root.mkdir(parents=True)
    workspace = Workspace(root)
    set_up(workspace)
    write_frame(root / "frame.tsv", n)
    documents = {"universe.json": universe(n), "strata-rule.json": {"v": "vdp1"}, "reasons.json": DEFAULT_REASONS}
    for name, document in documents.items():
        (root / name).write_bytes(dump_json(document))
    (root / "excluded.tsv").write_bytes(b"")
    strata = {f"S{s:03}": {"ratio": RATIOS[s % 4], "min": 1} for s in range(N_STRATA)}
    times = {"closes_at": "2024-10-14T17:00:00Z", "beacon_time": "2024-10-14T17:13:33Z"}
    commit(workspace, draft("LARGE", strata=strata, seed=[{"type": "drand"}], **times), at="2024-10-13T00:00:00Z")
    reveal_and_close(workspace, at="2024-10-14T17:00:00Z", given={}, parties=())
    workspace.publish(parse_time("2024-10-14T17:00:01Z"))
    return workspace


def make_drawn(root: Path, n: int) -> Workspace:
    """The same, drawn."""
    workspace = make_committed(root, n)
    finish(workspace, ROUND_12040883, at="2024-10-14T17:14:00Z")
    return workspace


def verify_apart(root: Path) -> tuple[int, str, int]:
    """Verify in a process of its own: exit code, what it printed, its peak memory in bytes.

    Linux counts the memory of whoever started a program as its own (``getrusage``), but not in ``/proc``.
    """
    done = subprocess.run(
        [sys.executable, "-c", _VERIFY, "verify", str(root)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, int(done.stdout.split()[-1])


_VERIFY = """
import resource, sys
from pathlib import Path
from gongchou.cli import main

code = main(sys.argv[1:])
status = Path("/proc/self/status")
if status.exists():
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:")) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # of macOS, in bytes
print(peak)
sys.exit(code)
"""
