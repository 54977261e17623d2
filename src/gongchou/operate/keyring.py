"""The keys of a home: named in every backup, carried by one only under a passphrase."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

from gongchou.operate import home as homes
from gongchou.operate.archive import Archive, Manifest
from gongchou.refusal import Refused

PART = "keys.sealed"
_WORK = {"n": 1 << 15, "r": 8, "p": 1, "maxmem": 1 << 26}  # scrypt: a tenth of a second and 32 MB for each guess


def fingerprint() -> str:
    """Tells two secret keys apart and neither of them."""
    return salted_hmac("gongchou.operate.site", "fingerprint", algorithm="sha256").hexdigest()


def keys_of(home: Path) -> dict[str, str]:
    """Name -> text of all keys: the secret key, wherever it comes from, and those of the folder."""
    found = {f"keys/{path.name}": path.read_text(encoding="utf-8") for path in sorted((home / "keys").glob("*.key"))}
    return found | {homes.SECRET: settings.SECRET_KEY}


def seal(keys: dict[str, str], passphrase: str) -> bytes:
    """Encrypt keys (scrypt, then Fernet)."""
    salt = secrets.token_bytes(16)
    data = _fernet(passphrase, salt).encrypt(json.dumps(keys).encode())
    return salt.hex().encode() + b"\n" + data + b"\n"


def unseal(data: bytes, passphrase: str) -> dict[str, str]:
    """The other way. Raises Refused ``operate.wrong_passphrase``."""
    salt, _, text = data.partition(b"\n")
    try:
        found: dict[str, str] = json.loads(_fernet(passphrase, bytes.fromhex(salt.decode())).decrypt(text.strip()))
    except InvalidToken as error:
        raise Refused("operate.wrong_passphrase") from error
    return found


def _fernet(passphrase: str, salt: bytes) -> Fernet:
    key = hashlib.scrypt(passphrase.encode(), salt=salt, dklen=32, **_WORK)
    return Fernet(base64.urlsafe_b64encode(key))


def missing_keys(archive: Archive, home: Path, *, passphrase: str | None, without: bool) -> dict[str, str]:
    """The keys to put into a home, by name: those that it lacks, from under the passphrase.

    without: the keys are lost; go on with a new secret key, and without the log's

    Raises Refused ``operate.secret_differs``, ``operate.wrong_passphrase`` or ``operate.keys_missing``.
    """
    manifest = archive.manifest
    lacking = [name for name in manifest.keys if name != homes.SECRET and not (home / name).exists()]
    if settings.SECRET_KEY.startswith(homes.THROWAWAY):
        lacking.append(homes.SECRET)
    elif fingerprint() != manifest.secret and not without:
        raise Refused("operate.secret_differs")
    found = _sealed(archive, passphrase)
    left = [name for name in lacking if name not in found]
    if left and not without:
        raise Refused("operate.keys_missing", names="、".join(left))
    if homes.SECRET in left:
        found[homes.SECRET] = secrets.token_urlsafe(48)
    return {name: found[name] for name in lacking if name in found}


def _sealed(archive: Archive, passphrase: str | None) -> dict[str, str]:
    if passphrase is None or not archive.manifest.sealed:
        return {}
    with archive.part(PART) as file:
        return unseal(file.read(), passphrase)


def lost(manifest: Manifest, home: Path) -> list[str]:
    """The keys that did not come back: what they signed cannot be signed on, what they sealed not be opened."""
    return [name for name in manifest.keys if name != homes.SECRET and not (home / name).exists()]
