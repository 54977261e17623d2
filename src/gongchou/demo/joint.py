"""The joint list and the matters of the city; the joint list after the real rows of domain.md 2.2."""

from __future__ import annotations

from typing import NamedTuple


class JointRow(NamedTuple):
    """A joint item as a line of the list. initiators: "JYJ", or "影院=XCB 歌舞厅=WLJ" where the type decides."""

    field: str
    name: str
    items: str
    initiators: str
    participants: str
    ratio: str
    frequency: str
    time: str
    levels: str
    note: str
    library: str = ""
    kinds: str = "et"


_BOTH, _CITY, _COUNTY = "city county", "city", "county"
_DOWN = "市级发起，下派区级检查"
JOINT: tuple[JointRow, ...] = (
    JointRow("学校办学情况", "招生办学、收费和校外培训检查", "JYJ-01 JYJ-02", "JYJ", "SCJG SWU", "5%", "每年1次", "3—6月、9—11月", _BOTH, _DOWN, "XX", "ies"),
    JointRow("学校食堂食品安全", "学校食堂食品安全检查", "B10", "SCJG", "JYJ WJW", "高校30%；中小学、幼儿园50%", "每半年1次", "3月、9月", _BOTH, _DOWN, "XX", "ie"),
    JointRow("保安行业", "保安从业单位和培训单位检查", "GAJ-01", "GAJ", "RSJ SCJG", "从业单位8%；培训单位3%", "每年1次", "5—8月", _CITY, "市级发起市级检查", "BA", "e"),
    JointRow("宾馆旅店", "许可、卫生、消防、治安和明码标价检查", "GAJ-02 WJW-01 XFJY-01 ZJJ-02 A10", "GAJ", "ZJJ WJW SCJG XFJY", "5%", "每年2次", "4—10月", _BOTH, "区级发起区级检查", "LG"),
    JointRow("企业年度报告", "年报公示信息检查", "A03", "SCJG", "RSJ SWJ SWU", "不低于0.5%", "每年1次", "7—10月", _BOTH, "配合省级检查", "", "etc"),
    JointRow("机动车排放检验机构", "检验情况和设备检查", "C14 STJ-03", "SCJG", "STJ", "5%", "每年1次", "6—9月", _CITY, "市级发起市级检查", "JYJC", "e"),
    JointRow("影剧院、歌舞厅", "许可证照、卫生和消防检查", "WLJ-01 WJW-01 XFJY-01", "电影院=XCB 歌舞娱乐场所=WLJ 其他公共场所=WJW", "GAJ SCJG XFJY", "3%", "每年2次", "1—11月", _COUNTY, "区级发起区级检查", "YL"),
    JointRow("游泳场馆", "卫生许可和水质检查", "WJW-02", "WJW", "SCJG", "100%", "每年1次", "6—8月", _COUNTY, "区级发起区级检查", "", "eti"),
    JointRow("商场超市", "卫生管理和食品销售检查", "WJW-01 B04", "WJW", "SCJG XFJY", "市级2%；县级10%", "每年1次", "4—11月", _BOTH, _DOWN, "SPLT"),
    JointRow("互联网文化单位", "经营情况检查", "WLJ-02", "WLJ", "GAJ SWU", "低于3%", "每年1次", "5—10月", _CITY, "市级发起市级检查", "", "e"),
    JointRow("生态环境监测机构", "监测情况检查", "STJ-02 C06", "STJ", "SCJG", "5%", "每年1次", "5—10月", _CITY, "市级发起市级检查", "JYJC", "e"),
    JointRow("涉烟经营", "物流寄递环节运输烟草制品检查", "YCJ-01 YZJ-01", "YCJ", "YZJ GAJ", "3%", "每年2次", "上、下半年各一次", _BOTH, _DOWN),
    JointRow("医保定点医疗机构", "医保基金使用检查", "YBJ-01", "YBJ", "WJW SCJG", "三级医院不低于50%；二级医院不低于30%", "每年1次", "3—11月", _BOTH, _DOWN, "YLJG", "eti"),
    JointRow("危险化学品", "经营、储存和运输检查", "YJGL-01 JTJ-01", "YJGL", "GAJ JTJ STJ", "20%一次或10%两次", "每年不超过2次", "4—10月", _BOTH, _DOWN, "WX", "e"),
    JointRow("建设工程", "施工现场质量安全和用工检查", "ZJJ-01", "ZJJ", "RSJ YJGL", "3%-20%", "每季度不少于1次", "全年", _BOTH, _DOWN, "GD", "p"),
    JointRow("网络预约出租汽车", "平台和车辆许可检查", "JTJ-02", "JTJ", "GAJ SWU", "根据实际情况确定", "每半年1次", "5月、10月", _CITY, "市级发起市级检查", "", "e"),
    JointRow("养老机构", "服务、食品和消防检查", "MZJ-01 XFJY-01", "MZJ", "SCJG XFJY WJW", "20%一次或10%两次", "每年不超过2次", "4—11月", _COUNTY, "区级发起区级检查", "", "es"),
    JointRow("农业投入品", "农药、兽药经营检查", "NYJ-01", "NYJ", "SCJG", "5%", "每半年1次", "3—5月、8—10月", _COUNTY, "区级发起区级检查", "NZ", "etc"),
    JointRow("单用途商业预付卡", "备案和资金存管检查", "SWJ-01", "SWJ", "SCJG JYJ", "3%", "每年1次", "5—10月", _BOTH, _DOWN, "", "e"),
    JointRow("进出口企业", "单证和经营情况检查", "HGS-01 SWU-01", "HGS", "SWU SCJG", "不低于3%或按专项计划", "每年不少于1次", "5—10月", _CITY, "市级发起市级检查", "", "e"),
    JointRow("印刷企业", "经营情况检查", "XCB-01", "XCB", "WLJ GAJ", "3%", "每年1次", "4—10月", _BOTH, _DOWN, "", "e"),
    JointRow("劳务派遣单位", "用工和许可检查", "RSJ-01", "RSJ", "SCJG SWU", "A级3%；B级4%；C级5%；D级6%", "每年1次", "5—10月", _BOTH, _DOWN, "", "e"),
)  # fmt: skip


