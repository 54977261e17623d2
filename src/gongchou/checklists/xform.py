"""A form as XForm XML, for clients of the ODK family; https://getodk.github.io/xforms-spec/

Basis and severity have no place there: they stand in the guidance, which a client shows to whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gongchou.refusal import Refused

_SAME = (
    *("name", "label", "hint", "relevant", "constraint", "constraint_message", "calculation", "appearance"),
    "list_name",
)
_SIGNATURE = {"type": "image", "appearance": "signature"}  # a picture that is drawn
_ENDS = ("end_group", "end_repeat")


def xform(definition: Mapping[str, Any], *, form_id: str, version: str, title: str) -> str:
    """The XML. Raises Refused ``checklists.xform`` with what pyxform has to say."""
    from pyxform.errors import PyXFormError  # noqa: PLC0415 -- half a second that no other page need wait for
    from pyxform.xls2xform import convert  # noqa: PLC0415

    book = {
        "survey": list(_survey(definition)),
        "choices": [dict(one) for one in definition["choices"]],
        "settings": [{"form_id": form_id, "version": version, "form_title": title}],
    }
    try:
        return str(convert(book, form_name="data", pretty_print=True).xform)
    except PyXFormError as error:
        raise Refused("checklists.xform", told=" ".join(str(error).split())[:300]) from error


def _survey(definition: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for row in definition["survey"]:
        yield {"type": row["type"]} if row["type"] in _ENDS else _question(row)


def _question(row: Mapping[str, Any]) -> dict[str, str]:
    told = {name: row[name] for name in _SAME if name in row}
    group = told.pop("list_name", "")
    told["type"] = f"{row['type']} {group}".strip()
    told |= _SIGNATURE if row["type"] == "signature" else {}
    told |= {"required": "yes"} if row.get("required") else {}
    guidance = _guidance(row)
    return told | ({"guidance_hint": guidance} if guidance else {})


def _guidance(row: Mapping[str, Any]) -> str:
    told = (("检查依据", row.get("basis")), ("严重程度", row.get("severity")))
    return "；".join(f"{word}：{text}" for word, text in told if text)
