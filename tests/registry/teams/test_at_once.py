"""Two who bring the same new team at the same time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from gongchou.accounts.models import Department
from gongchou.refusal import Refused
from gongchou.registry.operations import teams
from tests.factories.inspectors import make_inspector
from tests.factories.people import BY, make_department, make_region
from tests.registry.teams.test_operations import brought, lines, standing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def bureau() -> Any:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    bureau = make_department("SCJG", make_region())
    for at in range(1, 5):
        make_inspector(f"R{at}", bureau)
    return bureau


def meanwhile(act: Any) -> Any:
    """Begin when somebody else has formed T1 and not yet said so to all; what came of it."""

    def run() -> Any:
        try:
            return act()
        except Refused as no:
            return no.code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            brought(lines("T1", "R1", "R2"), Department.objects.get(code="SCJG"))
            answer = pool.submit(run)
            time.sleep(0.5)
            assert not answer.done()
        return answer.result(timeout=10)


def test_the_second_file_finds_the_team_of_the_first(bureau):
    answer = meanwhile(lambda: brought(lines("T1", "R3", "R4"), bureau))

    assert (answer.n_teams, answer.refused) == (1, [])
    assert standing() == {"T1": ["R3", "R4"]}


def test_a_number_that_was_taken_meanwhile_is_said_to_be(bureau):
    told = {"number": "T1", "name": "另一组", "department": bureau, **BY}

    assert meanwhile(lambda: teams.form_team(**told)) == "registry.team_number_taken"
