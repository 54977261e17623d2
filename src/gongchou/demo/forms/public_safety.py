"""Fire safety, hotels, dangerous chemicals."""

from __future__ import annotations

from gongchou.demo.forms.writing import GRAVE, MAJOR, ask, check, count, each, form, part

_FIRE, _HOTELS = "《消防法》", "《旅馆业治安管理办法》"
_TERROR, _MINORS = "《反恐怖主义法》", "《未成年人保护法》"
_SAFETY, _CHEMICALS = "《安全生产法》", "《危险化学品安全管理条例》"

FIRE = form(
    "XFJY",
    "XFJY-01",
    "消防安全检查表",
    part(
        "fire_place",
        "场所",
        ask("单选 place_kind", "fire_kind", "场所类别"),
        ask("小数", "fire_area", "建筑面积（平方米）", must=". > 0", message="建筑面积要大于 0"),
        count("fire_floors", "使用层数", most=200),
        check("fire_opened", "投入使用、营业前的消防安全检查（告知承诺）手续齐全", f"{_FIRE}第十五条", GRAVE, when="${fire_kind} = 'public'"),
    ),
    part(
        "fire_duty",
        "责任和值守",
        check("fire_rules", "消防安全责任人、管理人明确，制度和操作规程、灭火和应急疏散预案齐全", f"{_FIRE}第十六条"),
        check("fire_rounds", "防火检查、巡查记录完整，隐患及时消除", f"{_FIRE}第十六条"),
        check("fire_drills", "组织消防演练，员工会报警、会灭火、会疏散", f"{_FIRE}第十六条"),
        ask("单选 yes_no", "fire_room", "是否设有消防控制室"),
        count("fire_room_people", "控制室当班人数", most=50, when="${fire_room} = 'yes'"),
        check("fire_room_ok", "控制室二十四小时双人值班，操作人员持证", f"{_FIRE}第二十一条", MAJOR, when="${fire_room} = 'yes'"),
    ),
    part(
        "fire_ways",
        "疏散和设施",
        check("fire_exits", "疏散通道、安全出口畅通，没有占用、堵塞、封闭、上锁", f"{_FIRE}第二十八条", GRAVE),
        check("fire_lane", "没有占用、堵塞、封闭消防车通道", f"{_FIRE}第二十八条", MAJOR),
        check("fire_windows", "人员密集场所门窗没有设置影响逃生和灭火救援的障碍物", f"{_FIRE}第二十八条", GRAVE),
        check("fire_signs", "应急照明、疏散指示标志完好有效", f"{_FIRE}第十六条", MAJOR),
        check("fire_kit", "消防设施、器材配置齐全、完好有效，没有损坏、挪用、擅自停用", f"{_FIRE}第二十八条", MAJOR),
        each(
            "fire_tests",
            "抽查、测试的设施",
            ask("单选 fire_tool", "fire_tool_kind", "设施", needed=False),
            ask("文本", "fire_tool_at", "部位", needed=False),
            ask("单选 finding", "fire_tool_ok", "功能是否正常", needed=False),
        ),
        check("fire_yearly", "自动消防设施每年至少全面检测一次", f"{_FIRE}第十六条"),
    ),
    part(
        "fire_risk",
        "用火用电和材料",
        check("fire_power", "电器、燃气用具和线路敷设符合规定", f"{_FIRE}第二十七条", MAJOR),
        check("fire_hot", "动火作业审批并落实现场监护", f"{_FIRE}第二十一条", MAJOR),
        check("fire_lodging", "生产、储存、经营易燃易爆危险品的场所没有与居住场所设在同一建筑物内", f"{_FIRE}第十九条", GRAVE),
        check("fire_panels", "没有使用易燃可燃材料装修、分隔", f"{_FIRE}第二十六条", MAJOR),
        check("fire_bikes", "没有在室内、疏散通道停放、充电电动自行车", "《高层民用建筑消防安全管理规定》", MAJOR),
    ),
    groups={
        "place_kind": {"public": "公众聚集场所", "crowded": "其他人员密集场所", "high": "高层建筑", "plant": "厂房、仓库", "other": "其他"},
        "fire_tool": {"alarm": "火灾自动报警", "sprinkler": "自动喷水灭火", "hydrant": "消火栓", "smoke": "防烟排烟", "door": "防火门、防火卷帘", "extinguisher": "灭火器", "light": "应急照明"},
    },
)  # fmt: skip

