from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_each_version_its_own")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="suspended_from",
            field=models.CharField(
                blank=True,
                choices=[
                    ("created", "设置中"),
                    ("ready", "待抽取"),
                    ("pool_frozen", "名单已锁定"),
                    ("drawn", "已抽取"),
                    ("locked", "结果已锁定"),
                    ("dispatched", "已派发"),
                    ("completed", "已完成"),
                    ("archived", "已归档"),
                    ("suspended", "已暂停"),
                    ("cancelled", "已取消"),
                ],
                max_length=12,
                verbose_name="暂停前的状态",
            ),
        ),
    ]
