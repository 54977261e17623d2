"""Verbs that freeze a draw before the seed: commit, reveal, close."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from gongchou import __version__
from gongchou.cli.framing import sign_universe
from gongchou.cli.office import Office
from gongchou.cli.people import inspectors_table, recusals_table
from gongchou.cli.readings import check_as_read
from gongchou.cli.workspace import Workspace
from gongchou.draw import table
from gongchou.draw.draft import Frozen, freeze
from gongchou.draw.encoding import Document, dump_json, format_time, is_hash, is_id, sha256_hex
from gongchou.draw.errors import FormatError, RuleError
from gongchou.draw.frame import Digest, count_reasons, frame_lines, scan_frame, scan_table
from gongchou.draw.params import UNIVERSE, check_together, commitment, read_document, read_params
from gongchou.draw.roster import read_avoid, read_inspectors
from gongchou.draw.seed import close_text, party_commitment
from gongchou.folders import FileBlob, core_digest, read_bytes, read_text, write_files, write_whole

# commit -----------------------------------------------------------------------------------------


def read_draft(path: Path) -> Document:
    """A draft (or list of reasons) as JSON in any spelling. Raises FormatError ``draft_json``."""
    try:
        value = json.loads(read_text(path), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise FormatError("draft_json", str(path), reason=str(error)[:120]) from error
    if not isinstance(value, dict):
        raise FormatError("draft_json", str(path), reason="{}")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> Document:
    """Of two ratios for one stratum, neither may win silently."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = Counter(key for key, _ in pairs)
        raise ValueError(f"{keys.most_common(1)[0][0]} ×2")
    return found


def commit(
    workspace: Workspace,
    draft: Document,
    *,
    at: int,
    inspectors: Path | None = None,
    avoid: Path | None = None,
) -> list[str]:
    """Freeze the draws of a directory and log their commitments; return them (C, 64 hex digits each).

    A campaign's draft holds what is shared and, under ``draws``, what is each draw's own, by directory.
    Raises DrawError before anything is written.
    """
    root, office = workspace.root, workspace.office
    drafts = _drafts(root, draft)
    _check_uncommitted(office, drafts)
    people = _people(root, inspectors, avoid)
    params = {folder: _params(folder, own, people) for folder, own in drafts.items()}
    _check_dates(params, at)
    _check_committable(office, params, at)
    for document in params.values():
        _check_recusals(document, people, params)
    office.check_time({document["authority"] for document in params.values()}, at)
    if not office.exists():
        office.set_up_for_practice()
    for folder, document in params.items():
        if not (folder / "universe.note").exists():
            sign_universe(folder, office)
        write_files(root, people if document["matching"] else {})
        write_whole(folder / "params.json", dump_json(document))
    for folder, document in params.items():
        _log_commit(workspace, folder, document, at)
    return [commitment(dump_json(document), document["suite"]) for document in params.values()]


def _drafts(root: Path, draft: Document) -> dict[Path, Document]:
    if "draws" not in draft:
        return {root: draft}
    shared = {key: value for key, value in draft.items() if key != "draws"}
    own = draft["draws"]
    if not isinstance(own, dict) or not own or not all(is_id(k) and isinstance(v, dict) for k, v in own.items()):
        raise RuleError("draft_type", key="draws")
    return {
        root / name: {"seq": seq} | shared | {"draw": name} | said
        for seq, (name, said) in enumerate(sorted(own.items()), 1)
    }


def _check_committable(office: Office, params: dict[Path, Document], at: int) -> None:
    in_order = sorted(params.items(), key=lambda item: item[1]["seq"])
    check_together([(f"{folder.name}/", document) for folder, document in in_order])
    office.check_committable([document for _, document in in_order], at)


def _check_recusals(document: Document, people: dict[str, bytes], params: dict[Path, Document]) -> None:
    """A recusal of an object that no frame knows would be swallowed; of a sealed frame it would tell the real id."""
    if document["matching"] is None:
        return
    wanted = {line.split("\t")[1] for line in people["avoid.tsv"].decode().splitlines()}
    for other in params:
        wanted -= _known_objects(other, wanted)
    if wanted:
        hint = "sealed" if document["frame"]["sealed"] else "open"
        raise RuleError("avoid_unknown_object", "avoid.tsv", object=min(wanted), count=len(wanted), reason=hint)


