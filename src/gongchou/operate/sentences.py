"""What whoever runs the platform is told, and the exit code that goes with it."""

from __future__ import annotations

SENTENCES = {
    "operate.answers_missing": "缺少：{names}。请在命令行给出这些选项，或在终端里运行以便逐项填写。",
    "operate.answer_invalid": "{name}填写有误：{cause}",
    "operate.log_key_lost": "平台已有数据，日志密钥 {file} 却不见了。为免日志换了签名人，没有生成新的。请从离线备份放回 secret_key 和 keys 文件夹；或检查 GONGCHOU_HOME 是否指向正确的文件夹。",
    "operate.draw_key_lost": "平台已生成过抽取密钥，{file} 却不见了。为免公开日志换了签名人，没有生成新的。请从离线备份放回 keys 文件夹；确实已丢失的，用 draws_renew_key 更换，见 docs/operate/draws.md。",
    "operate.log_key_differs": "{file} 不是同名私钥的公钥。请从离线备份放回成对的 .key 和 .vkey 文件。",
    "operate.not_set_up": "还没有任何账号。请先运行 ./gongchou init。",
    "operate.no_database": "数据库用不了：{cause}。请检查 DATABASE_URL、数据库服务是否已启动，以及磁盘空间。",
    "operate.no_disk": "读写文件时出错：{cause}。没有留下不完整的文件。请检查磁盘空间和权限后再试。",
    "operate.no_superuser": "本平台没有超级用户，谁都不能独自做所有的事。首批管理员由 ./gongchou init 建立；以后由系统管理员开设账号，由两名安全管理员授予角色。",
    "operate.no_changing_passwords": "不能在命令行修改密码。忘记密码的，请系统管理员在网页上重置，操作会留痕。",
    "operate.file_exists": "文件 {file} 已经存在。备份不覆盖已有文件，请换一个文件名。",
    "operate.table_unknown": "数据库里有程序不认识的表：{tables}。为免漏备，已停止备份；请查明来源，或升级程序后再试。",
    "operate.not_migrated": "数据库结构与程序不一致。请先运行 ./gongchou migrate；新安装请运行 ./gongchou init。",
    "operate.passphrase_short": "口令太短：至少12个字符。请修改口令文件 {file} 的第一行。",
    "operate.file_unreadable": "读不到文件 {file}：{cause}",
    "operate.not_a_backup": "{file} 不是本平台的备份文件。请核对文件名。",
    "operate.truncated": "备份文件 {file} 不完整：末尾缺失，可能没有复制完。请重新复制，或换用另一份备份。",
    "operate.damaged": "备份文件 {file} 已损坏或被改动：{part}与记录的摘要或签名不符。请换用另一份备份。",
    "operate.other_version": "备份由另一版本的程序生成（备份 {theirs}，本机 {ours}），两者的数据库结构不同。请先安装备份所用的版本，恢复后再升级。",
    "operate.foreign_site": "这份备份属于另一个平台（{theirs}），不能恢复到本平台（{ours}）。如要另建，请把 GONGCHOU_HOME 指向一个空文件夹。",
    "operate.secret_differs": "本机的平台密钥与备份时的不同，恢复后已绑定的双因素验证将全部失效。请先放回原来的密钥；确实已丢失的，加上 --without-keys 再运行。",
    "operate.keys_missing": "备份不含明文密钥，本机缺少：{names}。请先从离线备份放回，或用 --passphrase-file 给出备份时的口令；确实已丢失的，加上 --without-keys 再运行。",
    "operate.wrong_passphrase": "口令不对，解不开备份里的密钥。",
    "operate.not_empty": "目标不是空的：{what}。恢复只写入空的平台；如要替换，请先停机并把原有数据移走。",
    "operate.in_use": "{what} 正在被另一个进程使用。请先停止网页服务和后台任务。",
    "operate.not_whole": "恢复后的核对没有通过：{what}。没有保留任何已写入的数据。",
    "operate.no_scratch": "建不了演练用的临时数据库：{cause}。请让数据库账号有建库权限。",
    "operate.copy_differs": "演练没有通过：{what}。",
}

# What a script can go by. 1 is any other refusal, 2 a wrong option.
EXITS = {
    "operate.not_a_backup": 3,
    "operate.truncated": 4,
    "operate.damaged": 5,
    "operate.other_version": 6,
    "operate.foreign_site": 7,
    "operate.wrong_passphrase": 8,
    "operate.not_empty": 9,
    "operate.in_use": 9,
    "audit.busy": 9,
    "operate.keys_missing": 10,
    "operate.secret_differs": 10,
    "operate.not_whole": 11,
    "operate.copy_differs": 11,
}