class MatterRow(NamedTuple):
    """A supervision matter: its field, lead, the others with what each answers for, its joint items by field."""

    name: str
    field: str
    one_thing: str
    lead: str
    duties: str
    subject: str
    details: str
    joint: str = ""
    library: str = ""


MATTERS: tuple[MatterRow, ...] = (
    MatterRow("单用途商业预付卡消费综合监管", "预付消费", "prepaid_cards", "SWJ", "SWJ=备案和资金存管监管 SCJG=合同和宣传行为监管 JYJ=校外培训预收费监管", "发行单用途预付卡的经营者", "备案、资金存管、合同条款、退费", "单用途商业预付卡"),
    MatterRow("医疗服务综合监管", "医疗服务", "medical", "WJW", "WJW=执业行为监管 YBJ=医保基金使用监管 SCJG=价格和广告监管", "各类医疗机构", "执业许可、诊疗行为、收费和医保结算", "医保定点医疗机构", "YLJG"),
    MatterRow("养老服务综合监管", "养老服务", "elderly_care", "MZJ", "MZJ=服务质量监管 SCJG=食品安全监管 XFJY=消防安全监管 WJW=医疗卫生监管", "养老机构和社区养老服务设施", "服务协议、食品安全、消防安全、医养结合", "养老机构"),
    MatterRow("餐饮服务综合监管", "餐饮服务", "catering", "SCJG", "SCJG=食品安全监管 STJ=油烟和餐厨废弃物监管 XFJY=燃气和消防安全监管", "餐饮服务提供者", "食品安全、油烟排放、用火用气安全", "", "CY"),
    MatterRow("职业技能培训综合监管", "职业培训", "vocational", "RSJ", "RSJ=培训许可和补贴资金监管 SCJG=收费和广告监管", "职业技能培训机构", "办学条件、培训过程、补贴资金"),
    MatterRow("建设项目综合监管", "建设项目", "construction", "ZJJ", "ZJJ=质量安全监管 RSJ=用工监管 STJ=扬尘噪声监管 YJGL=安全生产综合监管", "在建工程项目", "施工许可、质量安全、扬尘治理、工资支付", "建设工程", "GD"),
    MatterRow("交通新业态综合监管", "交通新业态", "new_transport", "JTJ", "JTJ=经营许可监管 GAJ=道路交通安全监管 SWU=涉税监管", "网约车平台和网络货运企业", "平台许可、车辆和驾驶员许可、数据报送", "网络预约出租汽车"),
    MatterRow("危险化学品安全综合监管", "危化品安全", "dangerous_goods", "YJGL", "YJGL=经营储存监管 GAJ=剧毒易制爆流向监管 JTJ=道路运输监管 STJ=废弃处置监管", "危险化学品经营、储存、运输单位", "许可、储存、运输、废弃处置全过程", "危险化学品", "WX"),
    MatterRow("校园食品安全综合监管", "学校办学", "", "SCJG", "SCJG=食堂许可和食品安全监管 JYJ=校长负责制落实 WJW=疾病防控指导", "学校和托幼机构食堂", "陪餐、采购、留样、加工环境", "学校食堂食品安全", "XX"),
)  # fmt: skip
