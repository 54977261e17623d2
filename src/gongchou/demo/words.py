"""The words the city is put together from. No place, firm or person is meant."""

from __future__ import annotations

from random import Random

CITY = "云砚市"
DISTRICTS = ("砚东区", "砚西区", "澄湾区", "苇渡区", "栖云区", "鹤汀县", "霁山县", "棠浦县", "蓼川县", "雁洄市")
TOWN_FIRST = "松柏梅兰竹菊荷桂枫槐榆柳桃杏梨橘茶麦稻禾"
TOWN_SECOND = ("坞街道", "汀街道", "屿镇", "陂镇", "垄镇", "墩乡", "泾镇", "湾街道")

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
GIVEN = "砚澄苇栖鹤霁棠蓼雁洄松汀屿陂垄泾岚岫峤皋沚漪泓澍熙昀晗煦旻祺祎珩瑾璟琛"

SHOP_FIRST = ("云砚", "澄湾", "苇渡", "栖云", "鹤汀", "霁山", "棠浦", "蓼川", "雁洄", "砚东", "砚西")
SHOP_MIDDLE = "澍煦昀珩瑾璟琛祺岚岫峤皋漪泓翎翊翮臻骁骊"
STREETS = ("观澜路", "听松街", "望霁路", "采蓼巷", "浣砚街", "栖鹤路", "苇岸路", "澄心街", "棠阴路", "归雁路")

# sub-library code -> name, owner, whether it needs a licence, which, what its shops are called, share in per mille
LIBRARIES: dict[str, tuple[str, str, bool, str, tuple[str, ...], int]] = {
    "ZX": ("直销", "SCJG", True, "直销经营许可", ("健康用品有限公司",), 1),
    "PM": ("拍卖", "SCJG", True, "拍卖经营批准证书", ("拍卖有限公司",), 2),
    "WW": ("文物", "WLJ", True, "文物经营许可证", ("文物商店",), 1),
    "GG": ("广告", "SCJG", False, "", ("广告有限公司", "文化传媒有限公司"), 25),
    "SBDL": ("商标代理", "SCJG", False, "", ("知识产权代理有限公司",), 3),
    "TSBZ": ("特殊标志", "SCJG", False, "", ("文创用品店",), 1),
    "SPSC": ("食品生产", "SCJG", True, "食品生产许可证", ("食品有限公司", "豆制品厂"), 20),
    "SPTJ": ("食品添加剂", "SCJG", True, "食品生产许可证", ("配料有限公司",), 2),
    "BJSP": ("保健食品", "SCJG", True, "食品经营许可证", ("营养品有限公司",), 8),
    "SPLT": ("食品流通", "SCJG", True, "食品经营许可证", ("超市", "便利店", "果蔬店", "粮油店"), 210),
    "CY": ("餐饮", "SCJG", True, "食品经营许可证", ("餐饮店", "面馆", "饭店", "小吃店", "食堂"), 260),
    "HZPSC": ("化妆品生产", "YJJ", True, "化妆品生产许可证", ("日化有限公司",), 1),
    "YPJY": ("药品经营", "YJJ", True, "药品经营许可证", ("大药房", "药店"), 30),
    "YLJG": ("医疗机构", "WJW", True, "医疗机构执业许可证", ("诊所", "门诊部", "卫生室", "医院"), 35),
    "YLQX": ("医疗器械", "YJJ", True, "医疗器械经营许可证", ("医疗器械有限公司",), 12),
    "JLQJ": ("计量器具生产", "SCJG", False, "", ("仪表有限公司",), 2),
    "YNCP": ("用能产品", "SCJG", False, "", ("电器有限公司",), 8),
    "DLBZ": ("定量包装", "SCJG", False, "", ("包装食品有限公司",), 10),
    "QJJL": ("强检计量使用", "SCJG", False, "", ("加油站", "集贸市场"), 12),
    "JLBZ": ("计量标准机构", "SCJG", False, "", ("计量检定所",), 1),
    "JYJC": ("检验检测", "SCJG", True, "检验检测机构资质认定证书", ("检测有限公司", "机动车检测站"), 6),
    "ZYRZ": ("自愿性认证", "SCJG", False, "", ("认证服务有限公司",), 2),
    "TZSC": ("特种设备生产", "SCJG", True, "特种设备生产许可证", ("锅炉有限公司", "电梯有限公司"), 4),
    "TZJY": ("特种设备检验检测", "SCJG", True, "特种设备检验检测机构核准证", ("特种设备检验所",), 1),
    "TZXS": ("特种设备经营", "SCJG", False, "", ("起重设备商行",), 6),
    "TZSY": ("特种设备使用", "SCJG", False, "", ("商场", "物业服务有限公司", "宾馆"), 40),
    "GYXK": ("工业产品许可证", "SCJG", True, "全国工业产品生产许可证", ("建材有限公司", "电线电缆有限公司"), 5),
}
PLAIN = ("贸易有限公司", "服装店", "建材商行", "信息技术有限公司", "农机服务部", "苗木专业合作社", "家政服务部")

# code -> (name, short name, function, whether it sits in the conference)
DEPARTMENTS: dict[str, tuple[str, str, str]] = {
    "SCJG": ("市场监督管理局", "市场监管局", "市场监管"),
    "FGW": ("发展和改革委员会", "发改委", "发展改革"),
    "JYJ": ("教育局", "教育局", "教育"),
    "GAJ": ("公安局", "公安局", "公安"),
    "RSJ": ("人力资源和社会保障局", "人社局", "人力资源社会保障"),
    "STJ": ("生态环境局", "生态环境局", "生态环境"),
    "ZJJ": ("住房和城乡建设局", "住建局", "住房城乡建设"),
    "JTJ": ("交通运输局", "交通局", "交通运输"),
    "NYJ": ("农业农村局", "农业农村局", "农业农村"),
    "SWJ": ("商务局", "商务局", "商务"),
    "WLJ": ("文化和旅游局", "文旅局", "文化和旅游"),
    "WJW": ("卫生健康委员会", "卫健委", "卫生健康"),
    "YJGL": ("应急管理局", "应急局", "应急"),
    "HGS": ("海关", "海关", "海关"),
    "SWU": ("税务局", "税务局", "税务"),
    "TJJ": ("统计局", "统计局", "统计"),
    "XFJY": ("消防救援支队", "消防支队", "消防救援"),
    "YCJ": ("烟草专卖局", "烟草局", "烟草"),
    "YZJ": ("邮政管理局", "邮政局", "邮政"),
    "YBJ": ("医疗保障局", "医保局", "医保"),
    "QXJ": ("气象局", "气象局", "气象"),
    "SFJ": ("司法局", "司法局", "司法"),
    "XCB": ("宣传部", "宣传部", "宣传"),
    "YJJ": ("药品监督管理局", "药监局", "药品监管"),
    "ZRJ": ("自然资源和规划局", "自规局", "自然资源"),
}


def person(random: Random) -> str:
    """A name that belongs to nobody in particular."""
    return random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2, 2))))


def phone(random: Random) -> str:
    """Eleven digits no telephone has."""
    return f"100{random.randrange(10**8):08}"


def shop(random: Random, kind: str) -> str:
    """The name of a firm."""
    middle = "".join(random.sample(SHOP_MIDDLE, 2))
    return f"{random.choice(SHOP_FIRST)}{middle}{kind}"


def address(random: Random, district: str, town: str) -> str:
    """A house in a street that is nowhere."""
    return f"{CITY}{district}{town}{random.choice(STREETS)}{random.randrange(1, 400)}号"
