"""The first hour of a platform: once, twice, half, and with something missing."""

from __future__ import annotations

import os
import pty
import re
from datetime import timedelta

import pytest
from django.conf import global_settings
from django.core.management import get_commands
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from gongchou.accounts.models import Appointment, Department, Region, User
from gongchou.accounts.roles import ADMINISTRATORS, RoleCode
from gongchou.audit.damage import find_damage
from gongchou.audit.guard import open_for_writing
from gongchou.audit.keys import read_secret, read_vkeys
from gongchou.audit.models import Line
from gongchou.draw import note
from gongchou.operate.setting_up import (
    QUESTIONS,
    check_set_up,
    complete,
    has_people,
    make_first_people,
    make_log_key,
)
from gongchou.refusal import Refused
from tests.operate.conftest import ANSWERS, SITE, WORDS, type_in

pytestmark = [pytest.mark.database, pytest.mark.long]
GIVEN = {question.option: ANSWERS.get(question.flag, "") for question in QUESTIONS}


def test_the_first_people_are_four_administrators_with_passwords_for_once(template):
    told = (template.home.parent / "told").read_text()
    rows = re.findall(r"^  (\S+)\t账号 (\S+)\t姓名 (\S+)\t密码 (\S+)$", told, re.MULTILINE)

    assert [row[:3] for row in rows] == [
        ("系统管理员", "xtgly", "演示甲"),
        ("安全管理员", "aqgly1", "演示乙"),
        ("安全管理员", "ry", "演示丙"),
        ("审计管理员", "sjgly", "演示丁"),
    ]
    with template.inside(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
        users = {user.username: user for user in User.objects.all()}
        assert [users[row[1]].check_password(row[3]) for row in rows] == [True] * 4
        ends = [(user.one_time_until or user.created_at) - user.created_at for user in users.values()]
        assert ends == [timedelta(days=7)] * 4
        held = sorted(Appointment.objects.values_list("user__username", "role", "scope"))
    assert held == [
        ("aqgly1", "security_admin", "all"),
        ("ry", "security_admin", "all"),
        ("sjgly", "audit_admin", "all"),
        ("xtgly", "system_admin", "all"),
    ]


def test_what_was_not_asked_follows_from_what_was(template):
    with template.inside():
        region, department = Region.objects.get(), Department.objects.get()

    assert (region.code, region.name, region.level) == ("990100", "演示市", "city")
    assert (department.code, department.short_name, department.level) == ("SCJG", "市场监督管理局", "city")
    assert department.is_conference_member


def test_everything_it_did_is_in_the_log_and_the_log_is_whole(template):
    with template.inside():
        assert list(Line.objects.order_by("index").values_list("verb", "by")) == [
            ("region.added", "installer"),
            ("department.added", "installer"),
            *[("account.opened", "installer"), ("role.appointed", "installer")] * 4,
        ]
        assert find_damage() is None


def test_the_keys_belong_together_and_to_their_owner(template):
    keys = template.home / "keys"

    key = read_secret(keys / "audit.key")

    assert key.public.name == f"{SITE}/audit"
    assert read_vkeys(keys / "audit.vkey", note.ED25519) == (key.public,)
    secrets = ["audit.key", "draws-operator.key", "draws-registry.key", "draws.key"]
    assert sorted(path.name for path in keys.glob("*.key")) == secrets
    modes = {path.name: path.stat().st_mode & 0o777 for path in (template.home, keys, *keys.glob("*.key"))}
    assert modes == {"home": 0o700, "keys": 0o700} | dict.fromkeys(secrets, 0o600)


@pytest.mark.parametrize("role", [role for role in ADMINISTRATORS if role != RoleCode.SYSTEM_ADMIN])
def test_the_database_itself_keeps_the_administrators_apart(platform, role):
    with platform.inside(), pytest.raises(IntegrityError), transaction.atomic():
        user, now = User.objects.get(username="xtgly"), timezone.now()
        with open_for_writing():
            Appointment.objects.create(user=user, role=role, scope="all", requested_at=now, granted_at=now)


def test_a_second_time_changes_nothing(platform):
    before = platform.state()

    done = platform.run("init")

    assert (done.returncode, done.stderr) == (0, "")
    assert "密码" not in done.stdout
    assert platform.state() == before


def test_other_answers_the_second_time_change_nothing_either(platform):
    before = platform.state()

    done = platform.run("init", *[word.replace("9901", "9902").replace("演示", "另一") for word in WORDS])

    assert done.returncode == 0
    assert platform.state() == before


def test_nothing_is_made_before_all_answers_are_there(elsewhere):
    done = elsewhere.run("init", "--region-code", "990100")

    assert (done.returncode, done.stderr) == (
        1,
        "缺少：--region-name、--department-name、--system-admin、--security-admin、--security-admin-2、--audit-admin。"
        "请在命令行给出这些选项，或在终端里运行以便逐项填写。\n",
    )
    assert sorted(path.name for path in elsewhere.home.iterdir() if "gongchou.db" not in path.name) == ["secret_key"]


def test_a_person_at_a_terminal_is_asked_seven_things(elsewhere):
    typed = ["99a", "990100", "演示市", "演示市市场监督管理局", "演示甲", "演示乙", "演示丙", "演示甲"]
    ours, theirs = pty.openpty()
    os.write(ours, "".join(f"{line}\n" for line in typed).encode())

    done = elsewhere.run("init", stdin=theirs)

    asked = re.findall(r"(本级|牵头部门|系统管理员|安全管理员|审计管理员)[^：]*：", done.stdout)
    assert asked == ["本级", "本级", "本级", "牵头部门", "系统管理员", "安全管理员", "安全管理员", "审计管理员"]
    assert "填写有误：应为2至12位数字" in done.stdout
    assert (done.returncode, done.stderr) == (
        1,
        "管理员填写有误：各类管理员须由不同的人担任；同名的请在姓名后注明\n",
    )


@pytest.mark.parametrize(
    ("option", "answer", "cause"),
    [
        ("region_code", "", "应为2至12位数字"),
        ("region_code", "九九", "应为2至12位数字"),
        ("region_name", "", "不能为空"),
        ("region_level", "国家", "应为 province、city、county、town 之一"),
        ("audit_admin", "=演示丁", "应写成 姓名 或 账号=姓名"),
        ("audit_admin", "a b=演示丁", "应写成 姓名 或 账号=姓名"),
        ("audit_admin", "a=", "应写成 姓名 或 账号=姓名"),
    ],
)
def test_a_wrong_answer_is_named(option, answer, cause):
    with pytest.raises(Refused) as told:
        complete(GIVEN | {option: answer})

    assert told.value.facts == {"name": f"--{option.replace('_', '-')}", "cause": cause}


@pytest.mark.parametrize(
    ("code", "level"),
    [
        *(("99", "province"), ("990000", "province"), ("9901", "city"), ("990100", "city"), ("990101", "county")),
        *(("990101000000", "county"), ("990101002", "town"), ("990101002000", "town")),
    ],
)
def test_the_level_follows_from_the_code(code, level):
    assert complete(GIVEN | {"region_code": code})["region_level"] == level


def test_one_person_cannot_be_two_administrators():
    with pytest.raises(Refused, match="answer_invalid"):
        complete(GIVEN | {"audit_admin": "other=演示甲"})


def test_when_one_administrator_cannot_be_made_none_is(platform):
    others = {"region_code": "990200", "department_code": "X", "system_admin": "a=演示戊", "security_admin": "b=演示己"}
    before = platform.tables()

    with platform.inside(), pytest.raises(Refused, match="username_taken"):
        make_first_people(
            complete(GIVEN | others | {"security_admin_2": "c=演示庚", "audit_admin": "RY=演示辛"}), at=timezone.now()
        )

    assert platform.tables() == before


def test_before_the_first_people_it_is_not_set_up(bare):
    with bare.inside(), pytest.raises(Refused, match=r"operate\.not_set_up"):
        check_set_up()


def test_after_the_keys_were_made_and_nobody_entered_it_goes_on(bare, template):
    """The template was made in two goes; the second may not choose another name for the log."""
    with bare.inside():
        assert not has_people()

    names = ["secret_key", "keys/audit.key", "keys/audit.vkey"]
    assert [(bare.home / name).read_text() for name in names] == [(template.home / name).read_text() for name in names]


# Keys that are gone -----------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [["audit.key", "audit.vkey"], pytest.param(["audit.key"], marks=pytest.mark.night)])
def test_a_lost_log_key_is_not_replaced(platform, gone):
    for name in gone:
        (platform.home / "keys" / name).unlink()

    done = platform.run("init")

    assert done.returncode == 1
    assert "日志密钥" in done.stderr
    assert "没有生成新的" in done.stderr
    assert not (platform.home / "keys" / "audit.key").exists()


@pytest.mark.parametrize(
    "gone", ["draws", *(pytest.param(name, marks=pytest.mark.night) for name in ("draws-operator", "draws-registry"))]
)
def test_a_lost_key_behind_draws_is_not_replaced(platform, gone):
    (platform.home / "keys" / f"{gone}.key").rename(platform.home.parent / "elsewhere")

    done = platform.run("init")

    assert done.returncode == 1
    assert done.stderr.startswith(f"平台已生成过抽取密钥，{platform.home / 'keys' / gone}.key 却不见了。")
    (platform.home.parent / "elsewhere").rename(platform.home / "keys" / f"{gone}.key")
    assert platform.run("init").returncode == 0


def test_a_platform_from_before_the_draws_gets_their_keys(platform):
    for path in (platform.home / "keys").glob("draws*"):
        path.unlink()

    done = platform.run("init", "--site", "another")

    assert (done.returncode, "已生成抽取密钥" in done.stdout) == (0, True)
    assert read_secret(platform.home / "keys" / "draws.key").public.name == f"{SITE}/draws"
    assert "抽取密钥已存在，未改动。" in platform.run("init").stdout


def test_a_lost_public_key_follows_from_the_secret_one(platform):
    path = platform.home / "keys" / "audit.vkey"
    public = path.read_text()
    path.unlink()

    with platform.inside():
        assert make_log_key(platform.home / "keys", "other") == (public.strip(), False)

    assert path.read_text() == public


def test_keys_that_do_not_belong_together_are_refused(platform):
    with platform.inside():
        other = note.secret_key(f"{SITE}/audit", "ed25519", bytes(32)).public
        (platform.home / "keys" / "audit.vkey").write_text(f"{other}\n")

        with pytest.raises(Refused, match=r"operate\.log_key_differs"):
            make_log_key(platform.home / "keys", SITE)


def test_a_lost_secret_key_is_not_replaced(platform):
    (platform.home / "secret_key").unlink()

    done = platform.run("init")

    assert (done.returncode, done.stdout) == (1, "")
    assert "没有生成新的" in done.stderr
    assert not (platform.home / "secret_key").exists()


# What cannot be had -----------------------------------------------------------------------------


def test_a_database_that_does_not_answer_ends_in_a_sentence(tmp_path):
    address = "postgres://nobody@127.0.0.1:9/nothing"

    done = type_in(tmp_path / "home", "init", *WORDS, env={"DATABASE_URL": address}, name="")

    told = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert told[0].startswith("数据库用不了：")
    assert told[-1].endswith("请检查 DATABASE_URL、数据库服务是否已启动，以及磁盘空间。")


@pytest.mark.parametrize("words", [["createsuperuser"], ["createsuperuser", "--noinput", "--username", "root"]])
def test_no_superuser_can_be_made(platform, words):
    before = platform.state()

    done = platform.run(*words, env={"DJANGO_SUPERUSER_PASSWORD": "x"})

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("本平台没有超级用户")
    assert platform.state() == before


def test_an_account_has_nothing_that_could_make_it_one():
    names = {field.name for field in User._meta.get_fields()} | set(dir(User))

    assert not names & {"is_superuser", "is_staff", "user_permissions", "groups", "has_perm", "has_module_perms"}
    assert not hasattr(User.objects, "create_superuser")
    assert not hasattr(User.objects, "create_user")


@pytest.mark.parametrize("name", ["createsuperuser", "changepassword"])
def test_what_django_brings_along_for_it_is_ours(name):
    assert get_commands()[name] == "gongchou.operate"


def test_no_password_is_changed_from_the_command_line(platform):
    before = platform.state()

    done = platform.run("changepassword", "xtgly", input="a new password 1\na new password 1\n", stdin=None)

    assert (done.returncode, done.stderr[:13]) == (1, "不能在命令行修改密码。忘记")
    assert platform.state() == before


def test_nothing_is_served_before_there_is_anybody(bare):
    done = bare.run("serve")

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "还没有任何账号。请先运行 ./gongchou init。\n")


def test_nothing_is_served_while_the_tables_are_of_another_version(platform):
    with platform.inside(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'registry'")

    done = platform.run("serve")

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "数据库结构与程序不一致。请先运行 ./gongchou migrate；新安装请运行 ./gongchou init。\n",
    )
