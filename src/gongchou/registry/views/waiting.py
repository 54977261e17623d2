"""Cards of the desk: what waits for somebody on the lists, each line with the page where it is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.roles import Duty
from gongchou.registry.queries import waiting
from gongchou.registry.queries.tags import decidable_tags
from gongchou.registry.views.versions import KINDS
from gongchou.web.desk import Card, register

TEMPLATE = "registry/card_waiting.html"
Line = tuple[str, int, str]
"""Words, how many, where to go."""


def _told(lines: Iterable[Line]) -> dict[str, Any] | None:
    found = [line for line in lines if line[1]]
    return {"lines": found} if found else None


def _decisions(request: HttpRequest) -> dict[str, Any] | None:
    by: Any = request.user
    lines: list[Line] = []
    for kind, words in KINDS.items():
        page, publishing = reverse(words.list_page), reverse("registry:publish", args=[kind])
        lines += [
            (f"{words.word}待审核", waiting.to_review(kind, by).count(), f"{page}?state=review"),
            (f"{words.word}提出废止，待决定", waiting.to_end(kind, by).count(), f"{page}?state=ending"),
            (f"{words.word}已通过，待公布", waiting.to_publish(kind, by).count(), publishing),
        ]
    tags = f"{reverse('registry:tags')}?state=proposed"
    return _told([*lines, ("标签待审批", len(decidable_tags(by)), tags)])


def _errands(request: HttpRequest) -> dict[str, Any] | None:
    by: Any = request.user
    lines: list[Line] = [
        (f"{words.word}被退回，待修改", waiting.to_mend(kind, by).count(), f"{reverse(words.list_page)}?state=returned")
        for kind, words in KINDS.items()
    ]
    claims = f"{reverse('registry:claims')}?state=suspended"
    reviews = f"{reverse('registry:matters')}?due=yes"
    due = waiting.due_reviews(by, on=timezone.localdate())
    lines.append(("认领已暂停，待重新确认", waiting.suspended_claims_of(by).count(), claims))
    return _told([*lines, ("监管事项年度复核到期", due.count(), reviews)])


register(Card("清单审批", TEMPLATE, _decisions, frozenset({str(Duty.APPROVE_LIST)}), order=20))
register(Card("清单维护", TEMPLATE, _errands, frozenset({str(Duty.KEEP_LIST)}), order=30))
