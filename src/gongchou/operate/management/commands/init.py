"""``./gongchou init``: make everything a new platform needs; what is there already stays as it is."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from gongchou.audit.apps import keys_folder
from gongchou.draws import keys as draw_keys
from gongchou.operate import setting_up
from gongchou.operate.setting_up import ONE_TIME, QUESTIONS, Account, Question
from gongchou.operate.speaking import SpeakingCommand
from gongchou.refusal import Refused


class Command(SpeakingCommand):
    """The folder and the secret key are made before this begins (``operate.program``): settings need them."""

    help = "初始化：平台文件夹、密钥、数据库、第一个区划和部门、首批管理员；可重复运行，已有的不改动"

    def add_arguments(self, parser: CommandParser) -> None:
        """What is not given is asked for."""
        parser.add_argument("--site", default="", help="平台标识，即日志签名的名称，缺省由区划代码得出")
        parser.add_argument("--without-people", action="store_true", help="不建立区划、部门和管理员")
        for question in QUESTIONS:
            parser.add_argument(question.flag, default="", help=question.words)

    def act(self, **options: Any) -> None:
        """Ask first, then work: what has begun is not held up by a question."""
        answers = None if options["without_people"] or setting_up.is_set_up() else self._answers(options)
        is_new = setting_up.upgrade_database()
        self.say("数据库结构已建立或升级。" if is_new else "数据库结构已是最新，未改动。")
        self._log_key(options["site"] or (f"gongchou-{answers['region_code']}" if answers else "gongchou"))
        if answers is not None:
            self._show(setting_up.make_first_people(answers, at=timezone.now()))
        elif setting_up.has_people():
            self.say("已有账号，未改动区划、部门和管理员。")
        else:
            self.say("按要求未建立管理员。")

    def _log_key(self, site: str) -> None:
        key, is_new = setting_up.make_log_key(keys_folder(), site)
        made = f"已生成日志密钥：{keys_folder() / 'audit.key'}（请另存一份离线备份）"
        self.say(made if is_new else "日志密钥已存在，未改动。")
        self.say(f"日志公钥（可公开，请交给见证人）：{key}")
        if setting_up.make_draw_keys(keys_folder()):
            self.say(f"已生成抽取密钥：{keys_folder() / 'draws*.key'}（请另存一份离线备份，见 docs/operate/draws.md）")
        else:
            self.say("抽取密钥已存在，未改动。")
        self.say(f"抽取公开日志的公钥（可公开，请交给见证人）：{draw_keys.public_of(draw_keys.LOG)}")

    def _answers(self, options: dict[str, Any]) -> dict[str, str]:
        """Options first; the rest is asked where somebody sits at a terminal. Raises ``operate.answers_missing``."""
        missing = [question for question in QUESTIONS if not options[question.option] and not question.otherwise]
        if missing and not sys.stdin.isatty():
            raise Refused("operate.answers_missing", names="、".join(question.flag for question in missing))
        given = {question.option: options[question.option].strip() for question in QUESTIONS}
        return setting_up.complete(given | {question.option: self._ask(question) for question in missing})

    def _ask(self, question: Question) -> str:
        while True:
            answer = input(f"{question.words}：").strip()
            cause = question.check(answer)
            if not cause:
                return answer
            self.say(f"填写有误：{cause}")

    def _show(self, accounts: list[Account]) -> None:
        self.say(f"\n首批管理员（一次性密码只显示这一次，{ONE_TIME.days}天内有效，首次登录须修改）：\n")
        for account in accounts:
            self.say(f"  {account.role}\t账号 {account.username}\t姓名 {account.name}\t密码 {account.password}")
        self.say("\n请当面或密封交给本人。初始化完成。")
