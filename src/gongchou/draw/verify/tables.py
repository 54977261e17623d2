"""Checks 6 to 8: are frame, exclusions and quotas what the parameters state, and the universe whole?"""

from __future__ import annotations

from collections.abc import Mapping

from gongchou.draw import table
from gongchou.draw.bundle import check_signed, digest_of, universe_text
from gongchou.draw.encoding import Document, sha256_hex
from gongchou.draw.errors import DrawError, EvidenceError
from gongchou.draw.frame import (
    Digest,
    check_units,
    count_reasons,
    digest_of_list,
    key_commitment,
    open_pseudonyms,
    scan_table,
    seal,
)
from gongchou.draw.params import quotas
from gongchou.draw.verify.case import Case, DrawCase


def check_digests(case: Case) -> None:
    """Check 6: digests, roots, sizes, strata, reasons, and nobody lost between register and frame."""
    for draw in case.draws:
        _check_universe(case, draw)
        _compare(draw.prefix + "frame.tsv", draw.params["frame"], draw.scan.digest)
        excluded = scan_table(case.blob(draw.prefix + "excluded.tsv"), table.EXCLUDED, draw.prefix + "excluded.tsv")
        _compare(draw.prefix + "excluded.tsv", draw.params["excluded"], excluded)
        _check_rules(case, draw)
        _check_strata(draw)
        _check_list(draw)
        _check_people(case, draw)


def _compare(place: str, stated: Document, found: Digest) -> None:
    if stated["size"] != found.size:
        raise EvidenceError("size_mismatch", place, stated=stated["size"], found=found.size)
    if stated["sha256"] != found.sha256:
        raise EvidenceError("digest_mismatch", place, stated=stated["sha256"], found=found.sha256)
    if stated["root"] != found.root:
        raise EvidenceError("root_mismatch", place, stated=stated["root"], found=found.root)


def _check_universe(case: Case, draw: DrawCase) -> None:
    place = draw.prefix + "universe.json"
    data, universe, stated = case.text(place), draw.universe, draw.params["universe"]
    if case.registry is not None:
        note = draw.prefix + "universe.note"
        check_signed(case.text(note), universe_text(data), case.registry, "universe_signature", note)
    _compare(place, stated, Digest(universe["size"], sha256_hex(data), universe["root"]))
    if universe["read"] != universe["size"] + universe["rejected"]["count"]:
        raise EvidenceError("universe_counts", place, read=universe["read"], accepted=universe["size"])
    sealed = (draw.params["frame"]["sealed"], draw.params["frame"]["key_commitment"])
    goes_together = (universe["key_commitment"] is not None) == universe["sealed"]
    if not goes_together or (universe["sealed"], universe["key_commitment"]) != sealed:
        raise EvidenceError("seal_mismatch", place)
    rejected = draw.prefix + "rejected.csv"
    if rejected in case.files and digest_of(case.files[rejected]) != universe["rejected"]["sha256"]:
        raise EvidenceError("rejected_digest", rejected)


def _check_rules(case: Case, draw: DrawCase) -> None:
    rules = draw.params["rules"]
    for name, field in (("reasons.json", "reason_codes_sha256"), ("strata-rule.json", "strata_rule_sha256")):
        found = sha256_hex(case.text(draw.prefix + name))
        if found != rules[field]:
            raise EvidenceError("digest_mismatch", draw.prefix + name, stated=rules[field], found=found)
    counts = count_reasons(case.blob(draw.prefix + "excluded.tsv"))
    for code in counts:
        if code not in draw.reasons["exclude"]:
            raise EvidenceError("reason_unknown", draw.prefix + "excluded.tsv", reason=code)
    if counts != draw.params["excluded"]["by_reason"]:
        raise EvidenceError("reason_counts", draw.prefix + "excluded.tsv")


def _check_strata(draw: DrawCase) -> None:
    stated = {part["id"]: part["size"] for part in draw.params["strata"]}
    for stratum in sorted(stated.keys() ^ draw.scan.strata.keys()):
        raise EvidenceError("stratum_unknown", draw.prefix + "frame.tsv", stratum=stratum)
    for stratum, part in draw.scan.strata.items():
        if part.size != stated[stratum]:
            raise EvidenceError(
                "stratum_size",
                draw.prefix + "frame.tsv",
                stratum=stratum,
                stated=stated[stratum],
                found=part.size,
            )


def _check_list(draw: DrawCase) -> None:
    if draw.overlap is not None:
        raise draw.overlap
    found, universe = draw.id_list or Digest(), draw.universe
    if found.size != universe["size"] or not (universe["sealed"] or _is_list(found, universe)):
        raise EvidenceError("universe_list", draw.prefix + "frame.tsv", stated=universe["size"], found=found.size)


def _is_list(found: Digest, universe: Document) -> bool:
    return (found.size, found.sha256, found.root) == (universe["size"], universe["sha256"], universe["root"])


def _check_people(case: Case, draw: DrawCase) -> None:
    if draw.params["matching"] is None or case.match_is_sealed_away:
        return
    for name, columns in (("inspectors.tsv", table.INSPECTORS), ("avoid.tsv", table.AVOID)):
        stated = draw.params[name.removesuffix(".tsv")]
        _compare(name, stated, scan_table(case.blob(name), columns, name))


def check_opening_by_auditor(case: Case) -> bool:
    """Check 7, with the campaign key and the real list: every pseudonym opens to one real object and none is missing.

    Returns False where it does not apply or the means are not given.
    """
    key, real_ids = case.options.seal_key, case.options.real_ids
    sealed = [draw for draw in case.draws if draw.universe["sealed"]]
    is_opened = bool(sealed) and key is not None and real_ids is not None
    if not is_opened and any(draw.params["ticket_key"] == "unit" for draw in case.draws):
        case.mark("by_unit", "amber")  # nobody but the office vouches for who belongs to whom
    if not sealed or key is None:
        return False
    for draw in sealed:
        place = draw.prefix + "universe.json"
        if key_commitment(key) != draw.universe["key_commitment"]:
            raise EvidenceError("key_commitment", place)
        if real_ids is not None:
            _open_list(case, draw, key, real_ids)
    return is_opened


def _open_list(case: Case, draw: DrawCase, key: bytes, real_ids: Mapping[str, str | None]) -> None:
    frame, excluded = case.blob(draw.prefix + "frame.tsv"), case.blob(draw.prefix + "excluded.tsv")
    opened = open_pseudonyms(key, real_ids, frame, draw.scan, excluded)
    if draw.params["ticket_key"] == "unit":
        units = {seal(key, real_id): unit and seal(key, unit) for real_id, unit in real_ids.items()}
        check_units(frame, units, draw.prefix + "frame.tsv")
    if not _is_list(digest_of_list(opened), draw.universe):
        place = draw.prefix + "universe.json"
        raise EvidenceError("universe_list", place, stated=draw.universe["size"], found=len(opened))


def check_quotas(case: Case) -> None:
    """Check 8: n follows from size and ratio, the reserve is within what is left."""
    for draw in case.draws:
        try:
            draw.quotas = quotas(draw.params)
        except DrawError as error:
            error.place = draw.prefix + "params.json"
            raise
