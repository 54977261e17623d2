"""What people are told when this room says no."""

from __future__ import annotations

SENTENCES = {
    "accounts.role_held": (
        "此人已经担任“{role}”，或这一角色正在等待确认，不能重复授予。如需调整数据范围，请先收回原角色。"
    ),
    "accounts.roles_exclude": (
        "“{role}”与已有（或待确认）的“{held}”不能由同一人担任："
        "三类管理员相互独立，且不办理业务。请先收回“{held}”，或另选人员。"
    ),
    "accounts.appointment_ended": "这项任职已经收回或退回，无需再办。",
    "accounts.appointment_waiting": "这项任职还没有确认，不能收回；可以退回申请。",
    "accounts.appointment_answered": "这项申请已经办结，请刷新页面查看结果。",
    "accounts.departments_missing": "数据范围选了“自定”，请至少选择一个部门。",
    "accounts.departments_unused": ("只有数据范围为“自定”时才需要选择部门。请清空所选部门，或把数据范围改为“自定”。"),
    "accounts.scope_own_only": (
        "“仅本人”只适用于执法检查人员和第三方专家；“{role}”按此范围看不到任何数据。请改选“本部门”或其他范围。"
    ),
    "accounts.fields_unused": "“{role}”不办理清单和名录，不能限定事项领域。请不选事项领域。",
    "accounts.reach_too_far": "申请的数据范围超出了您自己管理的部门。请缩小范围，或请上级安全管理员办理。",
    "accounts.own_role": "不能为自己授予、收回角色或重置双因素验证，请另一名安全管理员办理。",
    "accounts.own_request": "申请人不能确认自己的申请，请另一名安全管理员确认。",
    "accounts.two_people": "授予角色须由一人申请、另一人确认，请使用“申请授予角色”。",
    "accounts.account_closed": "该账号已停用。如需办理，请先由系统管理员启用。",
    "accounts.account_open": "该账号已经是启用状态，无需再办。",
    "accounts.own_account": (
        "不能停用自己的账号或重置自己的密码。修改密码请到“个人中心”，停用请另一名系统管理员办理。"
    ),
    "accounts.not_own_account": "只能由本人办理。",
    "accounts.out_of_reach": "所选的部门、区划或人员不在您的管理范围内，请重新选择，或联系上级管理员办理。",
    "accounts.roles_hold_place": (
        "此人还担任角色，或有角色待确认，而角色的数据范围随部门变化。请先由安全管理员收回全部角色，调整部门后重新授予。"
    ),
    "accounts.username_taken": "账号“{username}”已被使用，请换一个。",
    "accounts.one_time_over": "一次性密码已过期，请联系系统管理员重新设置。",
    "accounts.password_same": "新密码不能与现在的密码相同，请换一个。",
    "accounts.department_ended": "“{department}”已经撤销，不能再办理。",
    "accounts.department_code_taken": "编码“{taken}”已被其他部门使用，请换一个。",
    "accounts.department_circle": "不能把部门调整到它自己或其下属单位“{parent}”之下，请另选上级机构。",
    "accounts.department_has_units": "还有 {count} 个下属单位没有撤销或调整，请先处理这些单位。",
    "accounts.department_has_people": "还有 {count} 个启用的账号属于该部门，请先停用或调整这些账号。",
    "accounts.unit_outside": "内设机构必须有上级机构，请选择它所在的部门。",
    "accounts.liaison_elsewhere": "联络员须是“{department}”或其下属单位的在用账号，请重新选择。",
    "accounts.region_code_taken": "代码“{taken}”在这一日期仍被另一区划使用，请核对代码或日期。",
    "accounts.region_ended": "“{region}”已经停用，不能再办理。",
    "accounts.region_dates": "日期须晚于该区划的启用日期 {day}。",
    "accounts.region_in_use": "该区划下还有 {regions} 个下级区划、{departments} 个部门，请先停用或调整。",
    "accounts.nobody_to_tell": "没有符合条件的收件人，消息没有发出。请调整部门或职责。",
    "accounts.link_elsewhere": "相关页面只能是本平台内的地址，应以“/”开头。",
    "accounts.locked": "密码错误次数过多，请在 {minutes} 分钟后再试。忘记密码的，请联系本单位系统管理员重置。",
    "accounts.slow_down": "尝试过于频繁，请在 {seconds} 秒后再试。",
}
