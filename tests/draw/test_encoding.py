"""The one byte form of documents and moments, and what is refused because it could be spelled twice."""

from __future__ import annotations

import base64
import json
import random
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw import encoding
from gongchou.draw.errors import FormatError
from tests.draw.vectors import each, load

REFUSALS = load("refusals")
TIMES = load("time")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

keys = st.from_regex(r"[a-z0-9_]{1,6}", fullmatch=True)
texts = st.text(alphabet=st.characters(codec="utf-8")).map(lambda text: unicodedata.normalize("NFC", text))
leaves = st.none() | st.booleans() | st.integers(-encoding.LARGEST, encoding.LARGEST) | texts
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))


# Documents --------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", each(REFUSALS["json"]))
def test_json_in_another_form_is_refused(row):
    with pytest.raises(FormatError) as refusal:
        encoding.parse_json(base64.b64decode(row["data"]), "x.json")

    assert (refusal.value.code, refusal.value.place) == ("json_invalid", "x.json")


@pytest.mark.parametrize("data", [base64.b64decode(data) for data in REFUSALS["json_accepted"]])
def test_canonical_json_is_written_back_byte_for_byte(data):
    assert encoding.dump_json(encoding.parse_json(data)) == data


@given(values)
def test_what_is_written_is_read_as_the_same(value):
    assert encoding.parse_json(encoding.dump_json([value])) == [value]


@given(values, st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_byte_never_gives_the_same_document(value, place, byte):
    data = encoding.dump_json([value])
    at = place % len(data)
    changed = data[:at] + bytes([byte]) + data[at + 1 :]

    try:
        found = encoding.parse_json(changed)
    except FormatError:
        found = None

    assert changed == data or json.dumps(found) != json.dumps([value])


@pytest.mark.parametrize(
    ("name", "is_within"),
    [
        ("arrays", True),
        ("french", False),
        ("structures", False),
        ("unicode", False),
        ("values", False),
        ("weird", False),
    ],
)
def test_official_rfc_8785_output_is_read_where_the_restriction_allows_it(shared_data, name, is_within):
    data = (shared_data / "vectors" / "rfc8785" / "output" / f"{name}.json").read_bytes()

    if is_within:
        assert encoding.dump_json(encoding.parse_json(data)) == data
    else:
        with pytest.raises(FormatError, match="json_invalid"):
            encoding.parse_json(data)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_rfc_8785_input_is_refused_before_it_is_canonical(shared_data, name):
    data = (shared_data / "vectors" / "rfc8785" / "input" / f"{name}.json").read_bytes()

    with pytest.raises(FormatError, match="json_invalid"):
        encoding.parse_json(data)


@pytest.mark.parametrize("name", ["arrays", "structures", "values", "weird", "french"])
def test_strings_are_escaped_as_rfc_8785_escapes_them(shared_data, name):
    folder: Path = shared_data / "vectors" / "rfc8785"
    told = json.loads((folder / "input" / f"{name}.json").read_text(encoding="utf-8"))
    output = (folder / "output" / f"{name}.json").read_bytes()

    for text in strings_in(told):
        assert encoding.dump_json(text) in output


def strings_in(value):
    if isinstance(value, str):
        return [value]
    parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in strings_in(part)]


# Moments ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", each(TIMES["valid"], "text"))
def test_a_moment_is_its_count_of_seconds(row):
    assert encoding.parse_time(row["text"]) == row["seconds"]
    assert encoding.format_time(row["seconds"]) == row["text"]


@pytest.mark.parametrize("text", TIMES["refused"])
def test_a_moment_in_another_form_or_none_at_all_is_refused(text):
    with pytest.raises(FormatError, match="time_invalid"):
        encoding.parse_time(text)


@pytest.mark.parametrize("value", [None, 0, True, 1796090400, b"2026-12-01T02:00:00Z", ["2026-12-01T02:00:00Z"]])
def test_a_moment_that_is_no_text_is_refused(value):
    with pytest.raises(FormatError, match="time_invalid"):
        encoding.parse_time(value)


def test_twenty_thousand_moments_are_as_datetime_counts_them():
    rng = random.Random(1970)
    last = int((datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - EPOCH).total_seconds())

    for seconds in [0, last, *(rng.randint(0, last) for _ in range(20_000))]:
        moment = EPOCH + timedelta(seconds=seconds)
        text = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        assert (encoding.format_time(seconds), encoding.parse_time(text)) == (text, seconds)


def test_every_day_number_that_datetime_refuses_is_refused():
    for year in (1970, 1999, 2000, 2024, 2100, 2400):
        for month in range(14):
            for day in range(33):
                assert is_read(f"{year}-{month:02}-{day:02}T00:00:00Z") == is_date(year, month, day)


def is_read(text):
    try:
        encoding.parse_time(text)
    except FormatError:
        return False
    return True


def is_date(year, month, day):
    try:
        datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return False
    return True


# Hashes, text forms of bytes, ids ---------------------------------------------------------------


@pytest.mark.parametrize("row", each(load("sm3")["values"], "text"))
def test_sm3_is_the_standards(row):
    assert encoding.hasher("sm3")(row["text"].encode()) == row["hash"]


def test_sha256_is_the_other_suite():
    assert encoding.hasher("sha256")(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("suite", ["", "SHA256", "sha-256", "md5", "sha1", "sha3_256"])
def test_another_hash_is_refused(suite):
    with pytest.raises(FormatError, match="suite_unknown"):
        encoding.hasher(suite)


@pytest.mark.parametrize("row", each(REFUSALS["base64"]))
def test_base64_in_a_second_spelling_is_refused(row):
    with pytest.raises(FormatError, match="base64_invalid"):
        encoding.decode_base64(row["text"])


@given(st.binary(max_size=40))
def test_base64_comes_back_and_base32_has_no_padding(data):
    assert encoding.decode_base64(encoding.encode_base64(data)) == data
    assert encoding.encode_base32(data) == base64.b32encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("0", True),
        ("A", True),
        ("A" * 54, True),
        ("91000000VDPT000001", True),
        ("A.B_C-D", True),
        ("9..9", True),
        ("", False),
        ("A" * 55, False),
        ("a", False),
        ("-A", False),
        (".A", False),
        ("_A", False),
        ("A ", False),
        ("A\n", False),
        ("A\tB", False),
        ("A/B", False),
        ("Ａ", False),
        ("青岛", False),
        ("٣", False),
    ],
)
def test_an_id_is_upper_case_ascii_of_1_to_54(text, is_one):
    assert encoding.is_id(text) is is_one


@pytest.mark.parametrize("text", ["0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n", "", None, 0, b"0" * 64])
def test_a_hash_value_is_64_lower_case_hex_digits(text):
    assert encoding.is_hash("0123456789abcdef" * 4) is True
    assert encoding.is_hash(text) is False
