"""The keys behind draws, in the platform's folder of keys, and who should hold which (ruling 37).

draws.key            signs the public log                      draws.vkey
draws-operator.key   signs what a bundle holds                 draws-operator.vkey
draws-registry.key   signs what the registry held at a freeze  draws-registry.vkey
                     (of each the public part; behind it, one a line, those it took the place of)
draws.checkpoint     the last checkpoint that was signed here: a database that went back is not signed again
draws-witnesses.vkey the witnesses whose cosignatures count, one a line
draws-practice-*.key witnesses whose keys lie here: they prove nothing to others, and pages say so
seal-CODE.key        K of one batch: what opens its pseudonyms; 64 hex digits
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from gongchou.audit.apps import keys_folder
from gongchou.audit.files import write_whole
from gongchou.audit.keys import make_key, read_secret, read_vkeys
from gongchou.draw import note
from gongchou.draw.encoding import is_hash
from gongchou.draw.frame import key_commitment
from gongchou.refusal import Refused

LOG, OPERATOR, REGISTRY = "draws", "draws-operator", "draws-registry"
LATEST = "draws.checkpoint"
WITNESSES = "draws-witnesses.vkey"
PRACTICE = "draws-practice-"


ROLES = {LOG: "draws", OPERATOR: "operator", REGISTRY: "registry"}
"""File -> what its key signs as; the log's name begins with the platform's."""


def make_keys(site: str, *, n_practice: int = 0, folder: Path | None = None) -> list[note.VerifierKey]:
    """Make what is missing of the three keys, and so many practice witnesses where no witness is known; return the new.

    site: the name under which the log signs, such as gongchou.example. Raises Refused ``audit.key_name``.
    """
    folder = folder or keys_folder()
    missing = [file for file in ROLES if not (folder / f"{file}.key").exists()]
    made = [make_key(folder, file, _name(file, site), "ed25519") for file in missing]
    if n_practice and not (folder / WITNESSES).exists():
        own = [make_key(folder, f"{PRACTICE}{at}", f"practice-{at}.{site}", "cosignature") for at in range(n_practice)]
        _write_witnesses(folder, own)
    return made


def _name(file: str, site: str) -> str:
    return f"{site}/{ROLES[file]}" if file == LOG else ROLES[file]


def _write_witnesses(folder: Path, known: Iterable[note.VerifierKey]) -> None:
    write_whole(folder / WITNESSES, "".join(f"{key}\n" for key in sorted(map(str, known))).encode())


def renew(file: str) -> note.VerifierKey:
    """Put a new key in the place of one of the three; the old public part stays known, the old secret is gone.

    The old secret may be lost. Raises Refused ``audit.key_…``. After a run that broke off it is done again.
    """
    folder, known = keys_folder(), publics_of(file)
    old = [secret_of(file).public] if (folder / f"{file}.key").exists() else []
    new = note.secret_key(known[0].name, "ed25519", secrets.token_bytes(32))
    lines = dict.fromkeys([new.public, *old, *known])
    write_whole(folder / f"{file}.vkey", "".join(f"{key}\n" for key in lines).encode())
    write_whole(folder / f"{file}.key", f"{new}\n".encode(), mode=0o600)
    return new.public


def secret_of(role: str) -> note.SecretKey:
    """One of the three. Raises Refused ``audit.key_…``."""
    return read_secret(keys_folder() / f"{role}.key")


def public_of(role: str) -> note.VerifierKey:
    """Its public part. Raises Refused ``audit.key_…``."""
    return publics_of(role)[0]


def publics_of(role: str) -> tuple[note.VerifierKey, ...]:
    """Its public part, and behind it those of the keys it took the place of. Raises Refused ``audit.key_…``."""
    return read_vkeys(keys_folder() / f"{role}.vkey", note.ED25519)


def witnesses() -> tuple[note.VerifierKey, ...]:
    """All witnesses that count; none where nobody was named yet, be the file empty or not there.

    Raises Refused ``audit.key_invalid``.
    """
    path = keys_folder() / WITNESSES
    return read_vkeys(path, note.COSIGNATURE) if path.exists() and path.read_bytes().strip() else ()


def check_may_know(key: note.VerifierKey) -> None:
    """One key has one name, and a name one key. Raises Refused ``draws.witness_known`` or ``draws.witness_name``."""
    for one in witnesses():
        if one.public_key == key.public_key:
            raise Refused("draws.witness_known", name=one.name)
        if one.name == key.name:
            raise Refused("draws.witness_name", name=one.name)


def know_witness(key: note.VerifierKey) -> None:
    """From now on this one's cosignatures count. Nobody is ever taken out: what was signed could not be checked."""
    _write_witnesses(keys_folder(), [*witnesses(), key])


def practice_witnesses() -> list[note.SecretKey]:
    """Witnesses whose keys lie here."""
    return [read_secret(path) for path in sorted(keys_folder().glob(f"{PRACTICE}*.key"))]


def practice_names() -> frozenset[str]:
    """What those are called: pages say that they prove nothing to others."""
    paths = sorted(keys_folder().glob(f"{PRACTICE}*.vkey"))
    return frozenset(read_vkeys(path, note.COSIGNATURE)[0].name for path in paths)


def public_files(universe: bytes = b"") -> dict[str, bytes]:
    """The ``keys/`` files of a bundle. universe: its signed note, by whichever key the registry then had"""
    publics = {"operator": public_of(OPERATOR), "registry": _registry_of(universe), "log": public_of(LOG)}
    files = {f"keys/{name}.vkey": f"{key}\n".encode() for name, key in publics.items()}
    return files | {"keys/witnesses.vkey": "".join(f"{key}\n" for key in sorted(map(str, witnesses()))).encode()}


def _registry_of(universe: bytes) -> note.VerifierKey:
    known = publics_of(REGISTRY)
    signed = note.parse_note(universe) if universe else None
    return next((key for key in known if signed and note.is_signed_by(signed, key)), known[0])


def make_seal(code: str) -> str:
    """Make K of a batch, unless it is there; return its commitment (64 hex digits). Raises Refused ``draws.no_room``.

    Of two who make it at once the first one's stays: pseudonyms under a K that was written over could never be opened.
    """
    path = _seal_path(code)
    if not path.exists():
        own = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            write_whole(own, secrets.token_hex(32).encode() + b"\n", mode=0o600)
            with suppress(FileExistsError):
                path.hardlink_to(own)
        except OSError as error:
            raise Refused("draws.no_room", cause=error.strerror or "") from error
        finally:
            own.unlink(missing_ok=True)
    return key_commitment(seal_of(code))


def seal_of(code: str) -> bytes:
    """K of a batch, 32 bytes. Raises Refused ``draws.seal_missing``."""
    path = _seal_path(code)
    text = path.read_text(encoding="ascii").strip() if path.exists() else ""
    if not is_hash(text):
        raise Refused("draws.seal_missing", code=code)
    return bytes.fromhex(text)


def _seal_path(code: str) -> Path:
    return keys_folder() / f"seal-{code}.key"
