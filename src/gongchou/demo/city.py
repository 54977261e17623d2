"""Regions and departments of the city."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from gongchou.accounts.models import Department, Region
from gongchou.accounts.operations import Installer, add_department, add_region
from gongchou.demo import words
from gongchou.demo.departments import CITY_DEPARTMENTS, UNITS

BY = Installer("demo", "演示数据")
PROVINCE_BUREAU = "SJ"
BUREAU = "SCJG"
OFFICE = "SCJG-1"  # the unit where the office of the joint conference sits


@dataclass
class City:
    """What the later steps build on."""

    province: Region
    region: Region
    districts: list[Region] = field(default_factory=list)
    towns: dict[str, list[Region]] = field(default_factory=dict)  # district code -> towns
    departments: dict[str, Department] = field(default_factory=dict)

    @property
    def bureaus(self) -> list[Department]:
        """The market bureaus of the districts."""
        return [self.departments[bureau_code(district.code)] for district in self.districts]


def bureau_code(district: str) -> str:
    """Of the market bureau in a district: SCJG02 in 990102."""
    return f"{BUREAU}{district[4:6]}"


def build_city(at: datetime) -> City:
    """Province, city, ten districts, eighty towns and a zone; 25 departments of the city, ten bureaus of districts."""
    province = add_region(code="990000", name=words.PROVINCE, level="province", parent=None, by=BY, at=at)
    city = City(province, add_region(code="990100", name=words.CITY, level="city", parent=province, by=BY, at=at))
    for number, name in enumerate(words.DISTRICTS):
        _add_district(city, number, name, at)
    _add_zone(city, at)
    _add_departments(city, at)
    _add_units(city, at)
    _add_bureaus(city, at)
    return city


def _add_district(city: City, number: int, name: str, at: datetime) -> None:
    code = f"9901{number + 2:02}"
    district = add_region(code=code, name=name, level="county", parent=city.region, by=BY, at=at)
    city.districts.append(district)
    city.towns[code] = [
        add_region(code=f"{code}{n + 1:03}", name=words.town(number, n), level="town", parent=district, by=BY, at=at)
        for n in range(len(words.TOWN_KINDS))
    ]


def _add_zone(city: City, at: datetime) -> None:
    """A development zone has a statistical code of its own."""
    name = f"{words.CITY}经济开发区"
    add_region(code="990171", name=name, level="county", parent=city.region, kind="zone", by=BY, at=at)


def _add_departments(city: City, at: datetime) -> None:
    upper = add_department(
        code=PROVINCE_BUREAU,
        name=f"{words.PROVINCE}市场监督管理局",
        short_name="省市场监管局",
        region=city.province,
        function="市场监管",
        by=BY,
        at=at,
    )
    city.departments[PROVINCE_BUREAU] = upper
    for code, (name, short, function) in CITY_DEPARTMENTS.items():
        city.departments[code] = add_department(
            code=code,
            name=words.CITY + name,
            short_name="市" + short,
            region=city.region,
            function=function,
            line_parent=upper if code == BUREAU else None,
            is_conference_member=True,
            by=BY,
            at=at,
        )


def _add_units(city: City, at: datetime) -> None:
    for code, units in UNITS.items():
        home = city.departments[code]
        for number, unit in enumerate(units, 1):
            city.departments[f"{code}-{number}"] = add_department(
                code=f"{code}-{number}",
                name=f"{home.name}{unit}",
                short_name=unit,
                region=city.region,
                function=home.function,
                parent=home,
                is_internal_unit=True,
                by=BY,
                at=at,
            )


def _add_bureaus(city: City, at: datetime) -> None:
    above = city.departments[BUREAU]
    for district in city.districts:
        code = bureau_code(district.code)
        city.departments[code] = add_department(
            code=code,
            name=f"{district.name}市场监督管理局",
            short_name=f"{district.name}市场监管局",
            region=district,
            function=above.function,
            parent=above,
            line_parent=above,
            is_conference_member=True,
            by=BY,
            at=at,
        )
