"""The public log: entries and chains, checkpoints and witnesses, proofs and consistency."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from gongchou.draw import ed25519, log, note
from gongchou.draw.encoding import dump_json, parse_json, sha256_hex
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of_hashes

SECRETS = {name: sha256_hex(name.encode()) for name in ("log", "w1", "w2", "w3")}
LOG = note.VerifierKey("log.example/a", note.ED25519, ed25519.public_key(bytes.fromhex(SECRETS["log"])))
HASHES = [leaf_hash(b"%d" % number) for number in range(12)]


def witness(secret, name=None):
    key = ed25519.public_key(bytes.fromhex(SECRETS[secret]))
    return note.VerifierKey(name or f"witness.example/{secret}", note.COSIGNATURE, key)


def entry(number, previous=None, *, time="2026-01-01T00:00:00Z", **own):
    data = log.write_entry("plan", {"plan": f"P{number}"}, authority="SCJG", time=time, previous=previous)
    return log.read_entry(dump_json(parse_json(data) | own), number)


def checkpoint_bytes(size, *, cosigned=(), root=None, origin=LOG.name):
    text = log.checkpoint_text(origin, size, root or root_of_hashes(HASHES[:size]))
    lines = [note.sign(text, LOG, bytes.fromhex(SECRETS["log"]))]
    lines += [note.cosign(text, witness(who, name), bytes.fromhex(SECRETS[who]), time) for who, name, time in cosigned]
    return note.write_note(text, lines)


def checkpoint(size, **own):
    return log.read_checkpoint(checkpoint_bytes(size, **own), "log/checkpoint")


# Entries and chains -----------------------------------------------------------------------------


def test_an_entry_is_read_as_it_was_written():
    data = log.write_entry(
        "close",
        {"campaign": "C-1"},
        authority="SCJG",
        time="2026-01-01T00:00:00Z",
        previous=None,
        files={"close.txt": b"x"},
    )

    read = log.read_entry(data, 7)

    assert (read.type, read.body, read.time, read.place) == (
        "close",
        {"campaign": "C-1"},
        1767225600,
        "log/00000007.json",
    )
    assert read.document["files"] == [{"name": "close.txt", "sha256": sha256_hex(b"x"), "size": 1}]
    assert (read.document["seq"], read.document["prev"]) == (1, log.FIRST_PREV)


@pytest.mark.parametrize(
    "own",
    [
        {"type": "party"},
        {"type": None},
        {"type": ["plan"]},
        {"body": {}},
        {"body": {"plan": ""}},
        {"body": {"plan": "x" * 201}},
        {"body": {"plan": "x", "more": 1}},
        {"authority": "scjg"},
        {"prev": "0" * 63},
        {"prev": "A" * 64},
        {"seq": 0},
        {"seq": True},
        {"time": "2026-01-01T00:00:00+08:00"},
        {"v": "vdp2"},
        {"more": 1},
        {"files": {}},
        {"files": [{"name": "b", "sha256": "0" * 64, "size": 0}, {"name": "a", "sha256": "0" * 64, "size": 0}]},
        {"files": [{"name": "a", "sha256": "0" * 64, "size": 0}] * 2},
        {"files": [{"name": "a", "sha256": "0" * 64, "size": -1}]},
    ],
    ids=str,
)
def test_a_malformed_entry_is_refused(own):
    with pytest.raises(FormatError) as refusal:
        entry(3, **own)

    assert (refusal.value.code, refusal.value.place) == ("entry_invalid", "log/00000003.json")


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b'{"type":"plan"} ', b'"plan"'])
def test_an_entry_that_is_no_canonical_object_is_refused(data):
    with pytest.raises(FormatError, match="entry_invalid"):
        log.read_entry(data, 0)


EVIDENCE = "e" * 64
BODIES: dict[str, dict[str, Any]] = {
    "keys": {"note": "", "vkeys": []},
    "plan": {"plan": "P"},
    "commit": {
        "beacon_time": "2026-01-01T00:00:00Z",
        "campaign": "C",
        "commitment": EVIDENCE,
        "draw": "D",
        "mode": "test",
        "plan": "P",
        "supersedes": None,
    },
    "reveal": {"campaign": "C", "party": "A", "secret": EVIDENCE},
    "reading": {"campaign": "C", "reader": "P1", "second": None, "source": 1, "value": "635241"},
    "close": {"campaign": "C"},
    "seed": {"campaign": "C", "seed": EVIDENCE},
    "result": {"campaign": "C", "draw": "D"},
    "match": {"campaign": "C"},
    "replace": {
        "campaign": "C",
        "draw": "D",
        "evidence": EVIDENCE,
        "in": "X2",
        "out": "X1",
        "rank": 4,
        "reason": "gone",
        "second": "B",
        "stratum": "A",
    },
    "substitute": {
        "campaign": "C",
        "evidence": None,
        "reason": "absent",
        "request": EVIDENCE,
        "second": None,
        "source": {"chain": EVIDENCE, "type": "drand"},
    },
    "withdraw": {"campaign": "C", "draw": "D", "reason": "error", "second": None},
    "audit": {"anything": [1]},
    "disclose": {},
    "outcome": {},
}


def written(kind, body, files=None):
    files = dict.fromkeys(log.FILES_OF.get(kind, ()), b"") if files is None else files
    return log.write_entry(kind, body, authority="SCJG", time="2026-01-01T00:00:00Z", previous=None, files=files)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("commit", []),
        ("commit", ["E/params.json"]),
        ("close", ["close.txt", "seed-input.txt"]),
        ("result", ["D/reserve.tsv", "selected.tsv"]),
        ("reveal", ["close.txt"]),
    ],
)
def test_an_entry_with_other_files_than_its_type_has_is_refused(kind, names):
    data = written(kind, BODIES[kind], dict.fromkeys(names, b""))

    with pytest.raises(FormatError, match="entry_invalid"):
        log.read_entry(data, 0)


def test_the_files_of_a_draw_may_lie_in_its_directory():
    data = written("result", BODIES["result"], {"D/reserve.tsv": b"", "D/selected.tsv": b""})

    assert log.read_entry(data, 0).type == "result"


@pytest.mark.parametrize("kind", BODIES)
def test_each_type_of_entry_has_its_body(kind):
    data = written(kind, BODIES[kind])

    assert log.read_entry(data, 0).body == BODIES[kind]
    assert set(BODIES) == set(log.BODIES)


@pytest.mark.parametrize("event", [0, 12])
def test_a_reading_may_be_of_a_request(event: int):
    body = {key: value for key, value in BODIES["reading"].items() if key != "source"} | {"event": event}

    assert log.read_entry(written("reading", body), 0).body == body
    for odd in (body | {"source": 1}, body | {"event": -1}, body | {"event": True}, body | {"event": None}):
        with pytest.raises(FormatError, match="entry_invalid"):
            log.read_entry(written("reading", odd), 0)


@pytest.mark.parametrize("kind", [kind for kind in BODIES if kind not in ("audit", "disclose", "outcome")])
def test_a_body_without_one_of_its_keys_is_refused(kind):
    for missing in BODIES[kind]:
        body = {key: value for key, value in BODIES[kind].items() if key != missing}
        data = written(kind, body)
        with pytest.raises(FormatError, match="entry_invalid"):
            log.read_entry(data, 0)


@pytest.mark.parametrize("kind", ["audit", "disclose", "outcome"])
def test_a_free_body_is_still_an_object(kind):
    data = log.write_entry(kind, [], authority="SCJG", time="2026-01-01T00:00:00Z", previous=None)

    with pytest.raises(FormatError, match="entry_invalid"):
        log.read_entry(data, 0)


@pytest.mark.parametrize("length", [0, 1, 3, 20])
def test_a_chain_without_gaps_holds(length):
    chain: list[log.Entry] = []
    for number in range(length):
        chain.append(entry(number, chain[-1] if chain else None))

    log.check_chain(chain)

    assert [link.document["seq"] for link in chain] == list(range(1, length + 1))


FIRST = entry(0, time="2026-01-02T00:00:00Z")
SECOND = entry(5, FIRST, time="2026-01-02T00:00:00Z")


@pytest.mark.parametrize(
    ("chain", "field"),
    [
        ([SECOND], "seq"),
        ([FIRST, entry(9, SECOND, time="2026-01-03T00:00:00Z")], "seq"),
        ([FIRST, FIRST], "seq"),
        ([entry(0, seq=2)], "seq"),
        ([entry(0, prev="1" * 64)], "prev"),
        ([FIRST, entry(5, FIRST, prev=log.FIRST_PREV, time="2026-01-02T00:00:00Z")], "prev"),
        ([entry(1, time="2026-01-02T00:00:00Z"), SECOND], "prev"),
        ([FIRST, entry(5, FIRST, time="2026-01-01T23:59:59Z")], "time"),
    ],
)
def test_a_broken_chain_is_refused_by_what_breaks_it(chain, field):
    with pytest.raises(EvidenceError) as refusal:
        log.check_chain(chain)

    assert (refusal.value.code, refusal.value.facts["field"]) == ("chain_broken", field)


# Checkpoints and witnesses ----------------------------------------------------------------------


def test_a_checkpoint_states_size_and_root():
    read = checkpoint(5)

    assert (read.origin, read.size, read.root) == (LOG.name, 5, root_of_hashes(HASHES[:5]))
    log.check_checkpoint(read, LOG, [], 0, "log/checkpoint")


@pytest.mark.parametrize(
    "text",
    [
        "log.example/a\n5\n",
        "log.example/a\n5\nAAAA\n",
        "log.example/a\n05\n" + "A" * 43 + "=\n",
        "log.example/a\n-5\n" + "A" * 43 + "=\n",
        "log.example/a\n9007199254740992\n" + "A" * 43 + "=\n",
        "\n5\n" + "A" * 43 + "=\n",
        "log.example/a\n5\n" + "A" * 43 + "=\nmore\n",
        "log.example/a\n5\n" + "A" * 42 + "B=\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text):
    data = note.write_note(text, [note.sign(text, LOG, bytes.fromhex(SECRETS["log"]))])

    with pytest.raises(FormatError, match=r"checkpoint_invalid \[log/checkpoint\]"):
        log.read_checkpoint(data, "log/checkpoint")


def test_a_checkpoint_of_another_log_is_refused():
    other = note.VerifierKey("log.example/b", note.ED25519, LOG.public_key)

    for read, key in ((checkpoint(5), other), (checkpoint(5, origin="log.example/b"), LOG)):
        with pytest.raises(EvidenceError, match="checkpoint_signature"):
            log.check_checkpoint(read, key, [], 0, "log/checkpoint")


@pytest.mark.parametrize(
    ("cosigned", "known", "times"),
    [
        ([], ["w1"], []),
        ([("w1", None, 7), ("w2", None, 5)], ["w1", "w2"], [5, 7]),
        ([("w1", None, 7), ("w2", None, 5)], ["w1"], [7]),
        ([("w1", None, 7), ("w1", None, 3)], ["w1", "w2"], [3]),
        ([("w3", None, 1)], ["w1", "w2"], []),
    ],
)
def test_known_witnesses_count_with_their_earliest_time(cosigned, known, times):
    read = checkpoint(5, cosigned=cosigned)

    assert read.cosigned_times([witness(name) for name in known]) == times


def test_two_names_for_one_public_key_are_one_witness():
    names = ["witness.example/one", "witness.example/two"]
    read = checkpoint(5, cosigned=[("w1", names[0], 9), ("w1", names[1], 4)])
    known = [witness("w1", name) for name in names]

    assert read.cosigned_times(known) == [4]
    with pytest.raises(EvidenceError) as refusal:
        log.check_checkpoint(read, LOG, known, 2, "log/checkpoint")
    assert (refusal.value.code, refusal.value.facts) == ("checkpoint_witnesses", {"found": 1, "needed": 2})


# Proofs -----------------------------------------------------------------------------------------


def proof_bytes(index, size):
    return log.write_proof(index, inclusion_proof(HASHES[:size], index), checkpoint_bytes(size))


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 5), (4, 5), (11, 12)])
def test_a_proof_file_shows_an_entry_in_the_log(index, size):
    read = log.read_proof(proof_bytes(index, size), "p")

    assert (read.index, read.checkpoint.size) == (index, size)
    log.check_inclusion(log.Entry(index, b"%d" % index, {}), read, "p")


@pytest.mark.parametrize(("index", "data"), [(4, b"5"), (5, b"4"), (3, b"3")])
def test_a_proof_of_another_entry_is_refused(index, data):
    read = log.read_proof(proof_bytes(4, 9), "p")

    with pytest.raises(EvidenceError, match="inclusion"):
        log.check_inclusion(log.Entry(index, data, {}), read, "p")


def test_a_proof_that_names_another_index_than_it_shows_is_refused():
    read = log.read_proof(proof_bytes(4, 9).replace(b"index 4", b"index 3"), "p")

    with pytest.raises(EvidenceError, match="inclusion"):
        log.check_inclusion(log.Entry(4, b"4", {}), read, "p")


PROOF = proof_bytes(4, 9)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PROOF[:40],
        PROOF.replace(b"@v1", b"@v2"),
        PROOF.replace(b"index 4", b"index 04"),
        PROOF.replace(b"index 4", b"index -4"),
        PROOF.replace(b"index 4", b"index 4 "),
        PROOF.replace(b"index 4", b"Index 4"),
        PROOF.replace(b"index 4\n", b""),
        PROOF.replace(b"index 4\n", b"extra eHl6\nindex 4\n"),
        PROOF.replace(b"index 4\n", b"index 4\nextra eHl6\n"),
        PROOF.replace(b"=\n", b"\n", 1),
        PROOF.replace(b"=\n", b"= \n", 1),
        PROOF.replace(b"\n", b"\r\n"),
        b"\xff" + PROOF,
        b"\n" + PROOF,
        PROOF + b"\n",
        PROOF.replace(b"\n\n", b"\n\n\n", 1),
    ],
)
def test_a_proof_file_in_another_form_is_refused(data):
    with pytest.raises(FormatError, match=r"proof_invalid|checkpoint_invalid"):
        log.read_proof(data, "p")


def history(*sizes):
    return {(a, b): consistency_proof(HASHES[:b], a) for a, b in pairwise(sizes)}


def test_consistency_proofs_are_ordered_by_size_as_a_number():
    proofs = history(1, 2, 9, 10, 12)

    data = log.write_consistency(proofs)

    assert [line.split(b"\t")[0] for line in data.splitlines()] == [b"1", b"2", b"9", b"10"]
    assert log.read_consistency(data, "c") == proofs
    assert log.read_consistency(b"", "c") == {}


@pytest.mark.parametrize(
    "data",
    [
        b"9\t12\t-",
        b"10\t12\t-\n9\t10\t-\n",
        b"9\t10\t-\n9\t10\t-\n",
        b"9\t10\n",
        b"09\t10\t-\n",
        b"9\t10\t-\r\n",
        b"9\t10\tAB\n",
        b"9\t10\tQUJD,\n",
        b"9\t10\t\n",
        b"\n",
        b"\xff\n",
    ],
)
def test_a_malformed_table_of_consistency_is_refused(data):
    with pytest.raises(FormatError, match="proof_invalid"):
        log.read_consistency(data, "c")


def test_a_log_that_only_grew_is_consistent():
    seen = [checkpoint(size) for size in (2, 5, 5, 9)]

    log.check_history(seen, checkpoint(12), history(2, 5, 9, 12))
    log.check_history([], checkpoint(12), {})


@pytest.mark.parametrize(
    ("seen", "proofs"),
    [
        ([checkpoint(2)], {}),
        ([checkpoint(2)], history(2, 5, 9)),
        ([checkpoint(2), checkpoint(5)], history(2, 9)),
        ([checkpoint(2, root=HASHES[0])], history(2, 9)),
        ([checkpoint(9, root=HASHES[0])], {}),
        ([checkpoint(10)], {}),
        ([checkpoint(2)], {(2, 9): []}),
        ([checkpoint(2)], history(2, 9) | history(9, 10)),
    ],
)
def test_a_rewritten_log_is_refused(seen, proofs):
    with pytest.raises(EvidenceError, match="consistency"):
        log.check_history(seen, checkpoint(9), proofs)


# Keys -------------------------------------------------------------------------------------------


def test_key_files_hold_keys_of_one_kind_in_order():
    keys = sorted([witness("w1"), witness("w2")], key=str)
    data = "".join(f"{key}\n" for key in keys).encode()

    assert log.read_keys(data, note.COSIGNATURE, "k") == keys
    assert log.read_keys(b"", note.COSIGNATURE, "k") == []
    assert log.read_key(f"{LOG}\n".encode(), note.ED25519, "k") == LOG


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (f"{LOG}".encode(), note.ED25519),
        (f"{LOG}\n\n".encode(), note.ED25519),
        (f"{LOG}\r\n".encode(), note.ED25519),
        (f"{LOG}\n".encode(), note.COSIGNATURE),
        (f"{LOG}\n{LOG}\n".encode(), note.ED25519),
        (b"\xff\n", note.ED25519),
        (b"", note.ED25519),
    ],
)
def test_a_malformed_key_file_is_refused(data, kind):
    with pytest.raises(FormatError, match="key_invalid"):
        log.read_key(data, kind, "k")


def test_unsorted_witnesses_are_refused():
    keys = sorted([f"{witness('w1')}\n", f"{witness('w2')}\n"], reverse=True)

    with pytest.raises(FormatError, match="key_invalid"):
        log.read_keys("".join(keys).encode(), note.COSIGNATURE, "k")
