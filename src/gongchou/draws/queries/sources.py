"""The sources of the seed: what each is called, on every page alike, and the value it gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gongchou.draw.beacon import PUBLIC_CHAINS
from gongchou.draw.seed import parse_values
from gongchou.draws import store
from gongchou.draws.beacons import chain_name, private_chains
from gongchou.draws.models import Batch
from gongchou.draws.states import BatchState

MISSING: Final = "missing"
"""What the seed document has for a party that did not show its number in time."""
NOT_SHOWN: Final = "没有按时揭示"
TOLD_MISSING: Final = f"{NOT_SHOWN}（{MISSING}）"
_DOCUMENTS: Final = ("seed-input.txt", "close.txt")


def source_words(source: Mapping[str, Any], parties: Mapping[str, str] | None = None) -> str:
    """A source in words. parties: code of a department -> what it is called"""
    match source["type"]:
        case "cr":
            return party_words((parties or {}).get(source["party"], source["party"]))
        case "digits":
            return f"现场摇出的 {source['n']} 位数字"
        case "lottery":
            return f"{source['game']} 第 {source['issue']} 期开奖号码"
    return _chain_words(source["chain"]) + (f" 第 {source['round']} 轮" if "round" in source else "")


def later_words(source: Mapping[str, Any]) -> str:
    """What decides who gets a seat, and what there is to rely on: of dice nothing shows when they were thrown."""
    if source["type"] == "digits":
        return (
            f"由{source_words(source)}决定，提出以后在现场摇出。录入的每个读数都写入公开日志，改过的看得出来；"
            "摇出多次而只录入一次的，日志看不出，要靠在场的人"
        )
    return f"由{source_words(source)}决定，提出以后才产生：提出时谁也不知道会是谁"


def party_words(name: str) -> str:
    """What a party gives to the seed."""
    return f"{name} 的秘密数"


def _chain_words(sha256: str) -> str:
    chain = PUBLIC_CHAINS.get(sha256) or private_chains().get(sha256)
    return chain_name(chain) if chain else f"随机信标 {sha256[:8]}…"


def party_names(batch: Batch) -> dict[str, str]:
    """Code of a party -> its short name; asked for no batch that has none."""
    if batch.state != BatchState.DRAFT and all(source["type"] != "cr" for source in batch.sources):
        return {}
    return dict(batch.contributions.values_list("department__code", "department__short_name"))


def silent_parties(batch: Batch) -> list[str]:
    """Who promised a number and has not shown it, by short names in the order of their codes."""
    late = batch.contributions.filter(secret="").order_by("department__code")
    return list(late.values_list("department__short_name", flat=True))


def all_source_words(batch: Batch) -> list[str]:
    """All sources in their order; in a draft the parties' stand beside, from the freeze on among them."""
    names = party_names(batch)
    asked = names.values() if batch.state == BatchState.DRAFT else ()
    return [party_words(name) for name in asked] + [source_words(one, names) for one in batch.all_sources]


def source_values(batch: Batch, promised: Sequence[dict[str, Any]] | None = None) -> list[str]:
    """The value of each source in its order, empty where it has not come: as the seed or close document fixed them,
    before the close as the public log has them.

    promised: the sources, where they are not to be taken from the batch
    """
    promised = batch.all_sources if promised is None else promised
    kept = dict(batch.evidence.filter(path__in=_DOCUMENTS).values_list("path", "sha256"))
    fixed = next((kept[path] for path in _DOCUMENTS if path in kept), "")
    values = parse_values(store.read(fixed).decode(), promised) if fixed else []
    come = _come(batch) if len(values) < len(promised) else {}
    rest = [come.get(source.get("party", number), "") for number, source in enumerate(promised, 1)]
    return values + rest[len(values) :]


def _come(batch: Batch) -> dict[str | int, str]:
    """Party or number of a source -> what was shown of it, or read and confirmed, and so is in the log."""
    shown: dict[str | int, str] = dict(batch.contributions.exclude(secret="").values_list("department__code", "secret"))
    rows = batch.readings.filter(voided_at=None, confirmed_at__isnull=False)
    return shown | dict(rows.values_list("number", "value"))
