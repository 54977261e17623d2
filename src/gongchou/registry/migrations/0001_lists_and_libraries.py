import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people"),
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("items", "抽查事项清单"),
                            ("joint", "部门联合抽查事项清单"),
                            ("matters", "跨部门综合监管事项清单"),
                        ],
                        max_length=10,
                        verbose_name="清单",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="公布部门",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="版次")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("reason", models.CharField(max_length=500, verbose_name="调整原因")),
                ("url", models.URLField(blank=True, max_length=300, verbose_name="公开地址")),
                ("published_at", models.DateTimeField(verbose_name="公布时间")),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
            ],
            options={
                "verbose_name": "清单版次",
                "verbose_name_plural": "清单版次",
                "ordering": ("-published_at", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "department", "number"), name="an_edition_number_once"),
                    models.UniqueConstraint(fields=("kind", "department", "name"), name="an_edition_name_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="编码")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.department",
                        verbose_name="制定部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽查事项",
                "verbose_name_plural": "抽查事项",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="JointItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="编码")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.department",
                        verbose_name="制定部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "部门联合抽查事项",
                "verbose_name_plural": "部门联合抽查事项",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="OfficialImport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=15, verbose_name="来源")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="部门",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("file_digest", models.CharField(max_length=64, verbose_name="文件摘要")),
                ("is_full", models.BooleanField(default=False, verbose_name="全量")),
                ("n_new", models.PositiveIntegerField(default=0, verbose_name="新增")),
                ("n_changed", models.PositiveIntegerField(default=0, verbose_name="更新")),
                ("n_same", models.PositiveIntegerField(default=0, verbose_name="不变")),
                ("n_ended", models.PositiveIntegerField(default=0, verbose_name="终止")),
                ("at", models.DateTimeField(verbose_name="导入时间")),
                (
                    "done_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导入人",
                    ),
                ),
            ],
            options={
                "verbose_name": "监管事项与权责清单导入",
                "verbose_name_plural": "监管事项与权责清单导入",
                "ordering": ("-at", "id"),
            },
        ),
        migrations.CreateModel(
            name="RatioCeiling",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="区划",
                    ),
                ),
                ("year", models.PositiveIntegerField(verbose_name="年度")),
                ("most", models.DecimalField(decimal_places=4, max_digits=7, verbose_name="比例上限（%）")),
                ("source", models.CharField(max_length=200, verbose_name="依据文件")),
                ("set_at", models.DateTimeField(verbose_name="设定时间")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设定人",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
            ],
            options={
                "verbose_name": "一般事项比例上限",
                "verbose_name_plural": "一般事项比例上限",
                "ordering": ("-year", "region__code", "-set_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("region", "year"), name="one_ceiling_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most__gt", 0), ("most__lte", 100)), name="a_ceiling_is_a_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffCount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="单位",
                    ),
                ),
                ("n_staff", models.PositiveIntegerField(verbose_name="应入库人数")),
                ("source", models.CharField(max_length=200, verbose_name="依据文件")),
                ("set_at", models.DateTimeField(verbose_name="设置时间")),
                ("set_by_name", models.CharField(max_length=60, verbose_name="设置人")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="被更正时间")),
            ],
            options={
                "verbose_name": "应入库人数",
                "verbose_name_plural": "应入库人数",
                "ordering": ("-year", "department__code", "-set_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("year", "department"),
                        name="one_staff_count_a_year",
                    ),
                    models.CheckConstraint(condition=models.Q(("n_staff__gt", 0)), name="a_staff_count_is_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubLibrary",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="编码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sub_libraries",
                        to="accounts.department",
                        verbose_name="主管部门",
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=30, verbose_name="领域")),
                ("is_licensed", models.BooleanField(default=False, verbose_name="凭许可入库")),
                ("is_active", models.BooleanField(default=True, verbose_name="有效")),
            ],
            options={
                "verbose_name": "分库",
                "verbose_name_plural": "分库",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="SupervisionMatter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="编码")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.department",
                        verbose_name="制定部门",
                    ),
                ),
                ("review_by", models.DateField(blank=True, null=True, verbose_name="应复核日期")),
            ],
            options={
                "verbose_name": "跨部门综合监管事项",
                "verbose_name_plural": "跨部门综合监管事项",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="编码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("industry", "行业"),
                            ("area", "区域"),
                            ("risk", "信用风险"),
                            ("licence", "许可"),
                            ("focus", "重点监管"),
                            ("qualification", "资质"),
                            ("speciality", "业务专长"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="维度",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="registry.tag",
                        verbose_name="上级标签",
                    ),
                ),
                ("is_for_items", models.BooleanField(default=False, verbose_name="用于事项")),
                ("is_for_subjects", models.BooleanField(default=False, verbose_name="用于检查对象")),
                ("is_for_inspectors", models.BooleanField(default=False, verbose_name="用于检查人员")),
                (
                    "reach",
                    models.CharField(
                        choices=[("province", "全省"), ("city", "本市"), ("department", "本部门")],
                        default="city",
                        max_length=12,
                        verbose_name="使用范围",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="accounts.department",
                        verbose_name="设置部门",
                    ),
                ),
                ("needs_professional", models.BooleanField(default=False, verbose_name="需专业监管")),
                ("needs_expert", models.BooleanField(default=False, verbose_name="需配专家")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待审批"),
                            ("in_use", "使用中"),
                            ("refused", "未通过"),
                            ("ended", "已停用"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="设置理由")),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="提出时间")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                ("decision", models.CharField(blank=True, max_length=300, verbose_name="审批意见")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                ("end_reason", models.CharField(blank=True, max_length=300, verbose_name="停用原因")),
            ],
            options={
                "verbose_name": "标签",
                "verbose_name_plural": "标签",
                "ordering": ("dimension", "code"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        name="tag_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True),
                            models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="tag_end_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_for_items", True),
                            ("is_for_subjects", True),
                            ("is_for_inspectors", True),
                            _connector="OR",
                        ),
                        name="a_tag_is_for_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThirdParty",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="统一社会信用代码")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("speciality", models.CharField(blank=True, max_length=100, verbose_name="专业领域")),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="登记单位",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="有效")),
            ],
            options={
                "verbose_name": "第三方机构",
                "verbose_name_plural": "第三方机构",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="ColumnMap",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20, verbose_name="名录")),
                ("header", models.CharField(max_length=64, verbose_name="表头摘要")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="部门",
                    ),
                ),
                ("columns", models.JSONField(default=dict, verbose_name="栏目对应")),
                ("used_at", models.DateTimeField(verbose_name="最近使用")),
            ],
            options={
                "verbose_name": "栏目对应",
                "verbose_name_plural": "栏目对应",
                "ordering": ("-used_at", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "header", "department"), name="one_map_per_header")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("subjects", "检查对象"),
                            ("inspectors", "执法检查人员"),
                            ("licences", "分库与许可"),
                        ],
                        max_length=20,
                        verbose_name="名录",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="导入部门",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="默认区划",
                    ),
                ),
                (
                    "sub_library",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.sublibrary",
                        verbose_name="默认分库",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("file_path", models.CharField(max_length=300, verbose_name="存放位置")),
                ("file_digest", models.CharField(max_length=64, verbose_name="文件摘要")),
                ("sheet", models.CharField(blank=True, max_length=60, verbose_name="工作表")),
                ("header_line", models.PositiveIntegerField(default=1, verbose_name="表头所在行")),
                ("encoding", models.CharField(blank=True, max_length=20, verbose_name="编码")),
                ("columns", models.JSONField(default=list, verbose_name="栏目对应")),
                ("is_full", models.BooleanField(default=False, verbose_name="全量更新")),
                (
                    "blanks",
                    models.CharField(
                        choices=[("keep", "保留原值"), ("clear", "清空原值")],
                        default="keep",
                        max_length=5,
                        verbose_name="空白单元格",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "已上传"),
                            ("checking", "核对中"),
                            ("checked", "待确认"),
                            ("running", "导入中"),
                            ("done", "已完成"),
                            ("failed", "未能完成"),
                            ("given_up", "已放弃"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("failure", models.CharField(blank=True, max_length=500, verbose_name="未能完成的原因")),
                ("n_read", models.PositiveIntegerField(default=0, verbose_name="读入")),
                ("n_new", models.PositiveIntegerField(default=0, verbose_name="新增")),
                ("n_changed", models.PositiveIntegerField(default=0, verbose_name="更新")),
                ("n_same", models.PositiveIntegerField(default=0, verbose_name="不变")),
                ("n_refused", models.PositiveIntegerField(default=0, verbose_name="错误")),
                ("n_vanished", models.PositiveIntegerField(default=0, verbose_name="未再出现")),
                ("n_rows", models.PositiveIntegerField(null=True, verbose_name="总行数")),
                ("has_repeats", models.BooleanField(null=True, verbose_name="有重复的行")),
                ("done_rows", models.PositiveIntegerField(default=0, verbose_name="已处理到")),
                ("samples", models.JSONField(default=dict, verbose_name="核对示例")),
                ("created_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("beat_at", models.DateTimeField(null=True, verbose_name="最近进展")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                ("removed_at", models.DateTimeField(null=True, verbose_name="移除文件时间")),
            ],
            options={
                "verbose_name": "导入批次",
                "verbose_name_plural": "导入批次",
                "ordering": ("-created_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("kind", "department"),
                        name="one_import_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ratio", models.JSONField(default=dict, verbose_name="抽查比例")),
                ("frequency", models.JSONField(default=dict, verbose_name="抽查频次")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="registry.item",
                        verbose_name="事项",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="accounts.department",
                        verbose_name="认领部门",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("claimed", "已认领"),
                            ("adapted", "已认领（本级细化）"),
                            ("suspended", "已暂停，待重新确认"),
                            ("released", "已取消认领"),
                        ],
                        default="claimed",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("claimed_at", models.DateTimeField(verbose_name="认领时间")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="认领人",
                    ),
                ),
                ("suspended_at", models.DateTimeField(blank=True, null=True, verbose_name="暂停时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                ("ended_by_name", models.CharField(blank=True, max_length=60, verbose_name="经办人")),
            ],
            options={
                "verbose_name": "事项认领",
                "verbose_name_plural": "事项认领",
                "ordering": ("item__code", "department__code", "-claimed_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("item", "department"),
                        name="a_department_claims_an_item_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True), ("ended_at__isnull", False), _connector="OR"
                        ),
                        name="a_released_claim_is_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "suspended"), _negated=True),
                            ("suspended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_suspended_claim_since_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointItemVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="版本号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("review", "待审核"),
                            ("in_force", "已通过，待公布"),
                            ("published", "已公布"),
                            ("superseded", "已被新版本替代"),
                            ("abolished", "已废止"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("reason", models.CharField(max_length=500, verbose_name="制定或调整原因")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.edition",
                        verbose_name="版次",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="起草时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                ("returned_reason", models.CharField(blank=True, max_length=500, verbose_name="退回原因")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
                ("end_reason", models.CharField(blank=True, max_length=500, verbose_name="废止原因")),
                ("end_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="提出废止时间")),
                (
                    "end_asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出废止人",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="终止时间")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="终止人",
                    ),
                ),
                ("ratio", models.JSONField(default=dict, verbose_name="抽查比例")),
                ("frequency", models.JSONField(default=dict, verbose_name="抽查频次")),
                (
                    "joint_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="registry.jointitem",
                        verbose_name="联合抽查事项",
                    ),
                ),
                ("field", models.CharField(max_length=60, verbose_name="抽查领域")),
                ("subject_kinds", models.JSONField(default=list, verbose_name="检查对象类别")),
                (
                    "sub_library",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.sublibrary",
                        verbose_name="对应对象库",
                    ),
                ),
                ("time", models.CharField(blank=True, max_length=60, verbose_name="实施时间")),
                ("levels", models.JSONField(default=list, verbose_name="实施层级")),
                ("level_note", models.CharField(blank=True, max_length=200, verbose_name="层级说明")),
                ("basis", models.JSONField(default=list, verbose_name="检查依据")),
                (
                    "items",
                    models.ManyToManyField(related_name="joint_versions", to="registry.item", verbose_name="抽查事项"),
                ),
                (
                    "participants",
                    models.ManyToManyField(related_name="+", to="accounts.department", verbose_name="配合部门"),
                ),
                (
                    "tags",
                    models.ManyToManyField(
                        blank=True, related_name="joint_versions", to="registry.tag", verbose_name="标签"
                    ),
                ),
            ],
            options={
                "verbose_name": "部门联合抽查事项版本",
                "verbose_name_plural": "部门联合抽查事项版本",
                "ordering": ("joint_item__code", "-number", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("joint_item", "number"), name="joint_version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("joint_item",),
                        name="joint_version_one_published",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "review", "in_force"])),
                        fields=("joint_item",),
                        name="joint_version_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                            models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="joint_version_submitted_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="joint_version_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="joint_version_published_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_asked_at__isnull", False), ("end_asked_by__isnull", False)),
                            models.Q(("end_asked_at__isnull", True), ("end_asked_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="joint_version_end_asked_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="joint_version_ended_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["review", "in_force", "published", "superseded", "abolished"]),
                                _negated=True,
                            ),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="joint_version_review_is_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["in_force", "published", "superseded", "abolished"]), _negated=True
                            ),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="joint_version_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["published", "superseded", "abolished"]), _negated=True),
                            models.Q(("edition__isnull", False), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="joint_version_out_in_an_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["superseded", "abolished"]), _negated=True),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="joint_version_over_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["abolished"]), _negated=True),
                            models.Q(("end_asked_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="joint_version_abolished_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                        name="joint_version_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "abolished"), _negated=True),
                            models.Q(("ended_by", models.F("end_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="joint_version_end_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="joint_version_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatterVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="版本号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("review", "待审核"),
                            ("in_force", "已通过，待公布"),
                            ("published", "已公布"),
                            ("superseded", "已被新版本替代"),
                            ("abolished", "已废止"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("reason", models.CharField(max_length=500, verbose_name="制定或调整原因")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.edition",
                        verbose_name="版次",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="起草时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                ("returned_reason", models.CharField(blank=True, max_length=500, verbose_name="退回原因")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
                ("end_reason", models.CharField(blank=True, max_length=500, verbose_name="废止原因")),
                ("end_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="提出废止时间")),
                (
                    "end_asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出废止人",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="终止时间")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="终止人",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="registry.supervisionmatter",
                        verbose_name="监管事项",
                    ),
                ),
                ("field", models.CharField(max_length=60, verbose_name="领域")),
                (
                    "one_thing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("prepaid_cards", "单用途商业预付卡消费"),
                            ("medical", "医疗服务"),
                            ("elderly_care", "养老服务"),
                            ("catering", "餐饮服务"),
                            ("vocational", "职业技能培训"),
                            ("construction", "建设项目"),
                            ("new_transport", "交通新业态"),
                            ("dangerous_goods", "危化品安全"),
                            ("other", "其他领域"),
                        ],
                        max_length=20,
                        verbose_name="综合监管一件事",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="牵头部门",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="监管对象")),
                ("details", models.TextField(blank=True, verbose_name="监管内容")),
                ("methods", models.JSONField(default=list, verbose_name="监管方式")),
                ("basis", models.JSONField(default=list, verbose_name="监管依据")),
                (
                    "sub_libraries",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="registry.sublibrary", verbose_name="对象名录库"
                    ),
                ),
                (
                    "joint_items",
                    models.ManyToManyField(
                        blank=True,
                        related_name="matter_versions",
                        to="registry.jointitem",
                        verbose_name="关联的联合抽查事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "跨部门综合监管事项版本",
                "verbose_name_plural": "跨部门综合监管事项版本",
                "ordering": ("matter__code", "-number", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "number"), name="matter_version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("matter",),
                        name="matter_version_one_published",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "review", "in_force"])),
                        fields=("matter",),
                        name="matter_version_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                            models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="matter_version_submitted_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="matter_version_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="matter_version_published_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_asked_at__isnull", False), ("end_asked_by__isnull", False)),
                            models.Q(("end_asked_at__isnull", True), ("end_asked_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="matter_version_end_asked_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="matter_version_ended_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["review", "in_force", "published", "superseded", "abolished"]),
                                _negated=True,
                            ),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="matter_version_review_is_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["in_force", "published", "superseded", "abolished"]), _negated=True
                            ),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="matter_version_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["published", "superseded", "abolished"]), _negated=True),
                            models.Q(("edition__isnull", False), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="matter_version_out_in_an_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["superseded", "abolished"]), _negated=True),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="matter_version_over_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["abolished"]), _negated=True),
                            models.Q(("end_asked_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="matter_version_abolished_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                        name="matter_version_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "abolished"), _negated=True),
                            models.Q(("ended_by", models.F("end_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="matter_version_end_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="matter_version_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfficialEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("internet_plus", "互联网+监管"), ("duty_list", "权责清单")],
                        max_length=15,
                        verbose_name="来源",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_entries",
                        to="accounts.department",
                        verbose_name="部门",
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="编码")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("basis", models.TextField(blank=True, verbose_name="依据")),
                (
                    "brought",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="registry.officialimport",
                        verbose_name="导入批次",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="终止时间")),
            ],
            options={
                "verbose_name": "监管事项与权责清单条目",
                "verbose_name_plural": "监管事项与权责清单条目",
                "ordering": ("source", "code", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("source", "department", "code"),
                        name="an_official_entry_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pilot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, verbose_name="试点名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("nation", "国家级"), ("province", "省"), ("city", "市"), ("county", "县（区）")],
                        max_length=10,
                        verbose_name="试点层级",
                    ),
                ),
                ("year", models.PositiveIntegerField(verbose_name="年度")),
                (
                    "matter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pilots",
                        to="registry.supervisionmatter",
                        verbose_name="监管事项",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pilots",
                        to="accounts.department",
                        verbose_name="试点单位",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "已申报"),
                            ("running", "试点中"),
                            ("done", "已总结"),
                            ("spread", "已推广"),
                            ("stopped", "已终止"),
                        ],
                        default="applied",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("summary", models.TextField(blank=True, verbose_name="试点总结")),
            ],
            options={
                "verbose_name": "改革试点",
                "verbose_name_plural": "改革试点",
                "ordering": ("-year", "name", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("name", "year", "unit"), name="a_pilot_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["done", "spread"]), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_pilot_done_has_a_summary",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="版本号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("review", "待审核"),
                            ("in_force", "已通过，待公布"),
                            ("published", "已公布"),
                            ("superseded", "已被新版本替代"),
                            ("abolished", "已废止"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("reason", models.CharField(max_length=500, verbose_name="制定或调整原因")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.edition",
                        verbose_name="版次",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="起草时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                ("returned_reason", models.CharField(blank=True, max_length=500, verbose_name="退回原因")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
                ("end_reason", models.CharField(blank=True, max_length=500, verbose_name="废止原因")),
                ("end_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="提出废止时间")),
                (
                    "end_asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出废止人",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="终止时间")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="终止人",
                    ),
                ),
                ("ratio", models.JSONField(default=dict, verbose_name="抽查比例")),
                ("frequency", models.JSONField(default=dict, verbose_name="抽查频次")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="registry.item",
                        verbose_name="事项",
                    ),
                ),
                ("category", models.CharField(max_length=60, verbose_name="领域")),
                (
                    "kind",
                    models.CharField(
                        choices=[("general", "一般检查事项"), ("key", "重点检查事项")],
                        default="general",
                        max_length=10,
                        verbose_name="事项类别",
                    ),
                ),
                ("basis", models.JSONField(default=list, verbose_name="检查依据")),
                ("inspecting_subject", models.CharField(blank=True, max_length=100, verbose_name="抽查主体")),
                ("levels", models.JSONField(default=list, verbose_name="实施层级")),
                ("subject_kinds", models.JSONField(default=list, verbose_name="检查对象类别")),
                (
                    "sub_library",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.sublibrary",
                        verbose_name="对应对象库",
                    ),
                ),
                ("over_reason", models.CharField(blank=True, max_length=500, verbose_name="超过比例上限的理由")),
                ("methods", models.JSONField(default=list, verbose_name="检查方式")),
                ("details", models.TextField(blank=True, verbose_name="检查内容及要求")),
                ("sub_items", models.JSONField(blank=True, default=list, verbose_name="检查子项")),
                ("materials", models.JSONField(blank=True, default=list, verbose_name="检查材料")),
                ("results", models.JSONField(blank=True, default=list, verbose_name="检查结果及后续处置")),
                (
                    "qualification",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.tag",
                        verbose_name="所需专业资格",
                    ),
                ),
                ("inspector_requirement", models.CharField(blank=True, max_length=200, verbose_name="检查人员要求")),
                ("responsible_unit", models.CharField(blank=True, max_length=60, verbose_name="责任处室")),
                ("lead_unit", models.CharField(blank=True, max_length=60, verbose_name="牵头单位")),
                ("internet_plus_code", models.CharField(blank=True, max_length=60, verbose_name="互联网+监管事项编码")),
                ("duty_list_code", models.CharField(blank=True, max_length=60, verbose_name="权责清单编码")),
                ("work_guide", models.TextField(blank=True, verbose_name="随机抽查工作指引")),
                (
                    "tags",
                    models.ManyToManyField(
                        blank=True, related_name="item_versions", to="registry.tag", verbose_name="标签"
                    ),
                ),
            ],
            options={
                "verbose_name": "抽查事项版本",
                "verbose_name_plural": "抽查事项版本",
                "ordering": ("item__code", "-number", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="item_version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")), fields=("item",), name="item_version_one_published"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "review", "in_force"])),
                        fields=("item",),
                        name="item_version_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                            models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_version_submitted_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_version_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_version_published_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_asked_at__isnull", False), ("end_asked_by__isnull", False)),
                            models.Q(("end_asked_at__isnull", True), ("end_asked_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_version_end_asked_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_version_ended_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["review", "in_force", "published", "superseded", "abolished"]),
                                _negated=True,
                            ),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="item_version_review_is_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["in_force", "published", "superseded", "abolished"]), _negated=True
                            ),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="item_version_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["published", "superseded", "abolished"]), _negated=True),
                            models.Q(("edition__isnull", False), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="item_version_out_in_an_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["superseded", "abolished"]), _negated=True),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="item_version_over_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["abolished"]), _negated=True),
                            models.Q(("end_asked_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="item_version_abolished_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                        name="item_version_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "abolished"), _negated=True),
                            models.Q(("ended_by", models.F("end_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="item_version_end_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="item_version_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=40, verbose_name="统一社会信用代码或编号")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("enterprise", "企业"),
                            ("cooperative", "农民专业合作社"),
                            ("trader", "个体工商户"),
                            ("foreign_office", "外国企业代表机构"),
                            ("institution", "事业单位"),
                            ("agency", "机关"),
                            ("society", "社会组织"),
                            ("project", "项目"),
                            ("product", "产品"),
                            ("behaviour", "行为"),
                            ("other", "其他"),
                        ],
                        default="enterprise",
                        max_length=20,
                        verbose_name="主体类别",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("living", "存续"),
                            ("suspended", "歇业"),
                            ("deregistered", "注销"),
                            ("revoked", "吊销"),
                            ("cancelled", "撤销"),
                            ("moved_out", "迁出"),
                        ],
                        default="living",
                        max_length=20,
                        verbose_name="登记状态",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "在库"), ("inactive", "不参与抽查"), ("archived", "已归档")],
                        default="active",
                        max_length=12,
                        verbose_name="库内状态",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[("", "—"), ("status", "登记状态"), ("decided", "人工决定")],
                        default="",
                        max_length=10,
                        verbose_name="缘由",
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subjects",
                        to="accounts.department",
                        verbose_name="管辖单位",
                    ),
                ),
                ("registration_no", models.CharField(blank=True, max_length=40, verbose_name="注册号")),
                ("entity_type", models.CharField(blank=True, max_length=60, verbose_name="企业类型")),
                (
                    "legal_representative",
                    models.CharField(blank=True, max_length=100, verbose_name="法定代表人（负责人）"),
                ),
                ("established_on", models.DateField(blank=True, null=True, verbose_name="成立日期")),
                ("industry", models.CharField(blank=True, max_length=40, verbose_name="行业")),
                ("business_scope", models.TextField(blank=True, verbose_name="经营范围")),
                ("capital", models.CharField(blank=True, max_length=60, verbose_name="注册资本")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="住所（经营场所）")),
                ("station", models.CharField(blank=True, max_length=60, verbose_name="片区")),
                ("authority", models.CharField(blank=True, max_length=100, verbose_name="登记机关")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="联系人")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="联系电话")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A 低"), ("B", "B 一般"), ("C", "C 较高"), ("D", "D 高")],
                        max_length=1,
                        verbose_name="信用风险等级",
                    ),
                ),
                ("graded_on", models.DateField(blank=True, null=True, verbose_name="评定日期")),
                ("grade_source", models.CharField(blank=True, max_length=60, verbose_name="评定来源")),
                (
                    "longitude",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=10, null=True, verbose_name="经度"),
                ),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="纬度"),
                ),
                ("visited_on", models.DateField(blank=True, null=True, verbose_name="上次检查日期")),
                ("more", models.JSONField(blank=True, default=dict, verbose_name="其他栏目")),
                ("digest", models.CharField(blank=True, max_length=32, verbose_name="内容摘要")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.importbatch",
                        verbose_name="入库的导入",
                    ),
                ),
                ("vanished_at", models.DateTimeField(blank=True, null=True, verbose_name="全量更新中未再出现")),
                ("changed_at", models.DateTimeField(verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "检查对象",
                "verbose_name_plural": "检查对象",
                "ordering": ("number",),
                "indexes": [
                    models.Index(fields=["keeper", "number"], name="subject_keeper"),
                    models.Index(fields=["region", "number"], name="subject_region"),
                    models.Index(fields=["name"], name="subject_name"),
                ],
                "constraints": [models.UniqueConstraint(fields=("number",), name="one_subject_per_number")],
            },
        ),
        migrations.CreateModel(
            name="Inspector",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="内部编号")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("initials", models.CharField(blank=True, max_length=60, verbose_name="拼音首字母")),
                (
                    "gender",
                    models.CharField(
                        blank=True, choices=[("男", "男"), ("女", "女")], max_length=1, verbose_name="性别"
                    ),
                ),
                ("masked_id", models.CharField(blank=True, max_length=18, verbose_name="身份证号（隐去）")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="手机号")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspectors",
                        to="accounts.department",
                        verbose_name="所在单位",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="内设部门")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("civil_servant", "公务员"),
                            ("qualified", "有执法资格人员"),
                            ("daily", "日常监管人员"),
                            ("expert", "第三方专家"),
                            ("assistant", "协助检查人员"),
                        ],
                        default="civil_servant",
                        max_length=20,
                        verbose_name="人员类别",
                    ),
                ),
                (
                    "post",
                    models.CharField(
                        choices=[
                            ("bureau_leader", "局领导"),
                            ("section_head", "科室正职"),
                            ("section_deputy", "科室副职"),
                            ("station_head", "所长正职"),
                            ("station_deputy", "所长副职"),
                            ("staff", "一般干部"),
                        ],
                        default="staff",
                        max_length=20,
                        verbose_name="职务",
                    ),
                ),
                ("station", models.CharField(blank=True, max_length=60, verbose_name="管辖片区")),
                ("education", models.CharField(blank=True, max_length=30, verbose_name="最高学历")),
                ("title", models.CharField(blank=True, max_length=30, verbose_name="职称")),
                ("serves_since", models.DateField(blank=True, null=True, verbose_name="从事本岗起始日期")),
                ("is_expert", models.BooleanField(default=False, verbose_name="专家")),
                (
                    "third_party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="registry.thirdparty",
                        verbose_name="第三方机构",
                    ),
                ),
                ("does_all_items", models.BooleanField(default=True, verbose_name="全部事项")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspector",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登录账号",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "有效"), ("inactive", "失效")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("digest", models.CharField(blank=True, max_length=32, verbose_name="内容摘要")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.importbatch",
                        verbose_name="入库的导入",
                    ),
                ),
                ("vanished_at", models.DateTimeField(blank=True, null=True, verbose_name="全量更新中未再出现")),
                ("changed_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "items",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="registry.item", verbose_name="执法事项范围"
                    ),
                ),
                (
                    "tags",
                    models.ManyToManyField(blank=True, related_name="+", to="registry.tag", verbose_name="资质与专长"),
                ),
            ],
            options={
                "verbose_name": "执法检查人员",
                "verbose_name_plural": "执法检查人员",
                "ordering": ("number",),
                "indexes": [models.Index(fields=["department", "number"], name="inspector_department")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "expert"), _negated=True), ("is_expert", True), _connector="OR"
                        ),
                        name="an_outside_expert_is_an_expert",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JointInitiator",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="initiators",
                        to="registry.jointitemversion",
                        verbose_name="版本",
                    ),
                ),
                ("subject_type", models.CharField(blank=True, max_length=60, verbose_name="检查对象类型")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="发起部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "发起部门",
                "verbose_name_plural": "发起部门",
                "ordering": ("version", "subject_type", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "subject_type"), name="one_initiator_for_a_type_of_subject"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MatterDuty",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="registry.matterversion",
                        verbose_name="版本",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="部门",
                    ),
                ),
                ("duty", models.CharField(max_length=500, verbose_name="监管责任")),
            ],
            options={
                "verbose_name": "监管责任",
                "verbose_name_plural": "监管责任",
                "ordering": ("version", "department__code", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("version", "department"), name="a_department_has_one_duty")
                ],
            },
        ),
        migrations.CreateModel(
            name="PilotStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="registry.pilot",
                        verbose_name="试点",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "已申报"),
                            ("running", "试点中"),
                            ("done", "已总结"),
                            ("spread", "已推广"),
                            ("stopped", "已终止"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("told", models.TextField(verbose_name="内容")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "verbose_name": "试点进展",
                "verbose_name_plural": "试点进展",
                "ordering": ("pilot", "-at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="RefusedRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refused_rows",
                        to="registry.importbatch",
                        verbose_name="批次",
                    ),
                ),
                ("line", models.PositiveIntegerField(verbose_name="行号")),
                ("cells", models.JSONField(verbose_name="内容")),
                ("reasons", models.JSONField(verbose_name="原因")),
            ],
            options={
                "verbose_name": "未导入的行",
                "verbose_name_plural": "未导入的行",
                "ordering": ("batch", "line", "id"),
                "constraints": [models.UniqueConstraint(fields=("batch", "line"), name="a_row_is_refused_once")],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="registry.inspector",
                        verbose_name="检查人员",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="证件类别")),
                ("number", models.CharField(max_length=40, verbose_name="证号")),
                ("issued_by", models.CharField(blank=True, max_length=100, verbose_name="发证机关")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="有效期自")),
                ("valid_to", models.DateField(verbose_name="有效期至")),
                (
                    "replaced_by",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="registry.certificate",
                        verbose_name="换发为",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="注销时间")),
                ("end_reason", models.CharField(blank=True, db_default="", max_length=200, verbose_name="注销原因")),
            ],
            options={
                "verbose_name": "执法证件",
                "verbose_name_plural": "执法证件",
                "ordering": ("inspector", "valid_to", "id"),
                "indexes": [models.Index(fields=["valid_to", "inspector"], name="certificate_expiry")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("replaced_by", None)),
                        fields=("kind", "number"),
                        name="a_certificate_has_one_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="a_certificate_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectorFact",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("kind", models.CharField(max_length=30, verbose_name="类别")),
                ("told", models.CharField(max_length=500, verbose_name="内容")),
                ("data", models.JSONField(default=dict, verbose_name="数据")),
                ("by_name", models.CharField(max_length=60, verbose_name="登记人")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="registry.inspector",
                        verbose_name="检查人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "人员档案",
                "verbose_name_plural": "人员档案",
                "ordering": ("inspector", "-at", "-id"),
                "indexes": [models.Index(fields=["inspector", "at"], name="inspector_fact_in_time")],
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to="registry.inspector",
                        verbose_name="检查人员",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("holiday", "休假"),
                            ("illness", "病假"),
                            ("training", "学习培训"),
                            ("seconded", "借调"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="事由",
                    ),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "离岗",
                "verbose_name_plural": "离岗",
                "ordering": ("inspector", "begins_on", "id"),
                "indexes": [models.Index(fields=["ends_on", "begins_on"], name="leave_in_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="leave_ends_after_it_begins"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubjectText",
            fields=[
                (
                    "subject",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="registry.subject",
                    ),
                ),
                ("text", models.TextField(verbose_name="检索文本")),
            ],
            options={
                "verbose_name": "检索文本",
                "verbose_name_plural": "检索文本",
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="registry.inspector",
                        verbose_name="检查人员",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="registry.subject",
                        verbose_name="检查对象",
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("holding", "本人持股或任职"),
                            ("relative", "近亲属"),
                            ("former_post", "近期任职"),
                            ("other", "其他利害关系"),
                        ],
                        max_length=20,
                        verbose_name="关系",
                    ),
                ),
                (
                    "declared_by",
                    models.CharField(
                        choices=[("self", "本人"), ("subject", "检查对象"), ("supervisor", "上级")],
                        max_length=12,
                        verbose_name="申报人",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("begins_on", models.DateField(blank=True, null=True, verbose_name="起")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="止")),
                ("declared_at", models.DateTimeField(verbose_name="申报时间")),
                ("declared_by_name", models.CharField(max_length=60, verbose_name="登记人")),
                (
                    "registered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记账号",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("pending", "待决定"),
                            ("upheld", "应当回避"),
                            ("rejected", "不需回避"),
                            ("lifted", "已解除"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="决定",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                ("decision_note", models.CharField(blank=True, max_length=200, verbose_name="决定理由")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="解除时间")),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="解除人",
                    ),
                ),
                ("lift_reason", models.CharField(blank=True, max_length=200, verbose_name="解除原因")),
            ],
            options={
                "verbose_name": "回避",
                "verbose_name_plural": "回避",
                "ordering": ("-declared_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decision__in", ("pending", "upheld")), ("ends_on", None)),
                        fields=("inspector", "subject"),
                        name="one_endless_conflict_per_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decision", "pending")),
                            models.Q(
                                models.Q(("decision", "pending"), _negated=True),
                                models.Q(("decided_at", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_decision_has_its_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("registered_by")), _negated=True),
                        name="a_conflict_has_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_decision_has_its_maker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decision", "lifted"), ("lifted_at__isnull", False), ("lifted_by__isnull", False)
                            ),
                            models.Q(
                                models.Q(("decision", "lifted"), _negated=True),
                                ("lifted_at", None),
                                ("lifted_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="a_lifting_has_its_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begins_on", None),
                            ("ends_on", None),
                            ("ends_on__gte", models.F("begins_on")),
                            _connector="OR",
                        ),
                        name="a_conflict_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubjectFact",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("kind", models.CharField(max_length=30, verbose_name="类别")),
                ("told", models.CharField(max_length=500, verbose_name="内容")),
                ("data", models.JSONField(default=dict, verbose_name="数据")),
                ("by_name", models.CharField(max_length=60, verbose_name="登记人")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="registry.subject",
                        verbose_name="检查对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "对象档案",
                "verbose_name_plural": "对象档案",
                "ordering": ("subject", "-at", "-id"),
                "indexes": [models.Index(fields=["subject", "at"], name="subject_fact_in_time")],
            },
        ),
        migrations.CreateModel(
            name="SubjectTag",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taggings",
                        to="registry.subject",
                        verbose_name="检查对象",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.tag",
                        verbose_name="标签",
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="标注时间")),
                ("set_by_name", models.CharField(max_length=60, verbose_name="标注人")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
            ],
            options={
                "verbose_name": "对象标签",
                "verbose_name_plural": "对象标签",
                "ordering": ("tag__code", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("subject", "tag"),
                        name="a_tag_once_on_a_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="registry.subject",
                        verbose_name="检查对象",
                    ),
                ),
                (
                    "sub_library",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="registry.sublibrary",
                        verbose_name="分库",
                    ),
                ),
                ("licence_name", models.CharField(blank=True, max_length=60, verbose_name="许可证名称")),
                ("licence_no", models.CharField(blank=True, max_length=60, verbose_name="许可证编号")),
                ("licensed_on", models.DateField(blank=True, null=True, verbose_name="批准日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("licensed_by", models.CharField(blank=True, max_length=100, verbose_name="发证机关")),
                ("needs_professional", models.BooleanField(default=False, verbose_name="需专业监管")),
                (
                    "qualification",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.tag",
                        verbose_name="所需资格",
                    ),
                ),
                ("needs_expert", models.BooleanField(default=False, verbose_name="需配专家")),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "有效"), ("inactive", "失效")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[("", "—"), ("expired", "许可到期"), ("ended", "移出")],
                        default="",
                        max_length=10,
                        verbose_name="失效缘由",
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("set_at", models.DateTimeField(verbose_name="设置时间")),
                ("set_by_name", models.CharField(max_length=60, verbose_name="设置人")),
            ],
            options={
                "verbose_name": "入库记录",
                "verbose_name_plural": "入库记录",
                "ordering": ("sub_library__code", "licence_no", "id"),
                "indexes": [
                    models.Index(fields=["sub_library", "state", "subject"], name="membership_in_library"),
                    models.Index(fields=["valid_to"], name="membership_ends"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "sub_library", "licence_no"), name="one_row_per_licence")
                ],
            },
        ),
    ]
