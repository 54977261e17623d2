"""Food sold, food served, canteens of schools, medicines."""

from __future__ import annotations

from gongchou.demo.forms.writing import GRAVE, MAJOR, YES_NO, ask, check, count, each, form, part

_FOOD, _WASTE = "《食品安全法》", "《反食品浪费法》"
_SCHOOL = "《学校食品安全与营养健康管理规定》"
_DRUGS, _GSP = "《药品管理法》", "《药品经营质量管理规范》"

SOLD = form(
    "SCJG",
    "B04",
    "食品销售监督检查表",
    part(
        "sale_permit",
        "许可和人员",
        check("sale_licensed", "食品经营许可（备案）有效，实际经营与载明的内容一致", f"{_FOOD}第三十五条", GRAVE),
        check("sale_manager", "配备食品安全管理人员，日管控、周排查、月调度有记录", f"{_FOOD}第四十四条", MAJOR),
        count("sale_staff", "接触直接入口食品的人员数"),
        ask(
            "整数",
            "sale_healthy",
            "其中持有效健康证明的人数",
            must=". >= 0 and . <= ${sale_staff}",
            message="不能多于接触直接入口食品的人员数",
            basis=f"{_FOOD}第四十五条",
            severity=MAJOR,
        ),
    ),
    part(
        "sale_goods",
        "进货和标签",
        check("sale_supplier", "查验供货者许可和产品合格证明，如实记录并保存凭证", f"{_FOOD}第五十三条", MAJOR),
        check("sale_label", "预包装食品标签内容齐全、清楚，进口食品有中文标签", f"{_FOOD}第六十七条"),
        check("sale_loose", "散装食品在容器、外包装上标明名称、生产日期、保质期和生产者", f"{_FOOD}第六十八条"),
        each(
            "sale_samples",
            "抽查的食品，不少于五种",
            ask("文本", "sale_item", "品名、规格、批号", needed=False),
            ask("日期", "sale_made", "生产日期", needed=False),
            ask("整数", "sale_shelf", "保质期（天）", must=". >= 1", message="保质期至少一天", needed=False),
            ask("单选 expiry", "sale_state", "状态", needed=False),
        ),
        check("sale_expired", "没有销售超过保质期、腐败变质、感官异常的食品", f"{_FOOD}第三十四条", GRAVE),
    ),
    part(
        "sale_store",
        "贮存和专区",
        check("sale_stored", "按保证安全的要求贮存，离墙离地，定期清理库存", f"{_FOOD}第五十四条"),
        ask("单选 yes_no", "sale_cold", "是否经营需要冷藏、冷冻的食品"),
        ask("小数", "sale_cold_c", "冷藏柜实测温度（℃）", when="${sale_cold} = 'yes'", must=". >= -40 and . <= 40", message="请核对读数，应在 -40 到 40 之间"),
        check("sale_cold_ok", "冷藏、冷冻设施运转正常，温度与标签要求相符", f"{_FOOD}第三十三条", MAJOR, when="${sale_cold} = 'yes'"),
        check("sale_near", "临近保质期的食品集中陈列并作出提示", f"{_WASTE}第十二条"),
        check("sale_special", "保健食品、婴幼儿配方食品设专区专柜，标签声明没有涉及疾病预防、治疗功能", f"{_FOOD}第七十八条", MAJOR),
        check("sale_recall", "对不安全食品停止经营、召回、无害化处理并有记录", f"{_FOOD}第六十三条", MAJOR),
    ),
    groups={"expiry": {"fine": "在保质期内", "near": "临近保质期", "over": "超过保质期", "unmarked": "未标注"}},
)  # fmt: skip

