"""C2SP signed notes, the keys that sign and verify them, checkpoints' cosignatures (spec 9.1).

A note is text that ends with LF, an empty line, and signature lines ``— NAME BASE64``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from gongchou.draw import ed25519
from gongchou.draw.encoding import LATEST, decode_base64, encode_base64
from gongchou.draw.errors import FormatError

ED25519 = 0x01
COSIGNATURE = 0x04
MOST_SIGNATURES = 64

_KINDS = {"ed25519": ED25519, "cosignature": COSIGNATURE}
_NAME = r"[!-*,-~]{1,200}"
_VKEY = re.compile(rf"({_NAME})\+([0-9a-f]{{8}})\+([A-Za-z0-9+/=]+)")
_SIGNATURE = re.compile(rf"— ({_NAME}) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name it signs under; ``kind`` is ED25519 or COSIGNATURE."""

    name: str
    kind: int
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name || LF || kind || public key)."""
        return sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public_key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.kind]) + self.public_key)}"


@dataclass(frozen=True)
class SecretKey:
    """A private key (32 bytes) with the public one it belongs to; as a text, the one line of a key file."""

    public: VerifierKey
    secret: bytes = field(repr=False)

    def __str__(self) -> str:
        kind = next(name for name, number in _KINDS.items() if number == self.public.kind)
        return f"{self.public.name} {kind} {self.secret.hex()}"


@dataclass(frozen=True)
class Signature:
    """One signature line: whose, under which key id, and the bytes after the key id."""

    name: str
    key_id: bytes
    data: bytes


@dataclass(frozen=True)
class Note:
    """A parsed note. ``text`` ends with LF and is what is signed."""

    text: str
    signatures: tuple[Signature, ...]


def parse_vkey(text: str, place: str = "") -> VerifierKey:
    """Read ``NAME+KEYID+BASE64``. Raises FormatError ``key_invalid`` when the key id does not follow from the rest."""
    found = _VKEY.fullmatch(text)
    if not found:
        raise FormatError("key_invalid", place, key=text[:80])
    try:
        data = decode_base64(found[3], place)
    except FormatError as error:
        raise FormatError("key_invalid", place, key=text[:80]) from error
    if len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
        raise FormatError("key_invalid", place, key=text[:80])
    key = VerifierKey(found[1], data[0], data[1:])
    if key.key_id.hex() != found[2] or not ed25519.is_usable(key.public_key):
        raise FormatError("key_invalid", place, key=text[:80])
    return key


def secret_key(name: str, kind: str, secret: bytes) -> SecretKey:
    """The key that follows from a 32-byte secret; ``kind`` is ed25519 or cosignature. Raises ``key_name``."""
    if not re.fullmatch(_NAME, name):
        raise FormatError("key_name", name)
    return SecretKey(VerifierKey(name, _KINDS[kind], ed25519.public_key(secret)), secret)


def parse_secret(text: str, place: str = "") -> SecretKey:
    """Read ``NAME KIND SECRET(hex)``. Raises FormatError ``secret_invalid``."""
    found = re.fullmatch(rf"({_NAME}) ({'|'.join(_KINDS)}) ([0-9a-f]{{64}})", text.strip())
    if not found:
        raise FormatError("secret_invalid", place)
    return secret_key(found[1], found[2], bytes.fromhex(found[3]))


def parse_note(data: bytes, place: str = "") -> Note:
    """Read a signed note and refuse any other spelling of it. Raises FormatError ``note_invalid``."""
    try:
        text, gap, tail = data.decode().rpartition("\n\n")
    except UnicodeDecodeError as error:
        raise FormatError("note_invalid", place) from error
    lines = tail.split("\n")
    if not gap or not text or "\r" in text or lines.pop() != "" or not 1 <= len(lines) <= MOST_SIGNATURES:
        raise FormatError("note_invalid", place)
    return Note(text + "\n", tuple(_parse_signature(line, place) for line in lines))


def _parse_signature(line: str, place: str) -> Signature:
    found = _SIGNATURE.fullmatch(line)
    if not found:
        raise FormatError("note_invalid", place, line=line[:80])
    data = decode_base64(found[2], place)
    if len(data) < 5:
        raise FormatError("note_invalid", place, line=line[:80])
    return Signature(found[1], data[:4], data[4:])


def is_signed_by(note: Note, key: VerifierKey) -> bool:
    """Tell whether the note bears a valid plain signature of an ED25519 key."""
    return key.kind == ED25519 and any(
        ed25519.verify(key.public_key, note.text.encode(), signature.data) for signature in _of_key(note, key)
    )


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """The time (seconds since 1970) at which a witness cosigned, the earliest if several; None if it did not."""
    if key.kind != COSIGNATURE:
        return None
    times = [_cosignature_time(note, key, signature) for signature in _of_key(note, key)]
    return min((time for time in times if time is not None), default=None)


def _cosignature_time(note: Note, key: VerifierKey, signature: Signature) -> int | None:
    if len(signature.data) != 72:
        return None
    time = int.from_bytes(signature.data[:8], "big")
    if time > LATEST:
        return None
    good = ed25519.verify(key.public_key, _cosigned_message(note.text, time), signature.data[8:])
    return time if good else None


def _of_key(note: Note, key: VerifierKey) -> list[Signature]:
    return [s for s in note.signatures if s.name == key.name and s.key_id == key.key_id]


def _cosigned_message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def sign(text: str, key: VerifierKey, secret: bytes) -> str:
    """The signature line (with LF) of ``text`` by the holder of the 32-byte ``secret``."""
    signature = ed25519.sign(secret, text.encode())
    return f"— {key.name} {encode_base64(key.key_id + signature)}\n"


def cosign(text: str, key: VerifierKey, secret: bytes, time: int) -> str:
    """The cosignature line (with LF) of a witness at ``time`` (seconds since 1970)."""
    signature = ed25519.sign(secret, _cosigned_message(text, time))
    return f"— {key.name} {encode_base64(key.key_id + time.to_bytes(8, 'big') + signature)}\n"


def write_note(text: str, signature_lines: Iterable[str]) -> bytes:
    """Join text and signature lines into a note."""
    return (text + "\n" + "".join(signature_lines)).encode()
