"""The page as a reader uses it: from disk, by mouse or keyboard, on a desk or a phone."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.making import canonical, pseudonym, salt
from tests.verifier.receipts import receipt, rows
from tests.verifier.signing import trust_text
from tests.verifier.test_verdicts import SOON, after_withdrawal, commit, give_up, history

pytestmark = pytest.mark.browser


def lay_out(files: dict[str, bytes], folder: Path) -> Path:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def pack(files: dict[str, bytes], path: Path) -> Path:
    """Write a zip in the permitted form with the standard library."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.create_version, info.extract_version, info.external_attr = 0, 10, 10, 0
            archive.writestr(info, files[name])
    # The library insists on version 20 and on permissions; both are fixed places in the file.
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\1\2")
    while at >= 0:
        data[at + 4 : at + 8] = b"\x0a\0\x0a\0"
        data[at + 38 : at + 42] = b"\0\0\0\0"
        at = data.find(b"PK\1\2", at + 46)
    path.write_bytes(data)
    return path


def trust(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "trust.txt"
    path.write_text(trust_text())
    page.set_input_files("#trust-file", str(path))


def verdict(page: Any) -> str:
    page.wait_for_selector("#verdict-title", state="visible")
    return page.inner_text("#verdict-title")


def ask_why(page: Any, code: str) -> str:
    page.fill("#why-id", code)
    page.press("#why-id", "Enter")
    page.wait_for_selector("#why-answer .answer")
    return page.inner_text("#why-answer .answer")


def test_folder_from_disk_turns_green_without_any_network(fresh_page, make, tmp_path):
    asked: list[str] = []
    fresh_page.on("request", lambda request: asked.append(request.url))
    said: list[str] = []
    fresh_page.on("console", lambda message: said.append(message.text))
    trust(fresh_page, tmp_path)
    fresh_page.set_input_files("#folder", str(lay_out(make(draws=2), tmp_path / "bundle")))
    assert verdict(fresh_page) == "全部成立"
    assert fresh_page.locator("#checks li.passed").count() == 15
    assert (asked, said) == ([], [])


def test_zip_without_trust_is_amber_and_says_why(fresh_page, make, tmp_path):
    fresh_page.set_input_files("#zip", str(pack(make(), tmp_path / "bundle.zip")))
    assert verdict(fresh_page) == "成立，但有保留"
    assert "自证" in fresh_page.inner_text("#verdict")


def test_changed_file_is_red_with_the_first_difference(fresh_page, make, tmp_path):
    files = make()
    files["selected.tsv"] = files["selected.tsv"].replace(b"A", b"B", 1)
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    assert verdict(fresh_page) == "不成立"
    card = fresh_page.inner_text("#verdict")
    assert "file_digest" in card
    assert "selected.tsv" in card
    assert fresh_page.is_hidden("#outcome")


def test_everyone_learns_why(fresh_page, make, tmp_path):
    files = make(replaced=1)
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    verdict(fresh_page)
    selected = rows(files["selected.tsv"])[0][2]
    came_in = rows(files["replacements.tsv"])[0][3]
    drawn = {row[2] for name in ("selected", "reserve") for row in rows(files[f"{name}.tsv"])}
    left = next(row[1] for row in rows(files["frame.tsv"]) if row[1] not in drawn)
    assert f"{selected} 被抽中了" in ask_why(fresh_page, selected)
    assert f"{left} 没有被抽中" in ask_why(fresh_page, left.lower())
    assert "它依次递补" in ask_why(fresh_page, came_in)
    assert "理由：已经注销" in ask_why(fresh_page, "91000000VDPT000121")
    assert "名单里没有" in ask_why(fresh_page, "91000000NOBODY0001")
    assert "不像" in ask_why(fresh_page, "９１")


def test_campaign_answers_for_every_draw(fresh_page, make, tmp_path):
    files = make(draws=2, replaced=1)
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    verdict(fresh_page)
    directories = sorted(path[: -len("params.json")] for path in files if path.endswith("/params.json"))
    last = rows(files[f"{directories[-1]}selected.tsv"])[0][2]
    first = ask_why(fresh_page, last)
    assert f"{last} 被抽中了：这一批共 2 次抽取" in first
    assert directories[-1].rstrip("/") in first
    assert fresh_page.locator("#why-answer .one-draw").count() == 2
    replaced = next(files[path] for path in sorted(files) if path.endswith("replacements.tsv"))
    out, came_in = rows(replaced)[0][2:4]
    assert "里被替换出去" in ask_why(fresh_page, out)
    assert "里递补进来" in ask_why(fresh_page, came_in)
    assert "都没有被抽中" in ask_why(fresh_page, "91000000NOBODY0001")


@pytest.mark.parametrize("litter", [".DS_Store", "Thumbs.db", "desktop.ini", "log/.DS_Store"])
def test_what_computers_leave_in_folders_is_passed_over(fresh_page, make, tmp_path, litter):
    files = make() | {litter: b"left behind"}
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    assert verdict(fresh_page) == "成立，但有保留"


@pytest.mark.parametrize("name", ["._frame.tsv", "thumbs.db"])
def test_any_other_stranger_in_a_folder_is_refused(fresh_page, make, tmp_path, name):
    fresh_page.set_input_files("#folder", str(lay_out(make() | {name: b"x"}, tmp_path / "bundle")))
    assert verdict(fresh_page) == "不成立"


def test_litter_in_a_zip_is_refused_by_name(fresh_page, make, tmp_path):
    fresh_page.set_input_files("#zip", str(pack(make() | {".DS_Store": b"x"}, tmp_path / "bundle.zip")))
    assert verdict(fresh_page) == "不成立"
    assert "文件名“.DS_Store”" in fresh_page.inner_text("#verdict")


def test_climbing_path_in_a_zip_is_named(fresh_page, make, tmp_path):
    fresh_page.set_input_files("#zip", str(pack(make() | {"../evil.txt": b"x"}, tmp_path / "bundle.zip")))
    assert verdict(fresh_page) == "不成立"
    assert "文件名“../evil.txt”" in fresh_page.inner_text("#verdict")
    assert "化名" not in fresh_page.inner_text("#verdict .facts")


def test_other_commits_are_shown_with_what_became_of_them(fresh_page, make, tmp_path):
    said = [
        commit("D7", beacon_time=SOON), commit("D8", plan="餐饮检査 1"), give_up("D7"), give_up("D8"),
        commit("D9", "D8", plan="餐饮检査 1"), commit("D10", mode="test"),
    ]  # fmt: skip
    trust(fresh_page, tmp_path)
    fresh_page.set_input_files("#folder", str(lay_out(make(twists=history(*said)), tmp_path / "bundle")))
    verdict(fresh_page)
    shown = fresh_page.locator(".others tbody tr").all_inner_texts()
    expected = [
        ("别的计划", "抽取 D7", "种子可知之后才撤回"),
        ("餐饮检査 1", "抽取 D8", "种子产生之前已撤回"),
        ("餐饮检査 1", "抽取 D9", "有效"),
        ("别的计划（演练）", "抽取 D10", "有效"),
    ]
    for row, words in zip(shown, expected, strict=True):
        assert [word for word in ("机关 DEPT-A", "批次 OTHER", *words) if word not in row] == []
    assert "请您自己看" in fresh_page.inner_text(".others")


def test_long_list_of_other_commits_is_folded(fresh_page, make, tmp_path):
    said = [commit(f"D{n}", plan=f"计划 {n}") for n in range(10, 36)]
    fresh_page.set_input_files("#folder", str(lay_out(make(twists=history(*said)), tmp_path / "bundle")))
    verdict(fresh_page)
    assert fresh_page.locator(".others tbody tr").count() == 26
    assert "其余 2 次" in fresh_page.inner_text(".others details")


def test_nothing_is_shown_where_there_are_no_other_commits(fresh_page, make, tmp_path):
    fresh_page.set_input_files("#folder", str(lay_out(make(), tmp_path / "bundle")))
    verdict(fresh_page)
    assert fresh_page.locator(".others").count() == 0


def test_withdrawn_draw_says_that_it_does_not_count(fresh_page, make, tmp_path):
    files = make(draws=2, twists={"extra entries": after_withdrawal(supersedes="D2")})
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    verdict(fresh_page)
    drawn = fresh_page.locator("section.draw").all_inner_texts()
    assert ["结果不作数" in text for text in drawn] == [False, True]


def test_empty_slot_is_explained_by_its_closure(fresh_page, make, tmp_path):
    files = make(draws=2)
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    verdict(fresh_page)
    closure, kind, what = rows(files["unfilled.tsv"])[0]
    assert kind == "open"
    ask_why(fresh_page, what.split(":")[0])
    told = fresh_page.inner_text("#why-answer")
    assert f"第 {what.split(':')[1]} 岗：没有一名检查人员符合" in told
    assert f"unfilled.tsv 里的“{closure}”" in told


def test_rates_are_cut_to_two_decimals(page):
    assert page.evaluate("[[2, 3], [1, 8], [1, 20], [0, 5]].map(([a, b]) => gongchou.dom.percent(a, b))") == [
        "66.66%",
        "12.5%",
        "5%",
        "0%",
    ]


def test_sealed_object_needs_its_salt(fresh_page, make, tmp_path):
    files = make(sealed=True)
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    verdict(fresh_page)
    real = "91000000VDPT000005"
    assert pseudonym(real) in files["frame.tsv"].decode()
    assert "化名" in ask_why(fresh_page, real)
    fresh_page.fill("#why-salt", salt(real))
    assert "这一层有 40 户" in ask_why(fresh_page, real)


def test_how_the_draw_was_made_is_told_with_its_own_numbers(fresh_page, make, tmp_path):
    fresh_page.set_input_files("#folder", str(lay_out(make(), tmp_path / "bundle")))
    verdict(fresh_page)
    told = fresh_page.inner_text("#how")
    for words in ("126 行", "2 行因代码有误被退回", "120 户进入名单", "12,040,883 轮", "2/40（5%）", "sha256sum"):
        assert words in told


@pytest.mark.parametrize("sealed", [False, True])
def test_ticket_by_unit_is_explained_and_can_be_typed(fresh_page, make, tmp_path, sealed):
    files = make(units=True, sealed=sealed)
    fresh_page.set_input_files("#zip", str(pack(files, tmp_path / "b.zip")))
    verdict(fresh_page)
    told = fresh_page.inner_text("#how")
    assert "按主体发票" in told
    assert "每一户抽中的机会都是" not in told
    typed = subprocess.run(
        ["bash", "-c", fresh_page.inner_text("#how pre")], capture_output=True, text=True, check=True
    )
    assert typed.stdout.replace("\n", "") == rows(files["selected.tsv"])[0][3]


@pytest.mark.parametrize(("content", "title"), [(b"", "不成立"), (b"# \xff\n", "不成立"), (None, "成立，但有保留")])
def test_empty_trust_file_is_not_the_same_as_none(fresh_page, make, tmp_path, content, title):
    if content is not None:
        (tmp_path / "trust.txt").write_bytes(content)
        fresh_page.set_input_files("#trust-file", str(tmp_path / "trust.txt"))
    fresh_page.set_input_files("#zip", str(pack(make(), tmp_path / "b.zip")))
    assert verdict(fresh_page) == title


def test_receipt_is_compared_with_the_bundle(fresh_page, make, tmp_path):
    files = make()
    path = tmp_path / "receipt.json"
    path.write_bytes(canonical(receipt(files, "91000000VDPT000007")))
    fresh_page.set_input_files("#receipt", str(path))
    fresh_page.wait_for_selector("#receipt-answer .answer")
    assert fresh_page.inner_text("#receipt-answer .answer").startswith("回执成立")
    assert "L0" in fresh_page.inner_text("#receipt-answer")
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    verdict(fresh_page)
    fresh_page.set_input_files("#receipt", str(path))
    fresh_page.wait_for_selector("text=与上面核验过的证据包一致")


def test_a_file_that_is_no_receipt_takes_the_old_verdict_away(fresh_page, make, tmp_path):
    path, other = tmp_path / "receipt.json", tmp_path / "photo.png"
    path.write_bytes(canonical(receipt(make(), "91000000VDPT000007")))
    other.write_bytes(b"\x89PNG no receipt")
    fresh_page.set_input_files("#receipt", str(path))
    fresh_page.wait_for_selector("#receipt-answer .answer.selected")
    assert "须对照证据包" in fresh_page.inner_text("#receipt-answer .answer")
    fresh_page.set_input_files("#receipt", str(other))
    fresh_page.wait_for_selector("#receipt-answer .answer.failed")
    assert "不是一张合乎规范的回执" in fresh_page.inner_text("#receipt-answer")
    assert "回执成立" not in fresh_page.inner_text("#receipt-answer")


def test_keyboard_reaches_the_folder_button(fresh_page):
    for _ in range(2):  # first the link that skips to the text
        fresh_page.keyboard.press("Tab")
    assert fresh_page.evaluate("document.activeElement.id") == "choose-folder"
    # The chooser itself belongs to the browser; that it is asked for is what the page must do.
    fresh_page.evaluate("""() => { document.getElementById('folder').onclick = (event) => {
        event.preventDefault(); window.asked = true; }; }""")
    fresh_page.keyboard.press("Enter")
    assert fresh_page.evaluate("window.asked") is True


def test_phone_needs_no_sideways_scrolling(fresh_page, make, tmp_path):
    fresh_page.set_viewport_size({"width": 390, "height": 844})
    files = make(draws=2, replaced=1, twists=history(commit("D" * 54, campaign="C" * 54, plan="P" * 200)))
    fresh_page.set_input_files("#folder", str(lay_out(files, tmp_path / "bundle")))
    verdict(fresh_page)
    ask_why(fresh_page, "91000000VDPT000003")
    assert fresh_page.is_visible(".others table")
    assert fresh_page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_file_that_is_no_bundle_gets_a_clear_answer(fresh_page, tmp_path):
    path = tmp_path / "photo.zip"
    path.write_bytes(b"no zip at all, but some bytes")
    fresh_page.set_input_files("#zip", str(path))
    assert verdict(fresh_page) == "不成立"
    assert "解压后直接拖入文件夹" in fresh_page.inner_text("#verdict")


def test_large_frame_does_not_hold_up_the_page(page, make):
    from tests.verifier.conftest import packed  # noqa: PLC0415

    files = make(per_stratum=14_700, matching=False)
    script = """async (x) => { const big = mapOf(x); let longest = 0, last = performance.now(), isOver = false;
        const beat = () => { const now = performance.now(); longest = Math.max(longest, now - last); last = now;
            if (!isOver) setTimeout(beat, 0); };
        beat(); const began = performance.now(); const report = await gongchou.verifyFiles(big);
        isOver = true; return [report.ok, performance.now() - began, longest]; }"""
    ok, took_ms, longest_ms = page.evaluate(script, packed(files))
    assert ok
    assert took_ms < 6000  # about a second when nothing else runs
    assert longest_ms < 1000
