"""The list of whom a draw leaves out: now, as frozen, in the page that is signed and as a workbook."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from gongchou.audit.guard import open_for_writing
from gongchou.draws.models import Batch, Evidence
from gongchou.draws.operations import batches
from gongchou.draws.queries.left_out import left_out_of, path_of
from gongchou.draws.reasons import words
from gongchou.draws.store import read
from gongchou.registry.models import Subject
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import NOW, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def batch() -> Batch:
    """Of forty shops two are gone and one has moved away."""
    made = factory.make_batch()
    gone = list(Subject.objects.order_by("number")[:3])
    for shop, status in zip(gone, ("deregistered", "deregistered", "moved_out"), strict=True):
        with open_for_writing():
            Subject.objects.filter(pk=shop.pk).update(state="inactive", status=status)
    return made


def shops() -> list[Subject]:
    return list(Subject.objects.order_by("number")[:3])


def told(batch: Batch) -> list[tuple[str, str, str]]:
    rows = left_out_of(batch.draws.select_related("batch", "task").get(), at=NOW)
    return sorted((one.number, one.name, one.reason) for one in rows)


def expected() -> list[tuple[str, str, str]]:
    return [(one.number, one.name, "moved_away" if at == 2 else "deregistered") for at, one in enumerate(shops())]


def address(batch: Batch) -> str:
    return reverse("draws:left-out", args=[batch.draws.get().pk])


def test_who_is_left_out_is_told_before_the_freeze_and_stays_as_frozen(batch):
    before = expected()
    assert told(batch) == before

    frozen = factory.frozen(batch)
    with open_for_writing():
        Subject.objects.update(name="改了名", state="active", status="living")

    assert told(frozen) == before


def test_each_line_beside_the_bundle_is_a_line_of_the_public_table(batch):
    draw = factory.frozen(batch).draws.get()

    rows = [read(Evidence.objects.get(path=path).sha256).splitlines() for path in ("excluded.tsv", path_of(draw))]

    assert len(rows[0]) == 3
    assert [one.split(b"\t")[:2] for one in rows[0]] == [one.split(b"\t")[:2] for one in rows[1]]


@pytest.mark.parametrize("is_frozen", [False, True])
def test_the_list_is_searched_filtered_and_taken_away(client: Client, batch, is_frozen):
    batch = factory.frozen(batch) if is_frozen else batch
    reader, (first, second, moved) = signed_in(client, keeper_of(batch.department)), shops()

    page = reader.get(address(batch), {"reason": "deregistered"}).content.decode()
    assert (first.number in page, second.number in page, moved.number in page) == (True, True, False)
    page = reader.get(address(batch), {"q": moved.number.lower()}).content.decode()
    assert (first.number in page, moved.number in page) == (False, True)

    data = BytesIO(b"".join(reader.get(address(batch), {"export": "1"}).streaming_content))
    rows = [tuple(row[:3]) for row in CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()]
    assert sorted(rows[1:]) == [(number, name, words("exclude", why)) for number, name, why in expected()]


def test_the_counts_of_the_page_that_is_signed_lead_to_the_list(client: Client, batch):
    reader = signed_in(client, keeper_of(batch.department))
    link = f'<a href="{address(batch)}?reason=deregistered">{words("exclude", "deregistered")} 2 户</a>'

    draft = reader.get(reverse("draws:preparation", args=[batch.pk])).content.decode()
    frozen = factory.frozen(batch)
    page = reader.get(reverse("draws:preparation", args=[batch.pk])).content.decode()

    assert link in draft and link in page
    assert link in reader.get(batch.get_absolute_url()).content.decode()
    digests = Evidence.objects.filter(batch=frozen, path__in=("excluded.tsv", path_of(batch.draws.get())))
    for shown in (page, reader.get(address(batch)).content.decode()):
        assert len(digests) == 2 and all(one.sha256 in shown for one in digests)
        assert "公开的排除名单（化名）excluded.tsv" in shown


def test_a_batch_that_was_put_aside_says_that_its_lists_are_gone(client: Client, batch):
    frozen = factory.frozen(batch)
    batches.drop(batch=frozen, reason="不抽了", by=keeper_of(batch.department), at=NOW)
    reader = signed_in(client, keeper_of(batch.department))

    assert "已放弃，没有保留" in reader.get(reverse("draws:preparation", args=[batch.pk])).content.decode()
    assert "已放弃，没有保留" in reader.get(address(batch)).content.decode()
