"""Tables are read strictly, in pieces, and written in bytewise order."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw import table
from gongchou.draw.encoding import CODE, ID, INTEGER, SKILL
from gongchou.draw.errors import FormatError
from gongchou.draw.table import Bytes, read_table, table_chunks, write_table
from tests.draw.vectors import each, load

REFUSALS = load("refusals")
ZERO = "0" * 64


@pytest.mark.parametrize("row", each(REFUSALS["frame"]))
def test_a_frame_in_another_form_is_refused(row):
    with pytest.raises(FormatError) as refusal:
        read_table(base64.b64decode(row["data"]), table.FRAME, "frame.tsv")

    assert (refusal.value.code, refusal.value.place) == (row["code"], "frame.tsv")


@pytest.mark.parametrize("data", [base64.b64decode(data) for data in REFUSALS["frame_accepted"]])
def test_a_frame_in_the_one_form_is_written_back(data):
    assert write_table(read_table(data, table.FRAME)) == data


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (b"A\tX1\tP1\nA\tx2\tP1\nA\tX3\tP1\n", 2, "table_invalid"),
        (b"A\tX1\tP1\nA\tX3\tP1\nA\tX2\tP1\n", 3, "table_order"),
        (b"A\tX1\tP1\nA\tX1\tP1\n", 2, "table_order"),
    ],
)
def test_a_refusal_names_the_line(data, line, code):
    with pytest.raises(FormatError) as refusal:
        read_table(data, table.FRAME)

    assert (refusal.value.code, refusal.value.facts["line"]) == (code, line)


@pytest.mark.parametrize(
    ("columns", "line", "is_one"),
    [
        (table.EXCLUDED, "X1\tgone\t-", True),
        (table.EXCLUDED, f"X1\tgone\t{ZERO}", True),
        (table.EXCLUDED, "X1\tGone\t-", False),
        (table.EXCLUDED, "X1\tgone\t--", False),
        (table.EXCLUDED, "X1\tgone\t" + "A" * 64, False),
        (table.RANKED, f"A\t10\tX1\t{ZERO}", True),
        (table.RANKED, f"A\t010\tX1\t{ZERO}", False),
        (table.ASSIGNMENT, f"X1\t1\tI1\t0\t{ZERO}\tdeal", True),
        (table.ASSIGNMENT, f"X1\t1\tI1\t0\t{ZERO}\tgift", False),
        (table.UNFILLED, "X1:1\topen\tX1:1", True),
        (table.UNFILLED, "X1:1\treached\tX2:10", True),
        (table.UNFILLED, "X1:1\tfull\tI1", True),
        (table.UNFILLED, "X1:1\tlazy\tI1", False),
        (table.UNFILLED, "X1\topen\tX1:1", False),
        (table.UNFILLED, "X1:1\topen\tX1:01", False),
        (table.REPLACEMENTS, f"7\tA\tX1\tX2\t4\tnot_found\t{ZERO}", True),
        (table.REPLACEMENTS, "7\tA\tX1\tX2\t4\tnot_found\t-", False),
        (table.SUBSTITUTIONS, f"7\tX1\t1\t-\t-\t-\t-\t{ZERO}", True),
        (table.SUBSTITUTIONS, f"7\tX1\t1\tI1\tI2\t3\t{ZERO}\t{ZERO}", True),
        (table.SUBSTITUTIONS, "7\tX1\t1\t-\t-\t-\t-\t-", False),
    ],
)
def test_each_table_has_its_own_grammar(columns, line, is_one):
    data = line.encode() + b"\n"

    assert accepts(data, columns) is is_one


def accepts(data, columns):
    try:
        read_table(data, columns)
    except FormatError:
        return False
    return True


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (ID, ["0", "A" * 54], ["", "a", "A" * 55]),
        (CODE, ["a", "a_1", "a" * 54], ["", "_a", "1a", "A", "a" * 55]),
        (SKILL, ["a", "--", "-a", "_", "0", "a" * 54], ["", "-", "A", "a" * 55]),
        (INTEGER, ["0", "7", "10", "9" * 15], ["", "00", "01", "+1", "-1", "1" + "0" * 15]),
    ],
)
def test_a_field_is_of_its_grammar(pattern, good, bad):
    columns = ("A", pattern, "B")

    assert [text for text in good if not accepts(f"A\t{text}\tB\n".encode(), columns)] == []
    assert [text for text in bad if accepts(f"A\t{text}\tB\n".encode(), columns)] == []


@pytest.mark.parametrize("count", [0, 1, 3, 60_000])
def test_a_table_of_any_length_is_read_in_chunks(count):
    data = write_table(("A", f"X{number:06}", "P1") for number in range(count))

    chunks = list(table_chunks(Bytes(data), table.FRAME))

    assert b"".join(line + b"\n" for lines in chunks for line in lines) == data
    assert max(map(len, chunks), default=0) <= table.CHUNK // 12


def test_disorder_between_two_chunks_is_found():
    lines = [b"A\tX%06d\tPOOL\n" % number for number in range(90_000)]
    border = table.CHUNK // len(lines[0]) - 1
    lines[border], lines[border + 1] = lines[border + 1], lines[border]

    with pytest.raises(FormatError) as refusal:
        list(table_chunks(Bytes(b"".join(lines)), table.FRAME))

    assert (refusal.value.code, refusal.value.facts["line"]) == ("table_order", border + 2)


def test_a_line_of_more_than_a_megabyte_is_refused_without_reading_on():
    with pytest.raises(FormatError, match="line too long"):
        list(table_chunks(Bytes(b"A" * (3 << 20)), table.FRAME))


def test_a_blob_that_ends_early_is_refused():
    class Cut(Bytes):
        @property
        def size(self):
            return len(self.data) + 5

    with pytest.raises(FormatError, match="file ends early"):
        list(table_chunks(Cut(b"A\tX1\tP1\n"), table.FRAME))


@given(st.binary(max_size=60), st.integers(0, 60), st.integers(1, 9))
def test_a_blob_gives_what_a_slice_gives(data, offset, length):
    assert Bytes(data).read(offset, length) == data[offset : offset + length]
    assert table.read_all(Bytes(data)) == data


@given(st.sets(st.tuples(*[st.from_regex(ID, fullmatch=True)] * 3), max_size=12))
def test_rows_are_written_in_bytewise_order_and_read_back(rows):
    data = write_table(rows)

    assert data.split(b"\n")[:-1] == sorted(data.split(b"\n")[:-1])
    assert {tuple(row) for row in read_table(data, table.FRAME)} == rows


def test_ranks_sort_as_text_like_everything_else():
    rows = [("A", rank, f"X{rank}", ZERO) for rank in (1, 2, 10)]

    assert [row[1] for row in read_table(write_table(rows), table.RANKED)] == ["1", "10", "2"]


def test_the_example_tables_are_read_whole():
    text = load("worked-example")["files"]["frame.tsv"]["text"]

    assert len(read_table(text.encode(), table.FRAME)) == 12
