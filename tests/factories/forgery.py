"""Changes one thing in a bundle and redoes digests, log, witnesses, manifest and signatures with the same keys.

Flipped bytes are caught by the manifest; only a forger who holds every key shows whether the later checks work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from gongchou.cli.office import PRACTICE_KEYS
from gongchou.draw import log, note
from gongchou.draw.bundle import MANIFEST, MANIFEST_NOTE, Files, in_memory, manifest_text, universe_text, write_manifest
from gongchou.draw.encoding import Document, dump_json, parse_json, sha256_hex
from gongchou.draw.frame import Digester
from gongchou.draw.log import FIRST_PREV, read_checkpoint, read_proof
from gongchou.draw.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of_hashes
from gongchou.draw.params import commitment
from gongchou.draw.seed import seed_of
from gongchou.draw.table import read_all
from tests.factories.bundles import secret_of

Change = Callable[["Forgery"], None]


def key_of(file: str) -> note.SecretKey:
    """A key of the examples."""
    name, kind = PRACTICE_KEYS[file]
    return note.secret_key(name, kind, bytes.fromhex(secret_of(file)))


@dataclass
class Forgery:
    """A bundle taken apart. Change files, entries or checkpoint times, then ``seal``."""

    files: dict[str, bytes]
    entries: list[Document] = field(default_factory=list)
    covered: list[int] = field(default_factory=list)  # entry -> size of the checkpoint in its proof
    times: dict[int, int] = field(default_factory=dict)  # size -> when the witnesses cosigned
    horizon: int = 0
    keeps_chain: bool = False  # leave seq and prev as they are
    left_out: set[int] = field(default_factory=set)  # entries that the bundle does not show

    @classmethod
    def of(cls, files: Files) -> Forgery:
        """Take a bundle apart."""
        forged = cls({path: read_all(blob) for path, blob in files.items()})
        witness = key_of("witness-1.key").public
        for path in sorted(p for p in forged.files if re.fullmatch(r"log/\d{8}\.json", p)):
            proof = read_proof(forged.files[path.replace(".json", ".tlog-proof")], path)
            forged.entries.append(parse_json(forged.files[path]))
            forged.covered.append(proof.checkpoint.size)
            forged.times[proof.checkpoint.size] = proof.checkpoint.cosigned_times([witness])[0]
        last = read_checkpoint(forged.files["log/checkpoint"], "")
        forged.horizon = last.size
        forged.times[last.size] = last.cosigned_times([witness])[0]
        return forged

    # Reaching into it

    def document(self, path: str) -> Document:
        """A JSON file."""
        value: Document = parse_json(self.files[path])
        return value

    def entry(self, kind: str, number: int = 0) -> Document:
        """The n-th entry of a type."""
        return [entry for entry in self.entries if entry["type"] == kind][number]

    def index(self, kind: str, number: int = 0) -> int:
        """Where the n-th entry of a type stands."""
        return [i for i, entry in enumerate(self.entries) if entry["type"] == kind][number]

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace text once in a file."""
        text = self.files[path].decode()
        assert old in text, (path, old)
        self.files[path] = text.replace(old, new, 1).encode()

    def lines(self, path: str) -> list[str]:
        """The lines of a table."""
        return self.files[path].decode().splitlines()

    def write_lines(self, path: str, lines: list[str], *, in_order: bool = True) -> None:
        """Write a table, sorted."""
        self.files[path] = "".join(line + "\n" for line in (sorted(lines) if in_order else lines)).encode()

    def change_json(self, path: str, change: Callable[[Document], None]) -> None:
        """Change a JSON file in place."""
        document = self.document(path)
        change(document)
        self.files[path] = dump_json(document)

    def change_params(self, change: Callable[[Document], None], prefix: str = "") -> None:
        """Change parameters and all that follows from C up to the seed."""
        path = prefix + "params.json"
        before = self.document(path)
        old = commitment(self.files[path], before["suite"])
        self.change_json(path, change)
        after = self.document(path)
        new = commitment(self.files[path], after["suite"])
        for entry in self.entries:
            if entry["type"] == "commit" and entry["body"]["commitment"] == old:
                entry["body"]["commitment"] = new
                entry["body"]["beacon_time"] = after["beacon_time"]
        for name in ("close.txt", "seed-input.txt"):
            self.files[name] = self.files[name].replace(old.encode(), new.encode())
        self.reseed(after["suite"])

    def reseed(self, suite: str = "sha256") -> None:
        """Let the seed entry follow the seed document."""
        self.entry("seed")["body"]["seed"] = seed_of(self.files["seed-input.txt"].decode(), suite)

    def restate(self, table: str, key: str, prefix: str = "") -> None:
        """Let the parameters state the digest of a changed table."""
        digester = Digester()
        lines = self.files[(prefix if key in ("frame", "excluded") else "") + table].splitlines()
        if lines:
            digester.add(lines)
        stated = digester.result().document()
        self.change_params(lambda params: params[key].update(stated), prefix)

    # Putting it together again

    def seal(self) -> Files:
        """Redo universe notes, entries' digests, chains, tree, checkpoints, proofs and the manifest."""
        registry = key_of("registry.key")
        for path in [p for p in self.files if p.endswith("universe.json")]:
            text = universe_text(self.files[path])
            line = note.sign(text, registry.public, registry.secret)
            self.files.setdefault(path.replace(".json", ".note"), b"")
            self.files[path.replace(".json", ".note")] = note.write_note(text, [line])
        self._rewrite_log()
        return self.sign()

    def sign(self) -> Files:
        """Redo the manifest only."""
        operator = key_of("operator.key")
        self.files[MANIFEST] = write_manifest(in_memory(self.files))
        text = manifest_text(self.files[MANIFEST])
        self.files[MANIFEST_NOTE] = note.write_note(text, [note.sign(text, operator.public, operator.secret)])
        return in_memory(self.files)

    def _rewrite_log(self) -> None:
        self._refresh_entries()
        data = [dump_json(entry) for entry in self.entries]
        hashes = [leaf_hash(each) for each in data]
        for path in [p for p in self.files if p.startswith("log/")]:
            del self.files[path]
        notes = {size: self._checkpoint(size, hashes, at) for size, at in self.times.items()}
        for index, each in enumerate(data):
            if index in self.left_out:
                continue
            size = self.covered[index]
            self.files[f"log/{index:08}.json"] = each
            proof = log.write_proof(index, inclusion_proof(hashes[:size], index), notes[size])
            self.files[f"log/{index:08}.tlog-proof"] = proof
        self.files["log/checkpoint"] = notes[self.horizon]
        shown = {size for index, size in enumerate(self.covered) if index not in self.left_out}
        sizes = sorted({*shown, self.horizon})
        proofs = {(a, b): consistency_proof(hashes[:b], a) for a, b in pairwise(sizes)}
        self.files["log/consistency.tsv"] = log.write_consistency(proofs)

    def _refresh_entries(self) -> None:
        latest: dict[str, Document] = {}
        for entry in self.entries:
            for file in entry["files"]:
                if file["name"] in self.files:
                    own = self.files[file["name"]]
                    file.update(sha256=sha256_hex(own), size=len(own))
            previous = latest.get(entry["authority"])
            if not self.keeps_chain:
                entry["seq"] = previous["seq"] + 1 if previous else 1
            if not self.keeps_chain or previous:
                entry["prev"] = sha256_hex(dump_json(previous)) if previous else FIRST_PREV
            latest[entry["authority"]] = entry

    @staticmethod
    def _checkpoint(size: int, hashes: list[bytes], at: int) -> bytes:
        own = key_of("log.key")
        text = log.checkpoint_text(own.public.name, size, root_of_hashes(hashes[:size]))
        lines = [note.sign(text, own.public, own.secret)]
        for file in ("witness-1.key", "witness-2.key"):
            witness = key_of(file)
            lines.append(note.cosign(text, witness.public, witness.secret, at))
        return note.write_note(text, lines)

    def insert(self, at: int, kind: str, body: dict[str, Any], *, time: str, authority: str = "SCJG") -> None:
        """Put a further entry into the log; all sizes behind it grow."""
        files = [{"name": name, "sha256": FIRST_PREV, "size": 0} for name in log.FILES_OF.get(kind, ())]
        if kind == "commit":
            files[0]["name"] = f"{body['draw']}/params.json"  # of a bundle that is not this one
        entry = {
            "authority": authority, "body": body, "files": files, "prev": FIRST_PREV, "seq": 1, "time": time,
            "type": kind, "v": "vdp1",
        }  # fmt: skip
        self.entries.insert(at, entry)
        self.covered = [size + (size > at) for size in self.covered]
        self.covered.insert(at, next(size for size in self.covered[at:] or [self.horizon + 1]))
        self.times = {size + (size > at): when for size, when in self.times.items()}
        self.horizon += self.horizon > at
        if self.covered[at] not in self.times:
            self.times[self.covered[at]] = max(self.times.values())
            self.horizon = self.covered[at]
