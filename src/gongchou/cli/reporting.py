"""What is told of a register, a draw and a verification: results in, lines of text out, in either language."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gongchou.draw import sentences
from gongchou.draw.encoding import Document
from gongchou.draw.register import Outcome
from gongchou.draw.replace import Replacement
from gongchou.draw.verify import Check, Failure, Report

SIGNS = {"passed": "✓", "failed": "✗", "not_checked": "—", "skipped": "·"}
COLOURS = {"green": ("全部成立", "all holds"), "amber": ("成立，但有保留", "holds, with reservations")}
LEVELS = {
    "L1": (
        "L1：按化名或不含人员匹配重算；真实名录须由审计员核对",
        "L1: recomputed on pseudonyms, or without the match",
    ),
    "L2": ("L2：连同真实名录一并核对", "L2: checked with the real list"),
}
STRENGTHS = {
    "D": ("来源强度 D：公共随机信标（最强）", "strength D: a public beacon"),
    "P": ("来源强度 P：自建随机信标网络", "strength P: a private beacon"),
    "L": ("来源强度 L：指定期号的彩票开奖", "strength L: a lottery"),
    "N": ("来源强度 N：现场摇号（最弱）", "strength N: digits on the spot"),
}
SIZES = {
    "universe": ("登记", "universe"),
    "rejected": ("拒收", "rejected"),
    "excluded": ("除外", "excluded"),
    "frame": ("名录", "frame"),
    "selected": ("抽中", "selected"),
    "replaced": ("替换", "replaced"),
}
STATES = {
    "live": ("有效", "live"),
    "withdrawn": ("种子产生前已撤回", "withdrawn before the seed"),
    "withdrawn_after_seed": ("种子可知之后才撤回", "withdrawn after the seed"),
}
MOST_STRATA = 40  # strata listed one by one
MOST_COMMITS = 40


def _word(pair: tuple[str, str], lang: str) -> str:
    return pair[sentences.LANGUAGES.index(lang)]


# Registers and draws ----------------------------------------------------------------------------


def of_register(outcome: Outcome, lang: str) -> list[str]:
    """How many rows were taken, and for every reason how many were refused and one example."""
    accepted, rejected = len(outcome.accepted), len(outcome.rejected)
    pair = (
        f"读入 {outcome.read} 行 = 接收 {accepted} + 拒收 {rejected}",
        f"{outcome.read} rows read = {accepted} accepted + {rejected} rejected",
    )
    reasons = Counter(row.reason for row in outcome.rejected).most_common()
    return [_word(pair, lang), *(_refused_rows(outcome, reason, count, lang) for reason, count in reasons)]


def _refused_rows(outcome: Outcome, reason: str, count: int, lang: str) -> str:
    example = min(row for row in outcome.rejected if row.reason == reason)
    facts = {"column": example.column, "value": example.value, "first_line": example.first_line}
    told = sentences.reason_sentence(reason, lang=lang, **facts)
    return f"  {reason} {count}：{told}" if lang == "zh" else f"  {reason} {count}: {told}"


def of_draw(params: Document, lang: str) -> str:
    """How many of how many were selected."""
    chosen, of = sum(part["n"] for part in params["strata"]), params["frame"]["size"]
    pair = (f"{params['draw']}：{of} 户中抽中 {chosen} 户", f"{params['draw']}: {chosen} of {of} selected")
    return _word(pair, lang)


def of_replacement(row: Replacement, object_id: str, title: str, lang: str) -> str:
    """What a replacement after the draw did to one object; a receipt tells only of the draw itself.

    title: the reason in words.
    """
    went = (
        f"注意：抽取之后，该对象已被替换出抽中名单（日志第 {row.event} 号，理由：{title}）",
        f"note: after the draw this object was replaced and left the sample (log entry {row.event}, {row.reason})",
    )
    came = (
        f"注意：抽取之后，该对象作为备选第 {row.rank} 位替换进入抽中名单（日志第 {row.event} 号）",
        f"note: after the draw this object, rank {row.rank}, came into the sample by replacement "
        f"(log entry {row.event})",
    )
    return _word(went if row.out == object_id else came, lang)


# Verification -----------------------------------------------------------------------------------


def document_of(report: Report, lang: str) -> Document:
    """The report as data, with its sentences."""
    document = report.document()
    if report.failure:
        document["failure"]["sentence"] = sentences.sentence(report.failure.code, report.failure.facts, lang=lang)
    for mark in document["marks"]:
        mark["sentence"] = sentences.mark_sentence(mark["code"], mark["facts"], lang=lang)
    for found in document["checks"]:
        found["sentence"] = sentences.check_sentence(found["name"], lang=lang)
    return document


def of_check(found: Check, lang: str) -> str:
    """One check as it ended."""
    return f"{SIGNS[found.status]} {found.number:2} {sentences.check_sentence(found.name, lang=lang)}"


def of_report(report: Report, lang: str) -> list[str]:
    """The verdict, and either why it does not hold or reservations and summary."""
    if report.failure:
        return _failed(report.failure, lang)
    colour = _word(COLOURS[report.colour], lang)
    lines = [f"{colour}  {report.colour} {report.level} {report.strength}"]
    for mark in report.marks:
        sign = "！" if mark.colour == "red" else "·"
        lines.append(f"  {sign} {sentences.mark_sentence(mark.code, mark.facts, lang=lang)}")
    return lines + [f"  {line}" for line in _summary(report, lang)]


def _failed(failure: Failure, lang: str) -> list[str]:
    head = (
        f"不成立：第 {failure.number} 项 {failure.code}",
        f"FAILED: check {failure.number} {failure.code}",
    )
    place = f"{failure.place}{'：' if lang == 'zh' else ': '}" if failure.place else ""
    return [_word(head, lang), f"  {place}{sentences.sentence(failure.code, failure.facts, lang=lang)}"]


def _summary(report: Report, lang: str) -> list[str]:
    summary = report.summary
    lines = [f"{_word(('种子', 'seed'), lang)} {summary['seed']}"]
    if summary["beacon_round"]:
        beacon = _word(("信标轮次", "beacon round"), lang)
        lines.append(f"{beacon} {summary['beacon_round']} · {summary['beacon_at']}")
    witnesses = _word(("见证人", "witnesses"), lang)
    lines.append(f"{witnesses} {'、'.join(summary['witnesses'])} · {summary['horizon']['at']}")
    lines += [_word(LEVELS[report.level or ""], lang), _word(STRENGTHS[report.strength or ""], lang)]
    for draw in summary["draws"]:
        lines += _draw_summary(draw, lang)
    if summary["doors"] is not None:
        doors, unfilled = summary["doors"], summary["unfilled"]
        pair = (f"检查任务 {doors}，空缺席位 {unfilled}", f"tasks {doors}, unfilled slots {unfilled}")
        lines.append(_word(pair, lang))
    return lines + _other_commits(summary["other_commits"], lang)


def _other_commits(commits: list[dict[str, Any]], lang: str) -> list[str]:
    """The same authorities' other attempts: whether two names are one plan item, only a reader can judge."""
    pair = (f"同一部门的其他抽取承诺 {len(commits)} 次", f"{len(commits)} other commits of the same authorities")
    lines = [_word(pair, lang)] if commits else []
    for told in commits[:MOST_COMMITS]:
        where = f"{told['authority']} {told['campaign']} {told['draw']} {told['plan']}"
        lines.append(f"  {told['index']:>6}  {where}  {_word(STATES[told['state']], lang)}")
    return lines + ["  …"] * (len(commits) > MOST_COMMITS)


def _draw_summary(draw: dict[str, Any], lang: str) -> list[str]:
    sizes = [f"{_word(pair, lang)} {_count(draw[key])}" for key, pair in SIZES.items()]
    name = f"{draw['draw']} {draw['plan']}"
    lines = [f"{name}：{'，'.join(sizes)}" if lang == "zh" else f"{name}: {', '.join(sizes)}"]
    for part in draw["strata"][:MOST_STRATA]:
        rate = f"{part['n'] * 10000 // part['size'] / 100:g}%"
        lines.append(f"  {part['id']:<12} {part['n']:>8} / {part['size']:<10} {rate}")
    if len(draw["strata"]) > MOST_STRATA:
        lines.append(f"  … {len(draw['strata'])}")
    return lines


def _count(value: int | dict[str, int]) -> int:
    return sum(value.values()) if isinstance(value, dict) else value
