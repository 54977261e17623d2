"""``./gongchou COMMAND``: the one door to everything that is done from a command line."""

from __future__ import annotations

import os
import secrets
import sys

from gongchou.operate import home

DOORS = """公抽平台命令行：./gongchou 命令 [选项]

  init               初始化：平台文件夹、密钥、数据库、第一个区划和部门、首批管理员
  migrate            升级数据库（换新版本后运行）
  serve              网页服务
  db_worker          后台任务进程
  resume_imports     重新交办已失去响应的导入（--every 60，一直运行）
  keep_inspections   建立已派发的检查，录入期限前提醒，逾期告知（--every 600，一直运行）
  resume_draws       到时截止种子来源、获取信标，重新交办已失去响应的冻结和抽取（--every 60，一直运行）
  expire_papers      标记到期的证件，移除到期的上传文件（每天）
  audit_checkpoint   为操作日志签署检查点
  audit_verify       核查操作日志是否被改动
  draws_checkpoint   为抽取公开日志签署检查点（--every 60，一直运行）
  check_draws        核查抽取的公开日志、证据文件和数据是否被改动
  draws_witness      登记、列出抽取公开日志的见证人
  draws_renew_key    更换抽取密钥
  backup 文件        备份
  restore 文件       恢复到空的平台
  drill              备份恢复演练：备份、恢复到临时处、逐项核对、试运行
  check              检查配置

./gongchou help 命令 给出每个命令的选项；./gongchou help 列出全部命令。"""
NO_PACKAGES = "运行所需的软件还没有安装。请先在程序文件夹里运行 make install。"
NO_HOME = "平台文件夹 {folder} 用不了：{cause}。请检查 GONGCHOU_HOME、磁盘空间和权限；当前系统用户须能写入。"


def main(words: list[str]) -> int:
    """Run a command; return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongchou.settings")
    if not words:
        print(DOORS)
        return 0
    try:
        _ready_secret(words)
    except home.NoSecret as missing:
        print(missing, file=sys.stderr)
        return 1
    except OSError as error:
        print(NO_HOME.format(folder=home.home_of(os.environ), cause=error.strerror), file=sys.stderr)
        return 1
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 -- it loads what was made ready
    except ModuleNotFoundError:
        print(NO_PACKAGES, file=sys.stderr)
        return 1
    execute_from_command_line(["gongchou", *words])
    return 0


def _ready_secret(words: list[str]) -> None:
    """``init`` makes the secret key before settings are read; ``restore`` may bring it."""
    place = home.home_of(os.environ)
    if _asks_for_help(words):
        os.environ.setdefault("GONGCHOU_SECRET_KEY", home.THROWAWAY)
    elif words[0] == "init":
        print("\n".join(home.prepare(place, keeps_secret=not home.is_given(os.environ))))
    elif not home.is_given(os.environ):
        if words[0] == "restore" and not (place / home.SECRET).exists():
            os.environ["GONGCHOU_SECRET_KEY"] = home.THROWAWAY + secrets.token_urlsafe(32)
        else:
            home.read_secret(place)


def _asks_for_help(words: list[str]) -> bool:
    return words[0] in ("help", "--help", "-h", "version", "--version") or bool({"--help", "-h"} & set(words))
