"""Check drand beacons: BLS signatures on BLS12-381, verification only.

A beacon fixes the seed of a draw, so whoever checks a draw must check the beacon, on a machine where
nothing can be installed. Hence plain Python. There are no secrets here, so nothing needs constant time.

Sources: RFC 9380 (hash to curve; suites 8.8.1 and 8.8.2, isogenies E.2 and E.3),
draft-irtf-cfrg-pairing-friendly-curves (parameters 4.2.1, compressed points appendix C),
draft-irtf-cfrg-bls-signature (core verify 2.7), drand's `bls-unchained-g1-rfc9380` and
`pedersen-bls-chained` (messages and chain hash).

Every curve here has its coordinates in Fp2; a G1 point merely has no imaginary part. That costs a few
milliseconds and halves the code. Points are affine, because Python inverts modulo p about as fast as it
does forty multiplications.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

DST_G1 = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
DST_G2 = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"

P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
X_ABS = 0xD201000000010000  # the curve family's parameter is -X_ABS
FIELD_BYTES = 48


class PointError(ValueError):
    """Bytes that are no point we accept.

    `code` is one of `length`, `flags`, `not_canonical`, `infinity`, `not_on_curve`, `not_in_subgroup`.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


# --- The field Fp2 = Fp[u] / (u^2 + 1) ---------------------------------------------------------------


class Fp2:
    """a + b·u with a and b in [0, p); made by `Fp2(a, b)`, which reduces. Never changed after that."""

    __slots__ = ("a", "b")

    def __init__(self, a: int, b: int = 0) -> None:
        self.a = a % P
        self.b = b % P

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fp2) and self.a == other.a and self.b == other.b

    def __hash__(self) -> int:
        return hash((self.a, self.b))

    def __repr__(self) -> str:
        return f"Fp2({self.a:#x}, {self.b:#x})"

    def __bool__(self) -> bool:
        return bool(self.a or self.b)

    def __add__(self, other: Fp2) -> Fp2:
        return Fp2(self.a + other.a, self.b + other.b)

    def __sub__(self, other: Fp2) -> Fp2:
        return Fp2(self.a - other.a, self.b - other.b)

    def __neg__(self) -> Fp2:
        return Fp2(-self.a, -self.b)

    def __mul__(self, other: Fp2) -> Fp2:
        return Fp2(self.a * other.a - self.b * other.b, self.a * other.b + self.b * other.a)

    def conjugate(self) -> Fp2:
        """Return a - b·u, which is also the p-th power."""
        return Fp2(self.a, -self.b)

    def inverse(self) -> Fp2:
        """Return 1/self. ValueError for zero."""
        shrink = pow(self.a * self.a + self.b * self.b, -1, P)
        return Fp2(self.a * shrink, -self.b * shrink)

    def is_odd(self) -> bool:
        """RFC 9380 sgn0 (4.1): the parity of the first part that is not zero."""
        return bool((self.a or self.b) & 1)

    def is_larger(self) -> bool:
        """Is self larger than -self, imaginary part compared first? The sign of compressed points."""
        return (self.b or self.a) > P // 2


ZERO, ONE = Fp2(0), Fp2(1)


