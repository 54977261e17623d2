"""The registers of the city as files, as an office would bring them: subjects, their licences, the inspectors."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from gongchou.demo import words
from gongchou.demo.city import City
from gongchou.draw.register import USCC_ALPHABET, uscc_check_character

SUBJECT_COLUMNS = (
    "统一社会信用代码",
    "名称",
    "主体类别",
    "登记状态",
    "行政区划",
    "管辖单位",
    "住所",
    "法定代表人",
    "联系人",
    "联系电话",
    "成立日期",
    "经营范围",
)
LICENCE_COLUMNS = ("统一社会信用代码", "名称", "分库", "许可证名称", "许可证编号", "批准日期", "有效期至", "发证机关")
PEOPLE_COLUMNS = (
    "内部编号",
    "姓名",
    "性别",
    "所在单位",
    "人员类别",
    "职务",
    "执法证类别",
    "执法证编号",
    "有效期至",
    "手机号",
)
STATUSES = ("存续",) * 94 + ("注销",) * 4 + ("吊销", "歇业")
FOREVER = date(9999, 9, 9)


@dataclass(frozen=True)
class Firm:
    """A row of the register, and the sub-library its trade belongs to ("" for none)."""

    code: str
    name: str
    kind: str
    library: str


def credit_code(kind: str, district: str, number: int) -> str:
    """A well-formed credit code under a division nobody has; first characters as GB 32100 gives them to kinds."""
    first = {"个体工商户": "92", "农民专业合作社": "93"}.get(kind, "91")
    own = "".join(USCC_ALPHABET[number // 31**place % 31] for place in range(5, -1, -1))
    body = f"{first}{district}MA0{own}"
    return body + uscc_check_character(body)


def _kind_of(shop: str) -> str:
    if shop.endswith("合作社"):
        return "农民专业合作社"
    return "企业" if shop.endswith(("公司", "厂", "医院")) else "个体工商户"


def firms(random: Random, city: City, count: int) -> Iterator[tuple[Firm, list[str]]]:
    """Each firm with its row in the register."""
    codes = [*words.LIBRARIES, ""]
    shares = [library[5] for library in words.LIBRARIES.values()]
    shares.append(1000 - sum(shares))
    for number, library in enumerate(random.choices(codes, shares, k=count)):
        district = random.choice(city.districts)
        shop = random.choice(words.LIBRARIES[library][4] if library else words.PLAIN)
        kind = _kind_of(shop)
        firm = Firm(credit_code(kind, district.code, number), words.shop(random, shop), kind, library)
        yield firm, _subject_row(random, city, firm, district.name, district.code)


def _subject_row(random: Random, city: City, firm: Firm, district: str, district_code: str) -> list[str]:
    town = random.choice(city.towns[district_code])
    owner = words.person(random)
    since = date(1996, 1, 1) + timedelta(days=random.randrange(10_900))
    return [
        firm.code,
        firm.name,
        firm.kind,
        random.choice(STATUSES),
        town.code,
        f"SCJG{district_code[4:]}",
        words.address(random, district, town.name),
        owner,
        owner,
        words.phone(random),
        since.isoformat(),
        f"{words.LIBRARIES[firm.library][0] if firm.library else '商品'}相关经营（演示数据）",
    ]


def licence_row(random: Random, firm: Firm, today: date) -> list[str] | None:
    """Its entry in a sub-library; one licence in forty has run out, one in thirty ends within three months."""
    if not firm.library:
        return None
    name, _, is_licensed, licence, _, _ = words.LIBRARIES[firm.library]
    if not is_licensed:
        return [firm.code, firm.name, name, "", "", "", "", ""]
    since = today - timedelta(days=random.randrange(30, 1700))
    ends = since + timedelta(days=1826) if random.randrange(12) else FOREVER
    if not random.randrange(30):
        ends = today + timedelta(days=random.randrange(90))
    number = f"{firm.library}{firm.code[2:8]}{random.randrange(10**8):08}"
    return [firm.code, firm.name, name, licence, number, since.isoformat(), ends.isoformat(), "云砚市有关发证机关"]


POSTS = ("一般干部",) * 12 + ("科室副职", "科室正职", "所长副职", "所长正职", "局领导")
CATEGORIES = ("公务员",) * 11 + ("有执法资格人员",) * 6 + ("日常监管人员",) * 2 + ("第三方专家",)


def people(random: Random, city: City, count: int, today: date) -> Iterator[list[str]]:
    """Inspectors: two thirds with the market bureaus, the rest elsewhere; a few papers have run out."""
    markets = [code for code in city.departments if code.startswith("SCJG")]
    others = [code for code in city.departments if not code.startswith("SCJG")]
    for number in range(1, count + 1):
        home = random.choice(markets if number % 3 else others)
        category = random.choice(CATEGORIES)
        has_paper = category in ("公务员", "有执法资格人员") and random.randrange(25)
        paper = ["行政执法证", f"9901{number:08}", (today + timedelta(days=random.randrange(-60, 1400))).isoformat()]
        yield [
            f"R{number:05}",
            words.person(random),
            random.choice("男女"),
            home,
            category,
            random.choice(POSTS),
            *(paper if has_paper else ["", "", ""]),
            words.phone(random),
        ]


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """A file as a spreadsheet saves it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        out.writerows(rows)
    return path


def write_registers(folder: Path, city: City, *, seed: int, n_subjects: int, n_people: int, today: date) -> None:
    """subjects.csv, licences.csv, inspectors.csv in a folder: the same for the same seed and day."""
    random = Random(seed)  # noqa: S311 -- invented data, not a draw
    licences: list[list[str]] = []
    rows = []
    for firm, row in firms(random, city, n_subjects):
        rows.append(row)
        licence = licence_row(random, firm, today)
        if licence:
            licences.append(licence)
    write_csv(folder / "subjects.csv", SUBJECT_COLUMNS, rows)
    write_csv(folder / "licences.csv", LICENCE_COLUMNS, licences)
    write_csv(folder / "inspectors.csv", PEOPLE_COLUMNS, people(random, city, n_people, today))
