"""A register as it really comes: what becomes a frame line, what is refused and why, what stops everything."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw import register
from gongchou.draw.errors import DrawError, FormatError, RuleError
from gongchou.draw.register import Layout, Row, RowRefused, parse_map, parse_rule

CODE = "91370200163562681G"  # Tsingtao Brewery's public credit code
ALPHABET = register.USCC_ALPHABET


def layout(stratum="层", pool=None, **own: Any):
    own = {"scheme": "ID"} | own
    return Layout("编号", parse_rule(stratum), parse_rule(pool) if pool else None, **own)


def read(text, own=None, encoding="utf-8"):
    lines = io.BytesIO(text.encode(encoding)).readlines()
    return register.read_register(register.csv_rows(lines, encoding), own or layout())


def reasons(outcome):
    return [(rejected.line, rejected.reason) for rejected in outcome.rejected]


# Ids --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["USCC", "REG"])
def test_a_credit_code_with_its_check_character_is_read(scheme):
    assert register.uscc_check_character(CODE[:17]) == CODE[17]
    assert register.read_id(CODE, scheme) == CODE


@pytest.mark.parametrize(
    ("text", "scheme", "reason"),
    [
        ("", "USCC", "id_empty"),
        (CODE[:17] + "H", "USCC", "id_check"),
        (CODE[:10] + "6" + CODE[11:], "USCC", "id_check"),
        (CODE.lower(), "USCC", "id_lower_case"),
        (CODE[:-1], "USCC", "id_shape"),
        (CODE + "0", "USCC", "id_shape"),
        (CODE.replace("G", "O"), "USCC", "id_shape"),
        (" " + CODE, "USCC", "id_space"),
        (CODE + "\t", "USCC", "id_space"),
        (CODE.replace("9", "９", 1), "USCC", "id_full_width"),
        ("\u3000" + CODE, "USCC", "id_full_width"),
        ("370200018041234", "USCC", "id_old_number"),
        ("9.137E+17", "USCC", "id_float"),
        ("9.137E17", "USCC", "id_float"),
        ("913702001635626810.0", "USCC", "id_float"),
        ("x-1", "ID", "id_shape"),
        ("A" * 55, "ID", "id_shape"),
        ("-A", "ID", "id_shape"),
    ],
)
def test_a_damaged_id_is_refused_with_its_reason(text, scheme, reason):
    with pytest.raises(RowRefused) as refusal:
        register.read_id(text, scheme, "编号")

    assert (refusal.value.reason, refusal.value.column, refusal.value.value) == (reason, "编号", text)


def test_an_old_number_is_kept_where_that_is_asked_for():
    assert register.read_id("370200018041234", "REG") == "REG-370200018041234"


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_the_check_character_finds_every_single_wrong_character(first, at, other):
    right = register.uscc_check_character(first)
    changed = first[:at] + other + first[at + 1 :]

    assert (register.uscc_check_character(changed) == right) == (changed == first)


# Rules and maps ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "columns"),
    [("层", ["层"]), ("=ALL", []), ("层+片区", ["层", "片区"]), ("编号[2:8]", ["编号"]), ("=A+层[0:1]", ["层"])],
)
def test_a_rule_reads_columns_slices_and_constants(rule, columns):
    assert parse_rule(rule).columns() == columns


@pytest.mark.parametrize("rule", ["", "+", "层+", "层[", "层[1]", "层[1:2", "层[a:b]", "[1:2]"])
def test_what_is_no_rule_is_refused(rule):
    with pytest.raises(RuleError, match="rule_invalid"):
        parse_rule(rule)


@pytest.mark.parametrize(
    ("stratum", "values", "expected"),
    [
        ("层", "", "A"),
        ("=ALL", "", "ALL"),
        ("层+片区", "", "A-P1"),
        ("编号[0:2]", "", "X1"),
        ("名[0:1]", "青,Q", "Q"),
        ("名", "青岛,QD", "QD"),
        ("名", "青岛,QD\n名,青岛,QDS", "QDS"),
        ("名+层", "名,青岛,QD", "QD-A"),
    ],
)
def test_a_stratum_is_read_off_its_row(stratum, values, expected):
    outcome = read("编号,层,片区,名\nX1,A,P1,青岛\n", layout(stratum, values=parse_map(values)))

    assert outcome.accepted == [(expected, "X1", "ALL")]


@pytest.mark.parametrize("text", ["青岛", "青岛,qd", "青岛,QD\n青岛,QDS", "a,b,c,D", "青岛,"])
def test_a_map_that_is_malformed_or_contradicts_itself_is_refused(text):
    with pytest.raises(FormatError, match="map_invalid"):
        parse_map(text)


def test_a_map_may_use_tabs_and_empty_lines():
    values = parse_map("青岛\tQD\n\n片区\t1\tP1\n")

    assert (values.find("名", "青岛"), values.find("片区", "1"), values.find("名", "1")) == ("QD", "P1", None)
    assert (values.names("名"), parse_map("片区,1,P1").names("名")) == (True, False)


# Rows -------------------------------------------------------------------------------------------


def test_good_rows_become_frame_lines():
    outcome = read("编号,层,片区,单位\nX1,A,P1,U1\nX2,B,P2,U1\n", layout(pool="片区", unit="单位"))

    assert outcome.accepted == [("A", "X1", "P1", "U1"), ("B", "X2", "P2", "U1")]
    assert (outcome.read, outcome.rejected) == (2, [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x2,A,P1", "id_shape"),
        (",A,P1", "id_empty"),
        ("X2,青,P1", "stratum_shape"),
        ("X2,,P1", "stratum_shape"),
        ("X2,A,", "pool_shape"),
        ("X2,A", "ragged"),
        ("X2,A,P1,", "ragged"),
        (",,", "blank"),
        (" , , ", "blank"),
        ("编号,层,片区", "repeated_header"),
        ("X1,A,P1", "duplicate"),
    ],
)
def test_a_bad_row_is_counted_and_refused_with_its_line(row, reason):
    outcome = read(f"编号,层,片区\nX1,A,P1\n{row}\nX3,A,P1\n", layout(pool="片区"))

    assert reasons(outcome) == [(3, reason)]
    assert [fields[1] for fields in outcome.accepted] == ["X1", "X3"]
    assert outcome.read == 3


@pytest.mark.parametrize(
    ("row", "whose"),
    [
        ("X2,青,P1,U1", "X2"),
        ("X2,A,青,U1", "X2"),
        ("X2,A,P1,", "X2"),
        ("X2,A", "X2"),
        ("X1,A,P1,U1", "X1"),
        ("x2,A,P1,U1", ""),
        (",A,P1,U1", ""),
        (",,,", ""),
        ("编号,层,片区,单位", ""),
        ("", ""),
    ],
)
def test_a_refused_row_says_whom_it_concerns_where_its_id_can_be_read(row, whose):
    outcome = read(f"编号,层,片区,单位\nX1,A,P1,U1\n{row}\n", layout(pool="片区", unit="单位"))

    assert [refused.object_id for refused in outcome.rejected] == [whose]


def test_a_repeated_row_names_the_line_of_the_first():
    outcome = read("编号,层\nX1,A\nX2,A\nX1,A\nX1,A\n")

    assert [(r.line, r.first_line) for r in outcome.rejected] == [(4, 2), (5, 2)]


def test_one_id_with_two_contents_stops_everything_and_names_both_lines():
    with pytest.raises(RuleError) as refusal:
        read("编号,层\nX1,A\nX2,A\nX1,B\n")

    facts = refusal.value.facts
    assert refusal.value.code == "contradiction"
    assert [facts[key] for key in ("object", "first_line", "line")] == ["X1", 2, 4]


def test_a_value_that_is_not_in_the_map_is_never_guessed():
    outcome = read("编号,层\nX1,青岛\nX2,青島\n", layout(values=parse_map("青岛,QD")))

    assert outcome.accepted == [("QD", "X1", "ALL")]
    assert [(r.line, r.reason, r.value) for r in outcome.rejected] == [(3, "stratum_unmapped", "青島")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "register_empty"),
        ("编号,名\nX1,A\n", "column_missing"),
        ("编号,层,层\nX1,A,A\n", "column_twice"),
        ("层\nA\n", "column_missing"),
    ],
)
def test_a_header_that_does_not_fit_stops_everything(text, code):
    with pytest.raises(RuleError, match=code):
        read(text)


def test_what_is_read_is_what_is_accepted_and_what_is_refused():
    rng = random.Random(4)
    rows = [f"{rng.choice(['X', 'x'])}{number},{rng.choice(['A', '青', ''])}" for number in range(500)]

    outcome = read("编号,层\n" + "\n".join(rows) + "\n")

    assert outcome.read == len(outcome.accepted) + len(outcome.rejected) == 500


def test_the_strata_rule_states_the_layout():
    document = layout("名+层", "片区", unit="单位", values=parse_map("名,青岛,QD")).document()

    assert document == {
        "header": 1,
        "id_column": "编号",
        "map": [{"column": "名", "id": "QD", "value": "青岛"}],
        "pool": "片区",
        "pool_map": [],
        "scheme": "ID",
        "stratum": "名+层",
        "unit": "单位",
        "v": "vdp1",
    }


# Text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("编号,层\n".encode(), "utf-8"),
        ("编号,层\n".encode("gb18030"), "gb18030"),
        (b"\xef\xbb\xbfa,b\n", "utf-8"),
        (b"a,b\n", "utf-8"),
        ("编号\n青岛\n".encode("gb18030") + b"\xff\n", "gb18030"),
    ],
)
def test_the_encoding_is_the_one_with_fewer_broken_lines(data, encoding):
    assert register.detect_encoding(io.BytesIO(data)) == encoding


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_refused(encoding):
    data = "\ufeff编号".encode(encoding) if encoding == "utf-16-be" else "编号".encode(encoding)

    with pytest.raises(FormatError, match="encoding"):
        register.detect_encoding([data])


def test_a_row_with_broken_bytes_is_refused_and_no_other():
    lines = ["编号,层\n".encode(), b"X1,A\n", b"X2,\xff\n", b"X3,A\n"]

    outcome = register.read_register(register.csv_rows(lines, "utf-8"), layout())

    assert ([fields[1] for fields in outcome.accepted], reasons(outcome)) == (["X1", "X3"], [(3, "undecodable")])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_either_line_end_are_read(end):
    outcome = read(f"\ufeff编号,层{end}X1,A{end}")

    assert outcome.accepted == [("A", "X1", "ALL")]


def test_a_cell_over_several_lines_keeps_the_line_it_begins_on():
    rows = list(register.csv_rows(io.BytesIO(b'a,b\n"x\ny\nz",1\nq,2\n'), "utf-8"))

    assert rows == [Row(1, ["a", "b"]), Row(2, ["x\ny\nz", "1"]), Row(5, ["q", "2"])]


@pytest.mark.parametrize("tail", ["", "X3,A\n" * 3, "X3,A\n" * 2000])
def test_a_quotation_mark_that_never_closes_is_refused_with_its_line(tail):
    with pytest.raises(DrawError) as refusal:
        read('编号,层\nX1,A\nX2,"A\n' + tail)

    assert (refusal.value.code, refusal.value.facts["line"]) == ("quote_open", 3)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff"), max_size=5), min_size=2, max_size=2
        )
    )
)
def test_rows_that_csv_writes_are_read_back(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)

    found = register.csv_rows(io.BytesIO(out.getvalue().encode()), "utf-8")

    assert [row.cells for row in found] == rows
