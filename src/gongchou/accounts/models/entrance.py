"""What the entrance remembers between two requests. None of it is evidence, so it is not recorded."""

from __future__ import annotations

import uuid

from django.db import models

from gongchou.accounts.models.people import User


class Tries(models.Model):
    """The latest wrong passwords (or codes) under one key: an account from one place, or an account from anywhere.

    key: a keyed digest, for people type passwords where names belong
    times: seconds since 1970, oldest first
    """

    key = models.CharField("键", max_length=64, primary_key=True)
    times = models.JSONField("时间", default=list)
    latest_at = models.DateTimeField("最近一次", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录失败记录"

    def __str__(self) -> str:
        return self.key[:8]


class OpenSession(models.Model):
    """A session somebody has open, so that she can see and end it."""

    id = models.UUIDField(
        primary_key=True, default=uuid.uuid4, editable=False
    )  # the key itself may stand in no address
    key = models.CharField("会话", max_length=40, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions", verbose_name="账号")
    source = models.CharField("来源地址", max_length=45)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    began_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")

    class Meta:
        verbose_name = verbose_name_plural = "会话"
        ordering = ("-seen_at", "id")

    def __str__(self) -> str:
        return f"{self.user} {self.source}"

    @property
    def browser(self) -> str:
        """The browser and the system as people call them."""
        browser = next((name for mark, name in _BROWSERS if mark in self.agent), "其他浏览器")
        return f"{browser}（{next((name for mark, name in _SYSTEMS if mark in self.agent), '其他系统')}）"


_BROWSERS = (
    *(("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "火狐")),
    *(("Chrome", "Chrome 内核"), ("Safari", "Safari")),
)
_SYSTEMS = (
    *(("Android", "安卓"), ("iPhone", "苹果手机"), ("Windows", "Windows")),
    *(("Mac OS", "苹果电脑"), ("Linux", "Linux")),
)
