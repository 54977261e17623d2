"""What the strict readers refuse: JSON, tables, zip files, small grammars."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

pytestmark = pytest.mark.browser

CODE_OF = """(() => { try { %s; return "accepted"; } catch (error) { return error.code || String(error); } })()"""


def refused(ask, script: str, data: bytes):
    return ask(CODE_OF % script, base64.b64encode(data).decode())


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"b":[true,false,null,"好"]}',
        "[]",
        '"a\\nb"',
        "-9007199254740991",
        '{"a":{},"b":-1}',
        "[" * 16 + "]" * 16,
        '"e\u0301"',
    ],
)
def test_canonical_json_is_accepted(ask, text):
    assert refused(ask, 'gongchou.json.parse(bytesOf(x), "p")', text.encode()) == "accepted"


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1}\n',
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"A":1}',
        b'{"":1}',
        b"1.0",
        b"1e3",
        b"0.5",
        b"-0",
        b"9007199254740992",
        b"01",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        b"",
        b"[" * 17 + b"]" * 17,
        b'{"a":1,}',
        b"NaN",
        b'"\xff"',
    ],
)
def test_other_json_is_refused(ask, data):
    assert refused(ask, 'gongchou.json.parse(bytesOf(x), "p")', data) == "json_invalid"


@pytest.mark.parametrize(("n_bytes", "code"), [(16 * 1024 * 1024, "accepted"), (16 * 1024 * 1024 + 1, "json_invalid")])
def test_json_is_at_most_16_mib_long(ask, n_bytes, code):
    script = "gongchou.json.parse(gongchou.bytes.utf8('\"' + 'a'.repeat(x - 2) + '\"'), 'p')"
    assert ask(CODE_OF % script, n_bytes) == code


@pytest.mark.parametrize(("n_bytes", "code"), [(65_535, "accepted"), (65_536, "table_invalid")])
@pytest.mark.parametrize("letter", ["A", "\xe9", "\u597d"])
def test_line_of_a_table_has_at_most_65535_bytes(ask, letter, n_bytes, code):
    width = len(letter.encode())
    line = "A" * (n_bytes % width) + letter * (n_bytes // width)
    script = """gongchou.table.parse(gongchou.bytes.utf8("A\\n" + x + "\\n"), "t", [(text) => text !== ""])
        .then((rows) => rows.length === 2 && "accepted", (error) => error.code)"""
    assert ask(script, line.replace("A", "B", 1) if letter == "A" else line) == code


def padded_note(n_lines: int) -> str:
    return "text\n\n" + "".join(f"\u2014 someone{n} AAAAAAA=\n" for n in range(n_lines))


@pytest.mark.parametrize(("n_lines", "code"), [(1, "accepted"), (64, "accepted"), (65, "c"), (0, "c")])
def test_note_has_1_to_64_signature_lines(ask, n_lines, code):
    assert ask(CODE_OF % "gongchou.note.parse(x, 'c', 'p')", padded_note(n_lines)) == code


def chain(**change):
    known = {"group_hash": "a" * 64, "public_key": "a" * 192, "scheme": "bls-unchained-g1-rfc9380"}
    return known | {"beacon_id": "default", "genesis_time": 1, "period": 1} | change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "accepted"),
        ({"beacon_id": "A-z_0" + "9" * 59}, "accepted"),
        ({"beacon_id": ""}, "json_field"),
        ({"beacon_id": "9" * 65}, "json_field"),
        ({"beacon_id": "a.b"}, "json_field"),
        ({"beacon_id": "\u597d"}, "json_field"),
        ({"beacon_id": "a\n"}, "json_field"),
        ({"genesis_time": 0}, "json_field"),
        ({"genesis_time": 253402300799}, "accepted"),
        ({"genesis_time": 253402300800}, "json_field"),
        ({"period": 0}, "json_field"),
        ({"period": 86400}, "accepted"),
        ({"period": 86401}, "json_field"),
    ],
    ids=str,
)
def test_bounds_of_a_chain(ask, change, code):
    beacon = {"chain": chain(**change), "previous_signature": None, "round": 1, "signature": "a" * 96}
    assert ask(CODE_OF % "gongchou.params.checkBeacon(x, 'p')", beacon) == code


@pytest.mark.parametrize(
    ("round_", "code"), [(1, "accepted"), (10**10, "accepted"), (0, "json_field"), (10**10 + 1, "json_field")]
)
def test_bounds_of_a_round(ask, round_, code):
    beacon = {"chain": chain(), "previous_signature": None, "round": round_, "signature": "a" * 96}
    assert ask(CODE_OF % "gongchou.params.checkBeacon(x, 'p')", beacon) == code


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A:1\topen\tA:1", "accepted"),
        ("A:1\treached\tB:12", "accepted"),
        ("A:1\tfull\tI001", "accepted"),
        ("A:1\tfull\tB:12", "table_invalid"),
        ("A:1\topen\tI001", "table_invalid"),
        ("A:1\treached\tB:0", "table_invalid"),
        ("A:1\treached\tB:1:1", "table_invalid"),
        ("A\topen\tA:1", "table_invalid"),
        ("A:1\tshut\tA:1", "table_invalid"),
        ("A:1\topen", "table_invalid"),
    ],
)
def test_rows_of_closures(ask, row, code):
    script = """gongchou.table.parse(gongchou.bytes.utf8(x), "t", gongchou.tables.unfilled)
        .then(() => "accepted", (error) => error.code)"""
    assert ask(script, row + "\n") == code


def table_code(ask, data: bytes):
    script = """gongchou.table.parse(bytesOf(x), "t", [gongchou.grammar.isId, gongchou.grammar.isInteger])
        .then(() => "accepted", (error) => error.code)"""
    return ask(script, base64.b64encode(data).decode())


@pytest.mark.parametrize("data", [b"", b"A\t1\n", b"A\t1\nA\t10\nA\t2\nB\t0\n", b"0._-Z\t999999999999999\n"])
def test_good_tables_are_accepted(ask, data):
    assert table_code(ask, data) == "accepted"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"A\t1", "table_invalid"),
        (b"A\t1\r\n", "table_invalid"),
        (b"\xef\xbb\xbfA\t1\n", "table_invalid"),
        (b"A\t1\n\n", "table_invalid"),
        (b"A\t1\t\n", "table_invalid"),
        (b"A 1\n", "table_invalid"),
        (b"a\t1\n", "table_invalid"),
        (b"\xef\xbc\xa1\t1\n", "table_invalid"),
        (b"A\t01\n", "table_invalid"),
        (b"A\t-1\n", "table_invalid"),
        (b"A\t1000000000000000\n", "table_invalid"),
        (b"A" * 55 + b"\t1\n", "table_invalid"),
        (b"-A\t1\n", "table_invalid"),
        (b"A\t1\nA\t1\n", "table_order"),
        (b"B\t1\nA\t1\n", "table_order"),
        (b"A\t2\nA\t10\n", "table_order"),
    ],
)
def test_other_tables_are_refused(ask, data, code):
    assert table_code(ask, data) == code


@pytest.mark.parametrize(
    ("time", "good"),
    [
        ("2024-02-29T23:59:59Z", True),
        ("1970-01-01T00:00:00Z", True),
        ("9999-12-31T23:59:59Z", True),
        ("2023-02-29T00:00:00Z", False),
        ("2024-06-30T23:59:60Z", False),
        ("2024-06-30T24:00:00Z", False),
        ("1969-12-31T23:59:59Z", False),
        ("2024-06-30T12:00:00+08:00", False),
        ("2024-06-30t12:00:00z", False),
        ("2024-06-30T12:00:00Z\n", False),
    ],
)
def test_times(ask, time, good):
    assert ask("gongchou.grammar.isTime(x)", time) is good


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "Q===", "Q Q=", "QQ==\n", "QQ-_"])
def test_base64_that_is_not_canonical_is_refused(ask, text):
    assert ask("gongchou.bytes.fromBase64(x)", text) is None


# ---- zip files, written here byte by byte

LOCAL = struct.Struct("<IHHHHHIIIHH")
CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
END = struct.Struct("<IHHHHIIH")


def zip_of(entries: list[tuple[str, bytes]], **change: int) -> bytes:
    method, flags, date = (change.get(name, usual) for name, usual in (("method", 0), ("flags", 0), ("date", 0x21)))
    local, central = bytearray(), bytearray()
    for path, data in entries:
        name, crc = path.encode(), zlib.crc32(data) ^ change.get("crc", 0)
        common = (10, flags, method, 0, date, crc, len(data), len(data), len(name), 0)
        offset = len(local) + change.get("shift", 0)
        central += CENTRAL.pack(0x02014B50, 10, *common, 0, 0, 0, change.get("mode", 0), offset) + name
        local += LOCAL.pack(0x04034B50, *common) + name + data
    count = len(entries)
    return bytes(local + central) + END.pack(0x06054B50, 0, 0, count, count, len(central), len(local), 0)


GOOD = [("a.txt", b"first"), ("b/c.txt", b"second")]


def zip_code(ask, data: bytes):
    return refused(ask, "gongchou.zip.read(bytesOf(x))", data)


def test_zip_in_the_permitted_form_is_read(ask):
    packed = base64.b64encode(zip_of(GOOD)).decode()
    found = ask("[...gongchou.zip.read(bytesOf(x))].map(([path, data]) => [path, gongchou.bytes.text(data)])", packed)
    assert found == [["a.txt", "first"], ["b/c.txt", "second"]]
    assert zip_code(ask, zip_of([])) == "accepted"


@pytest.mark.parametrize("path", ["../a", "/a", "a//b", "a/../b", ".a", "a b", "c:\\a", "dir/", "好.txt", "a" * 201])
def test_paths_that_climb_or_hide_are_refused(ask, path):
    assert zip_code(ask, zip_of([(path, b"")])) == "path_invalid"


def overlapping() -> bytes:
    """Let a second central record point at the first entry's data."""
    one = zip_of(GOOD)
    at = one.rindex(struct.pack("<I", LOCAL.size + len("a.txt") + len(b"first")) + b"b/c.txt")
    return one[:at] + struct.pack("<I", 0) + one[at + 4 :]