def _fp_sqrt(value: int) -> int | None:
    """Return a square root modulo p, or None; p is 3 modulo 4."""
    root = pow(value, (P + 1) // 4, P)
    return root if root * root % P == value % P else None


def _sqrt_in_fp(value: Fp2) -> Fp2 | None:
    """Return a root within Fp of a value without imaginary part, or None."""
    root = _fp_sqrt(value.a)
    return None if root is None else Fp2(root)


def _sqrt_in_fp2(value: Fp2) -> Fp2 | None:
    """Return a root within Fp2, or None.

    (x + y·u)² = a + b·u gives x² = (a ± |a + b·u|) / 2 and y = b / 2x; only one sign makes x² a square.
    """
    if not value.b:
        root = _fp_sqrt(value.a)
        return Fp2(root) if root is not None else Fp2(0, _fp_sqrt(-value.a) or 0)
    norm = _fp_sqrt(value.a * value.a + value.b * value.b)
    if norm is None:
        return None
    half = (P + 1) // 2
    x = _fp_sqrt((value.a + norm) * half) or _fp_sqrt((value.a - norm) * half) or 0
    return Fp2(x, value.b * half * pow(x, -1, P))


# --- The two groups -----------------------------------------------------------------------------------

Point: TypeAlias = tuple[Fp2, Fp2]
"""An affine point (x, y). Where the point at infinity can come up, it is None."""


@dataclass(frozen=True)
class Group:
    """A curve y² = x³ + b, its subgroup, and how RFC 9380 hashes to it.

    `degree`: 1 if coordinates lie in Fp, 2 for Fp2. `sqrt`: the root in that field. `iso_a`, `iso_b`,
    `iso_z`: A', B' and Z of 8.8.1 or 8.8.2. `numerator` (the RFC's k_(1,i)) and `kernel`: polynomials,
    lowest coefficient first. `y_scale`: see `_isogeny`. `cofactor`: the RFC's h_eff.
    """

    degree: int
    b: Fp2
    sqrt: Callable[[Fp2], Fp2 | None]
    iso_a: Fp2
    iso_b: Fp2
    iso_z: Fp2
    numerator: Sequence[Fp2]
    kernel: Sequence[Fp2]
    y_scale: Fp2
    cofactor: int


# RFC 9380 E.2: k_(1,0) to k_(1,11).
_ISO11_NUMERATOR = (
    0x11A05F2B1E833340B809101DD99815856B303E88A2D7005FF2627B56CDB4E2C85610C2D5F2E62D6EAEAC1662734649B7,
    0x17294ED3E943AB2F0588BAB22147A81C7C17E75B2F6A8417F565E33C70D1E86B4838F2A6F318C356E834EEF1B3CB83BB,
    0x0D54005DB97678EC1D1048C5D10A9A1BCE032473295983E56878E501EC68E25C958C3E3D2A09729FE0179F9DAC9EDCB0,
    0x1778E7166FCC6DB74E0609D307E55412D7F5E4656A8DBF25F1B33289F1B330835336E25CE3107193C5B388641D9B6861,
    0x0E99726A3199F4436642B4B3E4118E5499DB995A1257FB3F086EEB65982FAC18985A286F301E77C451154CE9AC8895D9,
    0x1630C3250D7313FF01D1201BF7A74AB5DB3CB17DD952799B9ED3AB9097E68F90A0870D2DCAE73D19CD13C1C66F652983,
    0x0D6ED6553FE44D296A3726C38AE652BFB11586264F0F8CE19008E218F9C86B2A8DA25128C1052ECADDD7F225A139ED84,
    0x17B81E7701ABDBE2E8743884D1117E53356DE5AB275B4DB1A682C62EF0F2753339B7C8F8C8F475AF9CCB5618E3F0C88E,
    0x080D3CF1F9A78FC47B90B33563BE990DC43B756CE79F5574A2C596C928C5D1DE4FA295F296B74E956D71986A8497E317,
    0x169B1F8E1BCFA7C42E0C37515D138F22DD2ECB803A0C5C99676314BAF4BB1B7FA3190B2EDC0327797F241067BE390C9E,
    0x10321DA079CE07E272D8EC09D2565B0DFA7DCCDDE6787F96D50AF36003B14866F69B771F8C285DECCA67DF3F1605FB7B,
    0x06E08C248E260E70BD1E962381EDEE3D31D79D7E22C837BC23C0BF1BC24C6B68C24B1B80B64D391FA9C8BA2E8BA2D229,
)
# Its square is the RFC's x denominator, its cube the y denominator.
_ISO11_KERNEL = (
    0x133341FB0962A34CB0504A9C4FADA0A5090D38679B4C040D5D1C3AFB023A3409FCC0815FEA66D8B02BBEF9C8B5A66E07,
    0x0264908AF037BCEDE00D054CF5D4775E83EB6CF63C76B969F8ED174FB59FCFF78D201F46F6CFC4ED6552E59CE75177B0,
    0x1335C502C1F54C49ACEEA65E87FD7203BA0F626F305FC0CFD606A5DAE9F3C8E81A4B3B69600129FABD307C69BF319D39,
    0x094440F65F408A6E930E16E3E92DD17BF60D6E9679A8D3D58593DE55AC23703042D609537EB3549AAC234D896CA82944,
    0x04AFE09D5CF4956A23B6B71F59D2B3407B415A774B7BE81BBB6FA99CBC798E0AC98BA725A5BC328016B1C268B4766E85,
    1,
)

G1 = Group(
    degree=1,
    b=Fp2(4),
    sqrt=_sqrt_in_fp,
    iso_a=Fp2(0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D),
    iso_b=Fp2(0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0),
    iso_z=Fp2(11),
    numerator=tuple(map(Fp2, _ISO11_NUMERATOR)),
    kernel=tuple(map(Fp2, _ISO11_KERNEL)),
    y_scale=Fp2(11).inverse(),
    cofactor=1 + X_ABS,
)
_NINTH = Fp2(9).inverse()
G2 = Group(
    degree=2,
    b=Fp2(4, 4),
    sqrt=_sqrt_in_fp2,
    iso_a=Fp2(0, 240),
    iso_b=Fp2(1012, 1012),
    iso_z=Fp2(-2, -1),
    # RFC 9380 E.3 prints k_(1,i) with the ninth multiplied in.
    numerator=(Fp2(304, 304) * _NINTH, Fp2(0, -24) * _NINTH, Fp2(12, -12) * _NINTH, _NINTH),
    kernel=(Fp2(6, -6), ONE),
    y_scale=-Fp2(3).inverse(),
    cofactor=int(
        "bc69f08f2ee75b3584c6a0ea91b352888e2a8e9145ad7689986ff031508ffe1329c2f178731db956d82bf015d1212b02"
        "ec0ec69d7477c1ae954cbc06689f6a359894c0adebbf6b4e8020005aaa95551",
        16,
    ),
)
GENERATOR_G1 = (
    Fp2(0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB),
    Fp2(0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1),
)
GENERATOR_G2 = (
    Fp2(
        0x024AA2B2F08F0A91260805272DC51051C6E47AD4FA403B02B4510B647AE3D1770BAC0326A805BBEFD48056C8C121BDB8,
        0x13E02B6052719F607DACD3A088274F65596BD0D09920B61AB5DA61BBDC7F5049334CF11213945D57E5AC7D055D042B7E,
    ),
    Fp2(
        0x0CE5D527727D6E118CC9CDC6DA2E351AADFD9BAA8CBDD3A76D429A695160D12C923AC9CC3BACA289E193548608B82801,
        0x0606C4A02EA734CC32ACD2B02BC28B99CB3E287E85A763AF267492AB572E99AB3F370D275CEC1DA1AAA9075FF05F79BE,
    ),
)


def _slope(p: Point, q: Point) -> Fp2:
    """Return the slope of the line through p and q, or of the tangent if they are one point."""
    if p == q:
        return Fp2(3) * p[0] * p[0] * (p[1] + p[1]).inverse()
    return (q[1] - p[1]) * (q[0] - p[0]).inverse()


def _third(p: Point, q: Point, slope: Fp2) -> Point:
    """Return p + q, given their slope."""
    x = slope * slope - p[0] - q[0]
    return x, slope * (p[0] - x) - p[1]


def _add(p: Point | None, q: Point | None) -> Point | None:
    """Return p + q, whatever they are."""
    if p is None or q is None:
        return q if p is None else p
    if p[0] == q[0] and p[1] == -q[1]:
        return None
    return _third(p, q, _slope(p, q))


def multiply(factor: int, point: Point | None) -> Point | None:
    """Return factor·point, factor >= 0; not constant-time."""
    total: Point | None = None
    for bit in f"{factor:b}":
        total = _add(total, total)
        if bit == "1":
            total = _add(total, point)
    return total


# --- Reading points -----------------------------------------------------------------------------------


def decode_g1(data: bytes) -> Point:
    """Read a compressed G1 point, 48 bytes; see `_decode`."""
    return _decode(G1, data)


def decode_g2(data: bytes) -> Point:
    """Read a compressed G2 point, 96 bytes, imaginary part of x first; see `_decode`."""
    return _decode(G2, data)


def _decode(group: Group, data: bytes) -> Point:
    """Read a compressed point other than infinity, on the curve and in the subgroup, or raise PointError.

    One point has one encoding. The subgroup check multiplies by the full order: slower than an
    endomorphism, but there is nothing to get wrong in it.
    """
    point = _on_curve(group, _read_x(group, data), bool(data[0] & 0x20))
    if multiply(ORDER, point) is not None:
        raise PointError("not_in_subgroup", "the point is on the curve, but not of prime order")
    return point


def _read_x(group: Group, data: bytes) -> Fp2:
    """Read x after the three flag bits (compressed, infinity, sign) have been found right."""
    if len(data) != FIELD_BYTES * group.degree:
        raise PointError("length", f"{FIELD_BYTES * group.degree} bytes expected, not {len(data)}")
    if not data[0] & 0x80:
        raise PointError("flags", "only compressed points are read")
    bare = bytes([data[0] & 0x1F]) + data[1:]
    if data[0] & 0x40:
        clean = not data[0] & 0x20 and not any(bare)
        raise PointError("infinity" if clean else "flags", "the bit for the point at infinity is set")
    parts = [int.from_bytes(bare[i : i + FIELD_BYTES], "big") for i in range(0, len(bare), FIELD_BYTES)]
    if max(parts) >= P:
        raise PointError("not_canonical", "a coordinate is not smaller than p")
    return Fp2(*reversed(parts))


def _on_curve(group: Group, x: Fp2, larger: bool) -> Point:
    """Return the point at x whose y has the sign asked for."""
    y = group.sqrt(x * x * x + group.b)
    if y is None:
        raise PointError("not_on_curve", "no point of the curve has this x")
    return x, y if y.is_larger() == larger else -y


# --- Hash to curve (RFC 9380) -------------------------------------------------------------------------


def expand_message_xmd(message: bytes, dst: bytes, length: int) -> bytes:
    """RFC 9380, 5.3.1 with SHA-256: `length` uniform bytes, at most 8160.

    ValueError for a length or a domain separation tag out of range (1 to 255 bytes).
    """
    blocks = -(-length // 32)
    if not 0 < len(dst) < 256 or not 0 < blocks < 256:
        raise ValueError("domain separation tag or length out of range")
    tag = dst + bytes([len(dst)])
    first = sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + tag).digest()
    block, out = bytes(32), b""
    for number in range(1, blocks + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block, strict=True))
        block = sha256(mixed + bytes([number]) + tag).digest()
        out += block
    return out[:length]


