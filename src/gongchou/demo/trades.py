"""What there is to inspect in the city: sub-libraries, the shops in them, and what stands in none."""

from __future__ import annotations

from typing import NamedTuple


class Trade(NamedTuple):
    """A sub-library: name, owner, the licence it asks for ("" for none), its shops, its share in per mille."""

    name: str
    owner: str
    licence: str
    shops: tuple[str, ...]
    share: int
    industry: str = "批发和零售业"


MARKET = {
    "ZX": Trade("直销", "SCJG", "直销经营许可证", ("健康用品有限公司",), 1),
    "PM": Trade("拍卖", "SCJG", "拍卖经营批准证书", ("拍卖有限公司",), 2, "租赁和商务服务业"),
    "WW": Trade("文物", "WLJ", "文物经营许可证", ("文物商店",), 1),
    "GG": Trade("广告", "SCJG", "", ("广告有限公司", "文化传媒有限公司"), 25, "租赁和商务服务业"),
    "SBDL": Trade("商标代理", "SCJG", "", ("知识产权代理有限公司",), 3, "租赁和商务服务业"),
    "TSBZ": Trade("特殊标志", "SCJG", "", ("文创用品店",), 1),
    "SPSC": Trade("食品生产", "SCJG", "食品生产许可证", ("食品有限公司", "豆制品厂"), 20, "制造业"),
    "SPTJ": Trade("食品添加剂", "SCJG", "食品生产许可证", ("配料有限公司",), 2, "制造业"),
    "BJSP": Trade("保健食品", "SCJG", "食品经营许可证", ("营养品有限公司",), 8),
    "SPLT": Trade("食品流通", "SCJG", "食品经营许可证", ("超市", "便利店", "果蔬店", "粮油店"), 200),
    "CY": Trade("餐饮", "SCJG", "食品经营许可证", ("餐饮店", "面馆", "饭店", "小吃店", "团餐有限公司"), 240, "住宿和餐饮业"),
    "HZPSC": Trade("化妆品生产", "YJJ", "化妆品生产许可证", ("日化有限公司",), 1, "制造业"),
    "YPJY": Trade("药品经营", "YJJ", "药品经营许可证", ("大药房", "药店"), 30),
    "YLJG": Trade("医疗机构", "WJW", "医疗机构执业许可证", ("诊所", "门诊部", "医院有限公司"), 35, "卫生和社会工作"),
    "YLQX": Trade("医疗器械", "YJJ", "医疗器械经营许可证", ("医疗器械有限公司",), 12),
    "JLQJ": Trade("计量器具生产", "SCJG", "", ("仪表有限公司",), 2, "制造业"),
    "YNCP": Trade("用能产品", "SCJG", "", ("电器有限公司",), 8, "制造业"),
    "DLBZ": Trade("定量包装", "SCJG", "", ("包装食品有限公司",), 10, "制造业"),
    "QJJL": Trade("强检计量使用", "SCJG", "", ("加油站有限公司", "集贸市场有限公司"), 12),
    "JLBZ": Trade("计量标准机构", "SCJG", "", ("计量检定所",), 1, "科学研究和技术服务业"),
    "JYJC": Trade("检验检测", "SCJG", "检验检测机构资质认定证书", ("检测有限公司", "机动车检测有限公司"), 6, "科学研究和技术服务业"),
    "ZYRZ": Trade("自愿性认证", "SCJG", "", ("认证服务有限公司",), 2, "租赁和商务服务业"),
    "TZSC": Trade("特种设备生产", "SCJG", "特种设备生产许可证", ("锅炉有限公司", "电梯有限公司"), 4, "制造业"),
    "TZJY": Trade("特种设备检验检测", "SCJG", "特种设备检验检测机构核准证", ("特种设备检验有限公司",), 1, "科学研究和技术服务业"),
    "TZXS": Trade("特种设备经营", "SCJG", "", ("起重设备有限公司",), 6),
    "TZSY": Trade("特种设备使用", "SCJG", "", ("商场有限公司", "物业服务有限公司"), 36, "房地产业"),
    "GYXK": Trade("工业产品许可证", "SCJG", "全国工业产品生产许可证", ("建材有限公司", "电线电缆有限公司"), 5, "制造业"),
}  # fmt: skip
"""The 27 sub-libraries of market regulation (domain.md 2.4)."""

OTHERS = {
    "XX": Trade("学校", "JYJ", "", ("实验小学", "中学", "幼儿园"), 6, "教育"),
    "LG": Trade("旅馆", "GAJ", "特种行业许可证", ("宾馆", "旅店", "酒店有限公司"), 12, "住宿和餐饮业"),
    "BA": Trade("保安服务", "GAJ", "保安服务许可证", ("保安服务有限公司",), 2, "租赁和商务服务业"),
    "YL": Trade("娱乐场所", "WLJ", "娱乐经营许可证", ("歌舞厅", "电影院有限公司", "游艺厅"), 5, "文化、体育和娱乐业"),
    "PW": Trade("排污单位", "STJ", "排污许可证", ("印染有限公司", "铸造有限公司"), 6, "制造业"),
    "DL": Trade(
        "道路运输", "JTJ", "道路运输经营许可证", ("物流有限公司", "货运有限公司"), 12, "交通运输、仓储和邮政业"
    ),
    "WX": Trade("危险化学品经营", "YJGL", "危险化学品经营许可证", ("化工有限公司",), 3),
    "NZ": Trade("农业投入品", "NYJ", "农药经营许可证", ("农资经营部",), 5, "农、林、牧、渔业"),
    "LS": Trade("律师事务所", "SFJ", "", ("律师事务所",), 1, "租赁和商务服务业"),
    "GD": Trade("建设工程项目", "ZJJ", "", ("住宅楼工程", "道路改造工程", "厂房工程"), 3, "建筑业"),
    "CP": Trade("重点产品", "SCJG", "", ("电动自行车", "燃气灶具", "儿童玩具"), 2, "制造业"),
    "XW": Trade("网络经营行为", "SCJG", "", ("直播带货行为", "网络促销行为"), 2),
}
"""Sub-libraries of other departments, with what is no enterprise: schools, projects, products, behaviours (R-25)."""

TRADES = MARKET | OTHERS
PLAIN = (
    "贸易有限公司", "服装店", "建材商行", "信息技术有限公司", "农机服务部", "苗木专业合作社", "家政服务部", "理发店",
    "果业专业合作社", "五金店", "行业协会",
)  # fmt: skip

OWN_NUMBERS = {"GD": ("XM", "项目"), "CP": ("CP", "产品"), "XW": ("XW", "行为")}  # these have no credit code
KEPT_BY_OWNER = frozenset({"XX", "GD", "LS", "BA", "YL", "PW"})  # the others are kept where they stand

_ENDINGS = (
    (("专业合作社",), "农民专业合作社", "93"),
    (("实验小学", "中学", "幼儿园", "检定所"), "事业单位", "12"),
    (("行业协会",), "社会组织", "51"),
    (("律师事务所",), "社会组织", "31"),
    (("公司", "厂"), "企业", "91"),
)


def kind_of(shop: str) -> tuple[str, str]:
    """What a shop of this name is, and how its credit code begins (GB 32100)."""
    return next(((kind, first) for ends, kind, first in _ENDINGS if shop.endswith(ends)), ("个体工商户", "92"))