HOTEL = form(
    "GAJ",
    "GAJ-02",
    "旅馆业治安管理检查表",
    part(
        "inn_permit",
        "许可和人员",
        check("inn_licensed", "特种行业许可证有效，名称、地址、客房数与许可相符", f"{_HOTELS}第四条", GRAVE),
        count("inn_rooms", "客房数", most=5_000),
        count("inn_guests", "当日在住人数", most=20_000),
        check("inn_guarded", "建立治安保卫制度，配备保卫人员并经培训", f"{_HOTELS}第五条"),
    ),
    part(
        "inn_guests_part",
        "住宿登记",
        check("inn_real", "查验身份证件，逐人如实登记并实时上传", f"{_HOTELS}第六条；{_TERROR}第二十一条", GRAVE),
        each(
            "inn_checked",
            "抽查的房间（人、证、登记是否一致）",
            ask("文本", "inn_room", "房号", needed=False),
            ask("整数", "inn_in_room", "实际在住人数", must=". >= 0 and . <= 50", message="请填写 0 到 50 之间的整数", needed=False),
            ask("整数", "inn_registered", "登记人数", must=". >= 0 and . <= 50", message="请填写 0 到 50 之间的整数", needed=False),
            ask("单选 yes_no", "inn_same", "是否一致", needed=False),
        ),
        check("inn_foreign", "境外人员二十四小时内报送住宿登记", "《出境入境管理法》第三十九条", MAJOR),
        check("inn_minors", "未成年人入住查验身份、询问监护人联系方式和同住关系，落实强制报告", f"{_MINORS}第五十七条", GRAVE),
        check("inn_visitors", "来访人员登记，会客时间符合规定", _HOTELS),
    ),
    part(
        "inn_guard",
        "安全防范",
        check("inn_cameras", "出入口、前台、电梯、通道监控完好，图像保存不少于九十日", f"{_TERROR}第三十二条", MAJOR),
        count("inn_camera_days", "抽查的图像保存天数", most=400),
        check("inn_values", "设置财物保管室（柜），有领取、交接制度", f"{_HOTELS}第七条"),
        check("inn_lost", "遗留物品妥善保管、登记、招领", f"{_HOTELS}第八条"),
        check("inn_hidden", "客房没有窥视、偷拍设备，落实巡查", _HOTELS, GRAVE),
        check("inn_vice", "没有为卖淫嫖娼、赌博、吸毒等提供条件，发现后及时报告", f"{_HOTELS}第九条", GRAVE),
        check("inn_online", "网约房、钟点房同样登记上传", f"{_TERROR}第二十一条", MAJOR),
    ),
)  # fmt: skip

CHEMICALS = form(
    "YJGL",
    "YJGL-01",
    "危险化学品经营检查表",
    part(
        "chem_permit",
        "许可和人员",
        ask("单选 storing", "chem_way", "经营方式"),
        ask("多选 chemical", "chem_kinds", "经营的品类"),
        check("chem_licensed", "危险化学品经营许可证有效，品种和方式与许可相符", f"{_CHEMICALS}第三十三条", GRAVE),
        check("chem_head", "主要负责人、安全管理人员经考核合格", f"{_SAFETY}第二十七条", MAJOR),
        check("chem_trained", "从业人员经安全教育和培训，特种作业人员持证", f"{_SAFETY}第二十八条、第三十条", MAJOR),
    ),
    part(
        "chem_trade",
        "购销",
        check("chem_source", "没有向无许可的单位采购，没有经营没有安全技术说明书、安全标签的产品", f"{_CHEMICALS}第三十七条", GRAVE),
        check("chem_sold", "剧毒、易制爆品查验购买凭证，如实登记并按时备案", f"{_CHEMICALS}第四十一条", GRAVE, when="selected(${chem_kinds}, 'toxic') or selected(${chem_kinds}, 'explosive')"),
        each(
            "chem_samples",
            "抽查的品种",
            ask("文本", "chem_name", "品名", needed=False),
            ask("小数", "chem_stock", "现场存量（吨）", must=". >= 0", message="存量不能是负数", needed=False),
            ask("单选 yes_no", "chem_sheet", "一书一签是否齐全", needed=False),
        ),
    ),
    part(
        "chem_store",
        "储存",
        check("chem_apart", "储存在专用仓库、场地，由专人管理，禁忌物料分开", f"{_CHEMICALS}第二十四条", GRAVE),
        check("chem_amount", "储存数量不超限，出入库有核查登记", f"{_CHEMICALS}第二十五条", MAJOR),
        check("chem_fit", "通风、防爆、防雷、防静电、监测报警设施完好", f"{_CHEMICALS}第二十条", GRAVE),
        check("chem_signs", "设置明显的安全警示标志", f"{_SAFETY}第三十五条"),
        check("chem_lodging", "没有与员工宿舍在同一座建筑物内，安全距离符合要求", f"{_SAFETY}第四十二条", GRAVE),
        when="not(${chem_way} = 'paper')",
    ),
    part(
        "chem_risk",
        "风险和应急",
        check("chem_risks", "安全风险分级管控、隐患排查治理双重预防机制运行", f"{_SAFETY}第四十一条", MAJOR),
        ask("单选 yes_no", "chem_major", "是否构成重大危险源", basis=f"{_SAFETY}第四十条"),
        check("chem_major_ok", "重大危险源登记建档、检测评估监控并备案", f"{_SAFETY}第四十条", GRAVE, when="${chem_major} = 'yes'"),
        check("chem_plan", "制定应急预案，配备应急物资，定期演练", f"{_SAFETY}第八十一条", MAJOR),
        ask("日期", "chem_drilled", "最近一次演练日期", needed=False),
        check("chem_gear", "为从业人员配备合格的劳动防护用品并督促使用", f"{_SAFETY}第四十五条"),
    ),
    groups={
        "storing": {"store": "带储存设施", "shop": "门店（少量存放）", "paper": "不带储存（票据）经营"},
        "chemical": {"fuel": "成品油", "gas": "燃气、工业气体", "toxic": "剧毒化学品", "explosive": "易制爆化学品", "paint": "油漆、稀释剂", "other": "其他"},
    },
)  # fmt: skip

FORMS = (FIRE, HOTEL, CHEMICALS)
