"""Registers of inspectors (执法检查人员), one row per person or one per certificate of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from gongchou.draw.register import Row
from gongchou.registry import search
from gongchou.registry.imports import store
from gongchou.registry.imports.cells import (
    CellRefused,
    card_number,
    day,
    identity_number,
    key_card,
    key_text,
    masked_id,
    needed,
    one_of,
    plain_number,
    told_value,
    words,
    yes_no,
)
from gongchou.registry.imports.checking import Identity, Repeats, Taken, Turned
from gongchou.registry.imports.columns import LEFT_OUT, Column, column
from gongchou.registry.imports.keyed import Note, Numbered, Plan
from gongchou.registry.models import Certificate, ImportBatch, Inspector, InspectorFact

_CATEGORIES = {
    "执法人员": "qualified", "执法资格人员": "qualified", "监管人员": "daily", "专家": "expert", "辅助人员": "assistant",  # noqa: E501
    "参公人员": "civil_servant", "行政编制": "civil_servant",
}  # fmt: skip
_POSTS = {"科员": "staff", "干部": "staff", "所长": "station_head", "副所长": "station_deputy", "科长": "section_head",
          "副科长": "section_deputy"}  # fmt: skip
PAPERS = ("paper_kind", "paper_number", "paper_issuer", "paper_ends")
_KIND = "行政执法证"
_ENDS = "有效期 有效期止 有效期限 到期日期 执法证有效期 执法证有效期至 证件有效期 证件有效期至 证件有效期止 证件到期日"


class Paper(NamedTuple):
    """A certificate to be written: ``pk`` is empty for a new one; old: when it ended before.

    is_emptied: who issued it was known, and the file takes it away.
    """

    pk: str
    holder: str
    values: dict[str, str]
    old: str
    is_emptied: bool = False


class Inspectors(Numbered):
    """执法检查人员."""

    kind = ImportBatch.Kind.INSPECTORS
    model, facts, about, owner = Inspector, InspectorFact, "inspector_id", "department"
    can_be_full = True
    sets = ("initials", "is_expert", "category")
    papers = PAPERS
    columns = (
        column("number", "内部编号", "工号 人员编号 编号 单位工号 执法人员编号", needed(plain_number)),
        column("name", "姓名", "人员姓名 检查人员 执法人员", needed(words(60))),
        column("gender", "性别", "", one_of([("男", "男"), ("女", "女")], {}), is_few=True),
        column("masked_id", "身份证号", "身份证号码 公民身份号码 证件号码", identity_number),
        column("phone", "手机号", "手机 联系电话 电话 手机号码", words(20)),
        Column(
            "department", "所在单位", ("单位", "所属单位", "工作单位", "所在部门", "执法机关", "所属部门"),
            lambda places: places.keeper, is_few=True,
        ),
        column("unit", "内设部门", "内设机构 科室 所在科室 处室", words(60), is_few=True),
        column("category", "人员类别", "人员类型 人员性质 编制类型", one_of(Inspector.Category.choices, _CATEGORIES), is_few=True),  # noqa: E501
        column("post", "职务", "行政职务", one_of(Inspector.Post.choices, _POSTS), is_few=True),
        column("station", "管辖片区", "片区 岗位管辖片区", words(60), is_few=True),
        column("education", "最高学历", "学历", words(30), is_few=True),
        column("title", "职称", "", words(30), is_few=True),
        column("serves_since", "从事本岗起始日期", "从事本岗日期 上岗日期", day, is_few=True),
        column("is_expert", "专家", "是否专家", yes_no, is_few=True),
        column("paper_kind", "证件类别", "执法证类别 证件类型 证件名称", words(40), is_few=True),
        column("paper_number", "执法证号", "执法证编号 证号 证件编号 执法证件号 行政执法证号", card_number),
        column("paper_issuer", "发证机关", "颁证机关", words(100), is_few=True),
        column("paper_ends", "有效期至", _ENDS, day, is_few=True),
    )  # fmt: skip

    def settle(self, place: dict[str, int]) -> Any:
        """A certificate has an end; a post that nobody named is that of staff."""
        number, ends, post = place.get("paper_number"), place.get("paper_ends"), place.get("post")

        def judge(values: list[Any]) -> None:
            if number is not None and values[number] and (ends is None or not values[ends]):
                raise CellRefused("paper_endless", field="paper_ends")
            if post is not None and not values[post]:
                values[post] = "staff"

        return judge

    def make_identities(self) -> list[Identity]:
        """A person says the same of herself in every row; a certificate stands once."""
        pairs = self.checker.pairs
        at, paper = self.checker.column_of("number"), self.checker.column_of("paper_number")
        kind = self.checker.column_of("paper_kind")
        own = [place for place, (_, name) in enumerate(pairs) if name not in (*PAPERS, LEFT_OUT)]
        beside = [place for place, (_, name) in enumerate(pairs) if name in PAPERS or name == "number"]

        def cell(cells: Sequence[str], place: int | None) -> str:
            return key_text(cells[place]) if place is not None and place < len(cells) else ""

        def content(places: list[int]) -> Any:
            return lambda cells: tuple(cells[place].strip() for place in places if place < len(cells))

        def paper_key(cells: Sequence[str]) -> str:
            return f"{cell(cells, kind) or _KIND}\n{found}" if (found := key_card(cell(cells, paper))) else ""

        return [
            Identity("number", lambda cells: cell(cells, at), content(own)),
            Identity("paper_number", paper_key, content(beside)),
        ]

    def derive(self, values: dict[str, Any]) -> dict[str, Any]:
        """Initials; a third-party expert is an expert."""
        category = values.get("category") or "civil_servant"
        initials = search.initials(values["name"])[:60]
        return {
            "initials": initials,
            "category": category,
            "is_expert": bool(values.get("is_expert")) or category == "expert",
        }

    def fixed(self) -> dict[str, Any]:
        """Where they are, unless the file says so."""
        return {"department_id": self.places.keepers.default}

    def judged(self, rows: Iterable[Row], repeats: Repeats) -> Iterator[Taken | Turned]:
        """The person on one side, the certificate on the other; a whole identity number is nowhere kept."""
        names = self.checker.fields
        identity = self.checker.column_of("masked_id")
        for row in super().judged(rows, repeats):
            told = self._masked(row, identity)
            if isinstance(told, Turned):
                yield told
                continue
            values = dict(zip(names, told.values, strict=True))
            if "category" in values:
                values |= {"category": self.derive(values)["category"]}
            if "is_expert" in values:
                values |= {"is_expert": self.derive(values)["is_expert"]}
            own = tuple(values[name] for name in self.fields)
            digest = sha256("\x1f".join(map(str, (self.checker.seed, *own))).encode()).hexdigest()[:32]
            yield told._replace(values=own, digest=digest, papers=tuple(values.get(name) for name in PAPERS))

    @staticmethod
    def _masked(told: Taken | Turned, at: int | None) -> Taken | Turned:
        if at is None or at >= len(told.cells):
            return told
        try:
            hidden = str(masked_id(told.cells[at].strip()))
        except CellRefused:
            return told
        return told._replace(cells=[*told.cells[:at], hidden, *told.cells[at + 1 :]])

    # Certificates

    def compare(self, rows: Iterable[Taken | Turned], *, is_locking: bool = False) -> Plan:
        """As for all; a certificate that somebody else holds is refused before."""
        rows = list(rows)
        held = self._held(rows)
        rows = [self._unless_held(row, held) for row in rows]
        plan = super().compare(rows, is_locking=is_locking)
        self._turn_experts(plan)
        refused = {row.line for row in plan.refused}
        written = {row.line for row in plan.new} | {change.row.line for change in plan.changed}
        for row in rows:
            if isinstance(row, Turned) or row.line in refused:
                continue
            paper = self._paper(row, held)
            if paper is not None:
                plan.papers.append(paper)
                plan.n_emptied += paper.is_emptied
                if row.line not in written:
                    plan.n_same, plan.n_papers = plan.n_same - 1, plan.n_papers + 1
        return plan

    def _held(self, rows: Iterable[Taken | Turned]) -> dict[tuple[str, str], dict[str, Any]]:
        numbers = {row.papers[1] for row in rows if isinstance(row, Taken) and row.papers and row.papers[1]}
        asked = ("id", "kind", "number", "inspector__number", "issued_by", "valid_to", "replaced_by__number")
        found = Certificate.objects.filter(ended_at=None, number__in=numbers).values(*asked)
        # A renewal may keep the number: the card that stands comes last, and so is the one that is found.
        in_order = sorted(found, key=lambda own: own["replaced_by__number"] is None)
        return {(own["kind"], own["number"]): own for own in in_order}

    def _unless_held(self, row: Taken | Turned, held: dict[tuple[str, str], dict[str, Any]]) -> Taken | Turned:
        if isinstance(row, Turned) or not row.papers or not row.papers[1]:
            return row
        there = held.get((str(row.papers[0] or _KIND), str(row.papers[1])))
        if there is None:
            return row
        later, ends = there["replaced_by__number"], told_value(there["valid_to"])
        if there["inspector__number"] != row.key:
            return self._turned(row, "paper_number", CellRefused("paper_held"))
        if later is not None and ends != row.papers[3]:
            return self._turned(row, "paper_number", CellRefused("paper_replaced", number=later))
        return row

    def _turned(self, row: Taken, name: str, refused: CellRefused) -> Turned:
        return Turned(row.line, row.cells, [self.checker.reason(name, refused)])

    def _turn_experts(self, plan: Plan) -> None:
        """Who becomes a third-party expert needs a body, who ceases to be one leaves it: neither stands in a file."""
        expert = Inspector.Category.EXPERT
        at = self.fields.index("category") if "category" in self.fields else None
        new = [row for row in plan.new if at is not None and row.values[at] == expert]
        changed = [own for own in plan.changed if expert.label in own.told.get("category", ())]
        rows = [*new, *(own.row for own in changed)]
        lines = {row.line for row in rows}
        plan.new = [row for row in plan.new if row.line not in lines]
        plan.changed = [own for own in plan.changed if own.row.line not in lines]
        plan.n_emptied -= sum(own.n_emptied for own in changed)
        plan.refused += [self._turned(row, "category", CellRefused("expert_by_hand")) for row in rows]

    def _paper(self, row: Taken, held: dict[tuple[str, str], dict[str, Any]]) -> Paper | None:
        """What a row says of a certificate that is not known; who issued it stays where the row does not say."""
        if not row.papers or not row.papers[1]:
            return None
        kind, number, issuer, ends = (str(value or "") for value in row.papers)
        kind = kind or _KIND
        there = held.get((kind, number))
        if there and not issuer and not (self.clears and row.papers[2] is not None):
            issuer = there["issued_by"]
        if there and (there["replaced_by__number"] is not None or _says(there) == (ends, issuer)):
            return None
        values = {"kind": kind, "number": number, "issued_by": issuer, "valid_to": ends}
        if there is None:
            # The same row again adds no second one.
            held[kind, number] = {**values, "inspector__number": row.key, "replaced_by__number": None}
            return Paper("", row.key, values, "")
        is_emptied = bool(there["issued_by"] and not issuer)
        return Paper(told_value(there["id"]), row.key, values, told_value(there["valid_to"]), is_emptied)

    def write(self, plan: Plan, note: Note) -> None:
        """The people, then their certificates."""
        super().write(plan, note)
        papers: list[Paper] = plan.papers
        ids = dict(Inspector.objects.filter(number__in={own.holder for own in papers}).values_list("number", "pk"))
        new = [own for own in papers if not own.pk]
        columns = ["id", "inspector_id", "kind", "number", "issued_by", "valid_from", "valid_to", "ended_at"]
        store.insert(
            Certificate,
            columns,
            [
                (pk, told_value(ids[own.holder]), v["kind"], v["number"], v["issued_by"], None, v["valid_to"], None)
                for pk, own in zip(store.fresh_ids(len(new), note.at), new, strict=True)
                for v in [own.values]
            ],
        )
        store.update(
            Certificate,
            ["issued_by", "valid_to"],
            [(own.pk, own.values["issued_by"], own.values["valid_to"]) for own in papers if own.pk],
        )
        self.note(((told_value(ids[own.holder]), *_fact(own)) for own in papers), note)


def _says(held: dict[str, Any]) -> tuple[str, str]:
    return told_value(held["valid_to"]), held["issued_by"]


def _fact(paper: Paper) -> tuple[str, str, dict[str, Any]]:
    name = f"{paper.values['kind']} {paper.values['number']}"
    ends = paper.values["valid_to"]
    if not paper.pk:
        return "certified", f"登记执法证件：{name}，有效期至 {ends}", dict(paper.values)
    emptied = "，发证机关清空" if paper.is_emptied else ""
    return "certified", f"执法证件 {name} 有效期：{paper.old}→{ends}{emptied}", {"old": paper.old, "new": ends}
