"""A form in a page as wide as a phone's: drawn, filled in by hand, and told what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.checklists.merging import merge
from tests.checklists.test_merging import ask, group, part, pick

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
REPEAT = [
    ask("goods", "抽检商品", "begin_repeat"),
    ask("price", "单价（元）", "decimal", required=True, constraint=". > 0", constraint_message="单价须大于零。"),
    ask("n", "数量", "integer"),
    ask("sum", "金额", "calculate", calculation="${price} * ${n}"),
    {"type": "end_repeat"},
]
METHODS = [{"list_name": "method", "name": one, "label": one} for one in ("实地检查", "书面检查", "网络监测")]
BASE = part(
    "基础",
    ask("method", "核查方式", "select_multiple", list_name="method", required=True),
    pick("license", label="是否公示营业执照", required=True, basis="《市场主体登记管理条例》", severity="一般"),
    ask("why", "未公示的原因", required=True, relevant="${license} = 'no'", hint="写明当事人的说明"),
    ask("checked_on", "检查日期", "date", constraint=". <= today()", constraint_message="日期不能晚于今天。"),
    choices=[*METHODS, *part("x").definition["choices"]],
    is_base=True,
    items="",
)
ITEM = part(
    "食品",
    pick("license", label="是否公示营业执照", required=True, basis="《食品安全法》"),
    *group("stock", ask("tip", "逐项看标签", "note"), *REPEAT, label="库存"),
    ask("photo", "现场照片", "image", required=True),
    ask("sign", "当事人签名", "signature"),
)
SHEET = merge([BASE, ITEM])
MOUNT = """async ([sheet, answers, readOnly]) => {
  const { mount } = await import("/form.js");
  const image = (slot) => {
    const button = document.createElement("button");
    button.textContent = "拍照";
    button.onclick = () => slot.set(["photo-1"]);
    slot.element.append(button);
  };
  window.heard = [];
  const onChange = (form, path) => window.heard.push(path);
  const options = { onChange, widgets: { image }, readOnly, today: "2026-11-23" };
  window.form = mount(document.querySelector("main"), sheet, answers, options);
}"""


@pytest.fixture
def drawn(site: Page) -> Any:
    def draw(answers: dict[str, Any] | None = None, *, read_only: bool = False, sheet: Any = SHEET) -> Page:
        site.evaluate(MOUNT, [sheet, answers or {}, read_only])
        return site

    return draw


def look(page: Page, name: str) -> None:
    found = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    folder = os.environ.get("GONGCHOU_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def question(page: Page, words: str) -> Locator:
    return page.locator(".sheet-question", has_text=words)


def test_an_empty_form_is_drawn_with_its_sections_and_no_reproach(drawn: Any) -> None:
    page = drawn()

    assert [text.split() for text in page.locator("h2").all_inner_texts()] == [
        ["市场监管局：表基础", "0/3"],
        ["市场监管局：表食品", "0/2"],
    ]
    assert page.locator(".sheet-progress").inner_text() == "已填 0/5 题"
    assert question(page, "未公示的原因").is_hidden()
    assert page.locator(".sheet-problem:not(:empty)").count() == 0
    assert question(page, "是否公示营业执照").count() == 1
    look(page, "sheet-empty")


def test_a_form_is_filled_in_by_hand(drawn: Any) -> None:
    page = drawn()
    page.get_by_text("书面检查").click()
    page.get_by_text("实地检查").click()
    page.get_by_text("否", exact=True).click()
    page.get_by_label("未公示的原因").fill("  刚搬来\n执照未带 ")
    page.get_by_label("检查日期").fill("2026-11-23")
    page.get_by_role("button", name="再加一项").click()
    page.keyboard.type("０１２.50")
    page.get_by_label("数量").fill("4")
    page.get_by_role("button", name="拍照").click()

    assert page.get_by_label("单价").input_value() == "12.5"
    assert page.locator("output").inner_text() == "50"
    assert page.evaluate("form.answers()") == {
        "method": ["实地检查", "书面检查"],
        "license": "no",
        "why": "刚搬来\n执照未带",
        "checked_on": "2026-11-23",
        "goods": [{"price": "12.5", "n": "4", "sum": "50"}],
        "photo": ["photo-1"],
    }
    assert page.evaluate("[form.problems(), form.focusFirstProblem()]") == [[], None]
    assert page.evaluate("heard.includes('goods/0/price')")
    look(page, "sheet-filled")


def test_what_is_hidden_again_is_kept_for_later_but_not_sent(drawn: Any) -> None:
    page = drawn({"license": "no", "why": "旧的原因"})
    page.get_by_text("是", exact=True).click()

    assert "why" not in page.evaluate("form.answers()")
    assert page.evaluate("form.draft().why") == "旧的原因"
    page.get_by_role("button", name="清除选择：是否公示营业执照").click()
    assert "license" not in page.evaluate("form.draft()")


def test_problems_are_told_at_their_question_and_the_first_is_gone_to(drawn: Any) -> None:
    page = drawn({"method": ["实地检查"], "license": "yes", "goods": [{"price": "-1"}]})
    page.get_by_label("检查日期").fill("2026-11-24")
    page.get_by_label("检查日期").blur()
    assert question(page, "检查日期").get_by_role("alert").inner_text() == "日期不能晚于今天。"
    assert page.get_by_role("alert").filter(has_text="单价须大于零").count() == 0

    page.get_by_label("检查日期").fill("")
    first = page.evaluate("form.focusFirstProblem()")

    assert first == "goods/0/price"
    assert page.evaluate("document.activeElement === document.querySelector('.is-wrong input')")
    told = [text for text in page.locator(".sheet-problem").all_inner_texts() if text]
    assert told == ["单价须大于零。", "请至少拍一张照片。"]
    page.get_by_label("单价").fill("abc")
    page.get_by_label("数量").fill("1.5")
    told = [text for text in page.locator(".sheet-problem").all_inner_texts() if text]
    assert told[:2] == ["请填写数，例如 12.5，小数最多6位。", "请填写整数，例如 12。"]
    look(page, "sheet-problems")


def test_a_round_is_taken_away_with_what_is_in_it(drawn: Any) -> None:
    page = drawn({"goods": [{"price": "1"}, {"price": "2"}]})
    page.once("dialog", lambda dialog: dialog.accept())

    page.get_by_role("button", name="删除抽检商品 1").click()

    assert page.evaluate("form.draft().goods") == [{"price": "2"}]
    assert page.get_by_label("单价").input_value() == "2"


def test_a_form_to_be_read_takes_nothing(drawn: Any) -> None:
    page = drawn({"license": "no", "why": "原因", "goods": [{"price": "3"}]}, read_only=True)

    assert page.get_by_role("radio", checked=True).is_disabled()
    assert page.get_by_label("未公示的原因").get_attribute("readonly") is not None
    assert page.get_by_role("button", name="再加一项").count() == 0
    look(page, "sheet-read-only")


def test_words_of_a_form_are_never_markup(drawn: Any) -> None:
    evil = "<img src=x onerror=document.title='evil'>"
    page = drawn({}, sheet=merge([part("a", ask("t", evil, hint=evil, basis=evil), pick("p", label=evil))]))

    assert page.locator("main img").count() == 0
    assert page.get_by_label(evil).count() >= 1
    assert page.title() == "表"
