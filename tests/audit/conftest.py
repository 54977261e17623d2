"""A platform of a test's own: its keys lie where nobody else looks."""

from __future__ import annotations

import pytest

from tests.factories.log import checkpoint_after, make_log_keys, write_lines


@pytest.fixture
def keys(settings, tmp_path):
    """The folder of the platform's keys."""
    settings.HOME = tmp_path
    return tmp_path / "keys"


@pytest.fixture
def witnesses(keys):
    """The secret keys of two witnesses the platform knows; the log's own lies in ``keys``."""
    return make_log_keys(keys)


@pytest.fixture
def signed_log(db, keys, witnesses):
    """Eight lines; checkpoints of 3 (cosigned twice), 5 (once), 6 and 7; one line that nothing signed yet."""
    checkpoint_after(3, witnesses, keys)
    checkpoint_after(2, witnesses[:1], keys)
    checkpoint_after(1, [], keys)
    checkpoint_after(1, witnesses, keys)
    checkpoint_after(0, [], keys)
    write_lines(1)
