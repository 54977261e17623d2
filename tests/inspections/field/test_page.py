"""The page itself: what it is made of, how large it is, what it may do."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from posixpath import dirname, normpath

import pytest
from django.test import Client

from gongchou.inspections.views import field_page

MOST_KB = 100


def test_all_of_the_page_is_small() -> None:
    sizes = {address: len(gzip.compress(data, 6)) for address, data in field_page.build().parts.items()}

    print(f"the page: {sum(sizes.values()) / 1000:.1f} kB in {len(sizes)} files, compressed")
    assert sum(sizes.values()) < MOST_KB * 1000


def test_whatever_a_part_imports_is_a_part() -> None:
    parts = field_page.build().parts
    scripts = {address: data.decode() for address, data in parts.items() if address.endswith(".js")}

    asked = {
        normpath(f"{dirname(address)}/{name}")
        for address, code in scripts.items()
        for name in re.findall(r'\bfrom "(\.[^"]+)"', code)
    }

    assert asked - set(scripts) == set()
    assert "/static/checklists/form.js" in asked


def test_the_worker_is_told_the_digest_of_every_part(client: Client) -> None:
    told = client.get("/field/sw.js")
    build = json.loads(told.content.decode().split("\n", 1)[0].removeprefix("const BUILD = ").removesuffix(";"))

    assert told["Service-Worker-Allowed"] == "/field/"
    assert told["Cache-Control"] == "no-cache"
    for address in ("/field/", "/field/manifest.webmanifest"):
        assert build["files"][address] == hashlib.sha256(client.get(address).content).hexdigest()
    assert build["version"] == field_page.build().version
    assert f'data-version="{build["version"]}"' in client.get("/field/").content.decode()


def test_the_page_may_show_its_own_pictures_and_run_nothing_else(client: Client) -> None:
    policy = dict(part.split(" ", 1) for part in client.get("/field/")["Content-Security-Policy"].split("; "))

    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["media-src"] == "blob:"
    assert policy["worker-src"] == "'self'"
    assert "blob:" not in client.get("/account/login/")["Content-Security-Policy"]


@pytest.fixture(autouse=True)
def nobody(db: None) -> None:
    """No account is needed for any of it, and no row is read."""
