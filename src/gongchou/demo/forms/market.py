"""Registration, public information, prices, trade online."""

from __future__ import annotations

from gongchou.demo.forms.writing import GRAVE, MAJOR, YES_NO, ask, check, count, each, form, part, work_out

_REG, _INFO = "《市场主体登记管理条例》", "《企业信息公示暂行条例》"
_PRICE, _LABEL = "《价格法》", "《明码标价和禁止价格欺诈规定》"
_ECOMMERCE, _CONSUMERS = "《电子商务法》", "《消费者权益保护法》"

REGISTERED = form(
    "SCJG",
    "A01",
    "登记事项检查表",
    part(
        "reg_name",
        "名称和住所",
        check("reg_name_use", "牌匾、印章、合同使用的名称与登记的一致", f"{_REG}第八条"),
        check("reg_address", "住所（主要经营场所）能够实际联系，证明材料真实", f"{_REG}第八条", MAJOR),
        ask("单选 house", "reg_house", "经营场所的使用方式"),
        ask("日期", "reg_lease_until", "租赁（借用）期限至", when="not(${reg_house} = 'own')"),
    ),
    part(
        "reg_scope",
        "经营范围和许可",
        ask("文本", "reg_business", "实际从事的主要经营活动", hint="按现场所见写，不抄营业执照"),
        check("reg_scope_kept", "须经批准的经营项目已取得批准", f"{_REG}第十四条", GRAVE),
        check("reg_business_filed", "许可证件在有效期内，内容与实际相符", f"{_REG}第十四条", MAJOR),
    ),
    part(
        "reg_people",
        "人员和备案",
        check("reg_person", "法定代表人（负责人、经营者）任职真实，没有依法不得任职的情形", f"{_REG}第十二条", MAJOR),
        check("reg_changes", "登记事项变更后三十日内申请变更登记", f"{_REG}第二十四条"),
        check("reg_filed", "章程、经营期限、联络员、受益所有人等备案事项与实际一致", f"{_REG}第九条"),
        ask("单选 yes_no", "reg_paused", "是否处于歇业期间"),
        ask("日期", "reg_paused_until", "歇业至", hint="最长不超过三年", when="${reg_paused} = 'yes'"),
        check("reg_true", "登记材料真实，没有冒用他人身份的投诉", f"{_REG}第四十条", GRAVE),
    ),
    groups={"house": {"own": "自有", "rented": "租赁", "lent": "无偿使用", "shared": "集群（托管）登记"}},
)

PUBLISHED = form(
    "SCJG",
    "A02",
    "公示信息检查表",
    part(
        "pub_at_once",
        "即时公示信息",
        check("pub_capital", "股东认缴、实缴的出资额、时间、方式已公示", f"{_INFO}第十条；《公司法》第四十条"),
        check("pub_shares", "股权转让等变更自形成之日起二十个工作日内公示", f"{_INFO}第十条"),
        ask("多选 published", "pub_kinds", "检查期间应当公示的信息", hint="按查阅的材料勾选"),
        check(
            "pub_permits", "取得、变更、延续的行政许可已公示", f"{_INFO}第十条", when="selected(${pub_kinds}, 'permit')"
        ),
        check("pub_ip", "知识产权出质登记已公示", f"{_INFO}第十条", when="selected(${pub_kinds}, 'pledge')"),
        check("pub_punished", "受到的行政处罚已公示", f"{_INFO}第十条", when="selected(${pub_kinds}, 'punished')"),
    ),
    part(
        "pub_yearly",
        "年度报告",
        ask("单选 yes_no", "pub_report", "上一年度报告是否在6月30日前公示", basis=f"{_INFO}第八条", severity=MAJOR),
        ask("文本", "pub_report_note", "未按期公示的情况", when="${pub_report} = 'no'"),
        ask("小数", "pub_assets", "年报公示的资产总额（万元）", when="${pub_report} = 'yes'"),
        ask("小数", "pub_assets_books", "账簿记载的资产总额（万元）", when="${pub_report} = 'yes'"),
        work_out("pub_assets_gap", "两者之差（万元）", "${pub_assets} - ${pub_assets_books}"),
        count("pub_people", "年报公示的从业人数", when="${pub_report} = 'yes'"),
        count("pub_people_found", "工资表、社保记录上的人数", when="${pub_report} = 'yes'"),
        check("pub_contact", "通信地址、电话、邮箱能够联系", f"{_INFO}第九条", when="${pub_report} = 'yes'"),
        check("pub_true", "公示信息与查验的材料一致，没有隐瞒真实情况、弄虚作假", _INFO, GRAVE),
    ),
    groups={"published": {"permit": "行政许可", "pledge": "知识产权出质", "punished": "行政处罚", "none": "没有"}},
)

