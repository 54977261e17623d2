import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_whose_reasons_and_rounds")]

    operations = [
        migrations.AlterModelOptions(
            name="waiver",
            options={
                "ordering": ("version", "rule", "given_at", "id"),
                "verbose_name": "例外说明",
                "verbose_name_plural": "例外说明",
            },
        ),
        migrations.RemoveField(
            model_name="waiver",
            name="plan",
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["declined", "left", "revoked"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="an_invitation_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("line", "round"),
                name="a_task_of_a_round_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("round__gte", 1), ("round__lte", models.F("rounds"))),
                name="a_task_is_of_its_rounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("version", "rule", "place"), name="a_waiver_once"
            ),
        ),
        migrations.AlterField(
            model_name="waiver",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waivers",
                to="plans.planversion",
                verbose_name="计划版本",
            ),
        ),
    ]