@pytest.mark.parametrize(
    "data",
    [
        zip_of(GOOD, method=8),
        zip_of(GOOD, flags=8),
        zip_of(GOOD, date=0x5521),
        zip_of(GOOD, crc=1),
        zip_of(GOOD, shift=1),
        zip_of(GOOD, mode=0o644 << 16),
        zip_of(GOOD[::-1]),
        zip_of([GOOD[0], GOOD[0]]),
        zip_of(GOOD) + b"\0",
        b"\0" + zip_of(GOOD),
        zip_of(GOOD)[:-1],
        zip_of(GOOD)[:-2] + b"\1\0!",
        overlapping(),
        b"",
        b"PK\5\6",
        zip_of([(f"{n:05}", b"") for n in range(65_001)]),
    ],
)
def test_every_other_zip_is_refused(ask, data):
    assert zip_code(ask, data) == "zip_invalid"


def test_report_on_a_bad_zip_is_red_at_the_first_check(ask):
    report = ask("gongchou.verifyZip(bytesOf(x))", base64.b64encode(b"not a zip at all, but longer").decode())
    assert (report["ok"], report["colour"]) == (False, "red")
    assert (report["failure"]["number"], report["failure"]["code"]) == (1, "zip_invalid")
    assert [check["status"] for check in report["checks"]] == ["failed"] + ["not_checked"] * 17