SERVED = form(
    "SCJG",
    "B05",
    "餐饮服务监督检查表",
    part(
        "meal_permit",
        "许可、公示和人员",
        ask("单选 business", "meal_kind", "业态"),
        check("meal_licensed", "食品经营许可证有效，经营项目不超出许可", f"{_FOOD}第三十五条", GRAVE),
        check("meal_shown", "许可证、量化等级（监督检查结果）、投诉电话公示", "《食品生产经营监督检查管理办法》"),
        count("meal_staff", "接触直接入口食品的人员数"),
        ask(
            "整数",
            "meal_healthy",
            "其中持有效健康证明的人数",
            must=". >= 0 and . <= ${meal_staff}",
            message="不能多于接触直接入口食品的人员数",
            basis=f"{_FOOD}第四十五条",
            severity=MAJOR,
        ),
        check("meal_trained", "食品安全管理人员经培训考核，每日晨检有记录", f"{_FOOD}第四十四条"),
    ),
    part(
        "meal_goods",
        "原料",
        check("meal_supplier", "索证索票、进货查验齐全，原料可以追溯", f"{_FOOD}第五十五条", MAJOR),
        check("meal_fresh", "没有腐败变质、超过保质期、标签不全的原料", f"{_FOOD}第三十四条", GRAVE),
        check("meal_additives", "食品添加剂专人、专柜、专册，使用不超范围、不超限量", f"{_FOOD}第三十四条", GRAVE),
    ),
    part(
        "meal_kitchen",
        "加工场所和过程",
        check("meal_clean", "地面、墙壁、排水、油烟设施清洁完好，无积水积垢", f"{_FOOD}第三十三条"),
        check("meal_pests", "防蝇、防鼠设施完好，未见有害生物活动痕迹", f"{_FOOD}第三十三条", MAJOR),
        check("meal_apart", "生熟分开，容器、刀具有标识并分开使用", f"{_FOOD}第三十三条", MAJOR),
        ask("小数", "meal_cold_c", "冷藏设备实测温度（℃）", must=". >= -40 and . <= 40", message="请核对读数，应在 -40 到 40 之间", needed=False),
        check("meal_raw", "冷食、生食、裱花在专间内操作，专间温度不高于 25℃", "《餐饮服务食品安全操作规范》", MAJOR, when="not(${meal_kind} = 'drinks')"),
        check("meal_fire", "燃气报警装置安装并运行，用气场所通风", "《安全生产法》第三十六条", GRAVE),
    ),
    part(
        "meal_dishes",
        "餐饮具、留样和节约",
        ask("单选 dishes", "meal_dish_kind", "餐饮具"),
        check("meal_washed", "洗净、消毒、保洁，消毒设施运转正常", f"{_FOOD}第五十六条", MAJOR, when="${meal_dish_kind} = 'own'"),
        check("meal_dish_bought", "查验集中消毒单位的营业执照和消毒合格证明，包装标注齐全", f"{_FOOD}第五十六条", when="${meal_dish_kind} = 'bought'"),
        check("meal_samples", "每餐留样不少于 125 克、48 小时并有记录", _SCHOOL, MAJOR, when="${meal_kind} = 'canteen' or ${meal_kind} = 'delivery'"),
        check("meal_waste", "主动提示适量点餐，没有诱导、误导超量点餐，没有设最低消费", f"{_WASTE}第七条"),
        check("meal_online", "线上线下同标同质，外卖封签使用", "《网络餐饮服务食品安全监督管理办法》", when="${meal_kind} = 'online' or ${meal_kind} = 'restaurant'"),
    ),
    groups={
        "business": {"restaurant": "餐馆", "fast": "快餐、小吃", "drinks": "饮品店", "canteen": "单位食堂", "delivery": "集体用餐配送", "online": "以网络经营为主"},
        "dishes": {"own": "自行清洗消毒", "bought": "使用集中消毒餐饮具", "once": "一次性餐饮具"},
        "yes_no": YES_NO,
    },
)  # fmt: skip

