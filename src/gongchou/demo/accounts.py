"""Who may sign in to the demo, and what each may try."""

from __future__ import annotations

from typing import NamedTuple

from gongchou.accounts.roles import RoleCode

PASSWORD = "Yanchi-9901-Luhua"  # noqa: S105 -- known to everybody; a demo is reached from its own machine only


class Account(NamedTuple):
    """An account of the table that is printed. inspector: opened when there is one whose account it is."""

    username: str
    name: str
    department: str
    role: RoleCode
    scope: str
    is_bound_to_city: bool
    to_try: str


INSPECTOR, EXPERT = "zfry", "zj"

ACCOUNTS = (
    Account("xtgly", "演示系统管理员", "SCJG", RoleCode.SYSTEM_ADMIN, "all", False, "开设账号、重置密码，维护机构和区划"),
    Account("aqgly1", "演示安全管理员甲", "SCJG", RoleCode.SECURITY_ADMIN, "all", False, "提出角色申请；待确认的申请要由乙确认"),
    Account("aqgly2", "演示安全管理员乙", "SCJG", RoleCode.SECURITY_ADMIN, "all", False, "确认甲提出的角色申请（有一件待办）"),
    Account("cqsj", "演示抽取审计员", "SCJG", RoleCode.AUDITOR, "all", False, "打开密封名单，核验抽取和匹配"),
    Account("sjgly", "演示审计管理员", "SCJG", RoleCode.AUDIT_ADMIN, "all", False, "查阅操作日志，核对是否被改动"),
    Account("ssjb", "演示双随机办", "SCJG-1", RoleCode.CONFERENCE_OFFICE, "all", True, "编制联合计划，邀请部门，协调决定，登记备案；导入名录，群发通知"),
    Account("ssjb_fzr", "演示双随机办负责人", "SCJG-1", RoleCode.CONFERENCE_OFFICE, "all", True, "审批、公布联合计划；审核尚无专人的部门的清单"),
    Account("scjg_fzr", "演示市局负责人", "SCJG", RoleCode.HEAD, "below", False, "审批、公布本局计划；审核并公布清单，决定回避"),
    Account("scjg_lly", "演示市局联络员", "SCJG", RoleCode.LIAISON, "below", False, "答复联合邀请，编制计划；修订抽查事项，上传检查表"),
    Account("scjg_jb", "演示市局计划经办", "SCJG", RoleCode.PLAN_CLERK, "below", False, "编制年度计划（明年的还空着）和任务；维护名录"),
    Account("scjg_sh", "演示市局审核人", "SCJG", RoleCode.REVIEWER, "own", False, "查看本局清单和名录"),
    Account("qj_lly", "演示区局联络员", "SCJG02", RoleCode.LIAISON, "own", False, "认领市级事项、细化比例；编制本区计划，维护名录"),
    Account("qj_fzr", "演示区局负责人", "SCJG02", RoleCode.HEAD, "own", False, "决定本区人员的回避，查看本区日志"),
    Account("zjj_lly", "演示住建局联络员", "ZJJ", RoleCode.LIAISON, "own", False, "维护本局事项、工程项目名录；答复联合邀请"),
    Account("ld", "演示市领导", "SCJG", RoleCode.LEADER, "all", True, "只读查看全市清单和名录"),
    Account(INSPECTOR, "", "SCJG02", RoleCode.INSPECTOR, "self", False, "查看本人档案，申报回避"),
    Account(EXPERT, "", "SCJG", RoleCode.EXPERT, "self", False, "查看本人档案"),
)  # fmt: skip
FIRST = ("xtgly", "aqgly1", "aqgly2", "sjgly")  # the installer appoints these; all others are appointed by two people


def keeper_of(department: str) -> str:
    """The account that keeps a department's list."""
    return {"SCJG": "scjg_lly", "SCJG02": "qj_lly"}.get(department, f"{department.lower()}_lly")


def head_of(department: str) -> str:
    """The account that approves it."""
    return {"SCJG": "scjg_fzr", "SCJG02": "qj_fzr"}.get(department, f"{department.lower()}_fzr")
