"""Registers of subjects (检查对象): by credit code or register number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gongchou.registry import search
from gongchou.registry.imports import store
from gongchou.registry.imports.cells import (
    CellRefused,
    Value,
    day_by,
    degrees,
    key_number,
    long_text,
    needed,
    number,
    one_of,
    words,
)
from gongchou.registry.imports.checking import Identity, Settle, Taken
from gongchou.registry.imports.columns import LEFT_OUT, Column, column
from gongchou.registry.imports.keyed import Change, Numbered
from gongchou.registry.models import ImportBatch, Subject, SubjectFact, SubjectText

_KINDS = {
    "个体": "trader", "个体户": "trader", "农专社": "cooperative", "合作社": "cooperative", "公司": "enterprise",
    "外企代表机构": "foreign_office", "社团": "society", "社会团体": "society", "民办非企业单位": "society",
    "基金会": "society", "机关单位": "agency", "党政机关": "agency", "1": "enterprise", "2": "cooperative",
    "3": "trader", "4": "foreign_office",
}  # fmt: skip
_STATUSES = {
    "在营": "living", "在业": "living", "开业": "living", "正常": "living", "存续（在营、开业、在册）": "living",
    "在营（开业）": "living", "在营（开业）企业": "living", "在册": "living", "登记": "living", "确立": "living",
    "存续(在营、开业、在册)": "living", "停业": "suspended", "已注销": "deregistered", "注销企业": "deregistered",
    "已吊销": "revoked", "吊销，未注销": "revoked", "吊销未注销": "revoked", "吊销,未注销": "revoked",
    "吊销企业": "revoked", "吊销，已注销": "deregistered", "吊销,已注销": "deregistered", "已撤销": "cancelled",
    "撤销登记": "cancelled", "已迁出": "moved_out", "迁出中": "moved_out", "迁往市外": "moved_out",
}  # fmt: skip
_SCALES = {
    "大": "large", "中": "medium", "小": "small", "微": "micro", "大型企业": "large", "中型企业": "medium",
    "小型企业": "small", "微型企业": "micro",
}  # fmt: skip
_GRADES = {"低": "A", "一般": "B", "较高": "C", "高": "D", "A级": "A", "B级": "B", "C级": "C", "D级": "D"}
# Digits 1 and 2 of a credit code: who registers, and what (GB 32100-2015, table 1).
_KIND_BY_CODE = {
    "11": "agency", "12": "institution", "13": "institution", "51": "society", "52": "society", "53": "society",
    "91": "enterprise", "92": "trader", "93": "cooperative",
}  # fmt: skip
# These have numbers of other registers; all else has a credit code.
_FREE_KINDS = frozenset({"trader", "project", "product", "behaviour", "other"})


def _passed(field: str, label: str, words: str) -> Column:
    """A column of days that have come."""
    return Column(field, label, tuple(words.split()), lambda places: day_by(places.today), is_few=True)


class Subjects(Numbered):
    """检查对象."""

    kind = ImportBatch.Kind.SUBJECTS
    model, facts, about, owner = Subject, SubjectFact, "subject_id", "keeper"
    has_more = True
    can_be_full = True
    sets = ("kind", "status", "state", "cause", "state_reason")
    columns = (
        column(
            "number", "统一社会信用代码",
            "信用代码 统一信用代码 社会信用代码 统一社会信用代码/注册号 统一社会信用代码或编号 统一代码 证照编号 注册号 编号 对象编号",  # noqa: E501
            number,
        ),
        column(
            "name", "名称",
            "企业名称 单位名称 主体名称 市场主体名称 企业(个体)名称 企业（机构）名称 机构名称 字号名称 对象名称 检查对象 检查对象名称 商户名称 项目名称",  # noqa: E501
            needed(words(200)),
        ),
        column("registration_no", "注册号", "工商注册号 原注册号 登记证号", words(40)),
        column("kind", "主体类别", "主体类型 对象类别 对象类型 市场主体类别", one_of(Subject.Kind.choices, _KINDS), is_few=True),  # noqa: E501
        column("status", "登记状态", "经营状态 企业状态 状态 主体状态 营业状态", needed(one_of(Subject.Status.choices, _STATUSES)), is_few=True),  # noqa: E501
        Column(
            "region", "行政区划",
            ("地区", "所属区县", "所在地区", "区县", "辖区", "行政区划代码", "所属区域", "所属地区", "乡镇街道", "所在区县"),  # noqa: E501
            lambda places: places.region, is_few=True,
        ),
        Column(
            "keeper", "管辖单位", ("管辖机关", "监管单位", "属地监管单位", "监管部门", "所属监管所", "管辖部门"),
            lambda places: places.keeper, is_few=True,
        ),
        column("entity_type", "企业类型", "市场主体类型 公司类型 类型", words(60), is_few=True),
        column("legal_representative", "法定代表人", "负责人 法人 法人代表 法定代表人/负责人 法定代表人或负责人 经营者 投资人", words(100)),  # noqa: E501
        _passed("established_on", "成立日期", "注册日期 成立时间 注册时间 登记日期 开业日期"),
        column("industry", "行业", "所属行业 行业门类 行业代码 国民经济行业", words(40), is_few=True),
        column("business_scope", "经营范围", "经营项目 业务范围", long_text, is_long=True),
        column("capital", "注册资本", "注册资金 出资额 资金数额", words(60), is_few=True),
        column("scale", "企业规模", "企业划型 划型", one_of(Subject.Scale.choices, _SCALES), is_few=True),
        column("address", "住所", "注册地址 地址 经营场所 住址 营业场所 经营地址 企业地址 住所地址 生产经营地址", words(300)),  # noqa: E501
        column("station", "片区", "网格 管辖片区 监管网格", words(60), is_few=True),
        column("authority", "登记机关", "发照机关 注册机关", words(100), is_few=True),
        column("contact", "联系人", "联络员", words(60)),
        column("phone", "联系电话", "电话 手机 手机号 手机号码 联系方式", words(40)),
        column("grade", "信用风险等级", "风险等级 信用风险分类 信用等级", one_of(Subject.Grade.choices, _GRADES), is_few=True),  # noqa: E501
        _passed("graded_on", "评定日期", "风险评定日期"),
        column("grade_source", "评定来源", "", words(60), is_few=True),
        column("longitude", "经度", "", degrees(180)),
        column("latitude", "纬度", "", degrees(90)),
        _passed("visited_on", "上次检查日期", "最近检查日期"),
    )  # fmt: skip

    def settle(self, place: dict[str, int]) -> Settle:
        """A number of its own, from whichever column; a credit code for whoever must have one."""
        at, other, kind = place["number"], place.get("registration_no"), place.get("kind")

        def judge(values: list[Value]) -> None:
            own = str(values[at])
            if not own:
                own = values[at] = str(number(str(values[other]))) if other is not None else ""
                if not own:
                    raise CellRefused("id_empty", field="number")
            told = values[kind] if kind is not None else ""
            if kind is not None and not told:
                values[kind] = _KIND_BY_CODE.get(own[:2], "enterprise" if len(own) == 18 else "")
            if len(own) != 18 and not own.startswith("REG-") and told not in _FREE_KINDS:
                raise CellRefused("id_kind", field="number", value=own)

        return judge

    def make_identities(self) -> list[Identity]:
        """One row per number; what is not taken over may differ."""
        at, other = self.checker.column_of("number"), self.checker.column_of("registration_no")
        used = [place for place, (_, name) in enumerate(self.checker.pairs) if name != LEFT_OUT]

        def key(cells: Sequence[str]) -> str:
            own = key_number(cells[at]) if at is not None and at < len(cells) else ""
            return own or (key_number(cells[other]) if other is not None and other < len(cells) else "")

        def content(cells: Sequence[str]) -> tuple[str, ...]:
            return tuple(cells[place].strip() for place in used if place < len(cells))

        return [Identity("number", key, content)]

    def derive(self, values: dict[str, Any]) -> dict[str, Any]:
        """What follows from the registration status (R-21); somebody's own decision about the entry stays."""
        kind = values.get("kind") or _kind_of(values["number"])
        status = values.get("status") or "living"
        return {"kind": kind, "status": status, **Subject.standing(status, values)}

    def _derive_new(self, sets: Sequence[str]) -> Callable[[tuple[Value, ...]], tuple[Any, ...]]:
        """The same for a million new rows: what it asks for has few values."""
        at, kind, status = (self.checker.place.get(name) for name in ("number", "kind", "status"))
        known: dict[tuple[Any, ...], tuple[Any, ...]] = {}

        def derive(values: tuple[Value, ...]) -> tuple[Any, ...]:
            number = str(values[at or 0])
            told = None if kind is None else values[kind], None if status is None else values[status]
            key = (*told, number[:2], len(number))
            if key not in known:
                found = self.derive({"kind": told[0], "status": told[1], "number": number})
                known[key] = tuple([found[name] for name in sets])
            return known[key]

        return derive

    def fixed(self) -> dict[str, Any]:
        """Who keeps them and where they are, unless the file says so."""
        return {"keeper_id": self.places.keepers.default, "region_id": self.places.regions.default}

    def with_text(self, row: Taken) -> Taken:
        """From its number, name and address."""
        place = self.checker.place
        address = row.values[place["address"]] if "address" in place else ""
        return Taken(*row[:-1], search.text_of(row.key, str(row.values[place["name"]]), str(address)))

    def after_insert(self, ids: Sequence[str], rows: Sequence[Taken]) -> None:
        """The texts by which they are found."""
        texts = [(pk, row.text) for pk, row in zip(ids, rows, strict=True)]
        store.insert(SubjectText, ["subject_id", "text"], texts)

    def after_update(self, changes: Sequence[Change]) -> None:
        """The same, made again where name or address is new."""
        moved = [own for own in changes if {"name", "address"} & own.told.keys()]
        rows = Subject.objects.filter(pk__in=[own.pk for own in moved]).values_list("pk", "number", "name", "address")
        search.refresh(list(rows))


def _kind_of(own: str) -> str:
    return _KIND_BY_CODE.get(own[:2], "enterprise") if len(own) == 18 else "enterprise"