# ---- sample sizes


def sizes(ask, strata, total=None):
    params = {
        "strata": strata,
        "hamilton": None if total is None else {"total": total},
        "replacement": {"reserve_num": 1, "reserve_den": 10},
    }
    script = """(() => { try { return Object.fromEntries(gongchou.allocate.sampleSizes(x, "p")); }
        catch (error) { return error.code; } })()"""
    return ask(script, params)


def ratio(size, num, den, round_="ceil", least=0, most=None):
    return {"id": "A", "size": size, "num": num, "den": den, "round": round_, "min": least, "max": most, "weight": None}


@pytest.mark.parametrize(
    ("stratum", "n"),
    [
        (ratio(100, 7, 100), 7),
        (ratio(101, 5, 100), 6),
        (ratio(101, 5, 100, "floor"), 5),
        (ratio(3, 1, 100, least=5), 3),
        (ratio(1000, 1, 2, most=20), 20),
        (ratio(9007199254740991, 9007199254740990, 9007199254740991, "floor"), 9007199254740990),
        (ratio(10, 2, 1), "quota_invalid"),
        (ratio(10, 0, 0), "quota_invalid"),
        (ratio(10, 1, 2, least=3, most=2), "quota_invalid"),
    ],
)
def test_sizes_by_ratio(ask, stratum, n):
    assert sizes(ask, [stratum]) == (n if isinstance(n, str) else {"A": n})


def weights(*pairs):
    empty = dict.fromkeys(("num", "den", "round", "min", "max"))
    return [{"id": "ABCD"[i], "size": size, "weight": weight} | empty for i, (size, weight) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("pairs", "total", "expected"),
    [
        ([(100, 1), (100, 1), (100, 1)], 10, {"A": 4, "B": 3, "C": 3}),
        ([(100, 50), (100, 30), (100, 20)], 7, {"A": 4, "B": 2, "C": 1}),
        ([(2, 90), (100, 5), (100, 5)], 20, {"A": 2, "B": 9, "C": 9}),
        ([(5, 1), (5, 1)], 10, {"A": 5, "B": 5}),
        ([(5, 0), (5, 0)], 0, {"A": 0, "B": 0}),
        ([(5, 0), (5, 0)], 1, "quota_invalid"),
        ([(5, 1), (5, 1)], 11, "quota_invalid"),
        ([(2, 1), (5, 0)], 4, "quota_invalid"),
    ],
)
def test_sizes_by_weight(ask, pairs, total, expected):
    assert sizes(ask, weights(*pairs), total) == expected
