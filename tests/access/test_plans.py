"""Every address of plans and tasks, as everybody: whom it should let in comes in, nobody else.

One case for each address; it asks as each role and as a visitor, by night with every scope and method, and names all
that is wrong.
"""

from __future__ import annotations

import pytest

from tests.access.asking import faults
from tests.access.city import City
from tests.access.declaration import PLAN_PAGES, PUBLIC_PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.mark.parametrize("name", PLAN_PAGES | PUBLIC_PAGES)
def test_an_address_answers_whom_it_should(city: City, name: str):
    assert list(faults(city, name)) == []


@pytest.mark.night
@pytest.mark.parametrize("name", PLAN_PAGES | PUBLIC_PAGES)
def test_an_address_answers_whom_it_should_with_every_method(city: City, name: str):
    assert list(faults(city, name, thoroughly=True)) == []
