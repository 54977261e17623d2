"""A certificate to print, and eyes to read what was printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np
import numpy.typing as npt
import pypdfium2

from gongchou.papers.certificate import Certificate, SelectedLine, StratumLine, WitnessLine

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
