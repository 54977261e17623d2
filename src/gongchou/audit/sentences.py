"""What people are told when the log or a witness says no."""

from __future__ import annotations

SENTENCES = {
    "audit.key_missing": "没有找到密钥文件 {file}。请先运行 gongchou init，或从离线备份恢复密钥。",
    "audit.key_exists": "密钥文件 {file} 已经存在；换密钥前请先把旧密钥移走并存档。",
    "audit.key_invalid": "密钥文件 {file} 的内容不正确，请从离线备份恢复。",
    "audit.key_unreadable": "当前系统用户读不了密钥文件 {file}。请用平台服务的系统用户运行，并让它成为该文件的所有者。",
    "audit.key_open": "密钥文件 {file} 可以被其他系统用户读取，已停用。请确认密钥没有外泄，并运行：chmod 600 {file}",
    "audit.key_name": "名称“{name}”不能用作密钥名：不能为空，不能有空格和加号，最长200个字符。",
    "audit.log_empty": "日志还没有内容，没有可以签名的检查点。",
    "audit.log_shorter": "日志只有{size}行，本机却已为{signed}行签过名：数据库可能被回退或换成了另一个。已拒绝签名。",
    "audit.log_forked": "日志前{signed}行与已签名的内容不一致：历史被改动过。已拒绝签名，请运行 audit_verify 核查。",
    "audit.roots_differ": "两次独立计算的日志根不一致，已拒绝签名。请运行 audit_verify 核查，并检查内存和磁盘。",
    "audit.size_unknown": "日志里没有这个范围：{first} 到 {second}。",
    "audit.sizes_reversed": "地址中的行数次序颠倒：应先小后大，请改为 {second}/{first}。",
    "audit.size_unsigned": "日志没有在{size}行处签过检查点，无法出具延续证明。请从检查点列表中选用已签名的行数。",
    "audit.checkpoint_unknown": "没有与之相符的检查点（行数{size}）。",
    "audit.cosignature_invalid": "共签无效，或见证人不在名单内（检查点行数{size}）。",
    "audit.note_invalid": "内容不是合格的检查点或证明。",
    "audit.proof_signature": "证明里的检查点没有这份日志（{origin}）的有效签名：公钥不对，或证明被改动。",
    "audit.proof_wrong": "核验不通过：这一行不是检查点（{size}行）中的第{index}行，内容或证明被改动过。",
    "audit.unreachable": "连接不上日志：{place}（{cause}）。",
    "audit.place_invalid": "日志地址须以 http:// 或 https:// 开头，或是一个文件夹：{place}。",
    "audit.busy": "另一个进程正在使用 {file}。",
    "audit.alarm_signature": "警报：检查点没有日志密钥的有效签名。",
    "audit.alarm_rollback": "警报：日志从{seen}行退到了{size}行。",
    "audit.alarm_fork": "警报：日志在{size}行处出现了另一个根，历史被分叉。",
    "audit.alarm_peer": "警报：日志给 {peer} 看的是另一份历史（{size}行）。",
    "audit.alarm_inconsistent": "警报：{size}行的日志不是{seen}行那份日志的延续，历史被改动过。",
}
