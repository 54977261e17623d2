"""Reasons go to the version they were written for; tasks learn how many draws their line has; pools know of sizes."""

from typing import Any

from django.db import migrations

from gongchou.audit.guard import open_for_writing


def fill(apps: Any, schema_editor: Any) -> None:
    with open_for_writing():
        _give_reasons_a_version(apps)
        _count_rounds(apps)
        for name in ("LineVersion", "Task"):
            _add_sizes(apps.get_model("plans", name))


def _give_reasons_a_version(apps: Any) -> None:
    """The newest version that was not withdrawn, else the newest: what excused a draft stood beside it."""
    versions = apps.get_model("plans", "PlanVersion").objects
    for waiver in apps.get_model("plans", "Waiver").objects.filter(version=None):
        own = versions.filter(plan=waiver.plan_id).order_by("-number")
        waiver.version = own.exclude(state="withdrawn").first() or own.first()
        waiver.save(update_fields=["version"])


def _count_rounds(apps: Any) -> None:
    """A cancelled task gave its place to another, which may have got the number of a third."""
    contents = apps.get_model("plans", "LineVersion").objects
    tasks = apps.get_model("plans", "Task").objects.exclude(line=None)
    for line in tasks.order_by().values_list("line", flat=True).distinct():
        own = contents.filter(line=line)
        said = own.filter(version__state="published").first() or own.order_by("-version__number").first()
        standing = list(tasks.filter(line=line).exclude(state="cancelled").order_by("serial"))
        rounds = max(said.rounds if said else 1, len(standing))
        for number, task in enumerate(standing, 1):
            task.round, task.rounds = number, rounds
            task.save(update_fields=["round", "rounds"])
        for task in tasks.filter(line=line, state="cancelled"):
            task.rounds = max(rounds, task.round)
            task.save(update_fields=["rounds"])


def _add_sizes(model: Any) -> None:
    for row in model.objects.exclude(pool={}):
        if "scales" not in row.pool:
            row.pool = {**row.pool, "scales": []}
            row.save(update_fields=["pool"])


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_what_was_promised")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
