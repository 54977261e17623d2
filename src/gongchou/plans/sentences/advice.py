"""What people are told when a proposal of ratios cannot be taken."""

from __future__ import annotations

SENTENCES = {
    "plans.no_line_chosen": "没有选择要采用建议的计划行。请至少勾选一行。",
    "plans.line_not_by_risk": "第{number}行没有勾选“信用风险分类抽查”，不能采用分等级的比例。请先修改该行，或不选它。",
    "plans.ratio_steps": "建议的比例无法识别。请返回比例建议页面重新计算后再采用。",
    "plans.ratio_off_bands": "{grade}级比例{ratio}不在登记的区间“{band}”之内。请重新计算后再采用。",
    "plans.ratio_falls": "风险较高的等级比例低于风险较低的等级。请重新计算后再采用。",
    "plans.bands_missing": "{region}{year}年没有登记“各风险等级抽查比例区间”，无法核对建议。请先在“工作指标”中设定。",
}
