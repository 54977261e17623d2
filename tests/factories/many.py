"""How many rows a page is asked with, to see that it asks the database as often for many as for few."""

from __future__ import annotations

import pytest

FEW_AND_MANY = [3, 30, pytest.param(100, marks=pytest.mark.night)]
"""Some, more than one page of a list holds, and by night five pages full: making a hundred takes seconds."""
