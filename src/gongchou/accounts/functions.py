"""职能类别: the sixteen departments that 国发〔2019〕5号 names, and others that take part in practice."""

from __future__ import annotations

FUNCTIONS = {
    "market": "市场监管",
    "development": "发展改革",
    "education": "教育",
    "police": "公安",
    "labour": "人力资源社会保障",
    "environment": "生态环境",
    "housing": "住房城乡建设",
    "transport": "交通运输",
    "agriculture": "农业农村",
    "commerce": "商务",
    "culture": "文化和旅游",
    "health": "卫生健康",
    "emergency": "应急管理",
    "customs": "海关",
    "tax": "税务",
    "statistics": "统计",
    "fire": "消防救援",
    "publicity": "宣传",
    "civil": "民政",
    "justice": "司法行政",
    "finance": "财政金融",
    "land": "自然资源",
    "water": "水利",
    "tobacco": "烟草",
    "post": "邮政",
    "insurance": "医疗保障",
    "weather": "气象",
    "office": "双随机办（联席会议办公室）",
    "town": "乡镇（街道）综合执法",
    "other": "其他",
}


def function_name(code: str) -> str:
    """What a function is called; one that is not in the list is shown as it was written."""
    return FUNCTIONS.get(code, code)
