"""The three lists of the city: drafted by keepers, approved by heads, published in editions, claimed below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils import timezone

from gongchou.accounts.models import Department
from gongchou.demo import items, joint
from gongchou.demo.city import BUREAU, PROVINCE_BUREAU, City
from gongchou.demo.expressions import FREQUENCIES, RATIOS
from gongchou.demo.items import ItemRow
from gongchou.demo.joint import JointRow, MatterRow
from gongchou.demo.people import Staff
from gongchou.registry.models import Edition, Item, JointItem, SubLibrary, Tag, Version
from gongchou.registry.operations import alignment, claims, versions
from gongchou.registry.operations.items import set_ceiling
from gongchou.registry.operations.matters import add_pilot, move_pilot
from gongchou.registry.queries.items import offers_to
from gongchou.registry.ratio import peak, ratio_from_json

CEILING = Decimal(5)
OVER = "该领域对象数量少、风险高，按上级主管部门年度部署执行"
RESULTS = (
    ("未发现问题", "无需后续处置"),
    ("发现问题已责令改正", "由日常监管跟踪整改"),
    ("发现问题待后续处理", "固定证据后移送办案机构"),
    ("不配合检查情节严重", "依法公示"),
)


class Lists:
    """The lists, as they grow."""

    def __init__(self, city: City, staff: Staff, tags: Mapping[str, Tag]) -> None:
        self.city, self.staff, self.tags = city, staff, tags
        self.libraries = {own.code: own for own in SubLibrary.objects.all()}

    # Items

    def publish_items(self, at: datetime) -> None:
        """The province's, the bureau's, those of all other departments: an edition each."""
        set_ceiling(
            region=self.city.region,
            year=at.year,
            most=CEILING,
            source="演示市双随机办通知",
            by=self.staff["ssjb"],
            at=at,
        )
        for owner, rows in _owned():
            self._publish(owner, rows, at)

    def _publish(self, owner: str, rows: Mapping[str, ItemRow], at: datetime) -> None:
        contents = {code: self._item(code, row, owner, timezone.localdate(at)) for code, row in rows.items()}
        self._bring_out(Edition.Kind.ITEMS, owner, contents, "随机抽查事项清单（第一版）", at)

    def _bring_out(
        self, kind: str, owner: str, contents: Mapping[str, dict[str, Any]], name: str, at: datetime
    ) -> None:
        home = self.city.departments[owner]
        approved = [self._approve(kind, home, code, content, at) for code, content in contents.items()]
        self._edition(kind, home, name, "首次制定", approved, at)

    def _approve(self, kind: str, home: Department, code: str, content: dict[str, Any], at: datetime) -> Version:
        keeper, head = self.staff.keeper(home.code), self.staff.head(home.code)
        version = versions.draft(kind=kind, code=code, owner=home, content=content, by=keeper, at=at)
        version = versions.submit(version=version, by=keeper, at=at)
        return versions.approve(version=version, by=head, at=at)

    def _edition(
        self, kind: str, home: Department, name: str, reason: str, rows: Iterable[Version], at: datetime
    ) -> None:
        versions.publish(
            kind=kind,
            department=home,
            name=home.name + name,
            reason=reason,
            url="",
            versions=rows,
            by=self.staff.head(home.code),
            at=at,
        )

    def _item(self, code: str, row: ItemRow, owner: str, day: date) -> dict[str, Any]:
        points = row.points.split("、")
        ratio = RATIOS[row.ratio]
        most = peak(ratio_from_json(ratio))
        is_over = not row.is_key and most is not None and most > CEILING
        home = self.city.departments[owner]
        return {
            "name": row.name,
            "category": row.category,
            "reason": "首次制定",
            "kind": "key" if row.is_key else "general",
            "basis": [{"law": f"演示省{row.category}监督管理条例", "article": f"第{_places(code)}条"}],
            "inspecting_subject": f"市、县级{home.function}部门",
            "levels": ["city", "county"],
            "subject_kinds": [items.KINDS[one] for one in row.kinds],
            "sub_library": self.libraries.get(row.library),
            "ratio": ratio,
            "frequency": FREQUENCIES[row.frequency],
            "over_reason": OVER if is_over else "",
            "methods": list(row.methods),
            "details": f"对检查对象的{row.points}进行核查，逐项记录是否符合规定。",
            "sub_items": points,
            "materials": [{"name": f"{point}有关材料", "note": "查看原件"} for point in points],
            "results": [{"result": result, "follow_up": follow_up} for result, follow_up in RESULTS],
            "qualification": self.tags.get("TZ") if row.category == "特种设备" else None,
            "inspector_requirement": "需具备相应专业资格" if row.category == "特种设备" else "",
            "responsible_unit": "信用监管科" if owner == BUREAU else "",
            "lead_unit": home.short_name,
            "internet_plus_code": _entry_code("9901HJ", code),
            "duty_list_code": _entry_code("9901QZ", code),
            "work_guide": f"一、核对身份和{points[0]}；二、逐项查看{row.points}；三、当场填写记录表并由双方签字。",
            "tags": self._tags_of(row),
            "valid_from": day,
        }

    def _tags_of(self, row: ItemRow) -> list[Tag]:
        return [self.tags[word] for word in (row.category, "重点监管" if row.is_key else "") if word in self.tags]

    # The joint list and the matters

    def publish_joint(self, at: datetime) -> None:
        """One list of the city, by the office of the conference at the market bureau."""
        known = {item.code: item for item in Item.objects.all()}
        contents = {f"L{n:02}": self._joint(row, known, timezone.localdate(at)) for n, row in enumerate(joint.JOINT, 1)}
        self._bring_out(Edition.Kind.JOINT, BUREAU, contents, "部门联合抽查事项清单（第一版）", at)

    def _joint(self, row: JointRow, known: Mapping[str, Item], day: date) -> dict[str, Any]:
        return {
            "name": row.name,
            "field": row.field,
            "reason": "首次制定",
            "items": [known[code] for code in row.items.split()],
            "subject_kinds": [items.KINDS[one] for one in row.kinds],
            "sub_library": self.libraries.get(row.library),
            "initiators": [self._initiator(word) for word in row.initiators.split()],
            "participants": [self.city.departments[code] for code in row.participants.split()],
            "ratio": RATIOS[row.ratio],
            "frequency": FREQUENCIES[row.frequency],
            "time": row.time,
            "levels": row.levels.split(),
            "level_note": row.note,
            "basis": [{"law": "演示省部门联合双随机抽查实施办法", "article": "第九条"}],
            "valid_from": day,
        }

    def _initiator(self, word: str) -> tuple[str, Department]:
        kind, _, code = word.rpartition("=")
        return kind, self.city.departments[code]

    def publish_matters(self, at: datetime) -> None:
        """The eight one-things and one more."""
        contents = {f"Z{n:02}": self._matter(row, timezone.localdate(at)) for n, row in enumerate(joint.MATTERS, 1)}
        self._bring_out(Edition.Kind.MATTERS, BUREAU, contents, "跨部门综合监管事项清单（第一版）", at)

    def _matter(self, row: MatterRow, day: date) -> dict[str, Any]:
        duties = [pair.split("=") for pair in row.duties.split()]
        return {
            "name": row.name,
            "field": row.field,
            "one_thing": row.one_thing,
            "reason": "首次制定",
            "lead": self.city.departments[row.lead],
            "duties": [(self.city.departments[code], duty) for code, duty in duties],
            "subject": row.subject,
            "details": row.details,
            "methods": ["on_site", "off_site"],
            "basis": [{"law": "演示省跨部门综合监管办法", "article": "第六条"}],
            "sub_libraries": [self.libraries[row.library]] if row.library else [],
            "joint_items": list(JointItem.objects.filter(versions__field=row.joint).distinct()),
            "valid_from": day,
        }

    # What happens to a list afterwards

    def claim(self, bureaus: Iterable[Department], at: datetime) -> None:
        """The bureau and the districts take over what comes from above; the last two items are left to be claimed."""
        home = self.city.departments[BUREAU]
        for offer in offers_to(home, on=timezone.localdate(at))[:-1]:
            claims.claim(item=offer.version.item, department=home, by=self.staff.keeper(BUREAU), at=at)
        for bureau in bureaus:
            keeper = self.staff.keeper(bureau.code)
            made = [
                claims.claim(item=offer.version.item, department=bureau, by=keeper, at=at)
                for offer in offers_to(bureau, on=timezone.localdate(at))[:-2]
            ]
            self._adapt(made[0], at)

    def _adapt(self, claim: Any, at: datetime) -> None:
        """A district asks for more than the list does, as it may."""
        claims.adapt(
            claim=claim,
            ratio=RATIOS["5%"],
            frequency=FREQUENCIES["每年2次"],
            note="本区主体数量较少，适当提高比例",
            by=self.staff.keeper(claim.department.code),
            at=at,
        )

    def revise(self, at: datetime) -> None:
        """A second edition, one item abolished; then a draft, a version under review and one that was sent back."""
        keeper, head = self.staff.keeper(BUREAU), self.staff.head(BUREAU)
        home = self.city.departments[BUREAU]
        changed = self._amend("B05", at, ratio=RATIOS["不低于0.5%"], reason="投诉举报上升，适当提高抽查比例")
        versions.submit(version=changed, by=keeper, at=at)
        versions.approve(version=changed, by=head, at=at)
        self._edition(Edition.Kind.ITEMS, home, "随机抽查事项清单（第二版）", "调整餐饮服务抽查比例", [changed], at)
        old = Item.objects.get(code="A09").versions.get(state="published")
        versions.ask_end(version=old, reason="检查对象已不存在", by=keeper, at=at)
        self._amend("C11", at, reason="核对检查依据")
        waiting = self._amend("C12", at, reason="增加应急演练检查内容", details="增加应急演练记录的检查。")
        versions.submit(version=waiting, by=keeper, at=at)
        returned = self._amend("A10", at, reason="调整检查方式", methods=["on_site", "online"])
        versions.submit(version=returned, by=keeper, at=at)
        versions.send_back(version=returned, reason="请补充调整检查方式的依据", by=head, at=at)

    def _amend(self, code: str, at: datetime, **content: Any) -> Version:
        told = {"valid_from": timezone.localdate(at), **content}
        return versions.amend(thing=Item.objects.get(code=code), content=told, by=self.staff.keeper(BUREAU), at=at)

    def align(self, at: datetime) -> None:
        """Entries of the two other systems, a few of which say something else (R-7)."""
        for owner, listed in _owned():
            for source, prefix in (("internet_plus", "9901HJ"), ("duty_list", "9901QZ")):
                rows = [self._entry(prefix, code, row, source) for code, row in listed.items() if code != "C08"]
                self._bring_entries(owner, source, rows, at)

    def _bring_entries(self, owner: str, source: str, rows: list[alignment.EntryRow], at: datetime) -> None:
        told = "\n".join(f"{row.code}\t{row.name}\t{row.basis}" for row in rows)
        alignment.import_entries(
            source=source,
            department=self.city.departments[owner],
            rows=rows,
            is_full=True,
            file_name=f"演示{source}.xlsx",
            file_digest=sha256(told.encode()).hexdigest(),
            by=self.staff.keeper(owner),
            at=at,
        )

    @staticmethod
    def _entry(prefix: str, code: str, row: ItemRow, source: str) -> alignment.EntryRow:
        name = row.name.replace("检查", "监督检查") if code == "A07" and source == "duty_list" else row.name
        article = "第九十九条" if code == "B03" else f"第{_places(code)}条"
        return alignment.EntryRow(_entry_code(prefix, code), name, f"《演示省{row.category}监督管理条例》{article}")

    def add_pilots(self, at: datetime, later: datetime) -> None:
        """A pilot that runs and one that was only applied for."""
        keeper, home = self.staff.keeper(BUREAU), self.city.departments[BUREAU]
        told: dict[str, Any] = {"level": "city", "year": at.year, "unit": home, "matter": None, "by": keeper, "at": at}
        pilot = add_pilot(name="餐饮服务综合监管一件事试点", told="选定两个区先行试点。", **told)
        move_pilot(pilot=pilot, state="running", told="已制定检查要点，完成首轮联合检查。", by=keeper, at=later)
        add_pilot(name="校园食品安全综合监管试点", told="已向省级申报。", **told)


def _owned() -> Iterator[tuple[str, Mapping[str, ItemRow]]]:
    """Whose items they are: the province's, the bureau's, those of all other departments."""
    yield PROVINCE_BUREAU, items.PROVINCE
    yield BUREAU, items.MARKET
    for owner in dict.fromkeys(number.split("-")[0] for number in items.OTHERS):
        yield owner, {number: row for number, row in items.OTHERS.items() if number.split("-")[0] == owner}


def _places(code: str) -> str:
    """An article for an item: any, but always the same."""
    digits = "一二三四五六七八九"
    number = sum(map(ord, code)) % 89 + 10
    tens, ones = divmod(number, 10)
    return f"{digits[tens - 1] if tens > 1 else ''}十{digits[ones - 1] if ones else ''}"


def _entry_code(prefix: str, code: str) -> str:
    return f"{prefix}{code.replace('-', '')}"