def _hash_to_field(group: Group, message: bytes, dst: bytes) -> tuple[Fp2, Fp2]:
    """RFC 9380, 5.2: two elements, 64 bytes to each coordinate, so that the bias is negligible."""
    half = 64 * group.degree
    data = expand_message_xmd(message, dst, 2 * half)
    parts = [int.from_bytes(data[i : i + 64], "big") for i in range(0, 2 * half, 64)]
    return Fp2(*parts[: group.degree]), Fp2(*parts[group.degree :])


def _map_to_isogenous(group: Group, u: Fp2) -> Point:
    """RFC 9380, 6.6.2: the simplified SWU map, onto y² = x³ + A'x + B'."""
    zu2 = group.iso_z * u * u
    spread = zu2 * zu2 + zu2
    ratio = group.iso_b * group.iso_a.inverse()
    x = -ratio * (ONE + spread.inverse()) if spread else ratio * group.iso_z.inverse()
    y = group.sqrt(_isogenous_rhs(group, x))
    if y is None:
        x = zu2 * x
        y = group.sqrt(_isogenous_rhs(group, x))
    if y is None:  # One of the two is a square whatever u is; this line is for the type checker.
        raise ArithmeticError("the SWU map found no square")
    return x, y if y.is_odd() == u.is_odd() else -y


