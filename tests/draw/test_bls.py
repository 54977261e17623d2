"""BLS12-381 verification against real drand beacons, RFC 9380's vectors, and arkworks as an oracle."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from py_arkworks_bls12381 import G1Point, G2Point, Scalar

from gongchou.draw import bls
from gongchou.draw.bls import PointError

QUICKNET_KEY = bytes.fromhex(
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
QUICKNET_GROUP = bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e")
QUICKNET_HASH = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET = {
    123: "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92",
    12040883: ("929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec895bb6868e5b9ff13ab289bdb5266b394"),
}

DEFAULT_KEY = bytes.fromhex(
    "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31"
)
DEFAULT_GROUP = bytes.fromhex("176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a")
DEFAULT_HASH = "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce"
# round: (previous signature, signature, randomness)
DEFAULT = {
    1: (
        DEFAULT_GROUP.hex(),
        "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b101"
        "04990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655",
        "101297f1ca7dc44ef6088d94ad5fb7ba03455dc33d53ddb412bbc4564ed986ec",
    ),
    3311596: (
        "8ed588f2a7716fb1349e2d9803da5db0005e98a83783c353d4a08f183236a9ad91d70ddb01266f4b7c576983db464b43"
        "0e65680b9e0098552758afd6c1e6afcb77e3f62fe1b93d42d1cb63abbb2205512fe12fbf74ea9c5ac3b8f5c1e283a1d8",
        "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f9"
        "00e3bd6bf9deb166863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754",
        "647c07b2abbf7ff2afb4d670214f565e5cd9f9c91bfdcecb59a21f3c78d73920",
    ),
}

# RFC 9380, J.9.1 and J.10.1: message, then the coordinates of P (real part before imaginary).
RFC_MESSAGES = [b"", b"abc", b"abcdef0123456789", b"q128_" + b"q" * 128, b"a512_" + b"a" * 512]
RFC_G1 = [
    (
        "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1",
        "08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc68ee29813bb7994998f3eae0c9c6a265",
    ),
    (
        "03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903",
        "0b9c15f3fe6e5cf4211f346271d7b01c8f3b28be689c8429c85b67af215533311f0b8dfaaa154fa6b88176c229f2885d",
    ),
    (
        "11e0b079dea29a68f0383ee94fed1b940995272407e3bb916bbf268c263ddd57a6a27200a784cbc248e84f357ce82d98",
        "03a87ae2caf14e8ee52e51fa2ed8eefe80f02457004ba4d486d6aa1f517c0889501dc7413753f9599b099ebcbbd2d709",
    ),
    (
        "15f68eaa693b95ccb85215dc65fa81038d69629f70aeee0d0f677cf22285e7bf58d7cb86eefe8f2e9bc3f8cb84fac488",
        "1807a1d50c29f430b8cafc4f8638dfeeadf51211e1602a5f184443076715f91bb90a48ba1e370edce6ae1062f5e6dd38",
    ),
    (
        "082aabae8b7dedb0e78aeb619ad3bfd9277a2f77ba7fad20ef6aabdc6c31d19ba5a6d12283553294c1825c4b3ca2dcfe",
        "05b84ae5a942248eea39e1d91030458c40153f3b654ab7872d779ad1e942856a20c438e8d99bc8abfbf74729ce1f7ac8",
    ),
]
RFC_G2 = [
    (
        "0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a",
        "05cb8437535e20ecffaef7752baddf98034139c38452458baeefab379ba13dff5bf5dd71b72418717047f5b0f37da03d",
        "0503921d7f6a12805e72940b963c0cf3471c7b2a524950ca195d11062ee75ec076daf2d4bc358c4b190c0c98064fdd92",
        "12424ac32561493f3fe3c260708a12b7c620e7be00099a974e259ddc7d1f6395c3c811cdd19f1e8dbf3e9ecfdcbab8d6",
    ),
    (
        "02c2d18e033b960562aae3cab37a27ce00d80ccd5ba4b7fe0e7a210245129dbec7780ccc7954725f4168aff2787776e6",
        "139cddbccdc5e91b9623efd38c49f81a6f83f175e80b06fc374de9eb4b41dfe4ca3a230ed250fbe3a2acf73a41177fd8",
        "1787327b68159716a37440985269cf584bcb1e621d3a7202be6ea05c4cfe244aeb197642555a0645fb87bf7466b2ba48",
        "00aa65dae3c8d732d10ecd2c50f8a1baf3001578f71c694e03866e9f3d49ac1e1ce70dd94a733534f106d4cec0eddd16",
    ),
    (
        "121982811d2491fde9ba7ed31ef9ca474f0e1501297f68c298e9f4c0028add35aea8bb83d53c08cfc007c1e005723cd0",
        "190d119345b94fbd15497bcba94ecf7db2cbfd1e1fe7da034d26cbba169fb3968288b3fafb265f9ebd380512a71c3f2c",
        "05571a0f8d3c08d094576981f4a3b8eda0a8e771fcdcc8ecceaf1356a6acf17574518acb506e435b639353c2e14827c8",
        "0bb5e7572275c567462d91807de765611490205a941a5a6af3b1691bfe596c31225d3aabdf15faff860cb4ef17c7c3be",
    ),
    (
        "19a84dd7248a1066f737cc34502ee5555bd3c19f2ecdb3c7d9e24dc65d4e25e50d83f0f77105e955d78f4762d33c17da",
        "0934aba516a52d8ae479939a91998299c76d39cc0c035cd18813bec433f587e2d7a4fef038260eef0cef4d02aae3eb91",
        "14f81cd421617428bc3b9fe25afbb751d934a00493524bc4e065635b0555084dd54679df1536101b2c979c0152d09192",
        "09bcccfa036b4847c9950780733633f13619994394c23ff0b32fa6b795844f4a0673e20282d07bc69641cee04f5e5662",
    ),
    (
        "01a6ba2f9a11fa5598b2d8ace0fbe0a0eacb65deceb476fbbcb64fd24557c2f4b18ecfc5663e54ae16a84f5ab7f62534",
        "11fca2ff525572795a801eed17eb12785887c7b63fb77a42be46ce4a34131d71f7a73e95fee3f812aea3de78b4d01569",
        "0b6798718c8aed24bc19cb27f866f1c9effcdbf92397ad6448b5c9db90d2b9da6cbabf48adc1adf59a1a28344e79d57e",
        "03a47f8e6d1763ba0cad63d6114c0accbef65707825a511b251a660a9b3994249ae4e63fac38b23da0c398689ee2ab52",
    ),
]


def encode(x: bls.Fp2, larger: bool, degree: int) -> bytes:
    body = x.b.to_bytes(48, "big") * (degree - 1) + x.a.to_bytes(48, "big")
    return bytes([body[0] | 0x80 | 0x20 * larger]) + body[1:]


def compress(point: bls.Point | None, degree: int) -> bytes:
    assert point is not None
    return encode(point[0], point[1].is_larger(), degree)


def g1_accepts(signature: bytes, message: bytes) -> bool:
    """A refusal is a refusal, whether by False or by PointError."""
    try:
        return bls.verify_g1_signature(QUICKNET_KEY, message, signature, bls.DST_G1)
    except PointError:
        return False


def g2_accepts(signature: bytes, message: bytes) -> bool:
    try:
        return bls.verify_g2_signature(DEFAULT_KEY, message, signature, bls.DST_G2)
    except PointError:
        return False


def code_of(decode, data: bytes) -> str:
    with pytest.raises(PointError) as caught:
        decode(data)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).startswith(caught.value.code)
    return caught.value.code


# --- drand --------------------------------------------------------------------------------------------


def test_chain_hashes():
    quicknet = bls.chain_hash(3, 1692803367, QUICKNET_KEY, QUICKNET_GROUP, "quicknet")
    default = bls.chain_hash(30, 1595431050, DEFAULT_KEY, DEFAULT_GROUP, "default")
    assert (quicknet.hex(), default.hex()) == (QUICKNET_HASH, DEFAULT_HASH)


@pytest.mark.parametrize(("period", "genesis"), [(-1, 0), (1 << 32, 0), (3, 1 << 63), (3, -(1 << 63) - 1)])
def test_a_chain_hash_of_impossible_numbers_is_refused(period, genesis):
    with pytest.raises(ValueError, match="out of range"):
        bls.chain_hash(period, genesis, QUICKNET_KEY, QUICKNET_GROUP, "quicknet")


@pytest.mark.parametrize("number", [0, -1, 1 << 64])
def test_a_round_out_of_range_is_refused(number):
    with pytest.raises(ValueError, match="out of range"):
        bls.drand_message(number, None)


def test_messages_are_what_drand_hashes():
    assert bls.drand_message(1, None) == sha256(bytes(7) + b"\1").digest()
    assert bls.drand_message(256, b"before") == sha256(b"before" + bytes(6) + b"\1\0").digest()


@pytest.mark.parametrize("number", QUICKNET)
def test_quicknet_beacons_verify(number):
    assert g1_accepts(bytes.fromhex(QUICKNET[number]), bls.drand_message(number, None))


@pytest.mark.parametrize("number", DEFAULT)
def test_default_chain_beacons_verify(number):
    previous, signature, randomness = map(bytes.fromhex, DEFAULT[number])
    assert g2_accepts(signature, bls.drand_message(number, previous))
    assert sha256(signature).digest() == randomness


def test_a_signature_is_good_for_one_round_only():
    assert not g1_accepts(bytes.fromhex(QUICKNET[12040883]), bls.drand_message(12040884, None))
    previous, signature, _ = map(bytes.fromhex, DEFAULT[3311596])
    assert not g2_accepts(signature, bls.drand_message(3311597, previous))
    assert not g2_accepts(signature, bls.drand_message(3311596, None))


def test_a_signature_under_another_tag_is_refused():
    signature, message = bytes.fromhex(QUICKNET[123]), bls.drand_message(123, None)
    assert not bls.verify_g1_signature(QUICKNET_KEY, message, signature, bls.DST_G2)


@pytest.mark.parametrize("bit", [*range(8), *range(8, 384, 19), 383])
def test_a_flipped_bit_of_a_g1_signature_is_refused(bit):
    flipped = int(QUICKNET[123], 16) ^ 1 << 383 - bit
    assert not g1_accepts(flipped.to_bytes(48, "big"), bls.drand_message(123, None))


@pytest.mark.parametrize("bit", [*range(8), *range(8, 768, 47), 767])
def test_a_flipped_bit_of_a_g2_signature_is_refused(bit):
    previous, signature, _ = DEFAULT[1]
    flipped = int(signature, 16) ^ 1 << 767 - bit
    assert not g2_accepts(flipped.to_bytes(96, "big"), bls.drand_message(1, bytes.fromhex(previous)))


# --- Decoding -----------------------------------------------------------------------------------------

DECODERS = pytest.mark.parametrize(("decode", "degree"), [(bls.decode_g1, 1), (bls.decode_g2, 2)])


@DECODERS
def test_malformed_points_are_refused_with_a_reason(decode, degree):
    good = bytes.fromhex(QUICKNET[123]) if degree == 1 else QUICKNET_KEY
    size = 48 * degree
    decode(good)
    assert code_of(decode, b"") == "length"
    assert code_of(decode, good[:-1]) == "length"
    assert code_of(decode, good + b"\0") == "length"
    assert code_of(decode, bytes([good[0] & 0x7F]) + good[1:]) == "flags"
    assert code_of(decode, bytes([good[0] | 0x40]) + good[1:]) == "flags"
    assert code_of(decode, b"\xc0" + bytes(size - 1)) == "infinity"
    assert code_of(decode, b"\xe0" + bytes(size - 1)) == "flags"
    assert code_of(decode, b"\xc0" + bytes(size - 2) + b"\1") == "flags"
    assert code_of(decode, bytes(size)) == "flags"


@DECODERS
def test_a_coordinate_from_p_upward_is_refused(decode, degree):
    top = bytes([0x80 | bls.P >> 376]) + bls.P.to_bytes(48, "big")[1:]
    assert code_of(decode, top + bytes(48 * (degree - 1))) == "not_canonical"
    assert code_of(decode, b"\x9f" + b"\xff" * (48 * degree - 1)) == "not_canonical"


def test_a_second_coordinate_from_p_upward_is_refused():
    assert code_of(bls.decode_g2, b"\x80" + bytes(47) + bls.P.to_bytes(48, "big")) == "not_canonical"


@DECODERS
def test_points_off_the_curve_or_outside_the_subgroup_are_refused(decode, degree):
    group = (bls.G1, bls.G2)[degree - 1]
    codes = set()
    for n in range(1, 30):
        x = bls.Fp2(n, n * (degree - 1))
        on_curve = group.sqrt(x * x * x + group.b) is not None
        code = code_of(decode, encode(x, bool(n & 1), degree))
        assert code == ("not_in_subgroup" if on_curve else "not_on_curve")
        codes.add(code)
    assert len(codes) == 2


def test_a_point_of_order_three_is_refused():
    assert code_of(bls.decode_g1, b"\x80" + bytes(47)) == "not_in_subgroup"  # (0, 2)


def test_bad_keys_raise():
    signature, message = bytes.fromhex(QUICKNET[123]), bls.drand_message(123, None)
    with pytest.raises(PointError):
        bls.verify_g1_signature(b"\xc0" + bytes(95), message, signature, bls.DST_G1)
    with pytest.raises(PointError):
        bls.verify_g2_signature(b"\xc0" + bytes(47), message, bytes.fromhex(DEFAULT[1][1]), bls.DST_G2)


@pytest.mark.parametrize("seed", range(10))
def test_points_decode_as_arkworks_encodes_them(seed):
    factor = random.Random(seed).randrange(1, bls.ORDER)
    for oracle, decode, generator, degree in (
        (G1Point(), bls.decode_g1, bls.GENERATOR_G1, 1),
        (G2Point(), bls.decode_g2, bls.GENERATOR_G2, 2),
    ):
        encoded = bytes((oracle * scalar(factor)).to_compressed_bytes())
        assert decode(encoded) == bls.multiply(factor, generator)
        assert compress(decode(encoded), degree) == encoded


# --- Hash to curve ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"", "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235"),
        (b"abc", "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615"),
        (b"abcdef0123456789", "eff31487c770a893cfb36f912fbfcbff40d5661771ca4b2cb4eafe524333f5c1"),
    ],
)
def test_expand_message_as_rfc_9380_k_1(message, expected):
    dst = b"QUUX-V01-CS02-with-expander-SHA256-128"
    assert bls.expand_message_xmd(message, dst, 32).hex() == expected


@pytest.mark.parametrize(("dst", "length"), [(b"", 32), (b"x" * 256, 32), (b"x", 0), (b"x", 8161)])
def test_expand_message_refuses_what_it_cannot_do(dst, length):
    with pytest.raises(ValueError, match="out of range"):
        bls.expand_message_xmd(b"", dst, length)


@pytest.mark.parametrize(("message", "expected"), list(zip(RFC_MESSAGES, RFC_G1, strict=True)))
def test_hash_to_g1_as_rfc_9380_j_9_1(message, expected):
    point = bls.hash_to_curve(bls.G1, message, b"QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_")
    x, y = (int(part, 16) for part in expected)
    assert point == (bls.Fp2(x), bls.Fp2(y))


@pytest.mark.parametrize(("message", "expected"), list(zip(RFC_MESSAGES, RFC_G2, strict=True)))
def test_hash_to_g2_as_rfc_9380_j_10_1(message, expected):
    point = bls.hash_to_curve(bls.G2, message, b"QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_")
    x0, x1, y0, y1 = (int(part, 16) for part in expected)
    assert point == (bls.Fp2(x0, x1), bls.Fp2(y0, y1))


@pytest.mark.parametrize("seed", range(20))
def test_hash_to_curve_as_arkworks_does(seed):
    message = random.Random(seed).randbytes(seed * 7)
    g1 = bytes(G1Point.hash_to_curve(message, bls.DST_G1).to_compressed_bytes())
    g2 = bytes(G2Point.hash_to_curve(message, bls.DST_G2).to_compressed_bytes())
    assert compress(bls.hash_to_curve(bls.G1, message, bls.DST_G1), 1) == g1
    assert compress(bls.hash_to_curve(bls.G2, message, bls.DST_G2), 2) == g2


@pytest.mark.parametrize("number", [0, 1, bls.P - 1])
def test_the_map_at_its_edges_as_arkworks_does(number):
    """At u = 0 the SWU map divides by zero and takes its other branch."""
    data = number.to_bytes(48, "big")
    for group, u, oracle, degree in (
        (bls.G1, bls.Fp2(number), G1Point.map_from_fp_be(data), 1),
        (bls.G2, bls.Fp2(number, number), G2Point.map_from_fp2_be(data + data), 2),
    ):
        mapped = bls._isogeny(group, bls._map_to_isogenous(group, u))
        cleared = bls.multiply(group.cofactor, mapped)
        assert compress(cleared, degree) == bytes(oracle.to_compressed_bytes())


# --- The pairing, through signatures made by arkworks --------------------------------------------------


def scalar(number: int) -> Scalar:
    return Scalar.from_be_bytes(number.to_bytes(32, "big"))


@pytest.mark.parametrize("seed", range(5))
def test_signatures_by_arkworks_verify_and_only_under_their_key(seed):
    chance = random.Random(seed)
    secret, other = (scalar(chance.randrange(1, bls.ORDER)) for _ in range(2))
    message = chance.randbytes(32)
    in_g1 = bytes((G1Point.hash_to_curve(message, bls.DST_G1) * secret).to_compressed_bytes())
    in_g2 = bytes((G2Point.hash_to_curve(message, bls.DST_G2) * secret).to_compressed_bytes())
    for holder in (secret, other):
        key_g1 = bytes((G1Point() * holder).to_compressed_bytes())
        key_g2 = bytes((G2Point() * holder).to_compressed_bytes())
        assert bls.verify_g1_signature(key_g2, message, in_g1, bls.DST_G1) == (holder is secret)
        assert bls.verify_g2_signature(key_g1, message, in_g2, bls.DST_G2) == (holder is secret)


def test_inverse_in_the_top_field():
    chance = random.Random(1)
    real, imaginary = ([chance.randrange(bls.P) for _ in range(6)] for _ in range(2))
    f = (real, imaginary)
    assert bls._mul12(f, bls._inverse12(f)) == bls.ONE12
    assert bls._frobenius(f, 12) == f
    assert bls._frobenius(f, 6) == tuple([c % bls.P for c in part] for part in bls._conjugate12(f))
