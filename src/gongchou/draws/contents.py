"""What lies in a bundle and in an auditor's parcel, file by file, for whoever unzips it on a machine of her own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from django.conf import settings

from gongchou.draws.models import Batch

README, VERIFY = "README.zh.md", "VERIFY.html"

OF_BUNDLE: Final[dict[str, str]] = {
    r"README\.zh\.md": "本说明",
    r"VERIFY\.html": "核验页：一个独立的网页，断网也能用",
    r"manifest\.json": "全部文件的清单：路径、字节数、SHA-256 摘要",
    r"manifest\.note": "对清单的签名",
    r"(.+/)?params\.json": "抽取规则和参数，承诺值就是它的摘要",
    r"(.+/)?universe\.json": "抽取前名录里一共有多少对象",
    r"(.+/)?universe\.note": "名录一方对上一份文件的签名",
    r"(.+/)?strata-rule\.json": "怎样分层，各层叫什么",
    r"(.+/)?reasons\.json": "排除、替换、撤回可以用的理由",
    r"(.+/)?frame\.tsv": "名单：层、对象、片区，每行一户",
    r"(.+/)?excluded\.tsv": "抽取前排除的对象和理由",
    r"(.+/)?rejected\.csv": "名录里因代码有误没有收入的行",
    r"(.+/)?selected\.tsv": "抽中的：层、位次、对象、票号",
    r"(.+/)?reserve\.tsv": "备选的：层、位次、对象、票号",
    r"(.+/)?replacements\.tsv": "对象替换：谁被替换，谁递补，理由",
    r"close\.txt": "来源截止时的文件：各次抽取的承诺值和人能影响的来源",
    r"seed-input\.txt": "上一份文件加最后的随机数；它的摘要就是种子",
    r"sources/drand\.json": "最后的随机数（信标）和它的签名",
    r"sources/event-.*": "席位重抽所用的随机数",
    r"sources/.*": "来源的其他材料",
    r"inspectors\.tsv": "参加匹配的检查人员：编号、部门、资质、承担上限",
    r"avoid\.tsv": "回避：谁不能检查谁",
    r"assignment\.tsv": "匹配结果：每个席位是谁",
    r"unfilled\.tsv": "空缺的席位，以及为什么无人可配",
    r"substitutions\.tsv": "席位重抽的结果",
    r"log/checkpoint": "公开日志的检查点，证据包截至这里，有日志和见证人的签名",
    r"log/consistency\.tsv": "证明日志前后一致、没有改写过",
    r"log/[0-9]{8}\.json": "公开日志的一条记录",
    r"log/[0-9]{8}\.tlog-proof": "证明这条记录在日志里",
    r"keys/.*\.vkey": "验证签名用的公钥；包里的公钥不能证明是谁的，请从别处对照",
}
OF_PARCEL: Final[dict[str, str]] = {
    r"bundle\.zip": "证据包，含人员匹配；里面有自己的说明",
    r"README\.zh\.txt": "本说明",
    r"seal\.key": "密封密钥：由真实编号算出化名，只供核验",
    r"real-ids\.tsv": "化名与真实编号的对照，全部抽取合在一份；密封的名单用它核验",
    r"(.+-)?real-ids\.tsv": "某一次抽取的化名与真实编号的对照",
    r"(.+-)?subjects\.tsv": "化名与平台内部编号的对照，供平台核对各行数据",
    r"(.+-)?left-out\.tsv": "抽取前排除的对象：化名、理由、真实编号、名称、平台内部编号",
    r"inspectors\.tsv": "检查人员的化名与平台内部编号的对照",
    r"teams\.tsv": "检查小组的化名和组员",
    r"people\.json": "冻结时哪些人参加匹配，没有参加的为什么",
    r"slots\.json": "各次抽取每户要几个席位、要求什么资质",
    r"proofs-.*": "对象替换的证明材料，文件名里是它的 SHA-256 摘要",
}

BUNDLE: Final = """\
# 证据包 {code}

{name}，{department}。{test}任何人都可以用这些文件把抽取从头重算一遍，不用向谁申请，也不用联网。

## 怎样核验

1. 把压缩包解压到一个文件夹，不要改动里面的文件。
2. 双击 VERIFY.html，用浏览器打开（Chrome、Edge 90 以上，或其他新的浏览器）。
3. 把整个文件夹（或原来的压缩包）拖进页面，等它算完，看结论{allow}。

这个核验页和证据来自同一处。不放心的，请用从别处得到的 verify.html，或者在装有 Python 3.11 的电脑上运行
`python -m gongchou.draw verify 文件夹`；两个程序互不共用代码，结论应当一样。

页面里“信任文件”写明您信任谁的公钥，请从证据包以外取得；没有它，结果最多是黄色，意思是“自己证明自己”。

## 文件

| 文件 | 是什么 |
|---|---|
{files}

表格各列用制表符隔开，没有表头，按字节排序。{sealed}
"""
OTHER: Final = "其他材料"
SEALED: Final = "名单密封：表里的对象是化名，不是真实代码，以免提前泄露谁会被查。"
TEST: Final = "**演练：结果不作为正式抽取。**"


def with_guide(batch: Batch, paths: Iterable[str]) -> dict[str, bytes]:
    """The two files by which a citizen checks all the others, without a network."""
    page = (Path(settings.VERIFIER) / "verify.html").read_bytes()
    names = {*paths, README, VERIFY, "manifest.json", "manifest.note"}
    told = {
        "code": batch.code,
        "name": batch.name,
        "department": batch.department.name,
        "test": TEST if batch.is_test else "",
        "allow": "（先在“更多选项”里勾选“这是演练”）" if batch.is_test else "",
        "files": "\n".join(f"| {shown} | {words} |" for shown, words in _told(names)),
        "sealed": SEALED if batch.is_sealed else "",
    }
    return {README: BUNDLE.format(**told).encode(), VERIFY: page}


def _told(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each file with its words; entries of the log are many and alike, so they share a line."""
    found = {_alike(name): explained(name, OF_BUNDLE) for name in sorted(names)}
    return list(found.items())


def _alike(name: str) -> str:
    return re.sub(r"^log/[0-9]{8}", "log/序号", name)


def explained(name: str, words: Mapping[str, str]) -> str:
    """What a file is; the first pattern counts. Whoever adds a file adds its words: the tests look for them."""
    return next((told for pattern, told in words.items() if re.fullmatch(pattern, name)), OTHER)
