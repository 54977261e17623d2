"""What the tests of items start from."""

from __future__ import annotations

import pytest

from tests.factories.lists import department_of_lists
from tests.factories.people import make_department, make_region


@pytest.fixture
def city():
    """A department of the city that keeps lists."""
    return department_of_lists()


@pytest.fixture
def county(city):
    """Its department below, in a county of the city."""
    region = make_region("990102", "演示县", "county", city.region)
    return make_department("XSCJG", region, line_parent=city)
