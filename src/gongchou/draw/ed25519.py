"""Ed25519 signatures (RFC 8032, 5.1), in plain Python.

`verify` is for everyone who checks a draw where nothing can be installed. `sign` and `public_key` are
for a machine you own and nobody else measures: they are NOT constant-time.

`verify` is strict, so that two programs cannot disagree about a signature: encodings must be canonical,
S below the group order, the key of more than small order, and the equation is the one without cofactor,
compared byte for byte. Whatever it accepts, OpenSSL accepts.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha512
from typing import TypeAlias

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493  # L in the RFC
D = -121665 * pow(121666, -1, P) % P
KEY_BYTES = 32
SIGNATURE_BYTES = 64

Point: TypeAlias = tuple[int, int, int, int]
"""Extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, x·y = T/Z."""

IDENTITY: Point = (0, 1, 1, 0)
_SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def _add(p: Point, q: Point) -> Point:
    """RFC 8032, 5.1.4: complete, so it holds for any two points, equal or not."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(p: Point) -> Point:
    """RFC 8032, 5.1.4: the shorter formula for p + p."""
    a, b = p[0] * p[0] % P, p[1] * p[1] % P
    h = a + b
    e = h - (p[0] + p[1]) ** 2 % P
    g = a - b
    f = 2 * p[2] * p[2] + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _negate(p: Point) -> Point:
    return -p[0], p[1], p[2], -p[3]


def _multiply_two(m: int, p: Point, n: int, q: Point) -> Point:
    """Return m·p + n·q, m and n not negative, both at once to share the doublings (Straus)."""
    table = (IDENTITY, p, q, _add(p, q))
    total = IDENTITY
    for i in reversed(range(max(m.bit_length(), n.bit_length()))):
        total = _double(total)
        pick = (m >> i & 1) | (n >> i & 1) << 1
        if pick:
            total = _add(total, table[pick])
    return total


def _multiply_base(n: int) -> Point:
    return _multiply_two(n, BASE, 0, IDENTITY)


def _encode(p: Point) -> bytes:
    """RFC 8032, 5.1.2: 32 bytes, y little-endian with the parity of x in the top bit."""
    inverse = pow(p[2], -1, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(KEY_BYTES, "little")


def _decode(data: bytes) -> Point | None:
    """RFC 8032, 5.1.3: the point, or None if the 32 bytes are not the one encoding of a point."""
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number & ~(1 << 255)
    if y >= P:
        return None
    x = _root_of_ratio(y * y - 1, D * y * y + 1)
    if x is None or (not x and odd):  # Zero has no negative, so its sign bit must not be set.
        return None
    if x & 1 != odd:
        x = P - x
    return x, y, 1, x * y % P


def _root_of_ratio(u: int, v: int) -> int | None:
    """Return a square root of u/v modulo p (which is 5 modulo 8), or None."""
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    square = v * x * x % P
    if square == u % P:
        return x
    return x * _SQRT_MINUS_1 % P if square == -u % P else None


def _is_identity(p: Point) -> bool:
    return p[0] % P == 0 and (p[1] - p[2]) % P == 0


@lru_cache(maxsize=64)
def _usable_key(data: bytes) -> Point | None:
    """The point of a key in the prime-order subgroup, or None.

    With a torsion part the two verification equations in use (with and without cofactor) could disagree, and a key of
    small order would sign anything.
    """
    key = _decode(data)
    if key is None or _is_identity(key) or not _is_identity(_multiply_two(0, BASE, ORDER, key)):
        return None
    return key


def _base_point() -> Point:
    base = _decode((4 * pow(5, -1, P) % P).to_bytes(KEY_BYTES, "little"))
    if base is None:
        raise ArithmeticError("the base point does not decode")
    return base


BASE = _base_point()


def _hash_number(*parts: bytes) -> int:
    return int.from_bytes(sha512(b"".join(parts)).digest(), "little") % ORDER


def is_usable(public_key: bytes) -> bool:
    """Tell whether 32 bytes are the one encoding of a key in the prime-order subgroup."""
    return len(public_key) == KEY_BYTES and _usable_key(public_key) is not None


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Check a 64-byte signature of a message under a 32-byte key (RFC 8032, 5.1.7, strictly).

    False for anything that is not right, malformed input included; raises nothing.
    """
    if len(public_key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    key, s = _usable_key(public_key), int.from_bytes(signature[KEY_BYTES:], "little")
    if key is None or s >= ORDER:
        return False
    challenge = _hash_number(signature[:KEY_BYTES], public_key, message)
    # Comparing bytes, not points, is what refuses an R that is not canonical.
    return _encode(_multiply_two(s, BASE, challenge, _negate(key))) == signature[:KEY_BYTES]


def public_key(secret_seed: bytes) -> bytes:
    """Return the 32-byte key of a 32-byte secret seed (RFC 8032, 5.1.5). Not constant-time.

    ValueError for a seed of another length.
    """
    return _encode(_multiply_base(_expand(secret_seed)[0]))


def sign(secret_seed: bytes, message: bytes) -> bytes:
    """Return the 64-byte signature of a message (RFC 8032, 5.1.6).

    NOT constant-time: its duration depends on the secret. Use it on a machine you own, where nobody
    else can measure. ValueError for a seed that is not 32 bytes.
    """
    scalar, prefix = _expand(secret_seed)
    key = _encode(_multiply_base(scalar))
    nonce = _hash_number(prefix, message)
    commitment = _encode(_multiply_base(nonce))
    s = (nonce + _hash_number(commitment, key, message) * scalar) % ORDER
    return commitment + s.to_bytes(KEY_BYTES, "little")


def _expand(secret_seed: bytes) -> tuple[int, bytes]:
    """Return the clamped secret scalar and the 32-byte prefix that makes nonces."""
    if len(secret_seed) != KEY_BYTES:
        raise ValueError(f"a secret seed is {KEY_BYTES} bytes, not {len(secret_seed)}")
    digest = sha512(secret_seed).digest()
    scalar = int.from_bytes(digest[:KEY_BYTES], "little")
    return scalar & ~7 & ((1 << 254) - 1) | 1 << 254, digest[KEY_BYTES:]
