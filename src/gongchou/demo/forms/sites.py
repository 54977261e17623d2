"""Work that is lent, and sites where it is done."""

from __future__ import annotations

from gongchou.demo.forms.writing import GRAVE, MAJOR, ask, check, count, each, form, part, work_out

_LABOUR, _LENT = "《劳动合同法》", "《劳务派遣暂行规定》"
_INSURANCE, _WAGES = "《社会保险法》", "《保障农民工工资支付条例》"
_SAFETY, _QUALITY = "《建设工程安全生产管理条例》", "《建设工程质量管理条例》"
_RISKY = "《危险性较大的分部分项工程安全管理规定》"

LENT_WORK = form(
    "RSJ",
    "RSJ-01",
    "劳务派遣用工检查表",
    part(
        "lab_permit",
        "许可和用工",
        ask("单选 employer", "lab_kind", "单位类型"),
        check("lab_licensed", "劳务派遣经营许可有效，经营场所、注册资本符合条件", f"{_LABOUR}第五十七条", GRAVE, when="${lab_kind} = 'lender'"),
        count("lab_people", "本单位用工总量（人）"),
        ask(
            "整数",
            "lab_lent",
            "其中被派遣劳动者（人）",
            must=". >= 0 and . <= ${lab_people}",
            message="不能多于用工总量",
        ),
        work_out("lab_share", "派遣人数的十倍减用工总量（大于 0 即超过 10%）", "${lab_lent} * 10 - ${lab_people}"),
        check("lab_share_ok", "派遣用工不超过用工总量的百分之十", f"{_LENT}第四条", MAJOR, when="${lab_kind} = 'user'"),
        check("lab_posts", "只在临时性、辅助性、替代性岗位使用", f"{_LABOUR}第六十六条", MAJOR, when="${lab_kind} = 'user'"),
    ),
    part(
        "lab_paper",
        "合同和名册",
        check("lab_list", "建立职工名册，内容齐全", f"{_LABOUR}第七条"),
        check("lab_contract", "自用工之日起一个月内订立书面劳动合同", f"{_LABOUR}第十条", MAJOR),
        check("lab_two", "与被派遣劳动者订立二年以上固定期限合同，按月支付报酬", f"{_LABOUR}第五十八条", MAJOR, when="${lab_kind} = 'lender'"),
        check("lab_deal", "派遣协议约定岗位、期限、报酬、社会保险，并告知劳动者", f"{_LABOUR}第五十九条、第六十条"),
        check("lab_age", "没有使用不满十六周岁的人", "《禁止使用童工规定》", GRAVE),
    ),
    part(
        "lab_pay",
        "报酬、保险和时间",
        each(
            "lab_samples",
            "抽查的劳动者",
            ask("文本", "lab_worker", "工号", hint="不写姓名和身份证号", needed=False),
            ask("小数", "lab_wage", "上月应发工资（元）", must=". >= 0", message="金额不能是负数", needed=False),
            ask("小数", "lab_paid", "实发工资（元）", must=". >= 0", message="金额不能是负数", needed=False),
            ask("单选 yes_no", "lab_insured", "是否参加社会保险", needed=False),
        ),
        check("lab_wages", "按时足额支付，不低于最低工资标准，没有克扣", f"{_LABOUR}第三十条、第六十条", GRAVE),
        check("lab_equal", "实行同工同酬", f"{_LABOUR}第六十三条"),
        check("lab_social", "三十日内办理社会保险登记，按时足额缴费", f"{_INSURANCE}第五十八条、第六十条", MAJOR),
        check("lab_hours", "加班依法支付加班费，没有强迫加班", f"{_LABOUR}第三十一条", MAJOR),
        check("lab_fees", "没有向劳动者收费、扣押证件、收取押金", f"{_LABOUR}第九条、第六十条", MAJOR),
    ),
    groups={"employer": {"lender": "劳务派遣单位", "user": "用工单位", "plain": "其他用人单位"}},
)  # fmt: skip

BUILDING = form(
    "ZJJ",
    "ZJJ-01",
    "建设工程质量安全检查表",
    part(
        "site_facts",
        "工程概况",
        ask("文本", "site_name", "工程名称和标段"),
        ask("单选 stage", "site_stage", "形象进度"),
        count("site_people", "当日现场作业人数", most=20_000),
        check("site_permit", "取得施工许可证，没有肢解发包、转包、违法分包、挂靠", "《建筑法》第七条、第二十八条", GRAVE),
        check("site_heads", "项目负责人、安全员、总监在岗履职，人证相符", f"{_SAFETY}第二十一条", MAJOR),
    ),
    part(
        "site_risky",
        "危大工程和设备",
        ask("多选 risky", "site_risks", "正在施工的危险性较大的分部分项工程"),
        check("site_plans", "专项施工方案编审、论证、交底、验收齐全", f"{_SAFETY}第二十六条", GRAVE, when="not(selected(${site_risks}, 'none'))"),
        check("site_pit", "深基坑支护、降排水、监测符合方案", _RISKY, GRAVE, when="selected(${site_risks}, 'pit')"),
        check("site_mould", "高支模架体构造、材料、验收符合方案", _RISKY, GRAVE, when="selected(${site_risks}, 'mould')"),
        check("site_crane", "起重机械检测、使用登记、司索信号持证", f"{_SAFETY}第三十五条", GRAVE, when="selected(${site_risks}, 'crane')"),
        check("site_high", "临边洞口、脚手架、高处作业防护到位", f"{_SAFETY}第二十八条", MAJOR),
        check("site_power", "临时用电三级配电、逐级漏电保护", f"{_SAFETY}第二十六条", MAJOR),
    ),
    part(
        "site_quality",
        "质量",
        check("site_tests", "材料、构配件进场检验、见证取样送检", f"{_QUALITY}第二十九条、第三十一条", MAJOR),
        each(
            "site_measured",
            "实测实量",
            ask("文本", "site_spot", "部位、构件", needed=False),
            ask("小数", "site_design", "设计值（毫米）", must=". >= 0", message="不能是负数", needed=False),
            ask("小数", "site_real", "实测值（毫米）", must=". >= 0", message="不能是负数", needed=False),
            work_out("site_off", "偏差（毫米）", "${site_real} - ${site_design}"),
        ),
        check("site_hidden", "隐蔽工程验收记录真实、同步", f"{_QUALITY}第三十条"),
    ),
    part(
        "site_workers",
        "用工和扬尘",
        check("site_names", "实行用工实名制管理，考勤数据上传", f"{_WAGES}第二十八条", MAJOR),
        check("site_account", "开设农民工工资专用账户，按月由总包代发", f"{_WAGES}第二十六条、第三十一条", MAJOR),
        check("site_board", "维权信息告示牌内容齐全", f"{_WAGES}第三十四条"),
        check("site_dust", "围挡、覆盖、冲洗、洒水等扬尘措施落实", "《大气污染防治法》第六十九条"),
    ),
    groups={
        "stage": {"base": "地基基础", "body": "主体结构", "fit": "装饰装修", "done": "已完工未验收", "stopped": "停工"},
        "risky": {"pit": "深基坑", "mould": "高大模板支撑", "crane": "起重吊装和机械安拆", "scaffold": "脚手架", "demolish": "拆除", "none": "没有"},
    },
)  # fmt: skip

FORMS = (LENT_WORK, BUILDING)
