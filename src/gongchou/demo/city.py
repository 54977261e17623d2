"""Regions and departments of the city."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from gongchou.accounts.models import Department, Region
from gongchou.accounts.operations import Installer, add_department, add_region
from gongchou.demo import words

BY = Installer("demo", "演示数据")
N_TOWNS = 8
UNITS = ("信用监管科", "食品安全监管科", "特种设备安全监察科")


@dataclass
class City:
    """What the later steps build on."""

    region: Region
    districts: list[Region] = field(default_factory=list)
    towns: dict[str, list[Region]] = field(default_factory=dict)  # district code -> towns
    departments: dict[str, Department] = field(default_factory=dict)


def build_city(at: datetime) -> City:
    """Province, city, ten districts, eighty towns; 25 departments of the city, ten bureaus of the districts."""
    province = add_region(code="990000", name="演示省", level="province", parent=None, by=BY, at=at)
    region = add_region(code="990100", name=words.CITY, level="city", parent=province, by=BY, at=at)
    city = City(region)
    for number, name in enumerate(words.DISTRICTS, 1):
        _add_district(city, f"9901{number + 1:02}", name, at)
    _add_zone(city, at)
    _add_departments(city, at)
    return city


def _add_district(city: City, code: str, name: str, at: datetime) -> None:
    district = add_region(code=code, name=name, level="county", parent=city.region, by=BY, at=at)
    city.districts.append(district)
    first = words.TOWN_FIRST[(int(code[-2:]) * 3) % 12 :]
    city.towns[code] = [
        add_region(
            code=f"{code}{n + 1:03}", name=first[n] + words.TOWN_SECOND[n], level="town", parent=district, by=BY, at=at
        )
        for n in range(N_TOWNS)
    ]


def _add_zone(city: City, at: datetime) -> None:
    """A development zone has a statistical code of its own."""
    zone = add_region(
        code="990171", name=f"{words.CITY}经济开发区", level="county", parent=city.region, kind="zone", by=BY, at=at
    )
    city.towns[zone.code] = []


def _add_departments(city: City, at: datetime) -> None:
    for code, (name, short, function) in words.DEPARTMENTS.items():
        city.departments[code] = add_department(
            code=code,
            name=words.CITY + name,
            short_name="市" + short,
            region=city.region,
            function=function,
            is_conference_member=True,
            by=BY,
            at=at,
        )
    bureau = city.departments["SCJG"]
    for number, unit in enumerate(UNITS, 1):
        add_department(
            code=f"SCJG-{number}",
            name=f"{bureau.name}{unit}",
            short_name=unit,
            region=city.region,
            function=bureau.function,
            parent=bureau,
            is_internal_unit=True,
            by=BY,
            at=at,
        )
    for district in city.districts:
        code = f"SCJG{district.code[4:]}"
        city.departments[code] = add_department(
            code=code,
            name=f"{district.name}市场监督管理局",
            short_name=f"{district.name[:2]}局",
            region=district,
            function=bureau.function,
            parent=bureau,
            line_parent=bureau,
            is_conference_member=True,
            by=BY,
            at=at,
        )
