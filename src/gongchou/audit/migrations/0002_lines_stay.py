"""The database itself refuses to change or delete a line; ``DELETE`` and ``UPDATE`` rights are no way around."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("audit_line", "audit_checkpoint")


def add_triggers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """One trigger for each table and verb."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE FUNCTION gongchou_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the log is only added to'; END $$"
        )
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            editor.execute(_trigger(table, verb, editor.connection.vendor))


def _trigger(table: str, verb: str, vendor: str) -> str:
    name = f"{table}_{verb.lower()}"
    if vendor == "postgresql":
        return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION gongchou_stays()"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END"


def drop_triggers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Back to tables that anybody may write."""
    is_postgres = editor.connection.vendor == "postgresql"
    for table in TABLES:
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_{verb}" + (f" ON {table}" if is_postgres else ""))
    if is_postgres:
        editor.execute("DROP FUNCTION gongchou_stays()")


class Migration(migrations.Migration):
    """Lines and checkpoints are only added to."""

    dependencies = (("audit", "0001_lines"),)
    operations = (migrations.RunPython(add_triggers, drop_triggers),)
