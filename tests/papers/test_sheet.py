"""A form on paper: room for every answer on a blank one, every answer on one that is filled in."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from random import Random

import pytest
import zxingcpp

from gongchou.papers.errors import PaperError
from gongchou.papers.pictures import framed
from gongchou.papers.sheet import Photo, Question, sheet_pdf
from tests.factories.papers import ADDRESS, outside, pixels, png, questions, sheet, texts

ANSWERS = {
    "pick": "no",
    "why": "执照送去换证",
    "ways": "b 电话核实",
    "k_number": "12",
    "permits/0/no": "甲1",
    "permits/1/no": "乙2",
    "permits/1/until": "2027-01-31",
}
JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAA"
    "AAAAAAAAAAAAAAAAD/2gAIAQEAAD8AKp//2Q=="
)


def told(pdf: bytes) -> str:
    """All words, without the spaces that stand between columns."""
    return "".join(texts(pdf)).replace(" ", "")


def blue(pdf: bytes) -> int:
    """How many dots of all pages are of the colour of the pictures."""
    pages = [pixels(pdf, page).astype(int) for page in range(len(texts(pdf)))]
    return sum(int(((page[:, :, 0] - page[:, :, 2]) > 80).sum()) for page in pages)


def test_a_blank_sheet_asks_everything_and_has_a_box_for_each_choice():
    text = told(sheet_pdf(sheet()))

    asked = [
        "请逐项检查",
        "是否亮照【较重】",
        "依据：《演示条例》第一条",
        "未亮照的原因",
        "可多选",
        "实地检查",
        "题型code",
    ]
    asked += ["证件（第1个）", "证件（第2个）", "仅当“编号”不为空时填写"]
    assert [word for word in asked if word not in text] == []
    assert "未填写" not in text
    assert "√" not in text.replace("打“√”", "")


def test_a_sheet_that_is_filled_in_says_every_answer():
    text = told(sheet_pdf(sheet(answers=ANSWERS)))

    assert [word for word in ("执照送去换证", "电话核实", "甲1", "乙2", "2027-01-31") if word not in text] == []
    assert text.count("√") == 2
    assert [word for word in ("是√否", "实地检查√书面检查") if word not in text] == []
    assert "未填写" in text  # of what had to be answered
    assert text.count("有效期至") == 1  # the other time it was not asked


def test_a_part_that_never_came_up_says_so():
    (text,) = texts(sheet_pdf(sheet(answers={})))

    assert "证件（无）" in text
    assert "未亮照的原因" not in text


def test_forty_questions_have_their_head_and_number_on_each_page():
    pages = texts(sheet_pdf(sheet(60)))

    assert len(pages) > 2
    assert [f"第{i}页 共{len(pages)}页" in page for i, page in enumerate(pages, 1)] == [True] * len(pages)
    assert ["序号检查内容检查结果" in page.replace(" ", "") for page in pages] == [True] * len(pages)
    assert ["演示检查表（第2版）" in page for page in pages] == [False] + [True] * (len(pages) - 1)


def test_long_answers_and_rare_characters_stay_on_the_paper():
    long = dict.fromkeys(("why", "k_text", "permits/0/no"), "长" * 900 + "ab12" * 60)
    pdf = sheet_pdf(sheet(answers={**long, "pick": "no", "more_0": "𠮷野家㐂"}, facts=(("名" * 9, "x" * 200),)))

    assert outside(pdf) == []
    assert any("[U+20BB7]野家㐂" in page for page in texts(pdf))


def test_signatures_and_photographs_are_seen():
    photos = (Photo("门头", png(400, 300)), Photo("后厨", JPEG))
    bare, signed, all_of_them = (
        sheet_pdf(sheet(answers=ANSWERS, **more))
        for more in ({}, {"signatures": {"sign": png()}}, {"signatures": {"sign": png()}, "photos": photos})
    )

    assert blue(bare) < 50 < blue(signed) < blue(all_of_them)
    assert [word for word in ("门头", "后厨") if word not in told(all_of_them)] == []


def test_a_phone_finds_where_it_can_be_looked_up():
    assert [code.text for code in zxingcpp.read_barcodes(pixels(sheet_pdf(sheet()), scale=2))] == [ADDRESS]


@pytest.mark.parametrize("picture", [b"", b"GIF89a", png()[:-20], JPEG[:60], b"<svg/>"])
def test_what_is_no_whole_picture_is_refused(picture):
    with pytest.raises(PaperError) as refused:
        framed(picture, width=3, height=1)

    assert refused.value.code == "picture"


def test_equal_sheets_are_equal_bytes():
    assert sheet_pdf(sheet(answers=ANSWERS)) == sheet_pdf(sheet(answers=ANSWERS))


def anything(random: Random, depth: int = 0) -> Iterator[Question]:
    """Parts in parts, empty ones too, and long and short questions in any order."""
    for n in range(random.randint(0, 12)):
        name, words = f"{depth}{n}{random.randrange(10**9)}", "题" * random.randint(1, 200)
        if random.random() < 0.3 and depth < 4:
            yield Question(name, random.choice(("group", "repeat")), words, rows=tuple(anything(random, depth + 1)))
        else:
            kind = random.choice(("text", "one", "note", "picture", "signature"))
            yield Question(name, kind, words, (("a", "甲"), ("b", "乙" * 40)), is_follow=random.random() < 0.3)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_stands_in_whatever_it_prints(seed):
    """Some orders of headings within a table make typst panic; none of them may come up."""
    random = Random(seed)
    asked = tuple(anything(random))
    answers = None if seed % 2 else {one.name: "长" * random.choice((0, 3, 900, 3000)) for one in asked}

    assert outside(sheet_pdf(sheet(questions=asked, answers=answers))) == []


def test_a_title_stays_with_what_stands_below_it():
    part = Question("g", "group", "标题", rows=questions(0)[1:2])
    for n in range(20, 40):  # somewhere in between the title would be the last line of a page
        asked = (*(Question(f"q{i}", "number", "一行") for i in range(n)), part)
        page = next(page for page in texts(sheet_pdf(sheet(questions=asked))) if "标题" in page)
        assert "是否亮照" in page
