"""A bundle in the making: one draw or a campaign of draws in a directory, with the office beside it."""

from __future__ import annotations

from pathlib import Path

from gongchou.cli.office import Office
from gongchou.draw import note
from gongchou.draw.bundle import (
    MANIFEST,
    MANIFEST_NOTE,
    Files,
    draw_folders,
    in_memory,
    is_of_match,
    manifest_text,
    write_manifest,
)
from gongchou.draw.encoding import Document
from gongchou.draw.errors import RuleError
from gongchou.draw.frame import FrameScan, scan_frame
from gongchou.draw.log import Entry
from gongchou.draw.params import read_params
from gongchou.draw.select import Ranked, read_ranked
from gongchou.folders import FileBlob, beside, open_bundle, read_bytes, write_files


class Draw:
    """One draw of a workspace, after commitment."""

    def __init__(self, root: Path, prefix: str) -> None:
        self.root, self.prefix = root, prefix
        self.params_bytes = read_bytes(root / prefix / "params.json")
        self.params = read_params(self.params_bytes, prefix + "params.json")

    @property
    def id(self) -> str:
        """The draw's id."""
        return str(self.params["draw"])

    def path(self, name: str) -> Path:
        """One of its files."""
        return self.root / self.prefix / name

    def frame(self) -> FileBlob:
        """Its frame."""
        return FileBlob(self.path("frame.tsv"))

    def selected(self) -> list[Ranked]:
        """What was drawn, before any replacement."""
        return self._ranked("selected.tsv")

    def reserve(self) -> list[Ranked]:
        """What was drawn to replace others."""
        return self._ranked("reserve.tsv")

    def _ranked(self, name: str) -> list[Ranked]:
        return list(read_ranked(FileBlob(self.path(name)), self.prefix + name))

    def scan(self) -> FrameScan:
        """One pass over its frame."""
        return scan_frame(self.frame(), with_unit=self.params["ticket_key"] == "unit", place=self.prefix + "frame.tsv")


class Workspace:
    """The directory, its draws by ``seq``, its office."""

    def __init__(self, root: Path, office: Path | None = None) -> None:
        self.root = root
        self.office = Office(office or beside(root, ".office"))

    def draws(self) -> list[Draw]:
        """All committed draws. Raises RuleError ``not_committed``."""
        prefixes = draw_folders(open_bundle(self.root)).values()
        found = sorted((Draw(self.root, prefix) for prefix in prefixes), key=lambda draw: draw.params["seq"])
        if not found:
            raise RuleError("not_committed", str(self.root))
        return found

    def check_all_live(self) -> None:
        """A draw that was withdrawn must not be closed or drawn with the others. Raises RuleError."""
        gone = {entry.body["draw"] for entry in self.entries("withdraw")}
        for draw in self.draws():
            if draw.id in gone and not self.entries("close"):
                raise RuleError("withdrawn_in_place", folder=str(self.root / draw.prefix), draw=draw.id)

    def shared(self) -> Document:
        """The parameters of the lead draw."""
        return self.draws()[0].params

    def entries(self, kind: str) -> list[Entry]:
        """Log entries of one type for this campaign."""
        campaign = self.shared()["campaign"]
        return [e for e in self.office.entries() if e.type == kind and e.body.get("campaign") == campaign]

    def record(
        self, kind: str, body: Document, at: int, *, authority: str, files: dict[str, bytes] | None = None
    ) -> Entry:
        """Append an entry to the log."""
        return self.office.append(kind, body, authority=authority, at=at, files=files)

    def publish(self, at: int) -> bool:
        """Make a checkpoint, refresh log, keys and manifest. False while witnesses are still missing."""
        self.office.make_checkpoint(at)
        shared = self.shared()
        authorities = {draw.params["authority"] for draw in self.draws()}
        try:
            write_files(self.root, self.office.evidence(authorities, shared["witness_k"]))
        except RuleError:
            return False
        self.sign_manifest()
        return True

    def sign_manifest(self) -> None:
        """List and sign the files as they are."""
        write_files(self.root, self.manifest(open_bundle(self.root)))

    def manifest(self, files: Files) -> dict[str, bytes]:
        """The manifest over these files, and its signature."""
        manifest = write_manifest(files)
        operator = self.office.key("operator")
        text = manifest_text(manifest)
        signature = note.sign(text, operator.public, operator.secret)
        return {MANIFEST: manifest, MANIFEST_NOTE: note.write_note(text, [signature])}

    def public_files(self, files: Files) -> Files:
        """The files without the match where the parameters keep it sealed, under a manifest of their own."""
        if any(draw.params["disclosure"]["inspectors"] == "open" for draw in self.draws()):
            return files
        kept = {path: blob for path, blob in files.items() if not is_of_match(path)}
        return kept | in_memory(self.manifest(kept))