def _isogenous_rhs(group: Group, x: Fp2) -> Fp2:
    return (x * x + group.iso_a) * x + group.iso_b


def _isogeny(group: Group, point: Point) -> Point | None:
    """Carry a point from y² = x³ + A'x + B' to the curve itself (RFC 9380, 4.3, E.2, E.3).

    An isogeny has X = N(x) / h(x)² and Y = s·y·dX/dx, so N, h and s say what the RFC's four tables say.
    """
    n, dn = _evaluate(group.numerator, point[0])
    h, dh = _evaluate(group.kernel, point[0])
    if not h:
        return None
    inverse = h.inverse()
    square = inverse * inverse
    slope = (dn * h - (n + n) * dh) * square * inverse
    return n * square, group.y_scale * point[1] * slope


def _evaluate(polynomial: Sequence[Fp2], x: Fp2) -> tuple[Fp2, Fp2]:
    """Return the values at x of a polynomial and of its derivative."""
    value = derivative = ZERO
    for coefficient in reversed(polynomial):
        derivative = derivative * x + value
        value = value * x + coefficient
    return value, derivative


def hash_to_curve(group: Group, message: bytes, dst: bytes) -> Point | None:
    """RFC 9380, suites BLS12381G1_ and G2_XMD:SHA-256_SSWU_RO_. None: infinity, which nobody can hit."""
    first, second = (_isogeny(group, _map_to_isogenous(group, u)) for u in _hash_to_field(group, message, dst))
    return multiply(group.cofactor, _add(first, second))


