"""What the lists and libraries put on somebody's desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Edition, Inspector, Subject
from gongchou.registry.queries import inspectors, items, subjects, waiting
from gongchou.registry.queries.tags import decidable_tags
from gongchou.registry.states.lists import VersionState
from gongchou.web.desk import Card, Task, register

_LISTS = {
    Edition.Kind.ITEMS: ("抽查事项", "registry:items"),
    Edition.Kind.JOINT: ("联合抽查事项", "registry:joint-items"),
    Edition.Kind.MATTERS: ("综合监管事项", "registry:matters"),
}


def _decisions(request: SignedInRequest) -> Iterator[Task]:
    """For the head."""
    by = request.user
    n_conflicts = waiting.conflicts_to_decide(by).count()
    yield Task("待决定的回避申报", n_conflicts, "件", f"{reverse('registry:conflicts')}?decision=pending")
    for one in waiting.lists_to_decide(by):
        name, page = _LISTS[one.kind]
        yield Task(f"待审核的{name}", one.n_to_review, "项", f"{reverse(page)}?state=review")
        yield Task(f"拟废止、待决定的{name}", one.n_to_end, "项", f"{reverse(page)}?state=ending")
        yield Task(f"已通过、待公布的{name}", one.n_to_publish, "项", reverse("registry:publish", args=[one.kind]))
    yield Task("待审批的标签", len(decidable_tags(by)), "个", f"{reverse('registry:tags')}?state=proposed")


def _lists(request: SignedInRequest) -> Iterator[Task]:
    """For who keeps a list."""
    by, today = request.user, timezone.localdate()
    kept = waiting.lists_to_keep(by, today)
    for kind, n_drafts in kept.n_sent_back.items():
        name, page = _LISTS[kind]
        yield Task(f"被退回、待修改的{name}", n_drafts, "项", f"{reverse(page)}?state=returned")
    claims = reverse("registry:claims")
    n_offers = len(waiting.offers_to_claim(by, today))
    yield Task("上级公布、待本部门认领的事项", n_offers, "项", f"{claims}?state=open&department={by.department_id}")
    yield Task("上级事项有调整，待重新确认的认领", kept.n_claims, "项", f"{claims}?state=suspended")
    yield Task("应年度复核的综合监管事项", kept.n_matters, "项", f"{reverse('registry:matters')}?due=yes")


def _papers(request: SignedInRequest) -> Iterator[Task]:
    """For who keeps the libraries."""
    by, today = request.user, timezone.localdate()
    ends = list(waiting.certificates_to_renew(by, today).values_list("valid_to", flat=True))
    n_over, board = sum(end < today for end in ends), reverse("registry:certificates")
    yield Task("已过期的执法证", n_over, "本", f"{board}?within=expired")
    yield Task(f"{waiting.CERTIFICATE_DAYS} 日内到期的执法证", len(ends) - n_over, "本", f"{board}?within=30")
    n_licences = waiting.licences_to_renew(by, today).count()
    yield Task(f"{waiting.LICENCE_DAYS} 日内到期的许可", n_licences, "条", reverse("registry:expiring-licences"))


def _own(request: SignedInRequest) -> Iterator[Task]:
    """For the inspector herself."""
    n_own = waiting.own_certificates_to_renew(request.user, timezone.localdate()).count()
    yield Task("您的执法证已过期或即将到期，请申请换发", n_own, "本", reverse("registry:my-file"))


def _overview(request: SignedInRequest) -> Iterator[Task]:
    """For whoever reads the lists and libraries: each figure is that of the list behind it."""
    by = request.user
    n_items = items.visible(by).filter(state=VersionState.PUBLISHED).count()
    yield Task("已公布抽查事项", n_items, "项", f"{reverse('registry:items')}?state=published")
    n_subjects = subjects.counted(by).filter(state=Subject.State.ACTIVE).count()
    yield Task("在库检查对象", n_subjects, "个", f"{reverse('registry:subjects')}?state=active")
    n_libraries = subjects.sub_libraries(by).filter(is_active=True).count()
    yield Task("对象分库", n_libraries, "个", f"{reverse('registry:sub-libraries')}?is_active=true")
    n_inspectors = inspectors.visible(by).filter(state=Inspector.State.ACTIVE).count()
    yield Task("执法检查人员", n_inspectors, "人", f"{reverse('registry:inspectors')}?state=active")


def lay_out() -> None:
    """Put the cards of the room on the desk."""
    register(Card("待您决定", _decisions, frozenset({str(Duty.APPROVE_LIST)}), order=20))
    register(Card("清单与认领", _lists, frozenset({str(Duty.KEEP_LIST)}), order=30))
    register(Card("两库", _papers, frozenset({str(Duty.KEEP_LIBRARIES)}), order=40))
    register(Card("我的执法证", _own, order=50))
    reads = frozenset({str(Duty.READ_LIBRARIES)})
    register(Card("一单两库", _overview, reads, order=60, is_overview=True))
