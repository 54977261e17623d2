"""The people who ask in ``pages``, and more subjects than the city has."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count as counting
from random import Random
from typing import Any
from uuid import uuid4

from django.db.models import Count
from django.test import Client

from gongchou.accounts.models import Department, Region, User
from gongchou.audit.guard import open_for_writing
from gongchou.demo import words
from gongchou.registry import search
from gongchou.registry.models import Subject
from gongchou.registry.queries.subjects import sub_libraries, visible

CHUNK = 20_000
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def count() -> int:
    """Subjects in the database."""
    return Subject.objects.count()


def clients(by: str) -> tuple[Client, Client, dict[str, Any]]:
    """Our asker with this user name, the peer's asker, and ids for the addresses."""
    ours, user = Client(), User.objects.get(username=by)
    ours.force_login(user, backend=BACKEND)
    ids = {
        "library": sub_libraries(user).annotate(n=Count("memberships")).order_by("n").last(),
        "region": Region.objects.get(code="990102"),
        "subject": visible(user).order_by("number").first(),
    }
    return ours, ours, {name: found.pk if found else "" for name, found in ids.items()}


def fill_up(total: int) -> None:
    """Add subjects past all operations until there are so many; for measuring only."""
    random = Random(7)
    keeper, region, at = Department.objects.get(code="SCJG02"), Region.objects.get(code="990102"), datetime.now(UTC)
    kinds = ("鲜果店", "餐饮店", "食品经营有限公司", "五金商行", "药房", "加油站", "幼儿园", "旅馆")
    numbers = (f"BENCH{n:013}" for n in counting())
    while (missing := total - count()) > 0:
        rows = [
            Subject(
                id=uuid4(),
                number=next(numbers),
                name=words.shop(random, "砚东区", random.choice(kinds)),
                address=words.address(random, "砚东区", "松坞街道"),
                region=region,
                keeper=keeper,
                changed_at=at,
            )
            for _ in range(min(CHUNK, missing))
        ]
        with open_for_writing():
            Subject.objects.bulk_create(rows, batch_size=1000)
        search.refresh((row.pk, row.number, row.name, row.address) for row in rows)
