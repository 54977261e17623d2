"""What is wrong with a row is said for each of its cells, in words that tell how to mend it."""

from __future__ import annotations

import pytest

from gongchou.registry.models import RefusedRow, Subject
from tests.cli.offices import credit_code
from tests.factories.people import make_department, make_region, make_user
from tests.factories.subjects import make_subject
from tests.registry.imports.desk import HEADER, as_csv, confirm, counts, dry_run, keeper, refusals, shop, take, upload

pytestmark = pytest.mark.django_db

WIDE = [*HEADER, "主体类别", "登记状态", "成立日期", "信用风险等级", "经度", "备注", "管辖单位"]
GOOD = ["", "存续", "", "", "", "", ""]
FORMULA = "而不是结果，请在表格软件中选中该列复制，再以“数值”方式粘贴后重新导入"
KINDS = "企业、农民专业合作社、个体工商户、外国企业代表机构、事业单位、机关、社会组织、项目、产品、行为、其他"


@pytest.fixture
def by():
    return keeper()


def told_of(by, heading: str, text: str) -> list[tuple[int, str, str]]:
    """What a dry run says to one row whose cell under a heading is other."""
    row = [*shop(1), *GOOD]
    row[WIDE.index(heading)] = text
    return refusals(dry_run(upload(by, as_csv([WIDE, row])), 备注=""))


@pytest.mark.parametrize(
    ("heading", "text", "told"),
    [
        ("名称", "", "“名称”为空，请补全"),
        ("名称", "演" * 201, "“名称”有 201 个字，最多 200 个，请缩短"),
        ("名称", "演示\x07店", "“名称”含看不见的控制字符，请删去后重新输入"),
        ("名称", "演示\x00店", "“名称”含看不见的控制字符，请删去后重新输入"),
        ("名称", "演示\u202e店", "“名称”含看不见的控制字符，请删去后重新输入"),
        ("备注", "演示\x00店", "“备注”含看不见的控制字符，请删去后重新输入"),
        ("统一社会信用代码", "", "没有统一社会信用代码或编号，请补全"),
        ("统一社会信用代码", "N/A", "没有统一社会信用代码或编号，请补全"),
        ("统一社会信用代码", "９１９９０１０１", "“统一社会信用代码”含全角字符，请改为半角"),
        (
            "统一社会信用代码",
            credit_code(40000).lower(),
            f"“统一社会信用代码”的“{credit_code(40000).lower()}”含小写字母，请核对后改为大写",
        ),
        (
            "统一社会信用代码",
            "9.13702E+17",
            "“统一社会信用代码”被表格软件变成了数字，末几位已丢失。请从原系统重新导出，先把该列设为“文本”再粘贴",
        ),
        (
            "统一社会信用代码",
            "91990101MA0000001X",
            "“统一社会信用代码”的“91990101MA0000001X”校验位不对，请对照营业执照核对是否录错",
        ),
        (
            "统一社会信用代码",
            "91990101MA000000IO",
            "“统一社会信用代码”的“91990101MA000000IO”不是规范的统一社会信用代码或编号，请对照营业执照核对",
        ),
        (
            "统一社会信用代码",
            "XM-2026-1",
            "“XM-2026-1”不是统一社会信用代码；企业、机关等须填 18 位代码，项目、产品等请在“主体类别”栏注明",
        ),
        ("主体类别", "公司制", f"“主体类别”的“公司制”不能识别，可填：{KINDS}"),
        ("登记状态", "", "“登记状态”为空，请补全"),
        ("登记状态", "在哪", "“登记状态”的“在哪”不能识别，可填：存续、歇业、注销、吊销、撤销、迁出"),
        ("成立日期", "去年", "“成立日期”的“去年”不是日期，请写成 2024-01-05"),
        ("成立日期", "2023-02-30", "“成立日期”的“2023-02-30”没有这一天，请核对"),
        ("成立日期", "20230230", "“成立日期”的“20230230”没有这一天，请核对"),
        ("成立日期", "1023-02-03", "“成立日期”的“1023-02-03”不是日期，请写成 2024-01-05"),
        ("成立日期", "2199-01-01", "“成立日期”的“2199-01-01”还没有到，请核对"),
        ("名称", "=A2&B2", f"“名称”是公式“=A2&B2”{FORMULA}"),
        ("登记状态", ' =HYPERLINK("x")', f'“登记状态”是公式“=HYPERLINK("x")”{FORMULA}'),
        ("信用风险等级", "E", "“信用风险等级”的“E”不能识别，可填：A 低、B 一般、C 较高、D 高"),
        ("经度", "181", "“经度”的“181”不是度数，应为不超过 180 的小数"),
        ("经度", "东经120度", "“经度”的“东经120度”不是度数，应为不超过 180 的小数"),
        ("行政区划", "", "没有行政区划，请补全，或在上传时选择默认区划"),
        ("行政区划", "演示南区", "“演示南区”不在本部门辖区的行政区划中，请核对名称或改填代码"),
        ("管辖单位", "演示水务局", "“演示水务局”不在您维护名录的范围内，请核对单位名称或编码"),
    ],
)
def test_a_cell_that_cannot_be_used_says_why(by, heading, text, told):
    assert told_of(by, heading, text) == [(2, heading, told)]


