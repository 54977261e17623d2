import datetime
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongchou.accounts.roles


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("username", models.CharField(max_length=60, unique=True, verbose_name="账号")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("created_at", models.DateTimeField(verbose_name="开设时间")),
                ("one_time_until", models.DateTimeField(blank=True, null=True, verbose_name="一次性密码有效期至")),
                ("session_round", models.PositiveIntegerField(default=0, verbose_name="会话轮次")),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
                "ordering": ("username",),
            },
        ),
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="键")),
                ("times", models.JSONField(default=list, verbose_name="时间")),
                ("latest_at", models.DateTimeField(db_index=True, verbose_name="最近一次")),
            ],
            options={
                "verbose_name": "登录失败记录",
                "verbose_name_plural": "登录失败记录",
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=12, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "省"), ("city", "市"), ("county", "县（区）"), ("town", "乡镇（街道）")],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("civil", "行政区"), ("zone", "开发区")],
                        default="civil",
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.region",
                        verbose_name="上级",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="accounts.region",
                        verbose_name="沿革自",
                    ),
                ),
                ("valid_from", models.DateField(default=datetime.date(1949, 10, 1), verbose_name="启用日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="停用日期")),
            ],
            options={
                "verbose_name": "行政区划",
                "verbose_name_plural": "行政区划",
                "ordering": ("code", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(fields=("code", "valid_from"), name="region_code_once_at_a_time"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="region_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="编码")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("short_name", models.CharField(max_length=20, verbose_name="简称")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departments",
                        to="accounts.region",
                        verbose_name="区划",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "省"),
                            ("city", "市"),
                            ("county", "县（区）"),
                            ("town", "所、乡镇（街道）"),
                        ],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                ("function", models.CharField(max_length=30, verbose_name="职能类别")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="accounts.department",
                        verbose_name="上级机构",
                    ),
                ),
                (
                    "line_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line_units",
                        to="accounts.department",
                        verbose_name="上级主管部门",
                    ),
                ),
                ("is_internal_unit", models.BooleanField(default=False, verbose_name="内设机构")),
                ("is_conference_member", models.BooleanField(default=False, verbose_name="联席会议成员")),
                (
                    "liaison",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="联络员",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="有效")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="设立日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
            ],
            options={
                "verbose_name": "部门",
                "verbose_name_plural": "部门",
                "ordering": ("code",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_active", True), ("valid_to", None)),
                            models.Q(("is_active", False), ("valid_to__isnull", False)),
                            _connector="OR",
                        ),
                        name="department_is_active_until_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_internal_unit", False), ("parent__isnull", False), _connector="OR"),
                        name="an_internal_unit_is_inside_one",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="users",
                to="accounts.department",
                verbose_name="部门",
            ),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("notice", "通知"), ("task", "待办"), ("warning", "预警")],
                        default="notice",
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("body", models.TextField(blank=True, verbose_name="内容")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="相关页面")),
                (
                    "sender",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发送人",
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="发送时间")),
            ],
            options={
                "verbose_name": "消息",
                "verbose_name_plural": "消息",
                "ordering": ("-sent_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=40, unique=True, verbose_name="会话")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("source", models.CharField(max_length=45, verbose_name="来源地址")),
                ("agent", models.CharField(blank=True, max_length=200, verbose_name="浏览器")),
                ("began_at", models.DateTimeField(verbose_name="登录时间")),
                ("seen_at", models.DateTimeField(verbose_name="最近使用")),
            ],
            options={
                "verbose_name": "会话",
                "verbose_name_plural": "会话",
                "ordering": ("-seen_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            (gongchou.accounts.roles.RoleCode["SYSTEM_ADMIN"], "系统管理员"),
                            (gongchou.accounts.roles.RoleCode["SECURITY_ADMIN"], "安全管理员"),
                            (gongchou.accounts.roles.RoleCode["AUDIT_ADMIN"], "审计管理员"),
                            (gongchou.accounts.roles.RoleCode["CONFERENCE_OFFICE"], "双随机办"),
                            (gongchou.accounts.roles.RoleCode["HEAD"], "部门负责人"),
                            (gongchou.accounts.roles.RoleCode["LIAISON"], "联络员"),
                            (gongchou.accounts.roles.RoleCode["PLAN_CLERK"], "计划经办"),
                            (gongchou.accounts.roles.RoleCode["REVIEWER"], "审核人"),
                            (gongchou.accounts.roles.RoleCode["INSPECTOR"], "执法检查人员"),
                            (gongchou.accounts.roles.RoleCode["EXPERT"], "第三方专家"),
                            (gongchou.accounts.roles.RoleCode["LEADER"], "领导（只读）"),
                        ],
                        max_length=30,
                        verbose_name="角色",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "全部"),
                            ("custom", "自定"),
                            ("own", "本部门"),
                            ("below", "本部门及以下"),
                            ("self", "仅本人"),
                        ],
                        max_length=10,
                        verbose_name="数据范围",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.region",
                        verbose_name="区划范围",
                    ),
                ),
                ("fields", models.JSONField(blank=True, default=list, verbose_name="事项领域")),
                ("requested_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="申请理由")),
                ("granted_at", models.DateTimeField(blank=True, null=True, verbose_name="授予时间")),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                ("refused_at", models.DateTimeField(blank=True, null=True, verbose_name="退回时间")),
                (
                    "refused_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="退回人",
                    ),
                ),
                ("refusal", models.CharField(blank=True, max_length=200, verbose_name="退回理由")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="收回时间")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收回人",
                    ),
                ),
                (
                    "departments",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="accounts.department", verbose_name="自定部门"
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
                "ordering": ("requested_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("refused_at", None),
                            (
                                "role__in",
                                (
                                    gongchou.accounts.roles.RoleCode["SYSTEM_ADMIN"],
                                    gongchou.accounts.roles.RoleCode["SECURITY_ADMIN"],
                                    gongchou.accounts.roles.RoleCode["AUDIT_ADMIN"],
                                ),
                            ),
                        ),
                        fields=("user",),
                        name="administrators_exclude_one_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("refused_at", None)),
                        fields=("user", "role"),
                        name="a_role_is_held_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted_at", None), ("granted_by", None)),
                            models.Q(
                                ("granted_at__isnull", False),
                                ("granted_by__isnull", False),
                                ("requested_by__isnull", False),
                            ),
                            models.Q(("granted_at__isnull", False), ("granted_by", None), ("requested_by", None)),
                            _connector="OR",
                        ),
                        name="a_grant_says_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("requested_by", None),
                            ("granted_by", None),
                            models.Q(("granted_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_grant_a_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("requested_by", None),
                                models.Q(("requested_by", models.F("user")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("granted_by", None),
                                models.Q(("granted_by", models.F("user")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="nobody_grants_to_herself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refused_at", None), ("refused_by", None)),
                            models.Q(
                                ("granted_at", None), ("refused_at__isnull", False), ("refused_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_refusal_says_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("granted_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_what_was_granted_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="accounts.message",
                        verbose_name="消息",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
            ],
            options={
                "verbose_name": "送达",
                "verbose_name_plural": "送达",
                "ordering": ("-message__sent_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["recipient"], name="deliveries_not_read"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "recipient"), name="a_message_reaches_one_once")
                ],
            },
        ),
    ]
