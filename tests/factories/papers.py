"""A certificate to print, and eyes to read what was printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zlib import compress, crc32

import numpy as np
import numpy.typing as npt
import pypdfium2

from gongchou.papers.certificate import Certificate, SelectedLine, StratumLine, WitnessLine
from gongchou.papers.record import DepartmentPart, ItemLine, Party, Record, Review, Signer
from gongchou.papers.sheet import Question, Sheet

BEIJING = timezone(timedelta(hours=8))
ADDRESS = "https://gongchou.example/gongshi/draws/YS-2026-0117-03"


def certificate(n: int = 3, **changes: object) -> Certificate:
    """A draw of ``n`` objects in one stratum."""
    paper = Certificate(
        title="双随机抽取结果证书",
        number="YS-2026-0117-03",
        department="演示市市场监督管理局",
        tasks=("2026年第一季度餐饮服务食品安全抽查", "餐饮服务单位消防安全部门联合抽查"),
        is_test=False,
        mode="分层随机抽取",
        times=(("承诺", "2026年3月1日 09:00:00"), ("截止", "2026年3月1日 10:00:00")),
        sources=(("信标", "ab12cd34" * 24), ("彩票开奖号码", "03 11 17 22 28 31 + 09")),
        seed="0123456789abcdef" * 4,
        strata=(StratumLine("高风险", 12_034, n, n, "0a1b2c3d4e5f6071"),) if n else (),
        counts=(("名录对象数", 12_034), ("抽中对象数", n)),
        witnesses=(WitnessLine("李某", "市司法局", "2026年3月1日 10:06"),) if n else (),
        url=ADDRESS,
        result_digest="9f86d081884c7d65" * 4,
        generated_at=datetime(2026, 3, 1, 10, 7, 5, tzinfo=BEIJING),
        selected=tuple(SelectedLine(f"{i:06d}", f"演示市第{i}餐饮店", "高风险", i + 1) for i in range(n)),
    )
    return replace(paper, **changes)


def with_names(*names: str) -> Certificate:
    """A draw of these; little else is told, so that a long name stands on one page."""
    selected = tuple(SelectedLine(f"{i:06d}", name, "高风险", 1) for i, name in enumerate(names))
    return certificate(times=(), sources=(), witnesses=(), selected=selected)


def texts(pdf: bytes) -> list[str]:
    """What can be copied out of each page, without the ends of its lines."""
    return [page.get_textpage().get_text_range().replace("\r\n", "") for page in pypdfium2.PdfDocument(pdf)]


def pixels(pdf: bytes, page: int = 0, scale: float = 1) -> npt.NDArray[np.uint8]:
    """One page as it looks, height × width × 3, at 72 dots an inch times ``scale``."""
    return np.asarray(pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_numpy())


def outside(pdf: bytes, margin_mm: float = 20) -> list[str]:
    """Characters of which a part lies in the margins at the sides."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        text, edge = page.get_textpage(), margin_mm / 25.4 * 72
        boxes = [text.get_charbox(i) for i in range(text.count_chars())]
        found += [
            text.get_text_range(i, 1)
            for i, (left, _, right, _) in enumerate(boxes)
            if left < edge or right > page.get_width() - edge
        ]
    return found


def png(width: int = 300, height: int = 100) -> bytes:
    """A picture of one stroke."""
    dots = np.full((height, width, 3), 255, np.uint8)
    dots[height // 3 : height // 2, width // 6 : -width // 6] = (20, 30, 120)
    raw = b"".join(b"\0" + line.tobytes() for line in dots)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4) + kind + body + crc32(kind + body).to_bytes(4)
        for kind, body in (
            (b"IHDR", width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\0\0\0"),
            (b"IDAT", compress(raw)),
            (b"IEND", b""),
        )
    )


def questions(n: int = 3) -> tuple[Question, ...]:
    """Every kind of question, and ``n`` more that are alike."""
    kinds = ("number", "date", "time", "picture", "place", "code", "computed", "text")
    return (
        Question("说明一", "note", "请逐项检查"),
        Question("pick", "one", "是否亮照", (("yes", "是"), ("no", "否")), basis="《演示条例》第一条", severity="较重"),
        Question("why", "text", "未亮照的原因", is_follow=True, is_required=True),
        Question("ways", "many", "核查方式", (("a", "实地检查"), ("b", "书面检查")), hint="可多选"),
        Question("part", "group", "一组", rows=tuple(Question(f"k_{kind}", kind, f"题型{kind}") for kind in kinds)),
        Question(
            "permits",
            "repeat",
            "证件",
            rows=(Question("no", "text", "编号"), Question("until", "date", "有效期至", condition="“编号”不为空")),
        ),
        *(Question(f"more_{i}", "text", f"第{i}个要点：现场布局和流程与图纸一致") for i in range(n)),
        Question("sign", "signature", "检查人员签名"),
    )


def sheet(n: int = 3, **changes: object) -> Sheet:
    """A form of such questions, blank."""
    told = Sheet(
        title="演示检查表",
        number="第2版",
        department="演示市市场监督管理局",
        questions=questions(n),
        made_at=datetime(2026, 3, 1, 10, 7, 5, tzinfo=BEIJING),
        facts=(("被检查对象", ""), ("检查时间", "2026年3月1日")),
        url=ADDRESS,
    )
    return replace(told, **changes)


def record(**changes: object) -> Record:
    """An inspection by two departments: one has filled its part in, the other has not begun."""
    done = DepartmentPart(
        department="演示市公安局",
        items=(
            ItemLine("旅馆业治安管理检查", is_checked=True, found="两间房人证不一致", handled="责令限期改正"),
            ItemLine("保安从业单位检查", is_checked=False),
        ),
        methods=("实地检查",),
        results=("发现问题已责令改正", "迁出"),
        follow_ups=("违反本部门规定，责令改正，后续由日常监管跟踪",),
        is_closed=False,
        closed_note="待复查",
        deadline="2026年4月1日",
        inspectors=(Signer("赵某", "99000001", png()), Signer("钱某", "99000002")),
        checked_on="2026年3月1日",
        recorder="赵某",
        recorded_on="2026年3月2日",
        review=Review(is_passed=True, reviewer="孙某", opinion="同意", reviewed_on="2026年3月3日"),
    )
    told = Record(
        task_name="宾馆旅店部门联合抽查",
        task_number="演市监抽查〔2026〕1号",
        subject="演示市甲宾馆",
        code="91990100MA00000000",
        address="演示市一路1号",
        legal_person="李某 00000000000",
        liaison="周某 00000000001",
        parts=(done, DepartmentPart("演示市卫生健康委员会", (ItemLine("公共场所卫生检查"),))),
        made_at=datetime(2026, 3, 3, 10, tzinfo=BEIJING),
        number="2026-0001-甲",
        n_visits="2次",
        time="09:10—10:25",
        place="117.01, 36.01 ±12米",
        party=Party("无意见", Signer("吴某"), "负责人称须请示总部", Signer("郑某", "物业公司"), "2026年3月1日"),
        url=ADDRESS,
    )
    return replace(told, **changes)
