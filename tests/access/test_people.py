"""Every address but those of the lists and libraries, as everybody: whom the declaration lets in comes in, nobody else.

One case for each address; it asks as each role with each scope and as a visitor, and names all that is wrong.
"""

from __future__ import annotations

import pytest

from tests.access.asking import faults
from tests.access.city import City
from tests.access.declaration import MATRIX

pytestmark = pytest.mark.django_db
NAMES = sorted(name for name in MATRIX if not name.startswith("registry:"))


@pytest.mark.parametrize("name", NAMES)
def test_an_address_answers_whom_it_should(city: City, name: str):
    assert list(faults(city, name)) == []


@pytest.mark.night
@pytest.mark.parametrize("name", NAMES)
def test_an_address_answers_whom_it_should_with_every_method(city: City, name: str):
    assert list(faults(city, name, thoroughly=True)) == []
