"""The shell as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig

from gongchou.refusal import teach

SENTENCES = {
    "web.export_too_large": "符合条件的有 {count} 条，一次最多导出 {most} 条。请加上筛选条件后分几次导出。",
    "web.changed_meanwhile": (
        "您打开本页之后，有人修改并保存了：{fields}。为免覆盖对方的修改，您填写的内容还没有保存，但都在本页，没有丢失。"
        "请对照最新内容（本页上方已列出的看上方，没有列出的另开一页查看），把本页的这几栏改到与实际相符，再保存一次，即以本页内容为准。"
    ),
}


class WebConfig(AppConfig):
    """The shell."""

    name = "gongchou.web"
    label = "web"

    def ready(self) -> None:
        """Teach the sentences of the shell."""
        teach(SENTENCES)
