"""A byte of any file behind a receipt was changed: whoever asks has the right answer or none (演示数据)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from gongchou.audit.guard import open_for_writing
from gongchou.draw.errors import DrawError
from gongchou.draw.frame import seal
from gongchou.draws import indexes, keys, store
from gongchou.draws.models import Batch, Hit
from gongchou.draws.queries.receipts import receipt_key, receipts_of
from gongchou.refusal import Refused
from gongchou.registry.models import Subject
from tests.factories import draws as factory
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HELD = ("params.json", "selected.tsv", "reserve.tsv", "seed-input.txt")  # whole
FILES = (*HELD, "frame.tsv", "excluded.tsv", "index of frame.tsv", "index of excluded.tsv")
NUMBER = 9_000
SPOTS = 5


def make_once() -> Batch:
    task = factory.ready_task()
    with open_for_writing():
        left_out = Subject.objects.order_by("number")[3]
        Subject.objects.filter(pk=left_out.pk).update(state="inactive", status="suspended")
    batch = factory.drawn(factory.make_batch(task))
    make_subject(NUMBER)
    indexes.prepare_batch(batch)
    return batch


def askers(batch: Batch) -> dict[str, str]:
    """One of everybody who may ask, by number."""
    hits = Hit.objects.filter(batch=batch).order_by("rank").select_related("subject")
    others = Subject.objects.exclude(pk__in=hits.values("subject")).order_by("number")
    shops = others.filter(memberships__isnull=False)
    return {
        "drawn": hits.filter(place="selected")[0].subject.number,
        "reserve": hits.filter(place="reserve")[0].subject.number,
        "listed": shops.filter(state="active")[0].number,
        "excluded": shops.get(status="suspended").number,
        "stranger": others.filter(memberships=None)[0].number,
    }


def path_of(batch: Batch, name: str) -> Path:
    kept = batch.evidence.get(path=name.removeprefix("index of "))
    return indexes.folder() / kept.sha256 if name.startswith("index") else store.blob(kept.sha256).path


def spots(batch: Batch, data: bytes) -> set[int]:
    """All over the file, and in each asker's own pseudonym."""
    own = [seal(keys.seal_of(batch.code), number).encode() for number in askers(batch).values()]
    return {
        *range(0, len(data), -(-len(data) // SPOTS)),
        len(data) - 1,
        *(data.index(one) + 2 for one in own if one in data),
    }


def told(batch: Batch, number: str) -> list[object]:
    return [one.receipt for one in receipts_of(batch, number, at=timezone.now())]


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_never_makes_a_wrong_answer(kept: Batch, name: str):
    people, path = askers(kept), path_of(kept, name)
    right, whole = {who: told(kept, number) for who, number in people.items()}, path.read_bytes()
    assert [bool(answer) for answer in right.values()] == [True] * 4 + [False]

    for at in spots(kept, whole):
        for bit in (0, 7):
            touched = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
            for who, number in people.items():
                path.write_bytes(touched)
                assert answer(kept, number) in ([None] if name in HELD else [right[who], None])
                if name.startswith("index"):
                    assert answer(kept, number) == right[who]


def answer(batch: Batch, number: str) -> list[object] | None:
    """None where it is refused."""
    try:
        return told(batch, number)
    except (DrawError, Refused):
        return None


@pytest.mark.parametrize(
    ("who", "name"), [("drawn", "selected.tsv"), ("listed", "frame.tsv"), ("excluded", "excluded.tsv")]
)
def test_the_page_says_that_the_evidence_was_touched_and_whom_to_tell(client: Client, kept: Batch, who: str, name: str):
    number, path = askers(kept)[who], path_of(kept, name)
    own = seal(keys.seal_of(kept.code), number).encode()
    path.write_bytes(path.read_bytes().replace(own, own[:-1] + (b"7" if own[-1:] != b"7" else b"6")))

    told = {"number": number, "key": receipt_key(kept, number)}
    page = client.post(f"/public/draws/{kept.code}/receipt/", told)

    assert page.status_code == 409
    said = page.content.decode()
    assert f"恢复以前对任何单位都不作答。请告诉组织抽取的部门（{kept.department.name}）" in said
    assert not [word for word in ("没有被抽中", "排除名单", "：被抽中", "没有参加抽取") if word in said]
