"""A small register with one of everything a pool can ask for (演示数据)."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongchou.accounts.models import Department, Region
from gongchou.audit.guard import open_for_writing
from gongchou.plans.pool import Pool
from gongchou.registry.models import Membership, Subject, SubjectTag, SubLibrary
from tests.factories.people import NOW, make_department, make_region
from tests.factories.subjects import enter, home, make_library, make_subject, make_tag

ROWS = {  # name -> region, grade, kind, industry, last visit, founded, sub-libraries with licences, tags
    "一": ("990102001", "A", "trader", "H62", date(2025, 3, 1), date(2010, 1, 1), {"CY": ("食证1",)}, ("重点",)),
    "二": ("990102001", "A", "trader", "h62", None, date(2020, 6, 1), {"CY": ("食证2", "食证3")}, ()),
    "三": ("990102", "B", "enterprise", "H61", date(2026, 1, 9), None, {"CY": ("食证4",), "ZS": ("特证1",)}, ("小类",)),
    "四": ("990103001", "C", "enterprise", "F52", date(2024, 7, 1), date(2015, 1, 1), {"ZS": ("特证2",)}, ()),
    "五": ("990103001", "D", "institution", "", None, None, {}, ("重点", "小类")),
    "六": ("9901", "", "society", "S95", date(2025, 3, 1), date(2010, 1, 1), {}, ()),
}


def make_register() -> dict[str, Any]:
    """Fill it; return everything by name: regions and sub-libraries by code, subjects and tags by name."""
    keeper = home()
    city = keeper.region
    found: dict[str, Any] = {"9901": city, "keeper": keeper}
    for code, upper in (("990102", "9901"), ("990103", "9901"), ("990102001", "990102"), ("990103001", "990103")):
        level = "county" if len(code) == 6 else "town"
        found[code] = make_region(code, f"演示{code}", level, found[upper])
    found["other"] = make_department("SCJG03", found["990103"])
    found["CY"], found["ZS"] = make_library("CY"), make_library("ZS")
    found["重点"] = make_tag("T1", name="重点")
    found["小类"] = make_tag("T2", name="小类", parent=found["重点"])
    for number, name in enumerate(ROWS, start=1):
        found[name] = _make(number, name, found)
    return found


def _make(number: int, name: str, found: dict[str, Any]) -> Subject:
    region, grade, kind, industry, visited, founded, entries, tags = ROWS[name]
    keeper = found["other" if region.startswith("990103") else "keeper"]
    own = {"name": f"演示{name}号", "region": found[region], "kind": kind, "industry": industry, "keeper": keeper}
    subject = make_subject(number, established_on=founded, **own)
    with open_for_writing():
        scale = {"三": "large", "四": "micro"}.get(name, "")
        Subject.objects.filter(pk=subject.pk).update(grade=grade, visited_on=visited, scale=scale)
        for tag in tags:
            SubjectTag.objects.create(subject=subject, tag=found[tag], set_at=NOW, set_by_name="演示")
    for library, licences in entries.items():
        for number_of in licences:
            enter(subject, found[library], licence_no=number_of, licence_name=f"{number_of[:1]}许可证")
    return subject


def pool_of(found: dict[str, Any], **wanted: Any) -> Pool:
    """A pool that names regions, sub-libraries, tags and keepers as ``make_register`` does."""
    ids = {"libraries", "regions", "tags", "keepers"}
    return Pool(
        **{name: tuple(str(found[one].pk) for one in value) if name in ids else value for name, value in wanted.items()}
    )


def make_city(n: int, *, n_districts: int = 10, n_libraries: int = 30) -> list[SubLibrary]:
    """A register of n subjects past all operations, for measuring: districts of five towns each, sub-libraries."""
    keeper = home()
    towns: list[Region] = []
    for district in range(n_districts):
        county = make_region(f"9901{district + 1:02}", f"演示{district}区", "county", keeper.region)
        names = [(f"{county.code}{town:03}", f"演示{town}街道") for town in range(1, 6)]
        towns += [make_region(code, name, "town", county) for code, name in names]
    libraries = [make_library(f"L{number:02}") for number in range(n_libraries)]
    subjects = [_alike(number, towns, keeper) for number in range(n)]
    entries = [
        Membership(subject=subject, sub_library=libraries[at], licence_no=f"{at}", set_at=NOW, set_by_name="演示")
        for number, subject in enumerate(subjects)
        for at in _libraries_of(number, n_libraries)
    ]
    with open_for_writing():
        Subject.objects.bulk_create(subjects, batch_size=1_000)
        Membership.objects.bulk_create(entries, batch_size=1_000)
    return libraries


def _alike(number: int, towns: list[Region], keeper: Department) -> Subject:
    scattered = number * 7_368_787 % 9_999_991  # both prime: spread, and each once
    return Subject(
        number=f"DEMO{number:014}",
        name=f"演示第{number}号商行",
        kind=("trader", "trader", "enterprise")[scattered % 3],
        region=towns[scattered // 7 % len(towns)],
        keeper=keeper,
        grade="AAAAABBBCD"[scattered // 11 % 10],
        industry="FHILOPQ"[scattered // 13 % 7],
        changed_at=NOW,
    )


def _libraries_of(number: int, n_libraries: int) -> list[int]:
    """Small numbers are common: a half stands in one, an eighth in a second as well."""
    scattered = number * 6_700_417 % 9_999_991
    own = (scattered % 1_000) ** 2 * n_libraries // 1_000_000
    more = (scattered // 1_000) % n_libraries
    return sorted({own, more} if scattered % 8 == 0 else {own} if scattered % 2 else set())
