"""Ed25519 against RFC 8032's vectors and the `cryptography` package."""

from __future__ import annotations

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gongchou.draw import ed25519

# RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc). Seed, key, message, signature.
RFC = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
]
SEED, KEY, MESSAGE, SIGNATURE = (bytes.fromhex(part) for part in RFC[2])
S = int.from_bytes(SIGNATURE[32:], "little")


def with_s(s: int) -> bytes:
    return SIGNATURE[:32] + s.to_bytes(32, "little")


@pytest.mark.parametrize("vector", RFC)
def test_rfc_8032_vectors(vector):
    seed, key, message, signature = map(bytes.fromhex, vector)
    assert ed25519.public_key(seed) == key
    assert ed25519.sign(seed, message) == signature
    assert ed25519.verify(key, message, signature)
    assert not ed25519.verify(key, message + b"\0", signature)


def test_rfc_8032_test_1024_by_the_oracle():
    """The long message of 7.1 stands for length; any 1023 bytes do."""
    message = random.Random(1024).randbytes(1023)
    assert ed25519.sign(SEED, message) == Ed25519PrivateKey.from_private_bytes(SEED).sign(message)


@pytest.mark.parametrize("seed", range(200))
def test_random_messages_as_cryptography_signs_them(seed):
    chance = random.Random(seed)
    secret, message = chance.randbytes(32), chance.randbytes(seed * 3)
    oracle = Ed25519PrivateKey.from_private_bytes(secret)
    key = oracle.public_key().public_bytes_raw()
    signature = oracle.sign(message)
    assert ed25519.public_key(secret) == key
    assert ed25519.sign(secret, message) == signature
    assert ed25519.verify(key, message, signature)
    damaged = bytearray(signature)
    damaged[chance.randrange(64)] ^= 1 << chance.randrange(8)
    assert not ed25519.verify(key, message, bytes(damaged))
    assert not ed25519.verify(ed25519.public_key(chance.randbytes(32)), message, signature)


def test_adding_the_order_to_s_is_refused():
    assert ed25519.verify(KEY, MESSAGE, with_s(S))
    for times in range(1, 9):
        assert not ed25519.verify(KEY, MESSAGE, with_s(S + times * ed25519.ORDER))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_keys_of_another_length_are_refused(length):
    assert not ed25519.verify((KEY * 2)[:length], MESSAGE, SIGNATURE)


@pytest.mark.parametrize("length", [0, 32, 63, 65, 128])
def test_signatures_of_another_length_are_refused(length):
    assert not ed25519.verify(KEY, MESSAGE, (SIGNATURE * 2)[:length])


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_seeds_of_another_length_are_refused(length):
    seed = bytes(length)
    with pytest.raises(ValueError, match="32 bytes"):
        ed25519.sign(seed, MESSAGE)
    with pytest.raises(ValueError, match="32 bytes"):
        ed25519.public_key(seed)


def test_no_y_from_p_upward_is_decoded():
    for y in range(ed25519.P, 1 << 255):
        for sign in (0, 1 << 255):
            assert ed25519._decode((y | sign).to_bytes(32, "little")) is None


def test_zero_has_no_sign():
    for y in (1, ed25519.P - 1):
        assert ed25519._decode(y.to_bytes(32, "little")) is not None
        assert ed25519._decode((y | 1 << 255).to_bytes(32, "little")) is None


def test_about_half_of_all_y_are_on_the_curve():
    found = [y for y in range(1000) if ed25519._decode(y.to_bytes(32, "little"))]
    assert 420 < len(found) < 580
    for y in found:
        point = ed25519._decode(y.to_bytes(32, "little"))
        assert point is not None
        assert ed25519._encode(point) == y.to_bytes(32, "little")


def small_order_keys() -> set[bytes]:
    """All eight points of the torsion group, as multiples of one that L leaves with order eight."""
    y = 0
    while True:
        y += 1
        point = ed25519._decode(y.to_bytes(32, "little"))
        if point is None:
            continue
        torsion = ed25519._multiply_two(ed25519.ORDER, point, 0, ed25519.IDENTITY)
        keys = {ed25519._encode(ed25519._multiply_two(i, torsion, 0, ed25519.IDENTITY)) for i in range(8)}
        if len(keys) == 8:
            return keys


def test_keys_of_small_order_are_refused():
    """With such a key, R = s·B verifies for one message in eight or more."""
    refused_where_openssl_accepts = 0
    for key in small_order_keys():
        for n in range(16):
            message = bytes([n])
            forged = ed25519._encode(ed25519._multiply_base(7)) + (7).to_bytes(32, "little")
            assert not ed25519.verify(key, message, forged)
            refused_where_openssl_accepts += openssl_accepts(key, message, forged)
    assert refused_where_openssl_accepts  # so the check does something


def openssl_accepts(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_a_commitment_that_is_not_canonical_is_refused():
    """R = the neutral element may be written as y = 1 or, wrongly, as y = p + 1."""
    scalar = ed25519._expand(SEED)[0]
    for commitment, accepted in ((1, True), (ed25519.P + 1, False), (1 | 1 << 255, False)):
        r = commitment.to_bytes(32, "little")
        s = ed25519._hash_number(r, KEY, MESSAGE) * scalar % ed25519.ORDER
        signature = r + s.to_bytes(32, "little")
        assert ed25519.verify(KEY, MESSAGE, signature) is accepted
        assert openssl_accepts(KEY, MESSAGE, signature) is accepted
