"""Hygiene of public places; medical insurance."""

from __future__ import annotations

from gongchou.demo.forms.writing import GRAVE, MAJOR, ask, check, count, each, form, part, work_out

_PLACES, _RULES = "《公共场所卫生管理条例》", "《公共场所卫生管理条例实施细则》"
_FUND = "《医疗保障基金使用监督管理条例》"

HYGIENE = form(
    "WJW",
    "WJW-01",
    "公共场所卫生检查表",
    part(
        "hyg_permit",
        "许可和人员",
        ask("单选 hygiene_place", "hyg_kind", "场所类别"),
        check("hyg_licensed", "卫生许可证有效，按许可项目经营并在醒目位置公示", f"{_PLACES}第四条", GRAVE, when="not(${hyg_kind} = 'shop')"),
        check("hyg_level", "量化分级结果、卫生检测结果公示", _RULES),
        count("hyg_staff", "直接为顾客服务的人员数"),
        ask(
            "整数",
            "hyg_healthy",
            "其中持有效健康合格证明的人数",
            must=". >= 0 and . <= ${hyg_staff}",
            message="不能多于直接为顾客服务的人员数",
            basis=f"{_PLACES}第七条",
            severity=MAJOR,
        ),
        check("hyg_manager", "设立卫生管理部门或专（兼）职管理人员，档案齐全", _RULES),
    ),
    part(
        "hyg_things",
        "用品用具",
        check("hyg_once", "供顾客使用的用品用具一客一换一消毒，数量满足周转", _RULES, MAJOR),
        check("hyg_wash", "清洗消毒间、设施专用，消毒药剂在有效期内", _RULES, MAJOR),
        check("hyg_linen", "布草洗净、脏净分开存放；外送洗涤的索取资质和记录", _RULES, when="${hyg_kind} = 'hotel' or ${hyg_kind} = 'bath'"),
        check("hyg_tools", "理发、美容工具分类消毒，皮肤病顾客专用工具", _RULES, when="${hyg_kind} = 'beauty'"),
        check("hyg_bought", "化妆品、一次性卫生用品索证", _RULES),
    ),
    part(
        "hyg_air",
        "空气、水和环境",
        ask("小数", "hyg_co2", "室内二氧化碳（%）", must=". >= 0 and . <= 5", message="请核对读数，应在 0 到 5 之间", needed=False, basis="GB 37488《公共场所卫生指标及限值要求》"),
        ask("小数", "hyg_c", "室内温度（℃）", must=". >= -20 and . <= 50", message="请核对读数，应在 -20 到 50 之间", needed=False),
        each(
            "hyg_samples",
            "抽样的用品（水）",
            ask("文本", "hyg_sample", "样品", needed=False),
            ask("单选 hyg_test", "hyg_sample_item", "检验项目", needed=False),
            ask("文本", "hyg_sample_no", "样品编号", needed=False),
        ),
        check("hyg_vent", "集中空调定期清洗、检测，新风口周围清洁", _RULES),
        check("hyg_yearly", "每年至少一次空气、微小气候、水质、用品检测", _RULES),
        check("hyg_smoke", "室内公共场所禁烟标识醒目，有劝阻人员", _RULES),
        check("hyg_pests", "防鼠、防蚊、防蝇、防蟑螂设施完好", _RULES),
    ),
    groups={
        "hygiene_place": {"hotel": "住宿", "bath": "沐浴", "beauty": "美容美发", "cinema": "影剧院、歌舞厅", "pool": "游泳", "shop": "商场超市"},
        "hyg_test": {"total": "细菌总数", "coliform": "大肠菌群", "staph": "金黄色葡萄球菌", "water": "水质"},
    },
)  # fmt: skip

INSURANCE = form(
    "YBJ",
    "YBJ-01",
    "定点医疗机构检查表",
    part(
        "ins_rules",
        "机构和制度",
        ask("单选 hospital", "ins_level", "机构等级"),
        check("ins_practice", "医疗机构执业许可（备案）有效，科室和人员与登记相符", "《医疗机构管理条例》", GRAVE),
        check("ins_inside", "建立医疗保障基金使用内部管理制度，有专人负责并培训", f"{_FUND}第十四条"),
        check("ins_kept", "财务账目、会计凭证、处方、病历、费用明细、出入库记录保管完整", f"{_FUND}第十六条", MAJOR),
    ),
    part(
        "ins_care",
        "诊疗真实",
        check("ins_person", "核验参保人员医保凭证，人证相符", f"{_FUND}第十五条", MAJOR),
        count("ins_beds", "系统显示的在院人数", when="not(${ins_level} = 'clinic')"),
        count("ins_found", "现场清点的在院人数", when="not(${ins_level} = 'clinic')"),
        work_out("ins_missing", "两者之差", "${ins_beds} - ${ins_found}"),
        check("ins_real", "没有挂床、冒名、虚构诊疗，没有诱导住院", f"{_FUND}第十五条、第四十条", GRAVE),
        check("ins_split", "没有分解住院、过度检查、超量开药、重复开药", f"{_FUND}第三十八条", MAJOR),
        check("ins_consent", "提供目录外服务经参保人员同意", f"{_FUND}第十五条"),
    ),
    part(
        "ins_bill",
        "收费和药品",
        check("ins_price", "收费项目和标准公示，没有重复收费、超标准收费、分解项目收费", f"{_FUND}第三十八条", MAJOR),
        check("ins_swap", "没有串换药品、医用耗材、诊疗项目和服务设施", f"{_FUND}第三十八条", MAJOR),
        each(
            "ins_cases",
            "抽查的病历（处方）",
            ask("文本", "ins_case", "病历号", hint="不写患者姓名", needed=False),
            ask("小数", "ins_billed", "结算金额（元）", must=". >= 0", message="金额不能是负数", needed=False),
            ask("小数", "ins_doubt", "存疑金额（元）", must=". >= 0 and . <= ${ins_billed}", message="不能多于结算金额", needed=False),
        ),
        check("ins_stock", "药品、耗材进销存相符，追溯码扫码上传", _FUND, MAJOR),
        check("ins_sent", "全面、准确、及时上传结算数据", f"{_FUND}第十六条"),
    ),
    groups={"hospital": {"three": "三级医院", "two": "二级医院", "one": "一级及以下医院", "clinic": "门诊部、诊所", "pharmacy": "定点药店"}},
)  # fmt: skip

FORMS = (HYGIENE, INSURANCE)
