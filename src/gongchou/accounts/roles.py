"""What each role is for and may do, in words an administrator can read.

The three administrators watch one another (三员分立): nobody is two of them, and none of them handles business.
Source: GB/T 22239-2019, level 3, 8.1.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Duty(StrEnum):
    """Something a role may do; rooms ask for duties, never for roles."""

    KEEP_ACCOUNTS = "keep_accounts"
    GRANT_ROLES = "grant_roles"
    READ_AUDIT = "read_audit"
    SEND_MESSAGES = "send_messages"
    KEEP_ORGANISATION = "keep_organisation"
    KEEP_LIST = "keep_list"
    APPROVE_LIST = "approve_list"
    KEEP_LIBRARIES = "keep_libraries"
    READ_LIBRARIES = "read_libraries"
    KEEP_PLAN = "keep_plan"
    APPROVE_PLAN = "approve_plan"
    COORDINATE = "coordinate"
    READ_PLANS = "read_plans"
    AUDIT_DRAWS = "audit_draws"
    READ_RESULTS = "read_results"
    REVIEW_RESULTS = "review_results"


DUTY_WORDS = {
    Duty.KEEP_ACCOUNTS: "开设、停用账号和重置密码",
    Duty.GRANT_ROLES: "授予和收回角色与数据范围",
    Duty.READ_AUDIT: "查阅操作日志",
    Duty.SEND_MESSAGES: "群发通知",
    Duty.KEEP_ORGANISATION: "维护机构与区划",
    Duty.KEEP_LIST: "维护抽查事项清单",
    Duty.APPROVE_LIST: "审批抽查事项清单",
    Duty.KEEP_LIBRARIES: "维护检查对象和检查人员名录",
    Duty.READ_LIBRARIES: "查看清单和名录",
    Duty.KEEP_PLAN: "编制计划和任务，答复联合邀请",
    Duty.APPROVE_PLAN: "审批计划和任务",
    Duty.COORDINATE: "统筹联合抽查，设定工作指标，登记备案",
    Duty.READ_PLANS: "查看计划和任务",
    Duty.AUDIT_DRAWS: "打开密封的抽取名单，核验对象和人员",
    Duty.READ_RESULTS: "查看检查记录和结果",
    Duty.REVIEW_RESULTS: "审核检查结果，处理并存的记录",
}


WITH_FIELDS = frozenset({Duty.KEEP_LIST, Duty.APPROVE_LIST, Duty.KEEP_LIBRARIES, Duty.READ_LIBRARIES})
"""The duties over what has a field (事项领域), and which an appointment may therefore bind to some."""


class RoleCode(StrEnum):
    """Codes as they are stored."""

    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    CONFERENCE_OFFICE = "conference_office"
    HEAD = "head"
    LIAISON = "liaison"
    PLAN_CLERK = "plan_clerk"
    REVIEWER = "reviewer"
    INSPECTOR = "inspector"
    EXPERT = "expert"
    LEADER = "leader"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Role:
    """A role as an administrator chooses it. A back-office role signs in with two factors.

    is_own_only: its holder sees what she is charged with herself; no other role has the scope 仅本人, for it would show
        its holder nothing
    """

    code: RoleCode
    name: str
    purpose: str
    duties: frozenset[Duty]
    is_back_office: bool = True
    is_own_only: bool = False


ADMINISTRATORS = (RoleCode.SYSTEM_ADMIN, RoleCode.SECURITY_ADMIN, RoleCode.AUDIT_ADMIN)

_LIBRARIES = frozenset({Duty.KEEP_LIST, Duty.KEEP_LIBRARIES, Duty.READ_LIBRARIES})
_PLANS = frozenset({Duty.KEEP_PLAN, Duty.READ_PLANS, Duty.READ_RESULTS})
_READS = frozenset({Duty.READ_LIBRARIES, Duty.READ_PLANS, Duty.READ_RESULTS})
ROLES = {
    role.code: role
    for role in (
        Role(
            RoleCode.SYSTEM_ADMIN,
            "系统管理员",
            "开设和停用账号，维护机构与区划；不能授予角色，看不到业务数据。",
            frozenset({Duty.KEEP_ACCOUNTS, Duty.KEEP_ORGANISATION, Duty.SEND_MESSAGES}),
        ),
        Role(
            RoleCode.SECURITY_ADMIN,
            "安全管理员",
            "授予和收回角色与数据范围，须经另一名安全管理员确认；看不到业务数据。",
            frozenset({Duty.GRANT_ROLES}),
        ),
        Role(
            RoleCode.AUDIT_ADMIN,
            "审计管理员",
            "查阅和导出全部操作日志，核对日志是否完整；不能写入任何数据。",
            frozenset({Duty.READ_AUDIT}),
        ),
        Role(
            RoleCode.CONFERENCE_OFFICE,
            "双随机办",
            "统筹本级各部门的清单、名录、计划与联合抽查，对数据负责。",
            _LIBRARIES
            | _PLANS
            | {
                Duty.APPROVE_LIST,
                Duty.APPROVE_PLAN,
                Duty.COORDINATE,
                Duty.KEEP_ORGANISATION,
                Duty.READ_AUDIT,
                Duty.SEND_MESSAGES,
            },
        ),
        Role(
            RoleCode.HEAD,
            "部门负责人",
            "审批本部门的清单、计划和结果。",
            _READS
            | {
                Duty.APPROVE_LIST,
                Duty.APPROVE_PLAN,
                Duty.READ_AUDIT,
                Duty.SEND_MESSAGES,
                Duty.REVIEW_RESULTS,
            },
        ),
        Role(
            RoleCode.LIAISON,
            "联络员",
            "代表本部门参加联席会议，编制计划，答复联合邀请，维护本部门的清单和名录。",
            _LIBRARIES | _PLANS | {Duty.SEND_MESSAGES},
        ),
        Role(RoleCode.PLAN_CLERK, "计划经办", "编制本部门的年度计划和任务，维护名录。", _LIBRARIES | _PLANS),
        Role(RoleCode.REVIEWER, "审核人", "审核检查结果；自己录入的不能自己审核。", _READS | {Duty.REVIEW_RESULTS}),
        Role(
            RoleCode.INSPECTOR,
            "执法检查人员",
            "承担抽到的检查，在手机上记录结果；只看到自己的任务。",
            frozenset(),
            is_back_office=False,
            is_own_only=True,
        ),
        Role(
            RoleCode.EXPERT,
            "第三方专家",
            "协助指派的检查，出具专业意见；只看到指派的任务。",
            frozenset(),
            is_back_office=False,
            is_own_only=True,
        ),
        Role(
            RoleCode.AUDITOR,
            "抽取审计员",
            "用密钥打开密封的名单，核对化名、名录和人员匹配，出具核验意见；不参与任何抽取。",
            frozenset({Duty.AUDIT_DRAWS}),
        ),
        Role(RoleCode.LEADER, "领导（只读）", "查看辖区内的汇总和明细，不作改动。", _READS),
    )
}
