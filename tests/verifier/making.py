"""Complete bundles for the verifier's tests, made in memory; a twist spoils one thing and all else is sealed again.

The draw itself comes from a function that the test hands in, so this file holds no second copy of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.verifier.signing import LOG, OPERATOR, REGISTRY, WITNESSES, LogWriter, sha256, table_root
from tests.verifier.substituting import pick, request

QUICKNET = {
    "beacon_id": "quicknet",
    "genesis_time": 1692803367,
    "group_hash": "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
    "period": 3,
    "public_key": (
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec75"
        "8c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    "scheme": "bls-unchained-g1-rfc9380",
}
QUICKNET_HASH = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
ROUND = 12040883  # 2024-10-14T17:13:33Z
SIGNATURE = "929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec895bb6868e5b9ff13ab289bdb5266b394"
SEAL_KEY = "07" * 32
SECRET = sha256(b"a secret of DEPT-B")
BEACON_TIME = 1692803367 + (ROUND - 1) * 3
COMMIT_AT = BEACON_TIME - 86_400
CLOSE_AT = BEACON_TIME - 700
RESULT_AT = BEACON_TIME + 60
LATER = BEACON_TIME + 86_400
ASK_AT = LATER + 50
OLD_BEACON_TIME = COMMIT_AT - 150_000  # of the draw that was withdrawn
NONCE = sha256(b"a nonce")
LATE_NONCE = sha256(b"another nonce")

Twists = dict[str, Callable[[Any], Any]]


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def table(rows: list[list[Any]]) -> bytes:
    return "".join(sorted("\t".join(map(str, row)) + "\n" for row in rows)).encode()


def rows_of(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def digest_of(data: bytes) -> dict[str, Any]:
    return {"root": table_root(data), "sha256": sha256(data), "size": data.count(b"\n")}


def salt(real: str) -> str:
    return hmac.new(bytes.fromhex(SEAL_KEY), real.encode(), hashlib.sha256).hexdigest()


def pseudonym(real: str) -> str:
    digest = hashlib.sha256(f"vdp1 pid\n{salt(real)}\n{real}\n".encode()).digest()
    return base64.b32encode(digest).decode().rstrip("=")


def unit_of(real: str) -> str:
    """Three objects each belong to one unit."""
    return f"UNIT{int(real[-6:]) // 3}"


@dataclass
class Wish:
    """What kind of bundle a test wants."""

    draws: int = 1
    sealed: bool = False
    matching: bool = True
    publish_match: bool = True
    apart: bool = False
    mode: str = "official"
    suite: str = "sha256"
    beacon: str = "drand"
    replaced: int = 0
    substituted: bool = False
    event: dict[str, Any] | None = None  # the beacon of the substitution; four digits if there is none
    void_at: int | None = None  # when witnesses saw a request that came too late
    second: str = "DEPT-A"  # the authority of the second draw
    withdrawn: str | None = None
    units: bool = False
    thin: str = ""  # the skill of the only slot of each object
    reveal: bool = True
    per_stratum: int = 40
    twists: Twists = field(default_factory=dict)


class Maker:
    """Makes one bundle; `drawn` is the verifier's own draw, taking and giving texts."""

    def __init__(self, wish: Wish, drawn: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self.wish, self.drawn = wish, drawn
        self.log = LogWriter()
        self.files: dict[str, bytes] = {}
        self.chain: dict[str, tuple[int, str]] = {}
        self.ours: set[str] = set()  # the authorities of the draws
        self.written: dict[int, str] = {}  # who wrote which entry
        self.people: dict[str, bytes] = {}
        self.fair: dict[int, dict[str, Any]] = {}  # parameters before a twist, with which one can always draw
        self.real_ids = [f"91000000VDPT{n:06}" for n in range(3 * wish.per_stratum + 4)]

    def twist(self, name: str, value: Any) -> Any:
        return self.wish.twists.get(name, lambda same: same)(value)

    def put(self, path: str, data: bytes) -> bytes:
        self.files[path] = self.twist(path, data)
        return self.files[path]

    def where(self, draw: str) -> str:
        return f"{draw}/" if self.wish.draws > 1 else ""

    # ---- the log

    def entry(
        self,
        kind: str,
        at: int,
        body: dict[str, Any],
        names: list[str],
        authority: str = "DEPT-A",
        cosigned: list[int] | None = None,
    ) -> int:
        seq, prev = self.chain.get(authority, (0, "0" * 64))
        files = [{"name": one, "sha256": sha256(self.files[one]), "size": len(self.files[one])} for one in names]
        value = {
            "authority": authority,
            "body": body,
            "files": files,
            "prev": prev,
            "seq": seq + 1,
            "time": stamp(at),
            "type": kind,
            "v": "vdp1",
        }
        value = self.twist(f"entry {kind}", value)
        data = canonical(value)
        self.chain[authority] = (seq + 1, sha256(data))
        self.log.add_stranger()
        index = self.log.add(data, cosigned or self.twist(f"cosigned {kind}", [at + 5, at + 9, at + 7]))
        self.written[index] = value["authority"]
        return index

    def shown(self) -> set[int]:
        """Return the entries that the bundle must hold: the chains of the campaign and the tail behind them."""
        own = {index for index, authority in self.written.items() if authority in self.ours}
        lasts = {self.written[index]: index for index in sorted(own)}
        tail = range(min(lasts.values(), default=-1) + 1, len(self.log.leaves))
        return self.twist("shown", own | set(tail))

    # ---- universe, frame, exclusions

    def name(self, real: str) -> str:
        return pseudonym(real) if self.wish.sealed else real

    def make_frame(self, draw: str) -> None:
        at, n = self.where(draw), self.wish.per_stratum
        excluded = self.real_ids[-4:]
        rows = [["ABC"[i // n], self.name(one), f"P{i % 3}"] for i, one in enumerate(self.real_ids[:-4])]
        if self.wish.units:
            rows = [[*row, self.name(unit_of(one))] for row, one in zip(rows, self.real_ids, strict=False)]
        rows = self.twist("frame rows", rows)
        self.put(f"{at}frame.tsv", table(rows))
        self.put(
            f"{at}excluded.tsv",
            table(self.twist("excluded rows", [[self.name(one), "closed", "-"] for one in excluded])),
        )
        self.put(
            f"{at}reasons.json",
            canonical(
                {
                    "exclude": {"closed": "已经注销"},
                    "replace": {"gone": "查无此户"},
                    "substitute": {"ill": "生病"},
                    "v": "vdp1",
                    "withdraw": {"mistake": "参数有误"},
                }
            ),
        )
        self.put(f"{at}strata-rule.json", canonical({"v": "vdp1", "rule": "按信用分类"}))
        self.make_universe(at)

    def make_universe(self, at: str) -> None:
        ids = "".join(f"{one}\n" for one in self.real_ids).encode()
        universe = {
            "key_commitment": self.key_commitment(),
            "read": len(self.real_ids) + 2,
            "registry": "SAMR-DEMO",
            "rejected": {"count": 2, "sha256": sha256(b"rejected")},
            "scope": "全市餐饮企业",
            "sealed": self.wish.sealed,
            "snapshot_at": stamp(COMMIT_AT - 9000),
            "source_sha256": None,
            "v": "vdp1",
            **digest_of(ids),
        }
        data = self.put(f"{at}universe.json", canonical(self.twist("universe", universe)))
        note = REGISTRY.note(f"vdp1 universe\n{sha256(data)}\n")
        self.put(f"{at}universe.note", note)
        if self.wish.draws == 1:
            self.put("rejected.csv", b"rejected")

    def key_commitment(self) -> str | None:
        return sha256(f"vdp1 key\n{SEAL_KEY}\n".encode()) if self.wish.sealed else None

    # ---- parameters

    def sources(self) -> list[dict[str, Any]]:
        commitment = sha256(f"vdp1 cr\nDEMO-2026\nDEPT-B\n{SECRET}\n".encode())
        beacons: dict[str, dict[str, Any]] = {
            "drand": {"chain": QUICKNET_HASH, "round": ROUND, "type": "drand"},
            "digits": {"n": 20, "type": "digits"},
            "lottery": {"game": "SSQ", "groups": LOTTERY, "issue": "2026001", "type": "lottery"},
        }
        contributor: dict[str, Any] = {"commitment": commitment, "party": "DEPT-B", "type": "cr"}
        return [contributor, beacons[self.wish.beacon]]

    def later_source(self) -> dict[str, Any]:
        event = self.wish.event
        return {"n": 4, "type": "digits"} if event is None else {"chain": event["hash"], "type": "drand"}

    def values(self) -> list[str]:
        beacon = {"drand": SIGNATURE, "digits": "63454660390103169462", "lottery": "03,05,11,17,21,30+09"}
        return [SECRET if self.wish.reveal else "missing", beacon[self.wish.beacon]]

    def strata(self, number: int) -> list[dict[str, Any]]:
        size = self.wish.per_stratum
        rates = [("A", 5), ("B", 10), ("C", 25)] if number == 1 else [("A", 10), ("B", 10), ("C", 20)]
        out = []
        for name, num in rates:
            n = max(1, -(-size * num // 100))
            out.append(
                {
                    "den": 100,
                    "id": name,
                    "max": None,
                    "min": 1,
                    "n": n,
                    "num": num,
                    "reserve": 3,
                    "round": "ceil",
                    "size": size,
                    "weight": None,
                }
            )
        return out

    def matching(self, number: int) -> dict[str, Any] | None:
        groups = [{"count": 1, "department": "DEPT-A", "skills": ["food"]}]
        second: dict[str, Any] = {"count": 1, "department": None, "skills": []}
        more = {"count": 1, "department": "DEPT-B", "skills": []}
        slots = [*groups, second if number == 1 else more]
        if self.wish.thin:
            slots = [{"count": 1, "department": "DEPT-A", "skills": [self.wish.thin]}]
        return (
            {"algo": "deal1", "cross_home": True, "load_rule": "零起点", "slots": slots} if self.wish.matching else None
        )

    def make_people(self) -> None:
        if not self.wish.matching:
            return
        able = "food,team" if self.wish.thin == "team" else "food"
        people = [
            [f"I{n:03}", "DEPT-A" if n % 3 else "DEPT-B", f"P{n % 3}", "*", able if n % 3 else "-", 6, n % 2]
            for n in range(12)
        ]
        avoid = [["I001", self.name(self.real_ids[0])]]
        self.people = {"inspectors": table(people), "avoid": table(avoid)}
        for name, data in self.people.items():
            self.put(f"{name}.tsv", data)

    def office(self, number: int) -> str:
        return self.wish.second if number == 2 else "DEPT-A"

    def params(self, number: int) -> dict[str, Any]:
        draw, files, wish = f"D{number}", self.files, self.wish
        at = self.where(draw)
        seal = {"key_commitment": self.key_commitment(), "sealed": wish.sealed}
        universe = json.loads(files[f"{at}universe.json"])
        excluded = files[f"{at}excluded.tsv"]
        later = self.later_source() if wish.substituted or wish.void_at else None
        people = {name: digest_of(files[f"{name}.tsv"]) if wish.matching else None for name in ("inspectors", "avoid")}
        return {
            "v": "vdp1",
            "suite": wish.suite,
            "mode": wish.mode,
            "campaign": "DEMO-2026",
            "draw": draw,
            "authority": self.office(number),
            "seq": number,
            "plan": f"餐饮检查 {number}",
            "supersedes": "D0" if wish.withdrawn and number == 1 else None,
            "parent": None,
            "universe": {
                "root": universe["root"],
                "sha256": sha256(files[f"{at}universe.json"]),
                "size": universe["size"],
            },
            "frame": digest_of(files[f"{at}frame.tsv"]) | seal,
            "excluded": digest_of(excluded) | {"by_reason": {"closed": excluded.count(b"closed")}},
            "strata": self.strata(number),
            "hamilton": None,
            "rules": {
                "reason_codes_sha256": sha256(files[f"{at}reasons.json"]),
                "strata_rule_sha256": sha256(files[f"{at}strata-rule.json"]),
            },
            **people,
            "matching": self.matching(number),
            "seed": self.sources(),
            "closes_at": stamp(BEACON_TIME - 800),
            "beacon_time": stamp(BEACON_TIME),
            "lead_s": 3600,
            "not_before": {"chain": QUICKNET_HASH, "round": 123, "signature": OLD_SIGNATURE},
            "ticket_scope": "draw" if wish.apart else "campaign",
            "ticket_key": "unit" if wish.units else "object",
            "exclude_selected_of": ["D1"] if wish.apart and number == 2 else [],
            "replacement": {"inspectors": later, "objects": True, "reserve_den": 10, "reserve_num": 1},
            "witness_k": 2,
            "disclosure": {
                "after": None if wish.publish_match and not wish.sealed else stamp(LATER),
                "frame": "sealed" if wish.sealed else "open",
                "inspectors": "open" if wish.publish_match else "sealed",
                "selected": "open",
            },
            "contacts": ["12315"],
            "software": {"name": "gongchou", "source_sha256": None, "version": "0.1.0"},
        }

    # ---- the draw in the order in which it happens

    def commit(self, number: int) -> None:
        draw = f"D{number}"
        at = self.where(draw)
        self.fair[number] = self.params(number)
        params = self.twist(f"params {draw}", self.fair[number])
        self.ours.add(params["authority"])
        data = self.put(f"{at}params.json", canonical(params))
        hasher = hashlib.new(params["suite"], data)
        body = {key: params[key] for key in ("beacon_time", "campaign", "draw", "mode", "plan", "supersedes")}
        said = body | {"commitment": hasher.hexdigest()}
        self.entry("commit", COMMIT_AT, said, [f"{at}params.json"], self.office(number))

    def seed_lines(self) -> list[str]:
        head = "vdp1-test seed" if self.wish.mode == "test" else "vdp1 seed"
        lines = [head, "campaign DEMO-2026"]
        for number in range(1, self.wish.draws + 1):
            data = self.files[f"{self.where(f'D{number}')}params.json"]
            lines.append(f"commit D{number} {hashlib.new(self.wish.suite, data).hexdigest()}")
        names = {"drand": f"{QUICKNET_HASH} {ROUND} ", "digits": "", "lottery": "SSQ 2026001 "}
        stems = ["source 1 cr DEPT-B ", f"source 2 {self.wish.beacon} {names[self.wish.beacon]}"]
        return lines + [stem + value for stem, value in zip(stems, self.values(), strict=True)]

    def close_and_seed(self) -> None:
        self.twist("before close", self)
        if self.wish.reveal:
            self.entry("reveal", CLOSE_AT - 200, {"campaign": "DEMO-2026", "party": "DEPT-B", "secret": SECRET}, [])
        lines = self.seed_lines()
        self.put("close.txt", "".join(f"{line}\n" for line in lines[:-1]).encode())
        self.entry("close", CLOSE_AT, {"campaign": "DEMO-2026"}, ["close.txt"])
        data = self.put("seed-input.txt", "".join(f"{line}\n" for line in lines).encode())
        seed = hashlib.new(self.wish.suite, data).hexdigest()
        self.twist("before seed", self)
        self.entry("seed", RESULT_AT, {"campaign": "DEMO-2026", "seed": seed}, ["seed-input.txt"])
        chain = {"chain": QUICKNET, "previous_signature": None}
        if self.wish.beacon == "drand":
            self.put("sources/drand.json", canonical(chain | {"round": ROUND, "signature": SIGNATURE}))
        self.put("sources/not-before.json", canonical(chain | {"round": 123, "signature": OLD_SIGNATURE}))

    def draw_all(self) -> None:
        numbers = range(1, self.wish.draws + 1)
        frames = [
            {
                "params": self.fair[n],
                "frame": self.files[f"{self.where(f'D{n}')}frame.tsv"].decode(),
            }
            for n in numbers
        ]
        people = {name: data.decode() for name, data in self.people.items()}
        result = self.drawn({"frames": frames, "seedInput": self.files["seed-input.txt"].decode()} | people)
        for draw, tables in result["draws"].items():
            at = self.where(draw)
            names = [self.put_named(f"{at}{name}.tsv", tables[name].encode()) for name in ("reserve", "selected")]
            said = {"campaign": "DEMO-2026", "draw": draw}
            self.entry("result", RESULT_AT + 10, said, names, self.office(int(draw[1:])))
        if self.wish.matching:
            names = [self.put_named(f"{name}.tsv", result[name].encode()) for name in ("assignment", "unfilled")]
            self.entry("match", RESULT_AT + 20, {"campaign": "DEMO-2026"}, names)

    def put_named(self, path: str, data: bytes) -> str:
        self.put(path, data)
        return path

    def replace(self) -> None:
        at = self.where("D1")
        selected = [row for row in rows_of(self.files[f"{at}selected.tsv"].decode()) if row[0] == "C"]
        reserve = [row for row in rows_of(self.files[f"{at}reserve.tsv"].decode()) if row[0] == "C"]
        rows = []
        for out, new in list(zip(selected, reserve, strict=False))[: self.wish.replaced]:
            said = {"stratum": "C", "out": out[2], "in": new[2], "rank": int(new[1]), "reason": "gone"}
            body = {
                "campaign": "DEMO-2026",
                "draw": "D1",
                "evidence": sha256(b"proof"),
                "second": "DEPT-C",
                **said,
            }
            event = self.entry("replace", LATER, body, [])
            rows.append([event, "C", said["out"], said["in"], said["rank"], said["reason"], body["evidence"]])
        if rows:
            self.put(f"{at}replacements.tsv", table(rows))

    def withdraw_first(self) -> None:
        """Commit a draw D0 for the same plan item and take it back before the real one."""
        if self.wish.withdrawn is None:
            return
        is_late = self.wish.withdrawn == "after"
        body = {
            "beacon_time": stamp(OLD_BEACON_TIME),
            "campaign": "OLD",
            "commitment": "1" * 64,
            "draw": "D0",
            "mode": self.wish.mode,
            "plan": "餐饮检查 1",
            "supersedes": None,
        }
        self.files["params.json"] = b"{}"
        self.entry("commit", OLD_BEACON_TIME - 50_000, body, ["params.json"])
        del self.files["params.json"]
        gone = {"campaign": "OLD", "draw": "D0", "reason": "mistake", "second": "DEPT-C" if is_late else None}
        self.entry("withdraw", OLD_BEACON_TIME + (10_000 if is_late else -10_000), gone, [])

    def request(self, asked: list[str], nonce: str, cosigned: list[int] | None = None) -> int:
        body = {
            "campaign": "DEMO-2026",
            "evidence": None,
            "reason": "ill",
            "request": request(nonce, *asked),
            "second": None,
            "source": self.later_source(),
        }
        return self.entry("substitute", ASK_AT, body, [], cosigned=cosigned)

    def substitute(self) -> None:
        """Ask for another inspector, and where it is wished once more, too late to be heard."""
        first = rows_of(self.files["assignment.tsv"].decode())[0]
        asked, rows = self.twist("asked", first[:3]), []
        if self.wish.substituted:
            event = self.request(asked, NONCE)
            row = pick(self.files, self.where("D1"), event, first, self.put_event(event), self.wish)
            rows.append([event, *asked, *row, NONCE])
        if self.wish.void_at is not None:
            event = self.request(asked, LATE_NONCE, [self.wish.void_at] * 3)
            rows.append([event, *asked, "void", "-", "-", LATE_NONCE])
        if rows:
            self.put("substitutions.tsv", table(rows))

    def put_event(self, event: int) -> str:
        """Write down the random value of the substitution."""
        if self.wish.event is None:
            self.put(f"sources/event-{event}.txt", b"0421\n")
            return "0421"
        self.put(f"sources/event-{event}.json", canonical(self.wish.event["beacon"]))
        return str(self.wish.event["beacon"]["signature"])

    def seal(self) -> dict[str, bytes]:
        keys = {"operator": OPERATOR, "registry": REGISTRY, "log": LOG}
        for role, signer in keys.items():
            self.put(f"keys/{role}.vkey", f"{signer.vkey}\n".encode())
        self.put("keys/witnesses.vkey", table([[one.vkey] for one in WITNESSES]))
        if self.wish.matching and not self.wish.publish_match:
            tables = ("assignment.tsv", "avoid.tsv", "inspectors.tsv", "substitutions.tsv", "unfilled.tsv")
            for path in [one for one in self.files if one in tables or one.startswith("sources/event-")]:
                del self.files[path]
        self.log.add_stranger()
        logged = self.twist("log", self.log.files(LATER + 3000, self.shown()))
        files = self.twist("files", self.files | logged)
        listed = [{"path": path, "sha256": sha256(files[path]), "size": len(files[path])} for path in sorted(files)]
        manifest = canonical(self.twist("manifest", {"files": listed, "v": "vdp1"}))
        note = OPERATOR.note(f"vdp1 manifest\n{sha256(manifest)}\n")
        return self.twist("after", files | {"manifest.json": manifest, "manifest.note": note})

    def make(self) -> dict[str, bytes]:
        numbers = range(1, self.wish.draws + 1)
        self.withdraw_first()
        for number in numbers:
            self.make_frame(f"D{number}")
        self.make_people()
        for number in numbers:
            self.commit(number)
        self.close_and_seed()
        self.draw_all()
        self.replace()
        if self.wish.matching:
            self.substitute()
        self.twist("extra entries", self)
        return self.seal()


LOTTERY = [
    {"count": 6, "max": 33, "min": 1, "rule": "ascending"},
    {"count": 1, "max": 16, "min": 1, "rule": "ascending"},
]
OLD_SIGNATURE = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92"
