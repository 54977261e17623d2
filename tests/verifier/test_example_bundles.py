"""The complete bundles of the specification, made by the other implementation."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

BUNDLES = Path(__file__).resolve().parents[2] / "spec" / "bundles"
ZIPS = sorted(path.name for path in BUNDLES.glob("*.zip"))


def beside(name: str, ending: str) -> str | None:
    path = BUNDLES / f"{Path(name).stem.removesuffix('-public')}{ending}"
    return path.read_text(encoding="utf-8") if path.exists() else None


def zipped(ask, name: str, **options: Any) -> dict[str, Any]:
    data = base64.b64encode((BUNDLES / name).read_bytes()).decode()
    return ask("gongchou.verifyZip(bytesOf(x[0]), x[1])", [data, {"allowTest": True} | options])


@pytest.mark.parametrize("name", ZIPS)
def test_bundle_of_the_specification_holds(ask, name):
    report = zipped(ask, name, trust=beside(name, ".trust"))
    assert report["failure"] is None
    assert "self_attested" not in [mark["code"] for mark in report["marks"]]


@pytest.mark.parametrize("name", [name for name in ZIPS if beside(name, ".key")])
def test_sealed_bundle_opens_with_key_and_list(ask, name):
    key, ids = beside(name, ".key"), beside(name, ".real-ids.tsv")
    report = zipped(ask, name, trust=beside(name, ".trust"), sealKey=(key or "").strip(), realIds=ids)
    assert report["failure"] is None
    assert report["checks"][6]["status"] == "passed"
    assert report["level"] == ("L1" if name.endswith("-public.zip") else "L2")


@pytest.mark.parametrize("name", ZIPS)
def test_page_opened_from_disk_shows_the_verdict(fresh_page, tmp_path, name):
    trust = tmp_path / "trust.txt"
    trust.write_text(beside(name, ".trust") or "", encoding="utf-8")
    fresh_page.click("summary")
    fresh_page.check("#allow-test")
    fresh_page.set_input_files("#trust-file", str(trust))
    fresh_page.set_input_files("#zip", str(BUNDLES / name))
    fresh_page.wait_for_selector("#verdict-title", state="visible")
    assert fresh_page.inner_text("#verdict-title") in ("全部成立", "成立，但有保留")


@pytest.mark.parametrize("name", ZIPS)
def test_one_flipped_bit_anywhere_in_the_zip_is_noticed(ask, name):
    data = (BUNDLES / name).read_bytes()
    step = max(1, len(data) // 40)
    script = """(async () => { const out = []; for (const at of x[1]) { const data = bytesOf(x[0]); data[at] ^= 1;
        out.push((await gongchou.verifyZip(data, { allowTest: true })).ok); } return out; })()"""
    places = list(range(0, len(data), step))
    assert ask(script, [base64.b64encode(data).decode(), places]) == [False] * len(places)


def test_there_are_bundles():
    assert ZIPS
