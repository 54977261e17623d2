"""What people are told about ratios, frequencies, claims and ceilings."""

from __future__ import annotations

SENTENCES = {
    "registry.ratio_over_whole": "“{text}”超过了100%，请核对是否多写了一位；全部检查的写“100%”。",
    "registry.ratio_amount": (
        "“{text}”不是能识别的比例或数量。请写成“3%”“不低于3%”“不超过2%”“3%-20%”“不少于2‰”或“60-70家”；"
        "比例须大于0且不超过100%，家数须为整数。"
    ),
    "registry.ratio_text": "“{text}”不是能识别的抽查比例。请照这样写：{example}；没有定数的写“根据实际情况确定”。",
    "registry.frequency_text": "“{text}”不是能识别的抽查频次。请照这样写：{example}；没有定数的写“根据实际情况确定”。",
    "registry.ratio_backwards": "“{text}”前一个数大于后一个数，请把小的数写在前面。",
    "registry.ratio_name": (
        "名称“{name}”不能使用：不能为空、不能超过{most}个字；按层级或等级填写的，请从给定的层级或等级中选择。"
    ),
    "registry.ratio_twice": "“{name}”填写了两次，每一层级、等级或类别只填一行。",
    "registry.ratio_no_rows": "请至少填写一行。",
    "registry.ratio_choice": "选择“几种做法任选其一”的，请至少填写两种；只有一种的请选“统一比例”。",
    "registry.ratio_times": "次数“{times}”不能使用，请填写1至10之间的整数。",
    "registry.ratio_stored": "比例或频次规则的内容不完整或有误（{where}），请重新填写。",
    "registry.ratio_kind": "请选择比例的确定方式。",
    "registry.times_text": (
        "“{text}”不是能识别的频次。请写成“每年1次”“每年不少于1次”“每年不超过2次”“每2年不超过1次”或“每月1次”。"
    ),
    "registry.ratio_over_ceiling": (
        "“{name}”是一般检查事项，比例{ratio}%超过了上限{ceiling}%（依据：{source}）。"
        "请降低比例；确需超过的，请填写“超过比例上限的理由”后再提交。"
    ),
    "registry.ceiling_out_of_reach": (
        "您没有“{region}”的清单审批权限，不能设定该地的比例上限。请由该地双随机办或部门负责人设定。"
    ),
    "registry.claim_not_offered": (
        "“{item}”不在“{department}”可认领的范围内：须为上级主管部门已公布、实施层级包括本级的事项。请核对事项和部门。"
    ),
    "registry.claim_exists": "“{item}”的认领状态是“{state}”，无需再次认领。",
    "registry.claim_state": "“{item}”的认领状态是“{state}”，不能变更为“{wanted}”。请刷新页面后按当前状态办理。",
    "registry.claim_item_gone": "“{item}”已不在上级公布的清单中，不能继续使用。请取消认领；上级重新公布后可再认领。",
    "registry.claim_direction": (
        "“{item}”的上级比例为“{ratio}”，本级比例须在此范围之内：上级写“不低于”的不能更低，写“不超过”的不能更高，"
        "写明区间的不能超出区间。请调整本级比例，或留空以沿用上级比例。"
    ),
    "registry.claim_frequency": (
        "“{item}”的上级频次为“{frequency}”，本级不能减少抽查次数，也不能放宽对同一检查对象的次数限制。"
        "请调整本级频次，或留空以沿用上级频次。"
    ),
}