def _known_objects(folder: Path, wanted: set[str]) -> set[str]:
    frame = FileBlob(folder / "frame.tsv")
    excluded = {line.split("\t")[0] for line in read_text(folder / "excluded.tsv").splitlines()}
    return set(frame_lines(frame, wanted)) | (excluded & wanted)


def _check_uncommitted(office: Office, drafts: dict[Path, Document]) -> None:
    """What counts is the log: parameters without an entry are left from a run that was cut short."""
    entries = office.entries()
    committed = {_draw_of(e.body) for e in entries if e.type == "commit"}
    withdrawn = {_draw_of(e.body) for e in entries if e.type == "withdraw"}
    closed = {str(e.body["campaign"]) for e in entries if e.type == "close"}
    for folder, draft in drafts.items():
        if _draw_of(draft) in committed or _committed_here(folder) in committed - withdrawn:
            raise RuleError("already_committed", str(folder))
        if {_draw_of(draft)[0], (_committed_here(folder) or ("",))[0]} & closed:
            raise RuleError("already_closed", str(folder))


def _draw_of(body: Document) -> tuple[str, str]:
    return str(body.get("campaign")), str(body.get("draw"))


def _committed_here(folder: Path) -> tuple[str, str] | None:
    path = folder / "params.json"
    return _draw_of(read_params(read_bytes(path), str(path))) if path.exists() else None


def _people(root: Path, inspectors: Path | None, avoid: Path | None) -> dict[str, bytes]:
    """The tables of inspectors and recusals, as given or as they lie in the bundle; nothing where neither is."""
    listed, recused = inspectors or root / "inspectors.tsv", avoid or root / "avoid.tsv"
    if not (inspectors or listed.exists()):
        return {}
    found = {"inspectors.tsv": inspectors_table(listed), "avoid.tsv": b""}
    known = read_inspectors(found["inspectors.tsv"])
    if avoid or recused.exists():
        found["avoid.tsv"] = recusals_table(recused, {inspector.id for inspector in known})
    read_avoid(found["avoid.tsv"], known)
    return found


def _params(folder: Path, draft: Document, people: dict[str, bytes]) -> Document:
    frozen = _frozen(folder, draft, people)
    try:
        return freeze(draft, frozen)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise RuleError("draft_type", key=str(error)[:80]) from error


def _frozen(folder: Path, draft: Document, people: dict[str, bytes]) -> Frozen:
    universe_bytes = read_bytes(folder / "universe.json")
    universe = read_document(universe_bytes, UNIVERSE, "universe.json")
    frame = FileBlob(folder / "frame.tsv")
    scan = scan_frame(frame, with_unit=draft.get("ticket_key") == "unit", place=str(folder / "frame.tsv"))
    excluded = FileBlob(folder / "excluded.tsv")
    has_match = draft.get("matching") is not None
    if has_match and "inspectors.tsv" not in people:
        raise RuleError("inspectors_missing", str(folder))
    return Frozen(
        universe=Digest(universe["size"], sha256_hex(universe_bytes), universe["root"]),
        frame=scan.digest,
        excluded=scan_table(excluded, table.EXCLUDED, "excluded.tsv"),
        by_reason=count_reasons(excluded),
        strata={name: part.size for name, part in scan.strata.items()},
        reasons_sha256=sha256_hex(read_bytes(folder / "reasons.json")),
        rule_sha256=sha256_hex(read_bytes(folder / "strata-rule.json")),
        sealed=universe["sealed"],
        key_commitment=universe["key_commitment"],
        inspectors=_digest(people, "inspectors.tsv", table.INSPECTORS) if has_match else None,
        avoid=_digest(people, "avoid.tsv", table.AVOID) if has_match else None,
        software={"name": "gongchou", "source_sha256": core_digest(), "version": __version__},
    )


def _digest(people: dict[str, bytes], name: str, columns: table.Columns) -> Digest:
    return scan_table(table.Bytes(people[name]), columns, name)


