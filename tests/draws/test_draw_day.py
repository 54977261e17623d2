"""From a ready task to evidence that a stranger recomputes with the core alone."""

from __future__ import annotations

import pytest

from gongchou.draw.verify import Options, Report, verify
from gongchou.draws.bundles import bundle_of
from gongchou.draws.models import Batch
from gongchou.draws.queries.frames import draws_of
from tests.factories import draws as factory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def found(batch: Batch, **own: bool) -> Report:
    return verify(bundle_of(batch, **own), Options())


def test_the_evidence_of_a_draw_verifies():
    batch = factory.drawn(factory.make_batch())

    assert (batch.state, draws_of(batch)[0].hits.filter(place="selected").count()) == ("drawn", 8)
    assert batch.visits.count() == 8
    for report in (found(batch), found(batch, for_auditors=True)):
        assert report.failure is None
        assert (report.strength, report.level) == ("P", "L1")