@pytest.mark.parametrize(
    ("heading", "text", "field", "value"),
    [
        ("名称", "  演示\u200b商户 ", "name", "演示商户"),
        ("名称", "演示\t商户\n", "name", "演示 商户"),
        ("名称", "'=演示", "name", "=演示"),
        ("统一社会信用代码", f"'{credit_code(1)}", "number", credit_code(1)),
        ("统一社会信用代码", f" {credit_code(1)} ", "number", credit_code(1)),
        ("统一社会信用代码", "990101000000015", "number", "REG-990101000000015"),
        ("主体类别", "个体户", "kind", "trader"),
        ("主体类别", "", "kind", "trader"),
        ("登记状态", "在营（开业）企业", "status", "living"),
        ("登记状态", "吊销，未注销", "status", "revoked"),
        ("成立日期", "2024年1月5日", "established_on", "2024-01-05"),
        ("成立日期", "2024/1/5 0:00:00", "established_on", "2024-01-05"),
        ("成立日期", "20240105", "established_on", "2024-01-05"),
        ("成立日期", "45296", "established_on", "2024-01-05"),
        ("成立日期", "45296.5", "established_on", "2024-01-05"),
        ("成立日期", "N/A", "established_on", "None"),
        ("信用风险等级", "较高", "grade", "C"),
        ("经度", "120.1234567", "longitude", "120.123457"),
        ("行政区划", "演示市演示西区", "region__code", "990102"),
        ("行政区划", "990102000000", "region__code", "990102"),
        ("行政区划", "演示西", "region__code", "990102"),
        ("备注", "=1+1", "more", "{'备注': '=1+1'}"),
        ("统一社会信用代码", f'="{credit_code(1)}"', "number", credit_code(1)),
        ("名称", '="演示商户"', "name", "演示商户"),
        ("统一社会信用代码", f"""'="{credit_code(1)}\"""", "number", credit_code(1)),
    ],
)
def test_a_cell_as_people_write_it_is_understood(by, heading, text, field, value):
    row = [*shop(1), "个体工商户", *GOOD[1:]]
    row[WIDE.index(heading)] = text

    batch = take(by, [WIDE, row])

    assert refusals(batch) == []
    assert str(Subject.objects.values_list(field, flat=True).get()) == value


def test_all_that_is_wrong_with_a_row_is_said_at_once(by):
    row = ["", "XM", "演示南区", "第1号", "公司制", "存续", "去年", "", "", "", ""]

    batch = dry_run(upload(by, as_csv([WIDE, row])))

    assert [column for _, column, _ in refusals(batch)] == ["名称", "行政区划", "主体类别", "成立日期"]


def test_a_region_that_two_places_share_is_asked_for(by):
    east = by.department.region
    for parent, code in (("990101", "990101001"), ("990102", "990102001")):
        make_region(code, "演示镇", "town", type(east).objects.get(code=parent))

    told = "辖区内有几个地方都叫“演示镇”，请改填区划代码或写全上级名称"

    assert told_of(by, "行政区划", "演示镇") == [(2, "行政区划", told)]
    assert told_of(by, "行政区划", "演示东区演示镇") == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"\xff\xfe\xfd,1,2,3", "这一行有不能识别的字符（编码损坏），请从原系统重新导出"),
        (b"a,b,c", "这一行有 3 格，表头有 4 栏，请检查错位或多余的分隔符"),
        (b"a,b,c,d,e", "这一行有 5 格，表头有 4 栏，请检查错位或多余的分隔符"),
        (",".join(HEADER).encode(), "重复的表头，请删去这一行"),
    ],
)
def test_a_row_that_is_no_row_is_refused_as_a_whole(by, line, told):
    data = as_csv([HEADER, shop(1)]) + line + b"\r\n" + as_csv([shop(2)])

    batch = confirm(dry_run(upload(by, data)))

    assert counts(batch) == {"read": 3, "new": 2, "refused": 1}
    assert refusals(batch) == [(3, "", told)]


def test_a_column_that_is_not_taken_over_cannot_spoil_a_row(by):
    rows = [[*HEADER, "备注"], [*shop(1), "演\x07示"], [*shop(2), "好"]]

    batch = confirm(dry_run(upload(by, as_csv(rows)), 备注="-"))

    assert counts(batch) == {"read": 2, "new": 2}
    assert set(map(str, Subject.objects.values_list("more", flat=True))) == {"{}"}


