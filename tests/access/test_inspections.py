"""Every address of inspections, as everybody: whom it should let in comes in, nobody else."""

from __future__ import annotations

import pytest

from tests.access.asking import faults
from tests.access.city import City
from tests.access.declaration import INSPECTION_PAGES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", INSPECTION_PAGES)
def test_an_address_answers_whom_it_should(city: City, name: str):
    assert list(faults(city, name)) == []


@pytest.mark.night
@pytest.mark.parametrize("name", INSPECTION_PAGES)
def test_an_address_answers_whom_it_should_with_every_method(city: City, name: str):
    assert list(faults(city, name, thoroughly=True)) == []
