"""The lives of an inspection and of its results, and the codes that officials report in (domain.md 2.12, 2.13, 4.7)."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class Stage(TextChoices):
    """How far an inspection (object x department) has come on site."""

    NOT_STARTED = "not_started", "未开始"
    NOTIFIED = "notified", "已通知"
    RECORDED = "recorded", "已记录"
    SIGNED = "signed", "已签字"
    UNREACHABLE = "unreachable", "无法联系"
    TERMINATED = "terminated", "已终止"


class ResultState(TextChoices):
    """How far its results have come in the office; what follows an approval is the public's room."""

    NOT_ENTERED = "not_entered", "未录入"
    IN_REVIEW = "in_review", "待审核"
    RETURNED = "returned", "已退回"
    REJECTED = "rejected", "审核不通过"
    APPROVED = "approved", "审核通过"


RESULT_MOVES: Final = {
    ResultState.NOT_ENTERED: (ResultState.IN_REVIEW,),
    ResultState.IN_REVIEW: (ResultState.IN_REVIEW, ResultState.APPROVED, ResultState.RETURNED, ResultState.REJECTED),
    ResultState.RETURNED: (ResultState.IN_REVIEW,),
    ResultState.REJECTED: (),
    # A correction is the next revision of the record, and is looked at as the first one was.
    ResultState.APPROVED: (ResultState.IN_REVIEW,),
}


class Standing(TextChoices):
    """What a record that was sent counts for."""

    HELD = "held", "有效"
    BESIDE = "beside", "与他人的记录并存，待办公室选定"
    QUARANTINED = "quarantined", "提交时已不在该席位，待办公室处理"
    PASSED_OVER = "passed_over", "未被选用"


class Outcome(TextChoices):
    """What became of the visit (2.12: what is no result of an item, but of the object)."""

    INSPECTED = "inspected", "已检查"
    UNREACHABLE = "unreachable", "通过登记的住所（经营场所）无法联系"
    CLOSED = "closed", "已关闭停业或正在组织清算"
    MOVED = "moved", "已迁出"
    DEREGISTERED = "deregistered", "已注销"
    REVOKED = "revoked", "已被吊销"
    REFUSED = "refused", "拒绝检查"


STAGES_OF: Final = {
    Outcome.INSPECTED: Stage.RECORDED,
    Outcome.UNREACHABLE: Stage.UNREACHABLE,
    Outcome.REFUSED: Stage.RECORDED,
    Outcome.CLOSED: Stage.TERMINATED,
    Outcome.MOVED: Stage.TERMINATED,
    Outcome.DEREGISTERED: Stage.TERMINATED,
    Outcome.REVOKED: Stage.TERMINATED,
}


class ResultCode(TextChoices):
    """检查结果, in the national words (domain.md 2.12)."""

    NO_PROBLEM = "NO_PROBLEM", "未发现问题"
    NOT_DISCLOSED = "NOT_DISCLOSED", "未按规定公示应当公示的信息"
    FALSE_DISCLOSURE = "FALSE_DISCLOSURE", "公示信息隐瞒真实情况、弄虚作假"
    UNREACHABLE = "UNREACHABLE", "通过登记的住所（经营场所）无法联系"
    CORRECTED = "CORRECTED", "发现问题已责令改正"
    NON_COOPERATION = "NON_COOPERATION", "不配合检查情节严重"
    NO_RELATED_ACTIVITY = "NO_RELATED_ACTIVITY", "未发现开展本次抽查涉及的经营活动"
    PENDING = "PENDING", "发现问题待后续处理"
    CLOSED = "CLOSED", "已关闭停业或正在组织清算"
    DEREGISTERED = "DEREGISTERED", "注销"
    REVOKED = "REVOKED", "被吊销"
    CANCELLED = "CANCELLED", "被撤销"
    MOVED_OUT = "MOVED_OUT", "迁出"


ALONE: Final = frozenset({ResultCode.NO_PROBLEM, ResultCode.NO_RELATED_ACTIVITY})
"""Whoever says one of these says nothing else."""
WITH_PROBLEM: Final = frozenset(
    {
        ResultCode.NOT_DISCLOSED,
        ResultCode.FALSE_DISCLOSURE,
        ResultCode.CORRECTED,
        ResultCode.NON_COOPERATION,
        ResultCode.PENDING,
    }
)
"""These are told in words, and something follows."""


class Measure(TextChoices):
    """后续处置 (domain.md 2.13)."""

    NONE = "none", "未发现问题或已规范、已改正，无需后续处置"
    GUIDED = "guided", "首次轻微违法，指导改正，不予处罚"
    TOLD_DAILY = "told_daily", "停止检查，反馈日常监管部门"
    ORDERED = "ordered", "违反本部门规定，责令改正，后续由日常监管跟踪"
    CASE = "case", "发现案件线索，固定证据后移送办案机构"
    TOLD_OTHERS = "told_others", "违反其他部门规定，抄告相关部门"
    PENALTY = "penalty", "违法处罚"
    CRIMINAL = "criminal", "刑事立案"
    ABNORMAL = "abnormal", "列入经营异常名录"
    OTHER = "other", "其他"


class CheckMethod(TextChoices):
    """核查方式 (domain.md 2.11, row 9)."""

    ON_SITE = "on_site", "实地检查"
    DOCUMENT = "document", "书面检查"
    CONCLUSION = "conclusion", "行政部门检查结果或专业意见"
    TESTING = "testing", "检验检测"
    ONLINE = "online", "网络监测"
    ENTRUSTED = "entrusted", "委托专业机构辅助"


class Verdict(TextChoices):
    """What a reviewer says of a record."""

    PASS = "pass", "通过"
    RETURN = "return", "退回补充"
    REJECT = "reject", "不通过"


AFTER: Final = {
    Verdict.PASS: ResultState.APPROVED,
    Verdict.RETURN: ResultState.RETURNED,
    Verdict.REJECT: ResultState.REJECTED,
}