def _check_dates(params: dict[Path, Document], at: int) -> None:
    for document in params.values():
        if format_time(at + document["lead_s"]) > document["beacon_time"]:
            raise RuleError(
                "commit_late",
                beacon_time=document["beacon_time"],
                at=format_time(at),
                lead_s=document["lead_s"],
            )


def _log_commit(workspace: Workspace, folder: Path, params: Document, at: int) -> None:
    name = (folder / "params.json").relative_to(workspace.root).as_posix()
    data = read_bytes(folder / "params.json")
    body = {
        "beacon_time": params["beacon_time"],
        "campaign": params["campaign"],
        "commitment": commitment(data, params["suite"]),
        "draw": params["draw"],
        "mode": params["mode"],
        "plan": params["plan"],
        "supersedes": params["supersedes"],
    }
    workspace.record("commit", body, at, authority=params["authority"], files={name: data})


# reveal and close -------------------------------------------------------------------------------


def reveal(workspace: Workspace, party: str, secret: str, at: int) -> None:
    """Log a contributor's secret. Raises RuleError ``reveal_unknown``, ``reveal_mismatch``, ``already_closed``."""
    shared = workspace.shared()
    if workspace.entries("close"):
        raise RuleError("already_closed", str(workspace.root))
    if any(entry.body["party"] == party for entry in workspace.entries("reveal")):
        raise RuleError("already_revealed", party=party)
    stated = {s["party"]: s["commitment"] for s in shared["seed"] if s["type"] == "cr"}
    if party not in stated:
        raise RuleError("reveal_unknown", party=party, parties="、".join(sorted(stated)))
    if not is_hash(secret) or party_commitment(shared["campaign"], party, secret) != stated[party]:
        raise RuleError("reveal_mismatch", party=party)
    body = {"campaign": shared["campaign"], "party": party, "secret": secret}
    workspace.record("reveal", body, at, authority=shared["authority"])


def close(workspace: Workspace, given: dict[int, str], at: int) -> str:
    """Write and log the close document; values of dice and lotteries are given by source number.

    Raises RuleError ``already_closed``, ``close_early``, ``close_late``, ``value_needed``, ``reading_…``;
    FormatError ``value_invalid``.
    """
    draws = workspace.draws()
    shared = draws[0].params
    if workspace.entries("close"):
        raise RuleError("already_closed", str(workspace.root))
    if format_time(at) < shared["closes_at"]:
        raise RuleError("close_early", closes_at=shared["closes_at"], at=format_time(at))
    if format_time(at) >= shared["beacon_time"]:
        raise RuleError("close_late", seconds="", beacon_time=shared["beacon_time"], at=format_time(at))
    workspace.check_all_live()
    workspace.office.check_time({shared["authority"]}, at)
    wanted = _numbers_given(shared["seed"])
    for number in sorted(set(given) - set(wanted)):
        raise RuleError("value_unneeded", number=number, numbers="、".join(map(str, wanted)))
    for number in sorted(given):
        check_as_read(workspace, {"source": number}, given[number])
    secrets = {e.body["party"]: e.body["secret"] for e in workspace.entries("reveal")}
    text = close_text(
        mode=shared["mode"],
        campaign=shared["campaign"],
        commitments={draw.id: commitment(draw.params_bytes, draw.params["suite"]) for draw in draws},
        sources=shared["seed"][:-1],
        values=[_value(k, source, secrets, given) for k, source in enumerate(shared["seed"][:-1], 1)],
    )
    write_whole(workspace.root / "close.txt", text.encode())
    body = {"campaign": shared["campaign"]}
    workspace.record("close", body, at, authority=shared["authority"], files={"close.txt": text.encode()})
    return text


def _numbers_given(sources: list[Document]) -> list[int]:
    """Sources before the last whose values are told at the close."""
    return [k for k, source in enumerate(sources[:-1], 1) if source["type"] != "cr"]


def _value(number: int, source: dict[str, Any], secrets: dict[str, str], given: dict[int, str]) -> str:
    if source["type"] == "cr":
        return secrets.get(source["party"], "missing")
    if number not in given:
        raise RuleError("value_needed", number=number, type=source["type"])
    return given[number]
