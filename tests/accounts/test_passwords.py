"""Which passwords are refused, and what the ones we make look like."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from gongchou.accounts.passwords import make_one_time_password
from tests.factories.people import make_department, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    region = make_region("9901", "演示市")
    department = make_department("YSSJ", region, name="演示市市场监督管理局", short_name="市监")
    return make_user("zhangsan", department, name="张三丰")


@pytest.mark.parametrize(
    "password",
    [
        "Kestrel-9",  # nine characters
        "password123",
        "1234567890",
        "qwertyuiop",
        "8264917350",
        "zhangsan2026",  # her account
        "zhangsanfeng88",  # her name, as it is pronounced
        "张三丰2026密码",
        "yanshishi2026",  # her place
        "yssj@2026!!",  # her office
        "scjg#202611",
        "Shichang2026!",
        "gongchou2026",
        "G0ngch0u_2026",
        "Admin@123456",
        "1qaz2wsx3edc",
        "asdfgh!!2026",
        "aaaabbbb1111",
        "woaini1314520",
    ],
)
def test_a_password_that_others_would_guess_is_refused(user, password):
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "Kestrel-94-tide", "七月流火九月授衣一之日觱发", "8294#17%23&5561"]
)
def test_a_password_that_others_would_not_guess_is_taken(user, password):
    validate_password(password, user)


def test_what_is_wrong_is_said_in_chinese(user):
    with pytest.raises(ValidationError) as wrong:
        validate_password("1111", user)
    with pytest.raises(ValidationError) as similar:
        validate_password("zhangsan", user)

    told = [*wrong.value.messages, *similar.value.messages]
    assert (len(told), [message for message in told if re.search("[a-z]{4}", message)]) == (7, [])


def test_one_time_passwords_differ_and_can_be_read_out():
    made = {make_one_time_password() for _ in range(1000)}

    assert len(made) == 1000
    assert [one for one in made if not re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}", one)] == []
