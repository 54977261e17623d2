"""What people are told when a file of official entries cannot be taken."""

from __future__ import annotations

SENTENCES = {
    "registry.official_header": (
        "文件里没有找到“编码”和“名称”两栏。请在表头行写明这两栏（依据一栏可以没有），表头须在前10行内。"
    ),
    "registry.official_row": "第{line}行：{told}。整份文件没有导入，请改正后重新上传。",
    "registry.official_empty": "文件里没有条目。请核对是否选对了文件和工作表。",
    "registry.official_too_many": "文件有{count}行以上，一次最多导入{most}行。请分成几个文件，并不要勾选“全量”。",
    "registry.official_too_large": "文件超过{most}兆字节，请去掉多余的工作表，或分成几个文件。",
    "registry.official_unreadable": "文件不能读取：{told}",
}
