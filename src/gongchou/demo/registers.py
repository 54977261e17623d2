"""The registers of the city as files, as an office would bring them: subjects, their licences, the inspectors."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from gongchou.demo import words
from gongchou.demo.city import City, bureau_code
from gongchou.demo.trades import KEPT_BY_OWNER, OWN_NUMBERS, PLAIN, TRADES, kind_of
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
    "行业",
    "经营范围",
    "注册资本",
    "片区",
    "登记机关",
    "信用风险等级",
    "评定日期",
    "评定来源",
    "上次检查日期",
    "企业规模",
)
LICENCE_COLUMNS = (
    "统一社会信用代码",
    "名称",
    "分库",
    "许可证名称",
    "许可证编号",
    "批准日期",
    "有效期至",
    "发证机关",
    "需专业监管",
    "需配专家",
)
PEOPLE_COLUMNS = (
    "内部编号",
    "姓名",
    "性别",
    "所在单位",
    "人员类别",
    "职务",
    "片区",
    "最高学历",
    "从事本岗起始日期",
    "执法证类别",
    "执法证编号",
    "发证机关",
    "有效期至",
    "手机号",
)
STATUSES = ("存续",) * 94 + ("注销",) * 4 + ("吊销", "歇业")
GRADES = ("A",) * 55 + ("B",) * 30 + ("C",) * 11 + ("D",) * 4
ALSO = ("TZSY", "QJJL", "DLBZ")  # where one in thirty stands as well: one object, two rows
FOREVER = "长期"
SCALES = {10: "微型", 50: "微型", 100: "小型", 500: "中型", 1000: "大型"}  # by the capital, in 10,000 yuan


@dataclass(frozen=True)
class Firm:
    """A row of the register, and the sub-library its trade belongs to ("" for none)."""

    code: str
    name: str
    kind: str
    library: str


def credit_code(first: str, district: str, number: int) -> str:
    """A well-formed credit code under a division nobody has; ``first`` says what it is of, as GB 32100 has it."""
    own = "".join(USCC_ALPHABET[number // 31**place % 31] for place in range(5, -1, -1))
    body = f"{first}{district}MA0{own}"
    return body + uscc_check_character(body)


def firms(random: Random, city: City, count: int, today: date) -> Iterator[tuple[Firm, list[str]]]:
    """Each firm with its row in the register."""
    codes = [*TRADES, ""]
    shares = [trade.share for trade in TRADES.values()]
    shares.append(1000 - sum(shares))
    rare = [code for code in TRADES for _ in range(2)]  # so that no sub-library of a small city is empty
    drawn = random.choices(codes, shares, k=max(0, count - len(rare)))
    for number, library in enumerate([*rare, *drawn][:count]):
        district = city.districts[random.randrange(len(city.districts))]
        shop = random.choice(TRADES[library].shops if library else PLAIN)
        kind, first = kind_of(shop)
        code = credit_code(first, district.code, number)
        if library in OWN_NUMBERS:
            mark, kind = OWN_NUMBERS[library]
            code = f"{mark}-{district.code}-{number:06}"
        place = words.CITY if shop.endswith("公司") else district.name
        firm = Firm(code, words.shop(random, place, shop), kind, library)
        yield firm, _subject_row(random, city, firm, district.name, district.code, today)


def _subject_row(random: Random, city: City, firm: Firm, district: str, code: str, today: date) -> list[str]:
    town = random.choice(city.towns[code])
    owner = words.person(random)
    since = date(1996, 1, 1) + timedelta(days=random.randrange(10_900))
    visited = today - timedelta(days=random.randrange(20, 1100))
    graded = firm.kind in ("企业", "农民专业合作社", "个体工商户")
    trade = TRADES.get(firm.library)
    capital = random.choice((*SCALES,)) if firm.kind == "企业" else 0
    return [
        firm.code,
        firm.name,
        firm.kind,
        random.choice(STATUSES),
        town.code,
        trade.owner if trade and firm.library in KEPT_BY_OWNER else bureau_code(code),
        words.address(random, district, town.name),
        owner,
        owner,
        words.phone(random),
        since.isoformat(),
        trade.industry if trade else "批发和零售业",
        f"{trade.name if trade else '一般商品'}相关经营（演示数据）",
        f"{capital}万元人民币" if capital else "",
        f"{town.name}第{random.randrange(1, 4)}网格",
        f"{district}市场监督管理局",
        random.choice(GRADES) if graded else "",
        today.replace(day=1).isoformat() if graded else "",
        "通用型信用风险分类（演示）" if graded else "",
        visited.isoformat() if random.randrange(3) == 0 else "",
        SCALES.get(capital, ""),
    ]


def licence_rows(random: Random, firm: Firm, today: date) -> Iterator[list[str]]:
    """Its entries in sub-libraries: none, one, or two."""
    if not firm.library:
        return
    yield _licence_row(random, firm, firm.library, today)
    if not random.randrange(30) and firm.library not in (*ALSO, *OWN_NUMBERS):
        yield _licence_row(random, firm, random.choice(ALSO), today)


def _licence_row(random: Random, firm: Firm, library: str, today: date) -> list[str]:
    """One licence in forty has run out, one in thirty ends within three months, some have no end."""
    trade = TRADES[library]
    is_special = "是" if library.startswith("TZ") else ""
    needs_expert = "是" if library in ("TZSC", "WX", "SPTJ") else ""
    if not trade.licence:
        return [firm.code, firm.name, trade.name, "", "", "", "", "", is_special, needs_expert]
    since = today - timedelta(days=random.randrange(30, 1870))
    ends = (since + timedelta(days=1826)).isoformat() if random.randrange(12) else FOREVER
    if not random.randrange(30):
        ends = (today + timedelta(days=random.randrange(90))).isoformat()
    number = f"{library}{firm.code[2:8]}{random.randrange(10**8):08}"
    issuer = f"{words.CITY}有关发证机关"
    licence = [trade.licence, number, since.isoformat(), ends, issuer]
    return [firm.code, firm.name, trade.name, *licence, is_special, needs_expert]


def wrong_rows(rows: Sequence[list[str]]) -> list[list[str]]:
    """What every real register has as well: rows that cannot be taken over, each for another reason."""
    found = [list(row) for row in rows[:6]]
    found[0][0] = "92990102MA00000000"  # wrong check character
    found[1][0] = "9.299E+17"  # what a spreadsheet made of it
    found[2][:2] = [credit_code("92", "990102", 8_000_000), ""]
    found[3][0], found[3][4] = "REG-DEMO-1", "不存在的街道"
    found[4][0], found[4][3] = "REG-DEMO-2", "不详"
    found[5][0], found[5][10] = "REG-DEMO-3", "2023年2月30日"
    return found


POSTS = ("一般干部",) * 12 + ("科室副职", "科室正职", "所长副职", "所长正职", "局领导")
CATEGORIES = ("公务员",) * 11 + ("有执法资格人员",) * 6 + ("日常监管人员",) * 2 + ("协助检查人员",)
SCHOOLING = ("大学本科",) * 6 + ("硕士研究生", "大学专科", "大学专科")


def people(random: Random, city: City, count: int, today: date) -> Iterator[list[str]]:
    """Inspectors: two thirds with the market bureaus, the rest elsewhere; a few papers have run out.

    The first is somebody of the first district, whose account the table shows.
    """
    markets = [code for code in city.departments if code.startswith("SCJG") and "-" not in code]
    others = [code for code in city.departments if not code.startswith("S") and "-" not in code]
    for number in range(1, count + 1):
        home = random.choice(markets if number % 3 else others) if number > 1 else "SCJG02"
        category = random.choice(CATEGORIES) if number > 1 else CATEGORIES[0]
        has_paper = category in ("公务员", "有执法资格人员") and random.randrange(25)
        ends = today + timedelta(days=random.randrange(-60, 1400))
        paper = ["行政执法证", f"9901{number:08}", f"{words.CITY}人民政府", ends.isoformat()]
        towns = city.towns.get(f"9901{home[4:]}", [])
        since = date(2008, 1, 1) + timedelta(days=random.randrange(6200))
        yield [
            f"R{number:05}",
            words.person(random),
            random.choice("男女"),
            home,
            category,
            random.choice(POSTS),
            random.choice(towns).name if towns else "",
            random.choice(SCHOOLING),
            since.isoformat(),
            *(paper if has_paper else ["", "", "", ""]),
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
    """The three files in a folder: the same for the same seed and day."""
    random = Random(seed)
    licences: list[list[str]] = []
    rows = []
    for firm, row in firms(random, city, n_subjects, today):
        rows.append(row)
        licences += licence_rows(random, firm, today)
    write_csv(folder / "检查对象.csv", SUBJECT_COLUMNS, [*rows, *wrong_rows(rows)])
    write_csv(folder / "分库与许可.csv", LICENCE_COLUMNS, licences)
    write_csv(folder / "检查人员.csv", PEOPLE_COLUMNS, people(random, city, n_people, today))
