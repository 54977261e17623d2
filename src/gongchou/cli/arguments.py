"""The verbs and their options."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gongchou.cli import checking, custody, verbs
from gongchou.draw.register import SCHEMES
from gongchou.draw.sentences import LANGUAGES

ORDER = """一次抽取的次序 · the order of a draw:
  frame      登记表 → 名录 DIR            exclude   抽取前除外
  commit     冻结并公开承诺（信标之前）    reveal    各方揭示     close  截止
  seed       信标到来，写出种子            run       抽取并匹配
  verify     任何人核验                    pack      打包交出
每个命令的用法 · each verb: python -m gongchou.draw VERB --help
退出码 · exit codes: 0 成立 holds, 1 核验不成立 does not hold, 2 输入被拒绝 refused
"""

FRAME_EXAMPLE = """例 · example:
  python -m gongchou.draw frame 登记表.csv --id 统一社会信用代码 --stratum 所属区 --map 区.csv -o 抽取2026
  区.csv 每行一对“值,编号” · each line value,id:   东区,DQ

REGISTER: .csv（UTF-8 或 GB18030）或 .xlsx，第一行是列名；上面另有标题时用 --header 3 说明列名在第几行。
  原文件不会被改动。不合格的行不会被修补：行号、编号、原因写在 DIR/rejected.csv，读入 = 接收 + 拒收。
  同一编号两行内容不同时什么也不写，请先核实。
RULE: 列名 · 列名[起:止]（从0数的字符）· =常量，可用 + 连接，如 统一社会信用代码[2:8]+风险等级
  分层和片区必须是大写字母、数字的编号，中文值用 --map 换成编号。
DIR: 新目录，一个目录是一次抽取；下一步 · next: exclude 或 commit
"""

COMMIT_EXAMPLE = """草案（JSON）至少要有 · the draft needs at least:
  {"campaign": "C-2026", "draw": "D1", "authority": "SCJG", "plan": "计划事项名称",
   "strata": {"*": {"ratio": "3%", "min": 1}, "DQ": {"n": 12}},
   "seed": [{"type": "digits", "n": 20}, {"type": "drand", "chain": "quicknet"}],
   "closes_at": "2026-12-01T02:00:00Z", "beacon_time": "2026-12-01T02:15:00Z"}
要匹配人员再加 · to match inspectors: "matching": {"slots": [{"department": "SCJG", "skills": ["food"], "count": 2}]}
人员名单 · inspectors: .csv 或 .xlsx，第一行是列名：编号 部门 所属单位 负责片区 技能 上限 已有次数
  负责片区、技能可写多项，以 、 隔开；全部片区写“全部”；没有技能留空；其他列（姓名等）不读。回避名单：编号 对象
  也可用 inspectors.tsv、avoid.tsv（spec/vdp1.md 第8节）。