PRICES = form(
    "SCJG",
    "A10",
    "价格行为检查表",
    part(
        "price_marks",
        "明码标价",
        ask("多选 goods", "price_goods", "经营的内容"),
        check("price_shown", "商品和服务均已明码标价", f"{_PRICE}第十三条"),
        check("price_marked", "标价真实准确、货签对位、标识醒目，价格变动及时调整", _LABEL),
        check("price_unit", "标明品名、价格和计价单位；服务标明项目、内容、价格或计价方法", _LABEL),
        check("price_extra", "没有在标价之外加价，没有收取未标明的费用", f"{_PRICE}第十三条", MAJOR),
        check("price_room", "客房价格在前台和网络平台公布，节假日未擅自毁约涨价", _LABEL, when="selected(${price_goods}, 'room')"),
        check("price_fees", "实行政府定价、政府指导价的收费按规定执行并公示", f"{_PRICE}第十二条", MAJOR, when="selected(${price_goods}, 'fees')"),
    ),
    part(
        "price_sales",
        "促销和诚信",
        ask("单选 yes_no", "price_sale", "是否正在开展折价、减价促销"),
        check("price_base", "被比较价格真实，标明减价的基准", _LABEL, MAJOR, when="${price_sale} = 'yes'"),
        check("price_terms", "促销条件、期限醒目标示，没有虚构的“原价”“最低价”", f"{_PRICE}第十四条", MAJOR, when="${price_sale} = 'yes'"),
        each(
            "price_samples",
            "抽查的商品（服务），不少于三种",
            ask("文本", "price_item", "品名、规格", needed=False),
            ask("小数", "price_asked", "标价（元）", must=". >= 0", message="价格不能是负数", needed=False),
            ask("小数", "price_paid", "结算价（元）", must=". >= 0", message="价格不能是负数", needed=False),
            work_out("price_gap", "结算价减标价（元）", "${price_paid} - ${price_asked}"),
        ),
        check("price_receipt", "按规定或者应要求出具发票、收据", f"{_CONSUMERS}第二十二条"),
    ),
    groups={
        "goods": {"retail": "商品零售", "meal": "餐饮", "room": "住宿", "fees": "政府定价、指导价收费", "other": "其他服务"},
        "yes_no": YES_NO,
    },
)  # fmt: skip

ONLINE = form(
    "SCJG",
    "A11",
    "网络交易经营行为检查表",
    part(
        "net_who",
        "主体",
        ask("单选 seller", "net_kind", "经营者类型"),
        ask("文本", "net_address", "网址、店铺名称", hint="有几个写几个，一行一个"),
        ask("照片", "net_shot", "首页截图"),
        check("net_licence", "首页显著位置持续公示营业执照、许可信息或链接标识", f"{_ECOMMERCE}第十五条"),
    ),
    part(
        "net_shop",
        "商品信息和促销",
        check("net_true", "商品和服务信息全面、真实、准确，没有虚构交易、编造评价", f"{_ECOMMERCE}第十七条", MAJOR),
        check("net_tied", "搭售以显著方式提请注意，没有默认勾选", f"{_ECOMMERCE}第十九条"),
        check("net_deposit", "押金退还方式、程序明示，没有不合理条件", f"{_ECOMMERCE}第二十一条"),
        check("net_return", "除依法不适用的外，七日无理由退货得到执行", f"{_CONSUMERS}第二十五条"),
        check("net_renewal", "自动续费在展期前五日以显著方式提醒", "《网络交易监督管理办法》"),
    ),
    part(
        "net_platform",
        "平台责任",
        check("net_verified", "对进入平台的经营者核验登记并定期更新", f"{_ECOMMERCE}第二十七条", MAJOR),
        check("net_rules", "服务协议和交易规则首页显著公示，修改公开征求意见", f"{_ECOMMERCE}第三十二条"),
        check("net_reviews", "建立信用评价制度，没有删除消费者的评价", f"{_ECOMMERCE}第三十九条", MAJOR),
        check("net_choice", "没有强制“二选一”，没有附加不合理条件、收取不合理费用", f"{_ECOMMERCE}第三十五条", GRAVE),
        count("net_n_shops", "平台内经营者数", most=100_000_000),
        when="${net_kind} = 'platform'",
    ),
    groups={"seller": {"platform": "平台经营者", "inside": "平台内经营者", "own": "自建网站", "live": "直播等其他方式"}},
)  # fmt: skip

FORMS = (REGISTERED, PUBLISHED, PRICES, ONLINE)
