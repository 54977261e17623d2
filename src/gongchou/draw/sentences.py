"""What a person reads when something is refused or noted: Chinese first, an English twin.

A sentence says what is wrong and how to mend it; the place (a file, a line of the log) is put before it.
Braces name facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import NamedTuple

LANGUAGES = ("zh", "en")

_Pair = tuple[str, str]

CHECKS: dict[str, _Pair] = {
    "files": ("文件齐全，内容与签名清单一致，格式规范", "files are complete, listed, signed and well-formed"),
    "log": ("公开日志的签名、见证和证明成立", "the public log's signatures, witnesses and proofs hold"),
    "plan": ("本计划事项只有这一次有效抽取", "this plan item has this one live draw"),
    "commitment": ("参数就是事先承诺的参数", "the parameters are those committed beforehand"),
    "times": ("承诺、截止都早于信标", "commitment and close came before the beacon"),
    "digests": ("名录、除外名单、分层与参数所述一致", "frame, exclusions and strata are as stated"),
    "opening": ("化名与真实名录一一对应", "pseudonyms open to the real list, one to one"),
    "quotas": ("各层抽取数由规则算出", "sample sizes follow from the rules"),
    "close": ("截止文件与各方揭示一致", "the close agrees with what was revealed"),
    "beacon": ("信标轮次和签名真实", "the beacon is the named round, truly signed"),
    "seed": ("种子由种子文件算出", "the seed follows from the seed document"),
    "selection": ("抽中名单逐字节重算一致", "the selection recomputes byte for byte"),
    "replacements": ("替换依次取自备选，有据可查", "replacements came from the reserve in order"),
    "matching": ("检查人员匹配重算一致", "the matching of inspectors recomputes"),
    "substitutions": ("席位重抽由各自公布的随机数重算一致", "substitutions follow from their published values"),
    "campaign": (
        "同批各次抽取共用种子，无一遗漏",
        "the draws of the campaign share one seed, none is left out",
    ),
    "software": ("所用软件仅作说明，不作依据", "the software is reported, not trusted"),
    "summary": ("汇总", "summary"),
}

MARKS: dict[str, _Pair] = {
    "self_attested": (
        "自证：没有给出可信钥匙清单，证据包里的钥匙只能证明前后一致，不能证明是谁；请用 --trust 指定",
        "self-attested: no trust file was given; keys inside a bundle prove nothing about their owner (use --trust)",
    ),
    "test_mode": ("这是演练，不是正式抽取", "this is a practice run, not an official draw"),
    "strength": (
        "来源强度为 {strength}（L 指定期号的彩票开奖、N 现场摇号），弱于公共随机信标",
        "the seed's strength is {strength}",
    ),
    "private_chain": ("信标来自非公共网络 {chain}", "the beacon is of a private chain {chain}"),
    "reveal_missing": (
        "{party} 没有按时揭示，按约定以 missing 计入",
        "{party} did not reveal in time; `missing` stands",
    ),
    "withdrawn": (
        "{campaign} 的抽取 {draw} 在种子产生前撤回",
        "draw {draw} of {campaign} was withdrawn before its seed",
    ),
    "withdrawn_after_seed": (
        "{campaign} 的抽取 {draw} 在种子可知之后撤回，当时结果已可算出",
        "draw {draw} of {campaign} was withdrawn when its seed, and so its result, could be known",
    ),
    "others_withdrawn_after_seed": (
        "同一机关另有 {count} 次抽取在种子可知之后撤回，见“其他承诺”",
        "the same authorities withdrew {count} other draws after their seeds could be known; see the other commits",
    ),
    "by_unit": (
        "按单位抽取：哪些对象属于同一单位只有机关自己的说法，须由审计员用真实名录核对",
        "drawn by unit: which objects belong together is the office's word, until an auditor compares the real list",
    ),
    "substitution_void": (
        "有 {count} 次席位重抽申请见证过迟而作废，没有换人",
        "{count} requests for a substitute were witnessed too late and are void",
    ),
    "substitution_open": (
        "有 {count} 项席位重抽（补配）申请还在等待决定它的随机数，最早一项于 {since} 提出",
        "{count} requests to deal a slot again wait for the random value that decides, the first since {since}",
    ),
    "reading_changed": (
        "第 {source} 个来源先后录入过 {count} 个不同的读数，以最后一个为准；请对照录像和见证人记录",
        "source {source} was typed with {count} different values; the last counts: look at the record of the ceremony",
    ),
    "reading_unlogged": (
        "第 {source} 个来源的读数没有记入公开日志，看不出是否录入过别的值",
        "the log holds no reading of source {source}, so other values may have been typed before",
    ),
    "event_reading_changed": (
        "第 {event} 号席位重抽先后录入过 {count} 个不同的读数，以最后一个为准；请对照录像和见证人记录",
        "event {event} was typed with {count} different values; the last counts: look at the record of the ceremony",
    ),
    "event_reading_unlogged": (
        "有 {count} 次席位重抽的读数没有记入公开日志，看不出是否录入过别的值",
        "the log holds no reading of {count} substitutions, so other values may have been typed before",
    ),
    "authorities_open": (
        "信任文件没有列出部门（authority），一个机关可能换名承诺",
        "the trust file names no authority, so one office could commit under several names",
    ),
    "replaced_many": (
        "抽取 {draw} 的 {stratum} 层替换超过五十分之一",
        "more than 1 in 50 were replaced in {draw} {stratum}",
    ),
    "match_sealed": (
        "人员匹配未在本包公开，未核对",
        "the match is not part of this bundle and was not checked",
    ),
    "fewer_than_two": ("有检查任务的人员不足两名", "a task has fewer than two inspectors"),
    "standing_teams": (
        "有 {count} 个席位由检查小组整组承担，组员由审计员核对",
        "{count} slots are of standing teams, whose members auditors see",
    ),
    "substituted": ("席位重抽共 {count} 次", "slots were dealt again {count} times"),
    "substitution_asked": (
        "公开日志里有 {count} 项席位重抽（补配）申请；匹配密封，看不出办结了几项",
        "the log holds {count} requests to deal a slot again; the match is sealed, so nobody sees how many were dealt",
    ),
    "substituted_again": (
        "{object} 第 {slot} 席重抽了不止一次",
        "slot {slot} of {object} was substituted more than once",
    ),
    "slots_open": ("替换进来的对象还有 {count} 个席位没有检查人员", "{count} slots of replacing objects have nobody"),
    "unfilled": (
        "有 {count} 个席位无人可配，已附证明",
        "{count} slots could not be filled; the proof is attached",
    ),
    "substitution_source": (
        "第 {event} 号席位重抽所用的来源无法由日志证明其时间",
        "the log cannot prove how late the source of event {event} was",
    ),
}

REJECTIONS: dict[str, _Pair] = {
    "undecodable": (
        "本行有无法识别的字节，请以 UTF-8 或 GB18030 重新导出",
        "the row has broken bytes; export it again as UTF-8 or GB18030",
    ),
    "blank": ("空行，可删去", "an empty row"),
    "repeated_header": ("重复的表头，请删去本行", "the header again; delete this row"),
    "ragged": (
        "单元格数与表头不符（{value}），请检查错位或多余的分隔符",
        "cells do not match the header ({value})",
    ),
    "id_empty": ("“{column}”为空，请补全", "{column} is empty"),
    "id_full_width": ("“{column}”含全角字符，请改为半角", "{column} holds full-width characters"),
    "id_space": ("“{column}”前后有空格或制表符，请删去", "{column} has blanks around it"),
    "id_lower_case": ("“{column}”含小写字母，请核对后改为大写", "{column} holds lower-case letters"),
    "id_old_number": (
        "“{column}”是15位旧注册号；如确需保留，请用 --scheme REG",
        "{column} is an old 15-digit number; keep it with --scheme REG",
    ),
    "id_float": (
        "“{column}”被表格软件变成了数字，末几位已丢失，请从原系统以文本格式重新导出",
        "{column} was turned into a number by a spreadsheet and has lost digits",
    ),
    "id_shape": ("“{column}”不是规范的统一社会信用代码或编号", "{column} is not a credit code"),
    "id_check": ("“{column}”的校验位不对，请核对是否录错", "the check character of {column} is wrong"),
    "duplicate": (
        "与第 {first_line} 行完全相同，只取第一次",
        "the same as line {first_line}; the first is taken",
    ),
    "stratum_unmapped": (
        "“{column}”的值“{value}”不在对照表中，请补对照表或改正",
        "{column}: “{value}” is not in the map",
    ),
    "stratum_shape": (
        "分层“{value}”不是规范编号（大写字母、数字），请提供对照表",
        "stratum “{value}” is no id; give a map",
    ),
    "pool_unmapped": (
        "“{column}”的值“{value}”不在对照表中，请补对照表或改正",
        "{column}: “{value}” is not in the map",
    ),
    "pool_shape": (
        "片区“{value}”不是规范编号（大写字母、数字），请提供对照表",
        "pool “{value}” is no id; give a map",
    ),
    # Lists of people
    "cell_id": (
        "“{column}”的“{value}”不是规范编号（大写字母、数字、. _ -，最长54位）；部门、片区须写与名录、草案相同的编号",
        "“{value}” in {column} is no id (capital letters, digits, . _ -, at most 54)",
    ),
    "cell_skill": (
        "“{column}”的“{value}”不是规范的技能代码（小写字母、数字、_ -），请写草案里的代码，如 food",
        "“{value}” in {column} is no skill (lower-case letters, digits, _ -), such as food",
    ),
    "cell_list": (
        "“{column}”的“{value}”里有空项，请删去多余的分隔号",
        "“{value}” in {column} has an empty item; delete the separator that is too many",
    ),
    "cell_number": (
        "“{column}”的“{value}”不是整数，请只写数字，没有就写 0",
        "“{value}” in {column} is no whole number; write digits alone, 0 for none",
    ),
    "cell_twice": (
        "“{value}”在第 {first_line} 行已有，请只留一行",
        "“{value}” stands in row {first_line} already; keep one of them",
    ),
    "person_unknown": (
        "“{column}”的“{value}”不在人员名录中，请核对编号",
        "“{value}” in {column} is not on the list of inspectors",
    ),
}

REFUSALS: dict[str, _Pair] = {
    # Files and formats
    "not_found": ("找不到这个文件或目录", "no such file or directory"),
    "not_utf8": ("文件不是 UTF-8 文本，请另存为 UTF-8", "the file is not UTF-8 text"),
    "folder_exists": ("目录已存在且不为空，请换一个目录名", "the directory exists and is not empty"),
    "file_exists": ("文件已存在，不会覆盖", "the file exists and will not be overwritten"),
    "file_type": (
        "不支持的文件类型（{suffix}）；请用 .csv 或 .xlsx",
        "file type {suffix} is not supported: .csv or .xlsx",
    ),
    "file_missing": ("缺少这个文件", "the file is missing"),
    "file_extra": (
        "多出这个文件：清单里没有，或不该出现在证据包中",
        "a file that is not listed or has no place here",
    ),
    "file_size": (
        "文件大小为 {found} 字节，清单写的是 {stated}：被截断或改动",
        "size {found}, stated {stated}",
    ),
    "file_digest": ("文件内容与签名清单的摘要不符：被改动过", "the content differs from the signed manifest"),
    "manifest_missing": ("缺少清单或清单签名", "the manifest or its signature is missing"),
    "manifest_invalid": ("清单内容不规范（{field}）", "the manifest is malformed ({field})"),
    "manifest_signature": ("清单的签名不成立：清单或签名被改动", "the manifest's signature does not hold"),
    "path_invalid": ("不允许的文件名或路径", "a path that is not allowed"),
    "zip_invalid": (
        "压缩包不是规定的形式（{entry} {reason}）；请用 pack 命令打包，不要用压缩软件",
        "the zip is not in the prescribed form ({entry} {reason}); use the pack verb",
    ),
    "zip_too_large": (
        "证据包太大，不能装进一个压缩包，请直接传目录",
        "too large for a zip; hand over the directory",
    ),
    "json_invalid": ("JSON 不是规范写法：{reason}", "the JSON is not canonical: {reason}"),
    "json_field": ("字段 {field} 不合规定：{value}", "field {field} is not allowed: {value}"),
    "table_invalid": (
        "第 {line} 行不合格式（{reason}）：{text}",
        "line {line} is malformed ({reason}): {text}",
    ),
    "table_order": (
        "第 {line} 行未按字节升序或与上一行重复：{text}",
        "line {line} is out of order or repeated: {text}",
    ),
    "frame_duplicate": ("检查对象 {object} 出现了两次", "object {object} occurs twice"),
    "time_invalid": (
        "时间“{value}”不合规定，应为 2026-12-01T02:00:00Z 的形式",
        "“{value}” is not a time like 2026-12-01T02:00:00Z",
    ),
    "base64_invalid": ("base64 写法不规范", "the base64 is not canonical"),
    "note_invalid": ("签名文件格式不规范", "the signed note is malformed"),
    "key_invalid": ("公钥文件不规范", "the key file is malformed"),
    "key_untrusted": ("{role} 的钥匙不在可信清单中：{key}", "the {role} key is not trusted: {key}"),
    "trust_invalid": (
        "可信清单第 {line} 行不合格式：{text}",
        "line {line} of the trust file is malformed: {text}",
    ),
    "suite_unknown": ("不认识的算法套件 {suite}", "unknown suite {suite}"),
    "suite_missing": ("本机的 Python 不支持 {suite}", "this Python has no {suite}"),
    "seed_invalid": ("种子应为64位小写十六进制：{value}", "a seed is 64 lower-case hex digits: {value}"),
    "id_invalid": (
        "“{value}”不是规范编号（大写字母、数字、. _ -，最长54位）",
        "“{value}” is no id (capital letters, digits, . _ -, at most 54)",
    ),
    "prefix_invalid": ("前缀应为64位十六进制", "a prefix is 64 hex digits"),
    "secret_invalid": ("私钥文件不规范", "the secret key file is malformed"),
    "seal_key": ("密钥文件应只有64位十六进制数字", "the key file must hold 64 hex digits"),
    # Log
    "checkpoint_invalid": ("检查点格式不规范", "the checkpoint is malformed"),
    "checkpoint_signature": (
        "检查点的日志签名不成立（大小 {size}）",
        "the log's signature does not hold (size {size})",
    ),
    "checkpoint_witnesses": ("见证人不足：需要 {needed}，有效 {found}", "{found} of {needed} witnesses"),
    "proof_invalid": ("证明文件格式不规范", "the proof is malformed"),
    "inclusion": (
        "第 {index} 号记录不在大小为 {size} 的日志中：记录或证明被改动",
        "entry {index} is not in the log of {size}",
    ),
    "consistency": (
        "日志前后不一致（大小 {size}）：有人改写过历史",
        "the log is not consistent at size {size}",
    ),
    "entry_invalid": ("日志记录不规范（{field}）", "the log entry is malformed ({field})"),
    "chain_broken": (
        "部门记录链断开：第 {seq} 条的 {field} 不对，有缺号或改动",
        "the authority's chain breaks at {seq} ({field})",
    ),
    "entry_missing": (
        "日志中应恰有一条 {type} 记录，实有 {found} 条",
        "the log must hold one {type} entry, found {found}",
    ),
    "entry_files": (
        "{type} 记录所载的文件摘要与证据包不符：{names}",
        "the {type} entry's files differ: {names}",
    ),
    "time_backwards": ("时间 {at} 早于日志最近一条 {latest}", "{at} is before the latest entry, {latest}"),
    "witnesses_missing": ("还没有 {needed} 个见证人共签", "fewer than {needed} witnesses have signed"),
    # Plan, commitment, times
    "plan_two_live": (
        "同一计划事项“{plan}”还有另一次有效抽取 {draw}",
        "another live draw {draw} for “{plan}”",
    ),
    "draw_withdrawn": ("抽取 {draw} 已撤回", "draw {draw} was withdrawn"),
    "draw_committed_twice": ("抽取 {draw} 承诺了两次", "draw {draw} was committed twice"),
    "supersedes_invalid": (
        "重抽的承诺写的是 {draw}，应为 {due}（{reason}）",
        "the successor says {draw}, due is {due} ({reason})",
    ),
    "log_cut": (
        "日志共 {size} 条，缺第 {index} 条：名单末尾之后的记录不能省去，否则撤回可以被藏起来",
        "the log has {size} entries and number {index} is left out; a withdrawal could be hidden behind the end",
    ),
    "withdrawn_in_place": (
        "{folder} 里的抽取 {draw} 已撤回：请先把该目录移到别处，再继续其余的抽取",
        "draw {draw} in {folder} was withdrawn: move its directory elsewhere, then go on with the others",
    ),
    "authority_untrusted": (
        "信任文件没有列出部门 {authority}，请核实后在信任文件加一行 authority {authority}",
        "the trust file does not name authority {authority}; once you know it, add a line authority {authority}",
    ),
    "real_ids_invalid": (
        "真实名录第 {line} 行不合格式（编号、化名、单位以制表符分隔）：{text}",
        "line {line} of the real list is not ID, pseudonym and unit with TABs between: {text}",
    ),
    "disclosure_after": (
        "草稿有密封的内容，请在 disclosure 里写明公开时间 after，例如 2026-12-31T00:00:00Z",
        "something is sealed: say in the draft's disclosure when it is opened, such as after 2026-12-31T00:00:00Z",
    ),
    "request_missing": (
        "机关目录里没有第 {event} 号重抽申请的内容，请从备份恢复该文件",
        "the office has no record of what request {event} asked for; restore the file from a backup",
    ),
    "withdrawal_invalid": (
        "撤回 {draw} 不合规定（{reason}）",
        "the withdrawal of {draw} is not allowed ({reason})",
    ),
    "commitment_mismatch": (
        "参数的哈希与承诺不符：承诺后参数被改动",
        "the parameters are not the committed ones",
    ),
    "commit_fields": ("承诺记录的 {field} 与参数不符", "the commit's {field} differs from the parameters"),
    "mode_test": (
        "这是演练（test）抽取；若确要核对，请加 --allow-test",
        "a practice run; use --allow-test to check it",
    ),
    "commit_late": (
        "承诺晚了：须在信标时间之前至少提前规定的秒数（{beacon_time}）",
        "committed too late before the beacon ({beacon_time})",
    ),
    "close_early": ("截止记录早于规定的截止时间 {closes_at}", "closed before {closes_at}"),
    "close_late": ("截止记录晚于信标：此时结果已可预知，抽取无效", "closed after the beacon could be known"),
    "not_before_late": ("所引信标第 {round} 轮晚于承诺", "the quoted round {round} is after the commit"),
    # Tables
    "size_mismatch": ("行数 {found} 与所述 {stated} 不符：有增删", "{found} lines, stated {stated}"),
    "digest_mismatch": ("内容与所述摘要不符：被改动", "the content differs from the stated digest"),
    "root_mismatch": ("默克尔根与所述不符", "the Merkle root differs from the stated one"),
    "universe_signature": ("名录主管方的签名不成立", "the registry's signature does not hold"),
    "universe_counts": ("读入行数不等于接收与拒收之和", "rows read are not accepted plus rejected"),
    "universe_list": (
        "名录与除外名单合起来不等于登记全集（{found}/{stated}）：有遗漏或添加",
        "frame and exclusions are not the universe ({found}/{stated})",
    ),
    "stratum_size": (
        "{stratum} 层有 {found} 户，参数写 {stated} 户",
        "stratum {stratum} has {found}, stated {stated}",
    ),
    "stratum_unknown": (
        "{stratum} 层只见于名录或只见于参数",
        "stratum {stratum} is not in both frame and parameters",
    ),
    "reason_unknown": (
        "理由 {reason} 不在封闭清单中（{reasons}）",
        "reason {reason} is not on the list ({reasons})",
    ),
    "reason_counts": ("除外理由的计数与参数不符", "the counts of reasons differ"),
    "frame_excluded_overlap": (
        "对象 {object} 既在名录又在除外名单，或除外两次",
        "object {object} is in both tables",
    ),
    "seal_mismatch": ("登记全集与参数对是否密封的说法不一", "universe and parameters differ about sealing"),
    "rejected_digest": ("拒收清单与登记全集所载摘要不符", "rejected.csv differs from the stated digest"),
    "key_commitment": (
        "密钥与事先公布的密钥承诺不符：不是这次抽取的密钥",
        "the key is not the committed one: it belongs to another draw",
    ),
    "pid_mismatch": (
        "有 {ghosts} 个化名在真实名录中找不到对应的对象，例如 {example}",
        "{ghosts} pseudonyms open to no real object, {example} for one",
    ),
    "not_in_frame": ("名录里没有 {object}", "{object} is not in the frame"),
    "not_in_list": ("名录和除外名单里都没有 {object}", "{object} is in neither table"),
    # Quotas
    "quota_mismatch": (
        "{stratum} 层应抽 {computed}，参数写 {stated}",
        "stratum {stratum}: {computed}, stated {stated}",
    ),
    "quota_invalid": (
        "抽取规则不成立（{reason}），层：{stratum}",
        "the rule is impossible ({reason}), stratum: {stratum}",
    ),
    "quota_above_pool": (
        "{stratum} 层只有 {size} 户，抽不出 {n} 户",
        "stratum {stratum} has {size}, cannot draw {n}",
    ),
    "reserve_bound": ("{stratum} 层备选数超过剩余户数", "the reserve of {stratum} exceeds what is left"),
    "ratio_invalid": (
        "比例“{text}”不合格式，请写 3%、2.5% 或 1/30",
        "“{text}” is not a ratio like 3%, 2.5% or 1/30",
    ),
    "stratum_empty": (
        "名录里没有 {stratum} 层的对象；现有：{known}",
        "no object in stratum {stratum}; there are {known}",
    ),
    "stratum_ambiguous": (
        "{stratum} 层同时给出了几种抽取办法（{keys}），请只留一种：ratio、n 或 weight",
        "stratum {stratum} is told in several ways ({keys}); keep one of ratio, n, weight",
    ),
    "stratum_without_ratio": (
        "{stratum} 层没有给出比例，也没有通用的“*”",
        "no ratio for {stratum} and no “*”",
    ),
    # Seed
    "source_order": (
        "种子来源的次序不合规定（{reason}）：人为来源在前，信标最后",
        "the order of sources is wrong ({reason})",
    ),
    "close_text": ("截止文件或种子文件与参数、承诺不符：{line}", "the seed document differs: {line}"),
    "value_invalid": ("{source} 来源的取值不合格式：{value}", "the value of {source} is malformed: {value}"),
    "value_needed": (
        "第 {number} 个来源（{type}）还没有给出取值",
        "source {number} ({type}) has no value yet",
    ),
    "reveal_mismatch": ("{party} 的揭示与其承诺不符", "what {party} revealed is not what it committed"),
    "reveal_missing": (
        "截止文件中 {party} 的取值与日志中的揭示记录不符：揭示了却写 missing，或没有揭示却有值",
        "the close and the logged reveals of {party} differ",
    ),
    "reading_late": (
        "日志中的读数不在应有的时间：应在承诺之后、截止之前，最后的来源在截止之后、种子之前，席位重抽的在申请之后；"
        "或者所指的来源、申请不是由读数决定的",
        "the reading was logged at the wrong time, or of no such source or request",
    ),
    "reading_mismatch": (
        "日志中第 {source} 个来源最后的读数与所用的不同",
        "the last logged reading of source {source} is not what was used",
    ),
    "reading_alone": (
        "日志中第 {source} 个来源的读数没有另一人核对",
        "nobody else confirmed the reading of source {source}",
    ),
    "reveal_unknown": ("参数里没有 {party} 这一方（{parties}）", "{party} is not a contributor ({parties})"),
    "chain_hash": ("信标链的哈希不符：不是参数指定的那条链", "the beacon is of another chain"),
    "chain_untrusted": (
        "信标链 {chain} 既不公共也不在可信清单中",
        "chain {chain} is neither public nor trusted",
    ),
    "beacon_round": ("信标轮次不符：应为 {stated}，现为 {computed}", "round {computed}, should be {stated}"),
    "beacon_signature": ("信标第 {round} 轮的签名不成立", "the signature of round {round} does not hold"),
    "beacon_point": ("信标签名不是合法的曲线点（{reason}）", "the signature is no valid point ({reason})"),
    "beacon_source": ("最后一个来源是 {type}，不需要信标文件", "the last source is {type}, not a beacon"),
    "seed_mismatch": (
        "日志中的种子与种子文件算出的不符",
        "the logged seed is not the hash of the seed document",
    ),
    "seed_input": (
        "种子文件不是截止文件再加一行规定的信标",
        "the seed document is not the close and one line more",
    ),
    # Selection and after
    "selection_mismatch": (
        "抽取结果不符：重算为“{computed}”，文件中为“{found}”",
        "computed “{computed}”, found “{found}”",
    ),
    "replacement_invalid": (
        "替换不合规定（{reason}）：{object}",
        "the replacement is not allowed ({reason}): {object}",
    ),
    "matching_mismatch": (
        "人员匹配不符：重算为“{computed}”，文件中为“{found}”",
        "computed “{computed}”, found “{found}”",
    ),
    "matching_input": ("回避表里的人员 {text} 不在人员名录中", "inspector {text} is not on the list"),
    "substitution_invalid": ("席位重抽不合规定（{reason}）", "the substitution is not allowed ({reason})"),
    "campaign_mixed": ("同批抽取的 {field} 不一致", "the draws of the campaign differ in {field}"),
    "campaign_incomplete": (
        "本批承诺过的抽取与证据包不符：{draws}",
        "committed draws and bundle differ: {draws}",
    ),
    "campaign_order": ("同批抽取的先后有误（{field}）", "the order of the draws is wrong ({field})"),
    "pool_conflict": ("对象 {object} 在两份名录中属于不同片区", "object {object} is in different pools"),
    "receipt_wrong": ("回执不成立（{field}）", "the receipt does not hold ({field})"),
    "receipt_early": ("{after} 之前不向任何人开具回执", "no receipt for anyone before {after}"),
    # Working with the tools
    "encoding": (
        "文件编码是 {found}，请另存为 UTF-8 或 GB18030",
        "the file is {found}; save it as UTF-8 or GB18030",
    ),
    "quote_open": (
        "第 {line} 行起有一个没有闭合的双引号，后面的行会被吞掉；请在该行补上或删去引号",
        "a quotation mark opens at line {line} and never closes",
    ),
    "csv_invalid": ("第 {line} 行不能按 CSV 读取：{reason}", "line {line} cannot be read as CSV: {reason}"),
    "xlsx_reader_missing": (
        "读 .xlsx 需要安装 python-calamine；或另存为 .csv（UTF-8）再试",
        "reading .xlsx needs python-calamine; or save as .csv (UTF-8)",
    ),
    "file_disguised": (
        "名称是 {suffix}，内容却是 {kind} 文件；请按真实类型改名，或另存为 .csv",
        "named {suffix}, but the content is {kind}; rename it or save it as .csv",
    ),
    "line_ends": (
        "只用回车（CR）换行的旧式文本，请另存为 CRLF 或 LF 换行的 .csv",
        "the lines end with CR alone; save as .csv with CRLF or LF",
    ),
    "xlsx_too_large": (
        "工作簿展开后太大（{part}）：可能在很远的单元格里有内容；请删去多余行列，或另存为 .csv",
        "the workbook unfolds to too much ({part}): a far cell is filled, perhaps; trim it or save as .csv",
    ),
    "xlsx_unworked": (
        "工作表“{sheet}”的单元格 {cell} 里的公式没有结果，会被读成空白；请用表格软件打开这个工作簿，保存后再试",
        "the formula in {sheet}, {cell}, has no result and would be read as nothing; open the workbook in a spreadsheet and "
        "save it",
    ),
    "xlsx_invalid": ("不能打开这个工作簿：{reason}", "the workbook cannot be opened: {reason}"),
    "sheet_missing": ("没有名为“{sheet}”的工作表；有：{sheets}", "no sheet “{sheet}”; there are {sheets}"),
    "register_empty": (
        "文件里没有表头：第 {line} 行须是列名（表头不在第一行时，用 --header 指定行号）",
        "the register has no header: line {line} must name the columns (--header says which line it is)",
    ),
    "header_elsewhere": (
        "表头不在所说的那一行：那里没有“{column}”列，所需的列都在第 {line} 行；请用 {options}",
        "the header is not where it was said to be: there is no column “{column}”, while line {line} names all that is "
        "needed; use {options}",
    ),
    "sheet_elsewhere": (
        "这张工作表里没有“{column}”列，所需的列都在工作表“{sheet}”的第 {line} 行；请用 {options}",
        "this sheet has no column “{column}”, while line {line} of sheet “{sheet}” names all that is needed; "
        "use {options}",
    ),
    "no_rows": ("只有表头，没有一行数据", "there is a header and not one row"),
    "column_missing": ("表头里没有“{column}”列；有：{columns}", "no column “{column}”; there are {columns}"),
    "column_twice": ("表头里“{column}”列出现不止一次，请改名", "the column “{column}” occurs more than once"),
    "contradiction": (
        "{object} 在第 {first_line} 行和第 {line} 行内容不同（共 {count} 处：{lines}）；请先核实改成一致，再重新读入",
        "{object} stands in lines {first_line} and {line} with different contents ({count} in all: {lines}); "
        "correct the register and read it again",
    ),
    "rule_invalid": (
        "规则“{text}”不合格式：用 列名、列名[起:止]、=常量，以 + 连接",
        "“{text}” is not a rule",
    ),
    "map_invalid": (
        "对照表第 {line} 行不合格式或前后矛盾：{text}",
        "line {line} of the map is malformed: {text}",
    ),
    "nothing_accepted": (
        "{read} 行全部被拒收，什么也没有写入；最多的原因如第 {line} 行（{reason}）：{told}",
        "all {read} rows were rejected and nothing was written; most often as in line {line}: {reason}",
    ),
    "exclusion_invalid": (
        "第 {line} 行不是“编号,理由[,证据摘要]”：{text}",
        "line {line} is not “id,reason[,evidence]”: {text}",
    ),
    "draft_json": ("草案不是合法的 JSON：{reason}", "the draft is not JSON: {reason}"),
    "draft_key": ("草案里有不认识的字段 {key}，请检查拼写", "unknown key {key} in the draft"),
    "draft_missing": ("草案缺少 {key}", "the draft lacks {key}"),
    "draft_type": ("草案的 {key} 类型不对", "the draft's {key} has the wrong type"),
    "inspectors_missing": (
        "参数要求匹配人员，但没有 inspectors.tsv；请用 --inspectors 指定",
        "no inspectors.tsv; use --inspectors",
    ),
    "people_invalid": (
        "有 {count} 行不能用，什么也没有读入；请改正后再试：{rows}",
        "{count} rows cannot be used and nothing was taken; correct them and try again:{rows}",
    ),
    "nothing_left": ("除外之后名录里一户不剩", "the exclusions leave nothing in the frame"),
    "inside_bundle": (
        "不能写进证据包目录本身，请换一个位置",
        "the output may not lie inside the bundle; choose another place",
    ),
    "arguments_missing": ("还缺参数：{names}（见 --help）", "missing: {names} (see --help)"),
    "os_error": ("不能读写（{reason}）", "cannot be read or written ({reason})"),
    "key_name": (
        "签名者名称不能为空，不能含空格或“+”",
        "the name of a signer holds no blank and no “+” and is not empty",
    ),
    "key_kind": ("这不是 {kind} 类的钥匙", "this is no {kind} key"),
    "seal_needed": ("名录是密封的，请用 --seal 给出密钥文件", "the frame is sealed: give its key file with --seal"),
    "already_revealed": ("{party} 已经揭示过", "{party} has revealed already"),
    "value_unneeded": (
        "第 {number} 个来源不需要给出取值；需要的是：{numbers}",
        "source {number} takes no value here; those that do: {numbers}",
    ),
    "not_committed": ("还没有承诺参数，请先 commit", "not committed yet: commit first"),
    "avoid_unknown_object": (
        "回避表里有 {count} 个对象不在名录或除外名单中，例如 {object}；"
        "密封的名录须写化名（见 auditor 目录的 real-ids.tsv）",
        "{count} objects of the recusals are in no frame, {object} for one; a sealed frame takes pseudonyms",
    ),
    "not_seeded": ("还没有种子文件，请先 seed（或用 --seed-input 指定）", "no seed document yet: seed first"),
    "already_committed": (
        "这次抽取已经承诺，不能再改；确有错误请 withdraw 后另行承诺",
        "already committed; withdraw to correct",
    ),
    "not_closed": ("还没有截止，请先 close", "not closed yet: close first"),
    "already_closed": ("已经截止，不能再改", "already closed"),
    "already_drawn": (
        "已经抽取并入日志；再运行也只会是同一结果",
        "already drawn; running again would give the same",
    ),
    "not_drawn": ("还没有抽取，请先 run", "not drawn yet: run first"),
    "draw_unknown": ("没有这次抽取 {draw}；有：{draws}", "no draw {draw}; there are {draws}"),
    "engine_missing": (
        "快速引擎需要安装 {module}；不装也可以用 python -m gongchou.draw run",
        "the engine needs {module}",
    ),
    "engine_ticket": ("数据库算出的票号与核心不同：{got}", "the database computes other tickets than the core: {got}"),
    "engine_order": ("数据库返回的行次序不对", "the database returned rows out of order"),
    "engine_rows": ("数据库返回的行数不对：应为 {expected}，实为 {got}", "{got} rows came back, not {expected}"),
    "engine_suite": ("快速引擎不支持 {suite}，请用 gongchou.draw", "engines do not support {suite}"),
}

REASONS: dict[str, str] = {
    "ratio": "比例须在0到1之间且分母不为0",
    "bounds": "下限大于上限",
    "rounding": "取整方式",
    "total above pool": "总数超过各层户数之和",
    "weights are zero": "权重全为0",
    "reserve ratio": "备选比例",
    "hamilton": "总数与权重须同时给出",
    "ratio missing": "缺少比例",
    "ratio and weight": "比例与权重只能取一",
    "grammar": "不合规定的字符或列数",
    "repeated": "重复",
    "list not ascending": "列表未升序",
    "last line has no LF": "末行没有换行，可能被截断",
    "line too long": "行过长",
    "file ends early": "文件提前结束",
    "not canonical": "不是规范写法",
    "a key occurs twice": "同一键出现两次",
    "nested too deep": "嵌套太深",
    "compressed": "使用了压缩",
    "end record": "结尾记录不符",
    "directory": "目录不符",
    "local header": "文件头不符",
    "size": "大小不符",
    "crc": "校验和不符",
    "order or gap": "次序不对或有空隙",
    "last": "最后一个来源不能是各方揭示，且至少要有一个来源",
    "drand": "drand 只能在最后",
    "party": "各方名称重复或不规范",
    "no commit": "没有对应的承诺",
    "second person": "缺少第二人，须是另一部门的编号",
    "no second person": "缺少第二人（须是另一部门的编号）或证据",
    "withdrawn already": "已经撤回过",
    "void": "见证时间已晚于决定轮次，应记为 void；或未晚而记为 void",
    "not the last one": "应写本计划事项最近一次撤回的抽取，没有则为空",
    "successor too soon": "种子可知之后撤回的，重抽的信标时间须在撤回24小时之后",
    "too long": "文件过长",
    "log and table differ": "日志与表格不一致",
    "not allowed by the parameters": "参数不允许；对象用 replace、席位重抽用 substitute、整次抽取用 withdraw，各看参数",
    "reason not listed": "理由不在封闭清单",
    "not in the sample": "不在抽中名单内；席位重抽用 substitute",
    "reserve used up": "备选已用完；席位重抽用 substitute，整次抽取有误时用 withdraw 撤回再抽",
    "out of order": "没有按备选次序",
    "no such slot": "没有这个席位",
    "slot is not held so": "该席位并非由所称人员担任",
    "another inspector": "重算得到的是另一人",
    "round": "轮次或时间不符",
    "another reading": "日志中最后的读数与所用的不同",
    "read by one": "日志中的读数没有另一人核对",
    "source": "来源与参数不符",
    "authority": "并非本批部门",
    "no such request": "没有这条重抽申请",
    "not a workbook": "不是有效的 .xlsx，可能加了密码、是旧版 .xls，或只是改了扩展名",
    "asked already": "该席位已有一条未完成的重抽申请",
    "an earlier request waits": "更早的重抽申请尚未完成",
    "no match": "本次没有匹配人员",
    "unknown inspector": "名录中没有此人",
    "combination": "与其他字段不相容",
    "missing": "缺少",
    "unknown": "不认识",
}

# In English a reason says itself; these say what else there is.
HINTS: dict[str, str] = {
    "not allowed by the parameters": "not allowed by the parameters; replace deals with objects, substitute with "
    "inspectors, withdraw with the whole draw",
    "not in the sample": "not in the sample; an inspector is changed with substitute",
    "reserve used up": "reserve used up; substitute deals with inspectors, withdraw with the whole draw",
}

_ALL = {**MARKS, **REFUSALS, **REJECTIONS}


class Told(NamedTuple):
    """A fact that is itself told in the language of the reader, one text for each."""

    zh: str
    en: str


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


def sentence(code: str, facts: Mapping[str, object] | None = None, *, lang: str = "zh") -> str:
    """The sentence of a refusal or mark; an unknown code is shown as it is rather than hidden."""
    pair = REFUSALS.get(code) or MARKS.get(code) or REJECTIONS.get(code)
    if pair is None:
        return code
    words = {key: _word(key, value, lang) for key, value in (facts or {}).items() if value is not None}
    return Formatter().vformat(pair[LANGUAGES.index(lang)], (), _Facts(_named(words))).strip()


def _named(words: Mapping[str, str]) -> dict[str, str]:
    """A stratum by its id and, where the bundle tells it, by what it is called."""
    label = words.get("label")
    return {**words, "stratum": f"{words['stratum']}（{label}）"} if label and "stratum" in words else dict(words)


def _word(key: str, value: object, lang: str) -> str:
    """Only reasons are words of ours; a column or field that is called ``size`` keeps its name."""
    if isinstance(value, Told):
        return value[LANGUAGES.index(lang)]
    text = str(value)
    words = REASONS if lang == "zh" else HINTS
    return words.get(text, text) if key in ("reason", "value") else text


def mark_sentence(code: str, facts: Mapping[str, object], *, lang: str = "zh") -> str:
    """The sentence of a reservation (its code may also be a refusal's)."""
    pair = MARKS.get(code)
    if pair is None:
        return sentence(code, facts, lang=lang)
    return Formatter().vformat(pair[LANGUAGES.index(lang)], (), _Facts(_named({k: str(v) for k, v in facts.items()})))


def reason_sentence(code: str, *, lang: str = "zh", **facts: object) -> str:
    """The sentence of a refused row."""
    return sentence(code, facts, lang=lang)


def check_sentence(name: str, *, lang: str = "zh") -> str:
    """What one of the eighteen checks shows."""
    return CHECKS[name][LANGUAGES.index(lang)]


def known_codes() -> set[str]:
    """Every code that has a sentence."""
    return set(_ALL)
