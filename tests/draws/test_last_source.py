"""What comes last into the seed is what the batch says of it."""

from __future__ import annotations

from typing import Any

import pytest

from gongchou.draw.beacon import QUICKNET
from gongchou.draws.beacons import source_of
from gongchou.draws.operations import batches
from gongchou.draws.rules import check_profile
from gongchou.refusal import Refused, sentence
from tests.draws.afterwards import refused_code
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import NOW

DIGITS = {"n": 6, "type": "digits"}
LOTTERY = {"game": "3D", "groups": [], "issue": "1", "type": "lottery"}
LAST = {"D": source_of(QUICKNET, NOW), "P": source_of(factory.signer().chain, NOW), "L": LOTTERY, "N": DIGITS}


@pytest.mark.parametrize("said", LAST)
def test_each_kind_of_source_has_its_own_word(said: str):
    for kind, last in LAST.items():
        if kind == said:
            check_profile(said, last)
        else:
            assert refused_code(check_profile, said, last) == "draws.profile"


def test_the_refusal_says_what_was_said_and_what_is():
    with pytest.raises(Refused) as refused:
        check_profile("D", DIGITS)

    assert "“公共随机信标（最强）”，实际选用的是“现场摇号（最弱）”" in sentence(refused.value)


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("change", [{"profile": "N"}, {"last": DIGITS}])
def test_neither_a_new_batch_nor_a_change_says_otherwise(home: Any, change: dict[str, Any]):
    batch = factory.make_batch()
    by = keeper_of(batch.department)
    task = factory.ready_task(first=500)

    assert refused_code(batches.edit, batch=batch, content=change, by=by, at=NOW) == "draws.profile"
    told = {"task": task, "content": factory.content(**change), "by": by, "at": NOW}
    assert refused_code(batches.open_batch, **told) == "draws.profile"