# --- The field Fp12 = Fp2[w] / (w^6 - (1 + u)) --------------------------------------------------------

Fp12: TypeAlias = tuple[list[int], list[int]]
"""Six coefficients of powers of w, lowest first: their real parts, then their imaginary parts."""

ONE12: Fp12 = ([1, 0, 0, 0, 0, 0], [0] * 6)


def _convolve(f: list[int], g: list[int]) -> list[int]:
    """Multiply two integer polynomials of six terms; zeros in f cost nothing (lines have many)."""
    out = [0] * 11
    for i, x in enumerate(f):
        if x:
            for j, y in enumerate(g, i):
                out[j] += x * y
    return out


def _mul12(f: Fp12, g: Fp12) -> Fp12:
    """Multiply, by Karatsuba over u, reducing only at the end."""
    real, imaginary = _convolve(f[0], g[0]), _convolve(f[1], g[1])
    both = _convolve([a + b for a, b in zip(*f, strict=True)], [a + b for a, b in zip(*g, strict=True)])
    mixed = [c - a - b for a, b, c in zip(real, imaginary, both, strict=True)]
    real = [a - b for a, b in zip(real, imaginary, strict=True)]
    for k in range(5):  # w^6 = 1 + u, and (a + bu)(1 + u) = (a - b) + (a + b)u
        a, b = real[k + 6], mixed[k + 6]
        real[k] += a - b
        mixed[k] += a + b
    return [a % P for a in real[:6]], [b % P for b in mixed[:6]]


def _conjugate12(f: Fp12) -> Fp12:
    """Return f to the power p^6, which turns w into -w; for f of order dividing p^6 + 1, 1/f."""
    real, imaginary = ([-c if i & 1 else c for i, c in enumerate(part)] for part in f)
    return real, imaginary


def _power(base: Fp2, exponent: int) -> Fp2:
    result = ONE
    for bit in f"{exponent:b}":
        result = result * result * (base if bit == "1" else ONE)
    return result


