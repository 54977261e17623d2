"""Measuring instruments and special equipment, one by one."""

from __future__ import annotations

from gongchou.demo.forms.writing import GRAVE, MAJOR, ask, check, count, each, form, part, work_out

_METER, _EQUIPMENT = "《计量法》", "《特种设备安全法》"

INSTRUMENTS = form(
    "SCJG",
    "C04",
    "强制检定计量器具使用检查表",
    part(
        "metre_list",
        "登记和管理",
        count("metre_n", "使用的强制检定计量器具台（件）数"),
        ask(
            "整数",
            "metre_n_valid",
            "其中检定合格且在有效期内的",
            must=". >= 0 and . <= ${metre_n}",
            message="不能多于使用的台（件）数",
            basis=f"{_METER}第九条",
            severity=MAJOR,
        ),
        check("metre_listed", "登记造册并备案，周期检定计划得到执行", f"{_METER}第九条"),
        check("metre_person", "有人负责计量器具的保管、维护和送检", _METER),
    ),
    each(
        "metres",
        "抽查的计量器具",
        ask("单选 instrument", "metre_kind", "名称"),
        ask("文本", "metre_no", "型号、出厂编号"),
        ask("文本", "metre_paper", "检定证书编号", needed=False),
        ask("日期", "metre_until", "检定有效期至", needed=False),
        ask("单选 seal", "metre_seal", "铅封（封印）", basis=_METER, severity=MAJOR),
        ask("小数", "metre_standard", "标准量", hint="砝码克数或标准金属量器升数", must=". >= 0", message="不能是负数", needed=False),
        ask("小数", "metre_shown", "显示量", must=". >= 0", message="不能是负数", needed=False),
        work_out("metre_error", "误差（显示量减标准量）", "${metre_shown} - ${metre_standard}"),
        ask("照片", "metre_photo", "铭牌、检定标志照片", needed=False),
    ),
    part(
        "metre_use",
        "使用",
        check("metre_exact", "没有破坏准确度，没有加装作弊装置、改动软件", _METER, GRAVE),
        check("metre_unit", "使用国家法定计量单位", f"{_METER}第三条"),
        check("metre_scale", "集贸市场、加油站等按规定设置公平秤、复核计量器具", "《集贸市场计量监督管理办法》"),
        check("metre_stop", "检定不合格、超过周期的已停用并贴停用标志", f"{_METER}第九条", MAJOR),
    ),
    groups={
        "instrument": {"scale": "电子秤", "pump": "燃油加油机", "taxi": "出租汽车计价器", "bp": "血压计", "water": "水表", "power": "电能表", "gas": "燃气表", "other": "其他"},
        "seal": {"whole": "完好", "broken": "损坏", "none": "没有"},
    },
)  # fmt: skip

EQUIPMENT = form(
    "SCJG",
    "C12",
    "特种设备使用单位检查表",
    part(
        "dev_unit",
        "制度和人员",
        check("dev_rules", "建立岗位责任、隐患治理、应急救援等安全管理制度和操作规程", f"{_EQUIPMENT}第三十四条"),
        check("dev_manager", "按规定设置安全总监、安全员，日管控、周排查、月调度有记录", "《特种设备使用单位落实使用安全主体责任监督管理规定》", MAJOR),
        count("dev_n_people", "在岗作业人员数"),
        ask(
            "整数",
            "dev_n_certified",
            "其中持相应有效证件的人数",
            must=". >= 0 and . <= ${dev_n_people}",
            message="不能多于在岗作业人员数",
            basis=f"{_EQUIPMENT}第十四条",
            severity=MAJOR,
        ),
        check("dev_drill", "制定专项应急预案并定期演练，有记录", f"{_EQUIPMENT}第六十九条"),
    ),
    each(
        "devs",
        "抽查的设备",
        ask("单选 equipment", "dev_kind", "种类"),
        ask("文本", "dev_no", "设备代码或使用登记证编号", basis=f"{_EQUIPMENT}第三十三条", severity=MAJOR),
        ask("日期", "dev_next", "下次检验日期", basis=f"{_EQUIPMENT}第四十条", severity=GRAVE),
        ask("单选 finding", "dev_mark", "登记标志、检验标志置于显著位置", basis=f"{_EQUIPMENT}第三十三条", severity="一般"),
        ask("单选 finding", "dev_parts", "安全附件、安全保护装置齐全有效", basis=f"{_EQUIPMENT}第三十九条", severity=GRAVE),
        ask("文本", "dev_note", "发现的问题", when="${dev_mark} = 'bad' or ${dev_parts} = 'bad'"),
        ask("日期", "dev_kept_on", "最近一次维护保养日期", hint="电梯至少每十五日一次", when="${dev_kind} = 'lift'", basis=f"{_EQUIPMENT}第四十五条", severity=MAJOR),
        ask("文本", "dev_keeper", "维护保养单位", when="${dev_kind} = 'lift'"),
        ask("照片", "dev_photo", "设备铭牌、标志照片"),
    ),
    part(
        "dev_use",
        "使用和处置",
        check("dev_files", "逐台建立安全技术档案，内容完整", f"{_EQUIPMENT}第三十五条"),
        check("dev_serviced", "定期自行检查、经常性维护保养并有记录", f"{_EQUIPMENT}第三十九条", MAJOR),
        check("dev_warned", "安全使用说明、注意事项、警示标志置于易于注意的位置", f"{_EQUIPMENT}第四十三条"),
        check("dev_faults", "出现故障、异常的已停用并消除隐患后再用", f"{_EQUIPMENT}第四十二条", GRAVE),
        check("dev_scrapped", "没有使用国家明令淘汰、已经报废的设备", f"{_EQUIPMENT}第三十二条", GRAVE),
    ),
    groups={"equipment": {"boiler": "锅炉", "vessel": "压力容器", "pipe": "压力管道", "lift": "电梯", "crane": "起重机械", "ropeway": "客运索道", "ride": "大型游乐设施", "truck": "场（厂）内专用机动车辆"}},
)  # fmt: skip

FORMS = (INSTRUMENTS, EQUIPMENT)