演练加 · for practice: "mode": "test"。字段说明见 spec/vdp1.md 第4节。
"""

KEYGEN_EXAMPLE = """OFFICE/keys/ 里要有 operator.key、registry.key、log.key；
见证人各自保管私钥，公钥逐行写入 OFFICE/keys/witnesses.vkey。
The office holds operator.key, registry.key and log.key; witnesses keep theirs, and their public keys stand line by
line in OFFICE/keys/witnesses.vkey. Without any, `commit` makes keys for practice.
"""

Add = Callable[..., ArgumentParser]


def parser() -> ArgumentParser:
    """The whole command line."""
    top = ArgumentParser(
        prog="python -m gongchou.draw",
        description="公抽：任何人都能重算的抽取 · a draw anyone can recompute",
        epilog=ORDER,
        formatter_class=RawDescriptionHelpFormatter,
    )
    subs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    _before(subs)
    _draw(subs)
    _after(subs)
    _keys(subs)
    return top


def _verb(
    subs: _SubParsersAction[ArgumentParser], name: str, act: Callable[..., int], text: str, epilog: str = ""
) -> ArgumentParser:
    own = subs.add_parser(name, help=text, description=text, epilog=epilog, formatter_class=RawDescriptionHelpFormatter)
    own.set_defaults(act=act)
    own.add_argument("--lang", choices=LANGUAGES, default="zh", help="输出语言 · language of the output")
    return own


def _dated(own: ArgumentParser, *, office: bool = True) -> ArgumentParser:
    own.add_argument("--at", metavar="TIME", help="时间，如 2026-12-01T02:00:00Z；缺省为现在 · default: now")
    if office:
        own.add_argument("--office", type=Path, help="钥匙与日志所在目录；缺省为 DIR.office · keys and log")
    return own


def _on(own: ArgumentParser) -> ArgumentParser:
    own.add_argument("dir", type=Path, metavar="DIR")
    return own


def _seal(own: ArgumentParser) -> ArgumentParser:
    own.add_argument("--seal", type=Path, metavar="KEYFILE", help="密封用的密钥文件（64位十六进制）· campaign key")
    return own


def _before(subs: Any) -> None:
    own = _dated(
        _seal(_verb(subs, "frame", verbs.frame, "登记表 → 抽取名录 · a register into a frame", FRAME_EXAMPLE)),
        office=False,
    )
    own.add_argument("register", type=Path, metavar="REGISTER", help="登记表 .csv 或 .xlsx · the register")
    own.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="新目录 · a new directory")
    own.add_argument("--id", required=True, metavar="COLUMN", help="统一社会信用代码所在列 · column of the id")
    own.add_argument("--stratum", required=True, metavar="RULE", help="分层规则（见下）· strata")
    own.add_argument("--pool", metavar="RULE", help="片区，写法同分层；缺省为 ALL · pool, default ALL")
    own.add_argument("--unit", metavar="COLUMN", help="多场所对象所属企业的代码列 · enterprise of a site")
    own.add_argument("--map", type=Path, metavar="FILE", help="对照表：值,编号 或 列,值,编号 · value → id")
    own.add_argument("--pool-map", type=Path, metavar="FILE", help="片区对照表；缺省同 --map · default: --map")
    own.add_argument(
        "--scheme",
        choices=SCHEMES,
        default="USCC",
        help="编号制：USCC、REG（含15位旧号）、ID（任意规范编号）",
    )
    own.add_argument("--sheet", help="工作表名 · sheet of a workbook")
    own.add_argument(
        "--header",
        type=int,
        default=1,
        metavar="N",
        help="列名所在行，缺省为 1；其上各行不计 · row of the column names",
    )
    own.add_argument("--encoding", choices=("utf-8", "gb18030"), help="缺省自动识别 · default: detected")
    own.add_argument("--registry", default="REGISTRY", help="名录主管方编号 · id of the registry")
    own.add_argument("--scope", help="名录范围说明 · what the register covers")
    own.add_argument("--reasons", type=Path, help="封闭理由清单 reasons.json · closed lists of reasons")

    own = _seal(_on(_verb(subs, "exclude", verbs.exclude, "抽取前除外 · take objects out before the draw")))
    own.add_argument("--list", type=Path, required=True, help="每行：编号,理由[,证据摘要]")
    _dated(_on(_verb(subs, "universe", verbs.universe, "名录主管方签名 · the registry signs the universe")))

    own = _dated(_on(_verb(subs, "commit", verbs.commit, "冻结并公开承诺参数 · freeze and commit", COMMIT_EXAMPLE)))
    own.add_argument("--params", type=Path, required=True, help="草案（JSON）· the draft")
    own.add_argument("--inspectors", type=Path, metavar="FILE", help="人员名单（见下）· inspectors")
    own.add_argument("--avoid", type=Path, metavar="FILE", help="回避名单（见下）· recusals")

    own = _verb(subs, "contribute", verbs.contribute, "一方备下秘密值与承诺 · make a contribution")
    own.add_argument("party", metavar="PARTY")
    own.add_argument("--campaign", required=True)
    own.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="秘密值存放处，揭示前不要给人看")

    own = _dated(_on(_verb(subs, "reveal", verbs.reveal, "一方揭示其秘密值 · a contributor reveals")))
    own.add_argument("--party", required=True)
    own.add_argument("--secret", required=True, metavar="HEX")

    own = _dated(
        _on(_verb(subs, "reading", verbs.reading, "摇号、开奖的读数记入日志 · log what dice or a lottery showed"))
    )
    which = own.add_mutually_exclusive_group(required=True)
    which.add_argument("--source", type=int, metavar="K", help="第 K 个种子来源 · source of the seed")
    which.add_argument("--event", type=int, metavar="N", help="第 N 号席位重抽申请 · request for a substitute")
    own.add_argument("--value", required=True)
    own.add_argument("--reader", required=True, metavar="ID", help="录入人的编号 · who typed it")
    own.add_argument("--second", metavar="ID", help="核对人的编号；录入时不写 · who confirmed it")

    own = _dated(_on(_verb(subs, "close", verbs.close, "截止：信标之前定住一切人为来源 · close before the beacon")))
    own.add_argument("--value", action="append", metavar="K=VALUE", help="第 K 个来源（骰子、彩票）的取值，可重复")


def _draw(subs: Any) -> None:
    own = _on(_verb(subs, "seed", verbs.seed, "写出种子文件 · write the seed document"))
    own.add_argument("--office", type=Path)
    own.add_argument("--beacon", type=Path, metavar="FILE", help="drand.json")
    own.add_argument("--value", help="信标签名、彩票号码或数字 · value of the last source")

    add_run(_verb(subs, "run", verbs.run, "抽取并匹配 · select and match"))

    own = _seal(_verb(subs, "verify", checking.check, "核验证据包（目录或 zip）· verify a bundle"))
    own.add_argument("bundle", type=Path, metavar="DIR|ZIP")
    own.add_argument("--json", action="store_true", help="输出 JSON")
    own.add_argument("--trust", type=Path, metavar="FILE", help="可信钥匙清单 · accepted keys")
    own.add_argument("--allow-test", action="store_true", help="允许演练 · accept a practice run")
    own.add_argument("--real-ids", type=Path, metavar="FILE", help="真实名录（审计员用，配合 --seal）")

    own = _verb(subs, "ticket", checking.tickets, "计算票号 · compute tickets")
    own.add_argument("ids", nargs="+", metavar="ID")
    own.add_argument("--seed", required=True, metavar="HEX")
    own.add_argument("--mode", choices=("official", "test"), default="official")
    own.add_argument("--suite", choices=("sha256", "sm3"), default="sha256")
    own.add_argument("--draw", help="票号范围为单次抽取时的抽取编号")


def add_run(own: ArgumentParser) -> None:
    """Options of ``run``, which the engines offer too."""
    _dated(_on(own))
    own.add_argument("--seed-input", type=Path, metavar="FILE", help="种子文件；缺省为 DIR/seed-input.txt")
    own.add_argument("--beacon", type=Path, metavar="FILE", help="drand.json")


def _after(subs: Any) -> None:
    own = _seal(_dated(_verb(subs, "receipt", checking.receipt, "为什么抽中／没抽中我 · why me, why not me")))
    own.add_argument("dir", type=Path, metavar="DIR", nargs="?")
    own.add_argument("id", metavar="ID", nargs="?")
    own.add_argument("--draw")
    own.add_argument("-o", "--output", type=Path)
    own.add_argument("--check", type=Path, metavar="FILE", help="核对一份回执 · check a receipt")
    own.add_argument(
        "--bundle", type=Path, metavar="DIR|ZIP", help="与这份证据包对照（配合 --check）· against a bundle"
    )

    own = _on(_verb(subs, "reserve", verbs.reserve, "各层下一个备选 · next of the reserve"))
    own.add_argument("--office", type=Path)
    own.add_argument("--draw")

    own = _dated(_on(_verb(subs, "replace", verbs.replace, "用备选替换 · replace from the reserve")))
    own.add_argument("--out", required=True, metavar="ID")
    own.add_argument("--reason", required=True)
    own.add_argument("--evidence", required=True, metavar="SHA256")
    own.add_argument("--second", required=True, metavar="AUTHORITY", help="第二人所在单位")
    own.add_argument("--draw")

    own = _dated(_on(_verb(subs, "substitute", verbs.substitute, "席位重抽 · deal a seat again")))
    own.add_argument("--object", metavar="ID")
    own.add_argument("--slot", type=int)
    own.add_argument("--out", metavar="INSPECTOR", help="被换下的人；空缺则不写")
    own.add_argument("--reason", default="absent")
    own.add_argument("--evidence", metavar="SHA256")
    own.add_argument("--second", metavar="AUTHORITY")
    own.add_argument("--issue", help="彩票期号")
    own.add_argument("--event", type=int, help="完成第几号申请")
    own.add_argument("--beacon", type=Path, metavar="FILE")
    own.add_argument("--value")

    own = _dated(_on(_verb(subs, "withdraw", verbs.withdraw, "撤回 · withdraw a draw")))
    own.add_argument("--reason", required=True)
    own.add_argument("--second", metavar="AUTHORITY")
    own.add_argument("--draw")


def _keys(subs: Any) -> None:
    own = _verb(subs, "keygen", custody.keygen, "生成钥匙 · make a key", KEYGEN_EXAMPLE)
    own.add_argument("name", help="签名者名称 · name to sign under")
    own.add_argument("--kind", choices=("operator", "registry", "log", "witness", "seal"), required=True)
    own.add_argument("-o", "--output", type=Path, required=True)

    own = _dated(_verb(subs, "witness", custody.witness, "见证人共签最新检查点 · cosign the latest checkpoint"))
    own.add_argument("--key", type=Path, required=True)
    own.add_argument("--state", type=Path, required=True, help="上次共签的检查点 · what this witness signed last")

    own = _dated(_on(_verb(subs, "log", custody.log, "日志 · the log")))
    own.add_argument("action", choices=("show", "check", "refresh"))

    own = _on(_verb(subs, "pack", custody.pack, "打包为 zip · pack into a zip"))
    own.add_argument("-o", "--output", type=Path, required=True)
    own.add_argument("--office", type=Path)
    own.add_argument("--public", action="store_true", help="不含密封的人员匹配 · without a sealed match")
