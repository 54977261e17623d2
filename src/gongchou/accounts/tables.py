"""Lists of the room: columns and query forms."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gongchou.accounts.models import Appointment, Delivery, Message, User
from gongchou.accounts.queries.people import reach_words
from gongchou.accounts.roles import ROLES
from gongchou.web.lists import Table


class PersonFilter(django_filters.FilterSet):
    """Name or account, role, state, department."""

    q = django_filters.CharFilter(label="姓名或账号", method="find")
    department = django_filters.CharFilter(label="部门", field_name="department__name", lookup_expr="icontains")
    role = django_filters.ChoiceFilter(
        label="角色",
        choices=[(role.code, role.name) for role in ROLES.values()],
        method="with_role",
    )
    is_active = django_filters.ChoiceFilter(label="状态", choices=[("1", "启用"), ("0", "停用")], method="in_state")

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Part of a name or an account."""
        return rows.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def with_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Who holds it, or waits for it."""
        theirs = Appointment.objects.filter(role=value, ended_at=None, refused_at=None)
        return rows.filter(pk__in=theirs.values("user"))

    def in_state(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Open or closed."""
        return rows.filter(is_active=value == "1")


class PersonTable(Table):
    """Everybody an administrator looks after, with what each may do."""

    name = tables.Column(verbose_name="姓名", linkify=("accounts:person", {"pk": tables.A("pk")}))
    username = tables.Column(verbose_name="账号")
    department = tables.Column(verbose_name="部门", order_by=("department__code",))
    roles = tables.Column(verbose_name="角色与范围", empty_values=(), orderable=False)
    is_active = tables.Column(verbose_name="状态")

    class Meta(Table.Meta):
        model = User
        fields = ("name", "username", "department", "roles", "is_active")
        order_by = ("username",)

    def render_roles(self, record: Any) -> SafeString | str:
        """One line for each."""
        lines = [(one.role_name, reach_words(one), "（待确认）" if one.is_waiting else "") for one in record.current]
        return format_html_join("", "<div>{}：{}{}</div>", lines) if lines else "—"

    def value_roles(self, record: Any) -> str:
        """The same for a sheet."""
        return "；".join(
            f"{one.role_name}：{reach_words(one)}{'（待确认）' if one.is_waiting else ''}" for one in record.current
        )

    def render_is_active(self, value: bool) -> str:
        """In words."""
        return "启用" if value else "停用"


class DeliveryFilter(django_filters.FilterSet):
    """What is new, what kind, what words."""

    q = django_filters.CharFilter(label="标题或内容", method="find")
    kind = django_filters.ChoiceFilter(label="类别", field_name="message__kind", choices=Message.Kind.choices)
    state = django_filters.ChoiceFilter(label="状态", choices=[("unread", "未读"), ("read", "已读")], method="in_state")
    since = django_filters.DateFilter(
        label="起始日期",
        field_name="message__sent_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Delivery], name: str, value: str) -> QuerySet[Delivery]:
        """Part of the title or the text."""
        return rows.filter(Q(message__title__icontains=value) | Q(message__body__icontains=value))

    def in_state(self, rows: QuerySet[Delivery], name: str, value: str) -> QuerySet[Delivery]:
        """Read or not."""
        return rows.filter(read_at__isnull=value == "unread")


class DeliveryTable(Table):
    """What somebody was told."""

    state = tables.Column(verbose_name="状态", accessor="read_at", empty_values=())
    kind = tables.Column(verbose_name="类别", accessor="message__get_kind_display", order_by=("message__kind",))
    title = tables.Column(
        verbose_name="标题", accessor="message__title", linkify=("accounts:message", {"pk": tables.A("pk")})
    )
    sender = tables.Column(
        verbose_name="发送人", accessor="message__sender", default="系统", order_by=("message__sender__name",)
    )
    sent_at = tables.DateTimeColumn(verbose_name="时间", accessor="message__sent_at", format="Y-m-d H:i")

    class Meta(Table.Meta):
        order_by = ("-sent_at",)

    def render_state(self, record: Delivery) -> SafeString | str:
        """In words, the new ones in bold."""
        return "已读" if record.read_at else format_html("<strong>{}</strong>", "未读")

    def value_state(self, record: Delivery) -> str:
        """The same for a sheet."""
        return "已读" if record.read_at else "未读"


class SentTable(Table):
    """What somebody told others, and how many have read it."""

    title = tables.Column(verbose_name="标题", linkify=("accounts:sent", {"pk": tables.A("pk")}))
    kind = tables.Column(verbose_name="类别", accessor="get_kind_display", order_by=("kind",))
    read = tables.Column(verbose_name="已读 / 收件人", empty_values=(), orderable=False)
    sent_at = tables.DateTimeColumn(verbose_name="时间", format="Y-m-d H:i")

    class Meta(Table.Meta):
        order_by = ("-sent_at",)

    def render_read(self, record: Any) -> str:
        """Two counts."""
        return f"{record.n_read} / {record.n_told}"


class ReceiptTable(Table):
    """Who was told, and when each read it."""

    recipient = tables.Column(verbose_name="收件人", order_by=("recipient__name",))
    department = tables.Column(
        verbose_name="部门", accessor="recipient__department", order_by=("recipient__department__code",)
    )
    read_at = tables.DateTimeColumn(verbose_name="阅读时间", format="Y-m-d H:i", default="未读")

    class Meta(Table.Meta):
        order_by = ("department", "recipient")
