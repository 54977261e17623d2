"""Entries, checkpoints and cosignatures become chains, so that whoever touches a row of them is found and the row named.

The tables are made anew, for no platform has drawn yet: where one has, this stops and nothing is lost.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NOTHING = "0" * 64


def check_empty(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if apps.get_model("draws", "LogEntry").objects.exists():
        raise RuntimeError("公开日志里已有内容，不能改建。请用原版本备份后联系开发方。")


class Migration(migrations.Migration):
    dependencies = [("draws", "0001_draws")]

    operations = [
        migrations.RunPython(check_empty, migrations.RunPython.noop),
        migrations.DeleteModel(name="LogCosignature"),
        migrations.DeleteModel(name="LogCheckpoint"),
        migrations.DeleteModel(name="LogEntry"),
        migrations.DeleteModel(name="LogHead"),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("data", models.BinaryField(verbose_name="内容")),
                ("type", models.CharField(max_length=12, verbose_name="类型")),
                ("authority", models.CharField(max_length=54, verbose_name="部门编码")),
                ("campaign", models.CharField(blank=True, max_length=54, verbose_name="批次号")),
            ],
            options={
                "verbose_name": "公开日志",
                "verbose_name_plural": "公开日志",
                "ordering": ("index",),
                "indexes": [models.Index(fields=["campaign", "type"], name="draw_log_campaign")],
            },
        ),
        migrations.CreateModel(
            name="LogHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n_checkpoints", models.BigIntegerField(default=0, verbose_name="检查点数")),
                (
                    "checkpoint",
                    models.CharField(default=NOTHING, max_length=64, verbose_name="最近一个检查点的摘要"),
                ),
                ("n_cosignatures", models.BigIntegerField(default=0, verbose_name="共签数")),
                (
                    "cosignature",
                    models.CharField(default=NOTHING, max_length=64, verbose_name="最近一个共签的摘要"),
                ),
                ("size", models.BigIntegerField(default=0, verbose_name="条数")),
                ("latest", models.CharField(default=NOTHING, max_length=64, verbose_name="最近一条的摘要")),
            ],
            options={
                "verbose_name": "公开日志头",
                "verbose_name_plural": "公开日志头",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="draws_one_head")],
            },
        ),
        migrations.CreateModel(
            name="LogCheckpoint",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("size", models.BigIntegerField(unique=True, verbose_name="行数")),
                ("note", models.TextField(verbose_name="签名文本")),
            ],
            options={
                "verbose_name": "公开日志检查点",
                "verbose_name_plural": "公开日志检查点",
                "ordering": ("size",),
            },
        ),
        migrations.CreateModel(
            name="LogCosignature",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("witness", models.CharField(max_length=200, verbose_name="见证人")),
                ("line", models.TextField(verbose_name="共签")),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="draws.logcheckpoint",
                        to_field="size",
                        verbose_name="检查点条数",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开日志共签",
                "verbose_name_plural": "公开日志共签",
                "ordering": ("checkpoint", "witness"),
                "constraints": [models.UniqueConstraint(fields=("checkpoint", "witness"), name="draws_cosigned_once")],
            },
        ),
    ]
