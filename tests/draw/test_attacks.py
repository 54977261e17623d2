"""The known attacks on draws, each by its name, and the forgeries that stand for it."""

from __future__ import annotations

import pytest

from gongchou.draw.bundle import in_memory
from gongchou.draw.seed import party_commitment
from gongchou.draw.verify import Options, parse_real_ids, verify
from tests.factories.mutants import EXAMPLES, MUTANTS, original

BY_NAME = {forged.name: forged for forged in MUTANTS}

ATTACKS = {
    "drawing again until it suits": [
        "second_live_draw_of_the_plan",
        "committed_twice",
        "second_draw_that_calls_itself_the_successor",
        "first_draw_of_several_withdrawn_once_all_seeds_were_known",
        "another_campaign_given_up_after_its_beacon_by_one_person",
        "attempt_that_does_not_name_the_one_before",
        "attempt_within_a_day_of_the_one_before",
    ],
    "a second candidate seed by a fallback": [
        "unknown_parameter",
        "unknown_seed_source",
        "another_commitment_in_the_close",
    ],
    "the last to reveal decides": [
        "beacon_that_is_not_last",
        "closed_when_the_beacon_was_out",
        "a_secret_nobody_logged",
    ],
    "knowing the seed before the frame is fixed": ["committed_too_late", "quoted_round_after_the_commit"],
    "shaping the frame before the commit": [
        "friend_left_out",
        "friend_exchanged_for_a_ghost",
        "rejected_rows_forgotten",
    ],
    "editing the frame afterwards": [
        "ghost_added",
        "object_moved_to_another_pool",
        "parameters_changed_after_the_commit",
    ],
    "rounding the sample in one's favour": ["one_more_than_the_ratio_gives", "ratio_changed_and_number_kept"],
    "another order of the same tickets": ["reserve_reordered", "frame_out_of_order"],
    "one object under two lines": ["object_in_two_strata", "excluded_and_in_the_frame"],
    "another spelling of the same bytes": ["frame_with_crlf", "frame_with_byte_order_mark", "parameters_with_a_blank"],
    "choosing the size of a supplement after the result": ["reserve_larger_than_what_is_left", "winner_added"],
    "a practice run promoted": ["practice_run"],
    "another log for other eyes": ["horizon_of_another_root", "consistency_line_missing", "horizon_with_one_witness"],
    "hiding a withdrawal": ["gap_in_the_numbering", "withdrawn_and_used_all_the_same"],
    "a false beacon": ["signature_of_another_round", "signature_that_is_no_point", "chain_with_another_period"],
    "publishing only the winners one likes": ["winner_exchanged", "winner_dropped"],
    "an invented void object": ["replacement_for_a_made_up_reason", "replacement_by_one_person"],
    "sending a favourite": ["favourite_sent", "another_substitute", "asked_when_the_round_was_known"],
    "a draw of the campaign kept back": ["third_draw_kept_out_of_the_bundle"],
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused(attack: str) -> None:
    found = {name: verify(BY_NAME[name].files(), Options()).failure for name in ATTACKS[attack]}

    assert {name: (f.number, f.code) if f else None for name, f in found.items()} == {
        name: (BY_NAME[name].number, BY_NAME[name].code) for name in ATTACKS[attack]
    }


def test_copying_another_party_s_commitment_gives_nothing() -> None:
    secret = "ab" * 32

    assert party_commitment("C", "DEPT-A", secret) != party_commitment("C", "DEPT-B", secret)
    assert party_commitment("C", "DEPT-A", secret) != party_commitment("D", "DEPT-A", secret)


# The auditor's check ----------------------------------------------------------------------------

KEY = bytes.fromhex((EXAMPLES / "sealed-single.key").read_text(encoding="ascii").strip())
REAL = tuple((EXAMPLES / "sealed-single.real-ids.tsv").read_text().splitlines())


@pytest.mark.parametrize(
    ("key", "real_ids", "code"),
    [
        (KEY, REAL, None),
        (KEY, (*REAL, "DEMO-999999"), None),
        (bytes(32), REAL, "key_commitment"),
        (KEY, REAL[1:], "pid_mismatch"),
        (KEY, ("DEMO-999999", *REAL[1:]), "pid_mismatch"),
    ],
)
def test_the_auditor_finds_a_ghost_behind_a_pseudonym(key: bytes, real_ids: tuple[str, ...], code: str | None) -> None:
    files = in_memory(original("sealed-single"))

    failure = verify(files, Options(seal_key=key, real_ids=parse_real_ids("\n".join(real_ids)))).failure

    assert (failure and (failure.number, failure.code)) == (code and (7, code))
