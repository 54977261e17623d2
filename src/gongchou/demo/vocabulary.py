"""The vocabulary of tags: big classes of the province, small ones of the city, one that waits."""

from __future__ import annotations

from datetime import datetime

from gongchou.demo.city import BUREAU, PROVINCE_BUREAU, City
from gongchou.demo.people import Staff
from gongchou.registry.models import Tag
from gongchou.registry.operations.tags import approve_tag, propose_tag

ITEMS, SUBJECTS, INSPECTORS = "items", "subjects", "inspectors"
_SPECIALITY = ("登记信用", "食品药品", "计量", "特种设备", "产品质量", "认证检测", "价格监管", "网络交易")
_QUALIFICATIONS = {
    "TZ": "特种设备安全监察员", "YP": "药品检查员", "QX": "医疗器械检查员", "BH": "保化检查员", "SP": "食品检查员",
}  # fmt: skip

# code -> (name, dimension, what it may be put on)
PROVINCIAL: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "HY": ("行业分类", "industry", (SUBJECTS, ITEMS)),
    "QY": ("区域分类", "area", (SUBJECTS,)),
    "FX": ("信用风险分类", "risk", (SUBJECTS,)),
    "XK": ("许可分类", "licence", (SUBJECTS, ITEMS)),
    "ZD": ("重点监管", "focus", (SUBJECTS, ITEMS)),
    "ZZ": ("资质分类", "qualification", (INSPECTORS, ITEMS)),
    "ZC": ("业务专长分类", "speciality", (INSPECTORS, ITEMS)),
}

# code behind "990100-" -> (name, parent)
OF_THE_CITY: dict[str, tuple[str, str]] = {
    "HY1": ("夜间经济餐饮", "HY"),
    "HY2": ("平台内经营者", "HY"),
    "QY1": ("景区周边", "QY"),
    "QY2": ("校园周边", "QY"),
    "FX1": ("连续两年未检", "FX"),
    "XK1": ("许可一年内到期", "XK"),
    "ZD1": ("群众投诉较多", "ZD"),
    "ZD2": ("重点工业产品", "ZD"),
}
ON_SUBJECTS = ("HY1", "HY2", "QY1", "QY2", "FX1", "ZD1", "ZD2")


def build_vocabulary(city: City, staff: Staff, at: datetime) -> dict[str, Tag]:
    """All tags, by the short words other steps use: the code of a city tag, of a qualification, a speciality's name."""
    found = {code: _provincial(city, staff, code, *told, at=at) for code, told in PROVINCIAL.items()}
    found["重点监管"] = found["ZD"]
    for code, (name, parent) in OF_THE_CITY.items():
        found[code] = _of_the_city(city, staff, f"990100-{code}", name, found[parent], at)
    for code, name in _QUALIFICATIONS.items():
        found[code] = _of_the_city(city, staff, f"990100-ZZ-{code}", name, found["ZZ"], at)
    for number, name in enumerate(_SPECIALITY, 1):
        found[name] = _of_the_city(city, staff, f"990100-ZC-{number}", f"{name}业务", found["ZC"], at)
    _propose(city, staff, "990100-HY3", "预制菜经营", found["HY"], at)
    return found


def _provincial(
    city: City, staff: Staff, code: str, name: str, dimension: str, uses: tuple[str, ...], *, at: datetime
) -> Tag:
    tag = propose_tag(
        code=code,
        name=name,
        dimension=dimension,
        parent=None,
        reach="province",
        owner=city.departments[PROVINCE_BUREAU],
        uses=frozenset(uses),
        reason="全省统一设置",
        by=staff.keeper(PROVINCE_BUREAU),
        at=at,
    )
    return approve_tag(tag=tag, by=staff.head(PROVINCE_BUREAU), at=at)


def _of_the_city(city: City, staff: Staff, code: str, name: str, parent: Tag, at: datetime) -> Tag:
    return approve_tag(tag=_propose(city, staff, code, name, parent, at), by=staff.head(BUREAU), at=at)


def _propose(city: City, staff: Staff, code: str, name: str, parent: Tag, at: datetime) -> Tag:
    uses = {
        use
        for use, is_so in (
            (ITEMS, parent.is_for_items),
            (SUBJECTS, parent.is_for_subjects),
            (INSPECTORS, parent.is_for_inspectors),
        )
        if is_so
    }
    return propose_tag(
        code=code,
        name=name,
        dimension=parent.dimension,
        parent=parent,
        reach="city",
        owner=city.departments[BUREAU],
        uses=uses,
        reason="本市监管工作需要",
        needs_professional=parent.code == "ZZ",
        by=staff.keeper(BUREAU),
        at=at,
    )
