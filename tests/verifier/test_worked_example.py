"""The verifier gives the values of the worked example, and of other people's vectors."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from tests.verifier import example
from tests.verifier.making import QUICKNET, QUICKNET_HASH

pytestmark = pytest.mark.browser


def strata(n: int, reserve: int) -> list[dict[str, object]]:
    return [{"id": name, "n": n, "reserve": reserve} for name in "ABC"]


def test_frame_has_the_digest_and_the_root(ask):
    assert ask("gongchou.sha256.hexOfText(x)", example.FRAME) == example.FRAME_DIGEST
    assert ask("gongchou.merkle.rootOfTable(gongchou.bytes.utf8(x))", example.FRAME) == example.FRAME_ROOT


def test_commitment_is_over_the_exact_bytes_of_the_parameters(ask):
    assert len(example.PARAMS) == 1263
    assert ask("gongchou.sha256.hexOfText(x)", example.PARAMS) == example.C
    again = ask("gongchou.json.write(gongchou.json.parse(gongchou.bytes.utf8(x), ''))", example.PARAMS)
    assert again == example.PARAMS


@pytest.mark.parametrize("party", ["DEPT-A", "DEPT-B"])
def test_contributors_commit_to_their_secret(ask, party):
    secret, commitment = example.COMMITMENTS[party]
    assert ask("gongchou.seed.commitment(...x)", ["DEMO-2026-01", party, secret]) == commitment


def test_seed_document_is_written_from_parameters_and_values(ask):
    params = json.loads(example.PARAMS) | {"mode": "official"}
    values = [example.COMMITMENTS[party][0] for party in ("DEPT-A", "DEPT-B")]
    values += ["63454660390103169462", example.SIGNATURE]
    written = ask("gongchou.seed.write(...x)", [params, [["D1", example.C]], values])
    assert written == example.SEED_INPUT
    assert ask("gongchou.sha256.hexOfText(x)", example.CLOSE) == example.CLOSE_DIGEST
    assert ask("gongchou.sha256.hexOfText(x)", example.SEED_INPUT) == example.SEED


@pytest.mark.parametrize("kind", sorted(example.PREFIXES))
def test_prefixes_follow_from_the_seed(ask, kind):
    params = {"suite": "sha256", "mode": "official"}
    assert ask("gongchou.seed.prefix(...x)", [params, kind, example.SEED]) == example.PREFIXES[kind]


def test_every_ticket_and_every_rank(drawn):
    params = {"draw": "D1", "strata": strata(6, 0)}
    tables = drawn({"frames": [{"params": params, "frame": example.FRAME}], "seedInput": example.SEED_INPUT})
    assert tables["seed"] == example.SEED
    assert tables["draws"]["D1"]["selected"].replace("\t", " ") == example.TICKETS


def test_first_of_each_stratum_is_selected_and_the_next_wait(drawn):
    params = {"draw": "D1", "strata": strata(1, 1)}
    tables = drawn({"frames": [{"params": params, "frame": example.FRAME}], "seedInput": example.SEED_INPUT})
    ranks = {name: [line.split("\t")[1] for line in text.splitlines()] for name, text in tables["draws"]["D1"].items()}
    assert ranks == {"selected": ["1", "1", "1"], "reserve": ["2", "2", "2"]}


def test_inspectors_are_dealt_as_in_the_example(drawn):
    groups = [{"count": 1, "department": None, "skills": [skill]} for skill in ("lead", "food")]
    params = {"draw": "D1", "strata": strata(1, 0), "matching": {"cross_home": False, "slots": groups}}
    tables = drawn(
        {
            "frames": [{"params": params, "frame": example.FRAME}],
            "seedInput": example.SEED_INPUT,
            "inspectors": example.PEOPLE,
            "avoid": example.AVOID,
        }
    )
    teams: dict[str, list[str]] = {}
    for line in tables["assignment"].splitlines():
        teams.setdefault(line.split("\t")[0], []).append(line.split("\t")[2])
    assert teams == example.TEAMS
    assert tables["unfilled"] == ""


def test_pseudonym_of_the_example(ask):
    salt = ask("gongchou.unseal.saltOf(...x)", ["00" * 32, "91000000VDPT000001"])
    assert salt == "37568013289b1ff813294ce754500bbfac23746dd833211cb00337d6bb908d08"
    pid = ask("gongchou.unseal.pid(...x)", ["00" * 32, "91000000VDPT000001"])
    assert pid == "LXFA55NRS6K7KU3IE4PM53ZE36FCKLYSLL5RJ4ZTP5AYY7VBYRSA"


@pytest.mark.parametrize("name", ["sha256", "sm3"])
def test_hashes_agree_with_other_people_at_every_length(ask, name):
    messages = [bytes(range(n % 256)) * 2 for n in range(140)]
    expected = [hashlib.new(name, one).hexdigest() for one in messages]
    packed = [base64.b64encode(one).decode() for one in messages]
    assert ask(f"x.map((one) => gongchou.{name}.hex(bytesOf(one)))", packed) == expected


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_values_of_its_standard(ask, text, digest):
    assert ask("gongchou.sm3.hexOfText(x)", text) == digest


def test_slow_hash_of_a_large_file_is_the_same(ask):
    data = b"0123456789abcdef" * 70_001 + b"tail"
    packed = base64.b64encode(data).decode()
    assert ask("gongchou.sha256.hexSlowly(bytesOf(x))", packed) == hashlib.sha256(data).hexdigest()


def test_ticket_from_the_midstate_is_the_plain_hash(ask):
    tails = ["1", "A" * 54, "9007199254740991:" + "Z" * 54]
    plain = [hashlib.sha256(f"{example.SEED}:{tail}".encode()).hexdigest() for tail in tails]
    assert ask("x[1].map(gongchou.sha256.prefixed(x[0]))", [example.SEED, tails]) == plain


NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def test_signed_note_of_c2sp_is_valid_and_a_changed_one_is_not(ask):
    script = "gongchou.note.isSigned(gongchou.note.parse(x[0], 'c', 'p'), gongchou.note.parseKey(x[1], 1, 'k'))"
    assert ask(script, [NOTE, VKEY]) is True
    assert ask(script, [NOTE.replace("example message", "exemple message"), VKEY]) is False


def beacon(round_: int, signature: str) -> dict[str, object]:
    return {"chain": QUICKNET, "previous_signature": None, "round": round_, "signature": signature}


DEFAULT = {
    "beacon_id": "default",
    "genesis_time": 1595431050,
    "group_hash": "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
    "period": 30,
    "public_key": ("868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31"),
    "scheme": "pedersen-bls-chained",
}
DEFAULT_1 = (
    "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b101"
    "04990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655"
)
QUICKNET_123 = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92"


def test_chain_hashes_are_recomputed_from_chain_information(ask):
    assert ask("gongchou.drand.chainHash(x)", QUICKNET) == QUICKNET_HASH
    assert ask("gongchou.drand.chainHash(x) in gongchou.drand.NAMES", DEFAULT) is True


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (beacon(123, QUICKNET_123), "good"),
        (beacon(12040883, example.SIGNATURE), "good"),
        (beacon(12040884, example.SIGNATURE), "signature"),
        (beacon(123, "00" * 48), "point"),
        (beacon(123, "c0" + "00" * 47), "point"),
        (
            {"chain": DEFAULT, "previous_signature": DEFAULT["group_hash"], "round": 1, "signature": DEFAULT_1},
            "good",
        ),
        (
            {"chain": DEFAULT, "previous_signature": "00" * 32, "round": 1, "signature": DEFAULT_1},
            "signature",
        ),
    ],
)
def test_drand_rounds_are_judged(ask, given, verdict):
    assert ask("gongchou.drand.judge(x)", given) == verdict


@pytest.mark.parametrize(
    ("moment", "round_"),
    [("2026-12-01T02:00:00Z", 34429012), ("2024-10-14T17:13:33Z", 12040883), ("2024-10-14T17:13:31Z", 12040883)],
)
def test_round_of_a_time(ask, moment, round_):
    assert ask("gongchou.drand.roundAt(x[0], gongchou.grammar.unix(x[1]))", [QUICKNET, moment]) == round_


LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_merkle_roots_of_rfc_6962(ask, size):
    script = "gongchou.merkle.rootOfLeaves(x.map((one) => gongchou.merkle.leaf(gongchou.bytes.fromHex(one))))"
    assert ask(f"gongchou.bytes.hex(await {script})", LEAVES[:size]) == ROOTS[size]


def probes(shared_data, kind):
    folder = shared_data / "vectors" / "rfc6962" / kind
    return [json.loads(path.read_text()) for path in sorted(folder.rglob("*.json"))]


def test_inclusion_probes_of_others(ask, shared_data):
    given = probes(shared_data, "inclusion")
    script = """x.map((one) => { const b = (text) => bytesOf(text || ""); const proof = (one.proof || []).map(b);
        return !gongchou.merkle.isIncluded(one.leafIdx, one.treeSize, b(one.leafHash), proof, b(one.root)); })"""
    assert ask(script, given) == [one["wantErr"] for one in given]


def test_consistency_probes_of_others(ask, shared_data):
    given = probes(shared_data, "consistency")
    script = """x.map((one) => { const b = (text) => bytesOf(text || ""); const proof = (one.proof || []).map(b);
        return !gongchou.merkle.isConsistent(one.size1, one.size2, b(one.root1), b(one.root2), proof); })"""
    assert ask(script, given) == [one["wantErr"] for one in given]
