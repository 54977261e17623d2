"""抽取结果证书 as it is read: by its words, by its looks, by a phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from gongchou.papers.certificate import certificate_pdf
from gongchou.papers.errors import PaperError
from tests.factories.papers import ADDRESS, certificate, outside, pixels, texts, with_names


def test_everything_told_stands_on_the_paper():
    paper = certificate()

    (text,) = texts(certificate_pdf(paper))

    told = [
        *(paper.title, paper.number, paper.department, paper.mode, paper.seed, paper.url, paper.result_digest),
        *paper.tasks,
        *(word for pair in (*paper.times, *paper.sources) for word in pair),
        *(f"{label} {n}" for label, n in paper.counts),
        *("高风险", "12034", "0a1b2c3d4e5f6071", "李某", "市司法局", "2026年3月1日 10:06"),
        *("扫码核验", "生成时间 2026年3月1日 10:07:05"),
        *(row.name for row in paper.selected or ()),
    ]
    assert [word for word in told if word not in text] == []


@pytest.mark.parametrize(
    "name",
    [
        "#let x = 1; $a^2$ *粗* _斜_ <b> @ref = ~",
        "\\u{41} \\\\ \" ' `raw` // 注 /* */ --- ...",
        '#read("paper.typ")',
        "{{ data }} ${data} %s </svg>",
        "㐂来居𠅤𬭎䶮〇喆堃",
        "一\u2f00豈\uf900",  # looks alike, and still is another character
        "A" * 300,
        "很长的名称" * 30,
    ],
)
def test_a_name_comes_out_as_it_went_in(name):
    pages = texts(certificate_pdf(with_names(name)))

    assert any(name in page for page in pages)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("𠮷野家", "[U+20BB7]野家"),
        ("甲\u202e乙\u200b", "甲[U+202E]乙[U+200B]"),
        ("甲\n乙\x00", "甲[U+000A]乙[U+0000]"),
        ("甲\ud842", "甲[U+D842]"),
        ("😀ئۇ", "[U+1F600][U+0626][U+06C7]"),
    ],
)
def test_a_character_without_a_glyph_stands_as_its_number(name, printed):
    pages = texts(certificate_pdf(with_names(name)))

    assert any(printed in page for page in pages)


def test_nothing_long_runs_off_the_paper():
    long = "ab12cd34" * 60
    paper = replace(
        with_names(long, "字" * 500),
        title="长" * 60,
        number="N" * 90,
        department="部" * 80,
        tasks=("务" * 200,),
        mode=long,
        times=((long, long),),
        sources=((long, long),),
        seed=long,
        result_digest=long,
        url="https://gongchou.example/" + "x" * 300,
    )

    assert outside(certificate_pdf(paper)) == []


def test_a_phone_finds_the_public_page():
    page = pixels(certificate_pdf(certificate()), scale=2)

    assert [code.text for code in zxingcpp.read_barcodes(page)] == [ADDRESS]


def test_equal_certificates_are_equal_bytes():
    assert certificate_pdf(certificate(40)) == certificate_pdf(certificate(40))


def test_another_moment_makes_another_file():
    later = certificate(generated_at=datetime(2026, 3, 1, 3, tzinfo=UTC))

    assert certificate_pdf(later) != certificate_pdf(certificate())


def test_the_file_says_when_and_by_whom_it_was_made():
    about = pypdfium2.PdfDocument(certificate_pdf(certificate())).get_metadata_dict()

    assert (about["Title"], about["Author"]) == ("双随机抽取结果证书 YS-2026-0117-03", "演示市市场监督管理局")
    assert about["CreationDate"] == "D:20260301020705Z"


def test_a_long_list_has_its_head_and_its_number_on_each_page():
    pages = texts(certificate_pdf(certificate(300)))

    assert [f"第{i}页 共{len(pages)}页" in page for i, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert ["序号编号检查对象" in page.replace(" ", "") for page in pages[1:]] == [True] * (len(pages) - 1)
    assert ["双随机抽取结果证书" in page for page in pages] == [True] + [False] * (len(pages) - 1)
    assert "演示市第299餐饮店" in pages[-1]


def test_a_draw_of_nothing_is_a_certificate_too():
    (text,) = texts(certificate_pdf(certificate(0)))

    assert text.replace(" ", "").count("无") == 3  # strata, witnesses, objects


def test_what_is_not_told_leaves_its_place_empty():
    paper = certificate(0, department="", tasks=(), mode="", times=(), sources=(), counts=())

    (text,) = texts(certificate_pdf(paper))

    assert "none" not in text


def test_the_list_may_be_left_out():
    (text,) = texts(certificate_pdf(certificate(selected=None)))

    assert "附件" not in text


@pytest.mark.parametrize("is_test", [True, False])
def test_a_test_is_marked_on_every_page(is_test):
    pages = texts(certificate_pdf(certificate(120, is_test=is_test)))

    assert [{"演", "练"} <= set(page) for page in pages] == [is_test] * len(pages)  # aslant, they are read one by one


def test_the_mark_is_large_and_pale_and_hides_no_letter():
    plain, marked = (pixels(certificate_pdf(certificate(is_test=is_test)), scale=2) for is_test in (False, True))

    changed = np.any(plain != marked, axis=2)
    dark = np.all(plain < 100, axis=2)
    assert 0.03 < changed.mean() < 0.2
    assert marked[changed].min() < 230  # it can be seen
    assert marked[dark].max() < 130  # and every dark stroke stays dark


def test_an_address_too_long_to_scan_is_refused():
    with pytest.raises(PaperError) as refused:
        certificate_pdf(certificate(url="https://gongchou.example/" + "x" * 500))

    assert refused.value.code == "qr"


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(PaperError) as refused:
        certificate_pdf(certificate(generated_at=datetime(2026, 3, 1, 10)))

    assert refused.value.code == "no_zone"


@pytest.mark.night
def test_five_thousand_objects_are_all_there():
    text = "".join(texts(certificate_pdf(certificate(5000))))

    assert [i for i in range(5000) if f"演示市第{i}餐饮店" not in text] == []