# w^p = w·(1 + u)^((p - 1) / 6), and the same to the power i.
_FROBENIUS = [_power(_power(Fp2(1, 1), (P - 1) // 6), i) for i in range(6)]


def _frobenius(f: Fp12, times: int = 1) -> Fp12:
    """Return f to the power p^times."""
    for _ in range(times):
        parts = [Fp2(a, -b) * c for a, b, c in zip(*f, _FROBENIUS, strict=True)]
        f = [c.a for c in parts], [c.b for c in parts]
    return f


def _inverse12(f: Fp12) -> Fp12:
    """Return 1/f as the product of f's other conjugates over Fp2, divided by the norm."""
    mirror = _conjugate12(f)
    half = _mul12(f, mirror)  # in Fp6
    others = _mul12(_frobenius(half, 2), _frobenius(half, 4))
    norm = _mul12(half, others)  # in Fp2: only the first coefficient is left
    shrink = Fp2(norm[0][0], norm[1][0]).inverse()
    scalar: Fp12 = ([shrink.a, 0, 0, 0, 0, 0], [shrink.b, 0, 0, 0, 0, 0])
    return _mul12(scalar, _mul12(mirror, others))


# --- The pairing --------------------------------------------------------------------------------------


def _line(slope: Fp2, t: Point, p: Point) -> Fp12:
    """Return the value at p, in G1, of the line with this slope through t, in G2.

    The twist sends (x, y) to (x/w², y/w³). The value is multiplied by w³, which lies in Fp4, so the
    final exponentiation makes it 1; that leaves coefficients at w^0, w^2 and w^3 only.
    """
    free, linear = slope * t[0] - t[1], slope * p[0]
    return [free.a, 0, -linear.a, p[1].a, 0, 0], [free.b, 0, -linear.b, 0, 0, 0]


def _miller_product(pairs: Sequence[tuple[Point, Point]]) -> Fp12:
    """Return the product of the Miller loops of (G1, G2) pairs, sharing the squarings.

    The parameter's minus sign would only invert the result; whether it ends at 1 does not change.
    """
    f, running = ONE12, [q for _, q in pairs]
    for bit in f"{X_ABS:b}"[1:]:
        f = _mul12(f, f)
        for i, (p, q) in enumerate(pairs):
            for other in (running[i], q) if bit == "1" else (running[i],):
                slope = _slope(running[i], other)
                f = _mul12(_line(slope, running[i], p), f)
                running[i] = _third(running[i], other, slope)
    return f


def _power_x(f: Fp12) -> Fp12:
    """Return f to the power of the (negative) parameter, for f where the conjugate is the inverse."""
    result = f
    for bit in f"{X_ABS:b}"[1:]:
        result = _mul12(result, result)
        if bit == "1":
            result = _mul12(result, f)
    return _conjugate12(result)


def _ends_at_one(f: Fp12) -> bool:
    """Is f to the power (p^12 - 1) / r equal to 1?

    Easy part (p^6 - 1)(p² + 1), then three times the hard part, (x - 1)²(x + p)(x² + p² - 1) + 3
    (Hayashida, Hayasaka, Teruya, eprint 2020/875); the three is harmless, as it does not divide r.
    """
    f = _mul12(_conjugate12(f), _inverse12(f))
    f = _mul12(_frobenius(f, 2), f)
    g = f
    for _ in range(2):
        g = _mul12(_power_x(g), _conjugate12(g))
    g = _mul12(_power_x(g), _frobenius(g))
    g = _mul12(_mul12(_power_x(_power_x(g)), _frobenius(g, 2)), _conjugate12(g))
    return _mul12(g, _mul12(f, _mul12(f, f))) == ONE12


def _same_pairing(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Is e(a, b) equal to e(c, d)? a and c lie in G1, b and d in G2."""
    return _ends_at_one(_miller_product([((a[0], -a[1]), b), (c, d)]))


# --- Signatures and drand -----------------------------------------------------------------------------


def verify_g1_signature(public_key_g2: bytes, message: bytes, signature_g1: bytes, dst: bytes) -> bool:
    """Check a signature in G1 (48 bytes) under a key in G2 (96 bytes): drand's quicknet, with DST_G1.

    False if it is not the signature; PointError if key or signature is no good point; ValueError for an
    impossible `dst`.
    """
    key, signature = decode_g2(public_key_g2), decode_g1(signature_g1)
    hashed = hash_to_curve(G1, message, dst)
    return hashed is not None and _same_pairing(signature, GENERATOR_G2, hashed, key)


def verify_g2_signature(public_key_g1: bytes, message: bytes, signature_g2: bytes, dst: bytes) -> bool:
    """Check a signature in G2 (96 bytes) under a key in G1 (48 bytes): drand's default chain, with DST_G2.

    Returns and errors as for `verify_g1_signature`.
    """
    key, signature = decode_g1(public_key_g1), decode_g2(signature_g2)
    hashed = hash_to_curve(G2, message, dst)
    return hashed is not None and _same_pairing(GENERATOR_G1, signature, key, hashed)


def drand_message(round_number: int, previous: bytes | None) -> bytes:
    """Return the 32 bytes that a beacon signs: SHA-256(previous signature || uint64 round, big-endian).

    `previous` is None on an unchained network; for round 1 of a chained one it is the group hash.
    ValueError for a round that is no uint64 or zero, as no beacon has number zero.
    """
    if not 0 < round_number < 1 << 64:
        raise ValueError(f"round {round_number} is out of range")
    return sha256((previous or b"") + round_number.to_bytes(8, "big")).digest()


def chain_hash(period: int, genesis: int, public_key: bytes, group_hash: bytes, beacon_id: str) -> bytes:
    """Return the 32 bytes that name a drand chain.

    SHA-256(uint32 period in seconds || int64 genesis in Unix seconds || public key || group hash ||
    beacon id), big-endian; the id is left out if it is "default". ValueError for numbers out of range.
    """
    if not 0 <= period < 1 << 32 or not -(1 << 63) <= genesis < 1 << 63:
        raise ValueError("period or genesis is out of range")
    head = period.to_bytes(4, "big") + genesis.to_bytes(8, "big", signed=True)
    tail = b"" if beacon_id == "default" else beacon_id.encode()
    return sha256(head + public_key + group_hash + tail).digest()