def test_every_refused_row_has_a_reason(by):
    odd = ["", "\x00", "=1", "'", "-", "N/A", "9.1E+17", "\u202e", "x" * 400, "2023-02-30", credit_code(7)]
    rows = [[text if at == place else good for at, good in enumerate(shop(n))] for n, text in enumerate(odd)
            for place in range(4)]  # fmt: skip

    batch = confirm(dry_run(upload(by, as_csv([HEADER, *rows]))))

    assert batch.n_read == len(rows) == batch.n_new + batch.n_same + batch.n_refused
    assert RefusedRow.objects.filter(batch=batch).count() == batch.n_refused > 20
    assert RefusedRow.objects.filter(reasons=[]).count() == 0


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "", "", ""],
        ["合 计：", "", "", "12户"],
        ["总计（户）", "合计", "", ""],
        ["", "", "小计", "3"],
        ["合计"],
    ],
)
def test_a_row_of_totals_is_called_so_and_nothing_else(by, row):
    batch = take(by, [HEADER, shop(1), row])

    assert counts(batch) == {"read": 2, "new": 1, "refused": 1}
    told = "这一行像是合计、小计之类的汇总行，不是要导入的条目，请删去这一行"
    assert refusals(batch) == [(3, "", told)]


def test_a_shop_that_is_called_a_total_is_a_shop(by):
    assert counts(take(by, [HEADER, shop(1, name="合计")])) == {"read": 1, "new": 1}


# Rows that speak against one another -----------------------------------------------------------

CLASH = "原文件第 {} 行与第 {} 行编号相同而内容不同，无法判断取哪一行。请核实后改成一致，或删去一行"


def test_rows_that_say_the_same_twice_are_taken_once(by):
    batch = take(by, [HEADER, shop(1), shop(2), shop(1)])

    assert counts(batch) == {"read": 3, "new": 2, "same": 1}


def test_a_row_that_repeats_one_that_was_refused_is_taken(by):
    batch = take(by, [HEADER, [*shop(1), "多出的一格"], shop(1), shop(1)])

    assert counts(batch) == {"read": 3, "new": 1, "same": 1, "refused": 1}


def test_rows_that_contradict_each_other_are_all_refused_with_the_lines_of_two(by):
    batch = take(by, [HEADER, shop(1), shop(2), shop(1, address="别处"), shop(1)])

    assert counts(batch) == {"read": 4, "new": 1, "refused": 3}
    assert refusals(batch) == [(line, "统一社会信用代码", CLASH.format(2, 4)) for line in (2, 4, 5)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("990101000000015", "REG-990101000000015"),
        (credit_code(1), f"'{credit_code(1)}"),
        (credit_code(1), f" {credit_code(1)}\u200b"),
    ],
)
def test_a_number_in_two_spellings_is_one_number(by, first, second):
    batch = take(by, [HEADER, shop(1, code=first), shop(2), shop(3, code=second)])

    assert counts(batch) == {"read": 3, "new": 1, "refused": 2}
    assert refusals(batch) == [(line, "统一社会信用代码", CLASH.format(2, 4)) for line in (2, 4)]


def test_rows_without_a_number_do_not_contradict_each_other(by):
    header = [*HEADER, "注册号"]
    rows = [[*shop(n, code="N/A"), f"99010100000000{n}"] for n in (1, 2)]

    batch = take(by, [header, *rows])

    assert counts(batch) == {"read": 2, "new": 2}
    assert set(Subject.objects.values_list("number", flat=True)) == {"REG-990101000000001", "REG-990101000000002"}


# Rows that are somebody else's -----------------------------------------------------------------


def test_what_another_department_keeps_is_not_taken_from_it(by):
    other = make_department("XF", make_region("9902", "演示远市"))
    make_subject(1, keeper=other, name="演示老店")

    batch = take(by, [HEADER, shop(1), shop(2)])

    told = "该对象现由“XF”管辖，不在您的范围内。确需调整的，请与该单位商定移交"
    assert counts(batch) == {"read": 2, "new": 1, "refused": 1}
    assert refusals(batch) == [(2, "统一社会信用代码", told)]
    assert Subject.objects.get(keeper=other).name == "演示老店"


def test_a_department_of_the_reach_may_be_named_and_no_other(by):
    below = make_department("DQ", by.department.region, parent=by.department)
    make_user("elsewhere", make_department("YS", make_region("9902", "演示远市")))
    rows = [[*shop(n), name] for n, name in enumerate(["DQ", "演示DQ局", "YS", ""], 1)]

    batch = take(by, [[*HEADER, "管辖单位"], *rows])

    assert refusals(batch) == [(4, "管辖单位", "“YS”不在您维护名录的范围内，请核对单位名称或编码")]
    assert list(Subject.objects.order_by("name").values_list("keeper", flat=True)) == [
        below.pk,
        below.pk,
        by.department_id,
    ]