CANTEEN = form(
    "SCJG",
    "B10",
    "学校食堂食品安全检查表",
    part(
        "can_duty",
        "责任",
        ask("单选 run_by", "can_run_by", "食堂经营方式"),
        ask("文本", "can_contractor", "承包（委托）经营企业", when="${can_run_by} = 'contracted'"),
        check("can_head", "校长（园长）负责制落实，每学期研究食品安全工作", f"{_FOOD}第五十七条", MAJOR),
        check("can_eats", "每餐有学校负责人陪餐并做好记录", _SCHOOL),
        check("can_parents", "家长委员会参与监督，有意见反馈渠道", _SCHOOL),
    ),
    part(
        "can_work",
        "采购和加工",
        count("can_n_meals", "每日供餐人数"),
        check("can_bought", "大宗食品公开招标、集中定点采购，查验供货者许可", _SCHOOL, MAJOR),
        check("can_stock", "没有腐败变质、超过保质期的食品，库房按标识存放", f"{_FOOD}第三十四条", GRAVE),
        check("can_banned", "中小学、幼儿园没有制售冷荤、生食、裱花糕点，未加工四季豆等高风险食品", _SCHOOL, GRAVE),
        ask("小数", "can_core_c", "抽测热食中心温度（℃）", must=". >= 0 and . <= 120", message="请核对读数，应在 0 到 120 之间", needed=False),
        check("can_hot", "热食烧熟煮透，中心温度不低于 70℃", "《餐饮服务食品安全操作规范》", MAJOR),
        check("can_washed", "餐饮具清洗消毒、保洁到位", f"{_FOOD}第五十六条", MAJOR),
    ),
    part(
        "can_traces",
        "留样和公开",
        check("can_samples", "每餐每样留样不少于 125 克，冷藏 48 小时以上", _SCHOOL, MAJOR),
        each(
            "can_sample",
            "核对的留样",
            ask("文本", "can_dish", "菜品", needed=False),
            ask("整数", "can_grams", "留样量（克）", must=". >= 0 and . <= 5000", message="请填写 0 到 5000 之间的整数", needed=False),
            ask("日期", "can_day", "留样日期", needed=False),
        ),
        check("can_open", "“互联网+明厨亮灶”正常运行", _SCHOOL),
        check("can_people", "从业人员健康证明有效，晨检记录完整", f"{_FOOD}第四十五条", MAJOR),
    ),
    groups={"run_by": {"own": "学校自营", "contracted": "承包或委托经营", "delivered": "校外供餐"}},
)  # fmt: skip

MEDICINES = form(
    "SCJG",
    "B07",
    "药品经营监督检查表",
    part(
        "drug_permit",
        "许可和人员",
        ask("单选 drug_shop", "drug_kind", "经营方式"),
        check("drug_licensed", "药品经营许可证有效，没有超方式、超范围经营", f"{_DRUGS}第五十一条", GRAVE),
        check("drug_pharmacist", "执业药师（药学技术人员）在岗，不在岗时挂牌并停售处方药", f"{_DRUGS}第五十二条", MAJOR),
        ask("文本", "drug_pharmacist_no", "执业药师注册证编号", needed=False),
    ),
    part(
        "drug_in",
        "购进和储存",
        check("drug_source", "从有资质的企业购进，查验资料和票据齐全，票、账、货、款相符", f"{_DRUGS}第五十五条", GRAVE),
        check("drug_checked", "购进验收、购销记录真实完整，可以追溯", f"{_DRUGS}第五十六条、第五十七条", MAJOR),
        ask("小数", "drug_c", "营业场所（库房）实测温度（℃）", must=". >= -30 and . <= 60", message="请核对读数，应在 -30 到 60 之间"),
        ask("小数", "drug_humid", "实测相对湿度（%）", must=". >= 0 and . <= 100", message="相对湿度在 0 到 100 之间"),
        check("drug_stored", "按温湿度要求陈列储存，记录连续，冷藏药品不断链", f"{_DRUGS}第五十九条", MAJOR),
        check("drug_expired", "没有假药、劣药、超过有效期的药品", f"{_DRUGS}第九十八条", GRAVE),
    ),
    part(
        "drug_out",
        "销售",
        check("drug_recipe", "处方药凭处方销售，处方经药师审核、保存备查", f"{_DRUGS}第五十八条", MAJOR, when="not(${drug_kind} = 'wholesale')"),
        check("drug_apart", "处方药与非处方药、药品与非药品、内服与外用分区陈列", _GSP, when="not(${drug_kind} = 'wholesale')"),
        check("drug_special", "含麻黄碱类复方制剂等实行专柜、限量、登记", _GSP, MAJOR),
        check("drug_trace", "按规定扫码上传追溯信息", f"{_DRUGS}第三十六条"),
        check("drug_net", "网络销售没有涉及疫苗、血液制品、麻精药品等禁售药品", f"{_DRUGS}第六十一条", GRAVE, when="${drug_kind} = 'net'"),
    ),
    groups={"drug_shop": {"chain": "零售连锁门店", "single": "单体药店", "wholesale": "批发", "net": "零售并网络销售"}},
)  # fmt: skip

FORMS = (SOLD, SERVED, CANTEEN, MEDICINES)
