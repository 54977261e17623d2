"""通用基础表: what is written down at every visit, after the national record of a random inspection."""

from __future__ import annotations

from gongchou.demo.forms.writing import YES_NO, ask, count, each, form, part

STRICT = "《国务院办公厅关于严格规范涉企行政检查的意见》"
PENALTIES = "《行政处罚法》"
REGISTRATION = "《市场主体登记管理条例》"

SUBJECT = part(
    "base_subject",
    "一、主体信息核对",
    ask("单选 match", "name_match", "名称与登记的是否一致", basis=f"{REGISTRATION}第八条"),
    ask("文本", "name_found", "现场使用的名称", when="${name_match} = 'differs'"),
    ask("单选 match", "address_match", "实际经营场所与登记的住所（经营场所）是否一致", basis=f"{REGISTRATION}第八条"),
    ask("文本", "address_found", "实际经营场所", hint="写到门牌号", when="${address_match} = 'differs'"),
    ask("单选 status", "status", "经营状态", hint="无人应答的，向物业、邻近商户了解后再选"),
    ask("文本", "status_note", "核实经过", hint="向谁了解、拨打了哪个登记电话", when="not(${status} = 'open')"),
    ask("文本", "in_charge", "现场负责人姓名和职务", when="${status} = 'open'"),
    ask("文本", "in_charge_phone", "联系电话", when="${status} = 'open'", needed=False),
    count("n_staff", "现场从业人员数", when="${status} = 'open'"),
)

PAPERS = part(
    "base_papers",
    "二、证照",
    ask(
        "单选 yes_no",
        "licence_shown",
        "营业执照是否置于醒目位置或在首页公示",
        basis=f"{REGISTRATION}第三十六条",
        severity="一般",
    ),
    ask("文本", "licence_note", "未亮照的情况", when="${licence_shown} = 'no'"),
    each(
        "permits",
        "现场出示的许可、备案证件",
        ask("文本", "permit_name", "证件名称", hint="例如食品经营许可证", needed=False),
        ask("文本", "permit_number", "编号", needed=False),
        ask("日期", "permit_until", "有效期至", needed=False),
        ask("照片", "permit_photo", "证件照片", needed=False),
    ),
    when="${status} = 'open'",
)

WAY = part(
    "base_way",
    "三、检查方式和程序",
    ask("多选 method", "method", "核查方式"),
    ask("文本", "entrusted", "受委托机构和报告编号", when="selected(${method}, 'entrusted')"),
    ask(
        "整数",
        "n_inspectors",
        "到场执法人员数",
        must=". >= 2 and . <= 50",
        message="执法人员不得少于两人",
        basis=f"{PENALTIES}第四十二条",
        severity="严重",
    ),
    ask("单选 yes_no", "cards_shown", "是否主动出示执法证件", basis=f"{PENALTIES}第五十五条", severity="严重"),
    ask("文本", "cards", "执法证号", hint="每人一个，用顿号分开", when="${cards_shown} = 'yes'"),
    ask("单选 yes_no", "code_shown", "是否亮码（扫码）入企", basis=STRICT),
    ask("文本", "code_not_shown", "未亮码的原因", when="${code_shown} = 'no'"),
    ask("单选 yes_no", "rights_told", "是否告知依据、事项，以及申请回避和陈述申辩的权利", basis=STRICT),
    ask("单选 yes_no", "recusal", "当事人是否申请回避", when="${rights_told} = 'yes'"),
    count("n_visits", "当事人自述本年度已接受行政检查的次数", most=365, basis=STRICT),
    ask("定位", "place", "检查地点", needed=False),
)

PHOTOS = part(
    "base_photos",
    "四、场所照片",
    ask("照片", "photo_door", "门头（含名称、门牌号）"),
    ask("照片", "photo_inside", "主要经营场所", when="${status} = 'open'", needed=False),
)

END = part(
    "base_end",
    "五、现场反馈和签字",
    ask("文本", "summary", "主要检查情况", hint="如实记录看到、量到、听到的，不写结论"),
    ask("文本", "opinion", "当事人意见", hint="没有意见的写“无”", when="${status} = 'open'"),
    ask("单选 signed", "is_signed", "当事人是否签字", when="${status} = 'open'"),
    ask("签名", "party_signature", "当事人（现场负责人）签名", when="${is_signed} = 'yes'"),
    ask("文本", "not_signed", "未签字的原因", when="${is_signed} = 'refused' or ${is_signed} = 'unable'"),
    ask("文本", "witness", "见证人姓名和单位", hint="没有见证人的，注明录像编号", when="${is_signed} = 'refused'"),
    ask("日期", "checked_on", "检查日期"),
    ask("签名", "inspector_1", "检查人员签名（一）"),
    ask("签名", "inspector_2", "检查人员签名（二）"),
)

FORM = form(
    "SCJG",
    "",
    "随机抽查情况记录表（通用）",
    SUBJECT,
    PAPERS,
    WAY,
    PHOTOS,
    END,
    groups={
        "yes_no": YES_NO,
        "match": {"same": "一致", "differs": "不一致", "unknown": "无法核对"},
        "status": {
            "open": "正常经营",
            "closed": "已关闭停业或正在清算",
            "moved": "已迁出",
            "unreachable": "通过登记的住所无法联系",
            "refused": "拒绝检查",
        },
        "signed": {"yes": "已签字", "refused": "拒绝签字", "unable": "无法签字"},
        "method": {
            "on_site": "实地检查",
            "document": "书面检查",
            "others": "行政部门检查结果或专业意见",
            "testing": "检验检测",
            "online": "网络监测",
            "entrusted": "委托专业机构辅助",
        },
    },
)
