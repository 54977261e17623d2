"""A receipt in plain words: what the ticket was, where it came to stand, where the line was drawn."""

from __future__ import annotations

from dataclasses import dataclass

from gongchou.draw.encoding import Document
from gongchou.draws.models import Draw
from gongchou.draws.queries.receipts import Answer
from gongchou.draws.reasons import words as reason_words
from gongchou.plans.queries.strata import WHOLE

SPAN = 12  # hex digits of a ticket that place it among all possible ones well enough for the eye


@dataclass(frozen=True)
class Why:
    """One draw's answer. headline: selected or not; sentences: why; ticket, cutoff: 64 hex digits"""

    draw: Draw
    receipt: Document
    is_selected: bool
    headline: str
    sentences: list[str]
    ticket: str = ""
    cutoff: str = ""
    ticket_at: str = ""
    cutoff_at: str = ""


def told(answer: Answer) -> Why:
    """An answer in words."""
    document = answer.receipt
    if document["table"] == "excluded":
        reason = reason_words("exclude", document["reason"])
        return Why(
            answer.draw, document, False, "没有参加抽取", [f"抽取之前已按公布的理由排除：{reason}。", *_gone(answer)]
        )
    cutoff = (document["cutoff"] or "").partition(" ")[0]
    return Why(
        answer.draw,
        document,
        document["selected"],
        "被抽中" if document["selected"] else "没有被抽中",
        [_standing(document), *_afterwards(answer), *_gone(answer)],
        document["ticket"],
        cutoff,
        place_of(document["ticket"]),
        place_of(cutoff),
    )


def _standing(document: Document) -> str:
    part = "名单不分层" if document["stratum"] == WHOLE else f"本单位在 {document['stratum']} 层"
    where = f"{part}，按票号从小到大排，前 {document['n']} 位抽中"
    rank = document["rank"]
    if document["selected"]:
        return f"{where}；本单位排第 {rank} 位。"
    if rank is not None:
        return f"{where}；本单位排第 {rank} 位，是备选第 {rank - document['n']} 位。"
    return f"{where}；本单位的票号大于末位票号，排在抽中的和备选的之后。"


def _afterwards(answer: Answer) -> list[str]:
    found = []
    if answer.entered:
        found.append("后来有抽中的单位被替换，本单位作为备选依次递补，也要接受检查。")
    if answer.left:
        found.append(f"后来本单位被替换，不再接受这次检查，理由：{reason_words('replace', answer.left.reason)}。")
    return found


def _gone(answer: Answer) -> list[str]:
    return ["这次抽取后来撤回，结果不作数。"] if answer.draw.is_withdrawn else []


def place_of(ticket: str) -> str:
    """Where a ticket stands among all possible ones, from 0% to 100%, cut to two decimals."""
    if not ticket:
        return ""
    hundredths = int(ticket[:SPAN], 16) * 10_000 >> (4 * SPAN)
    return f"{hundredths // 100}.{hundredths % 100:02}%"
