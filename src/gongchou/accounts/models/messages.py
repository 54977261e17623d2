"""What people are told, and when each of them read it."""

from __future__ import annotations

from django.db import models

from gongchou.accounts.models.base import Recorded
from gongchou.accounts.models.people import User


class Message(Recorded):
    """站内消息: one text to one or many. Without a sender the platform itself wrote it."""

    class Kind(models.TextChoices):
        """What it asks of its reader."""

        NOTICE = "notice", "通知"
        TASK = "task", "待办"
        WARNING = "warning", "预警"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.NOTICE)
    title = models.CharField("标题", max_length=100)
    body = models.TextField("内容", blank=True)
    link = models.CharField("相关页面", max_length=200, blank=True)
    sender = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="发送人")
    sent_at = models.DateTimeField("发送时间")

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ("-sent_at", "id")

    def __str__(self) -> str:
        return self.title

    @property
    def audit_place(self) -> str:
        """Where the sender is."""
        return self.sender.audit_place if self.sender else ""

    @property
    def audit_department(self) -> str:
        """The sender's department."""
        return self.sender.audit_department if self.sender else ""


class Delivery(Recorded):
    """送达: one message to one person."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries", verbose_name="消息")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deliveries", verbose_name="收件人")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        ordering = ("-message__sent_at", "id")
        constraints = (models.UniqueConstraint(fields=["message", "recipient"], name="a_message_reaches_one_once"),)
        indexes = (models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="deliveries_not_read"),)

    def __str__(self) -> str:
        return str(self.message)

    @property
    def audit_department(self) -> str:
        """The reader's department."""
        return self.recipient.audit_department
