"""Whoever unzips a bundle finds in it what each file is and the page that checks them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from gongchou.draw.table import read_all
from gongchou.draw.verify import Options, verify
from gongchou.draws.bundles import bundle_of
from gongchou.draws.contents import OF_BUNDLE, SEALED, explained
from tests.factories import draws as factory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("is_open", [True, False])
def test_a_bundle_explains_itself_and_holds(home: Path, is_open: bool):
    batch = factory.drawn(factory.make_batch(is_sealed=not is_open, is_match_sealed=not is_open))

    files = bundle_of(batch)

    readme = read_all(files["README.zh.md"]).decode()
    assert [path for path in files if explained(path, OF_BUNDLE) not in readme] == []
    assert (SEALED in readme) is (not is_open)
    assert ("assignment.tsv" in readme) is is_open
    assert read_all(files["VERIFY.html"]) == (Path(settings.VERIFIER) / "verify.html").read_bytes()
    assert verify(files, Options()).failure is None
    assert {path: read_all(blob) for path, blob in bundle_of(batch).items()} == {
        path: read_all(blob) for path, blob in files.items()
    }
