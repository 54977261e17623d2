"""The database itself refuses to change or delete what was written; rights to do so are no way around."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("audit_line", "audit_block", "audit_checkpoint", "audit_cosignature")
HEAD = "audit_head"

_STAYS = "the log is only added to"
_FUNCTIONS = (
    f"CREATE FUNCTION gongchou_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_STAYS}'; END $$",
    # A table that is empty may be emptied: tests begin so.
    "CREATE FUNCTION gongchou_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE is_filled boolean; "
    "BEGIN EXECUTE format('SELECT EXISTS (TABLE %I)', TG_TABLE_NAME) INTO is_filled; "
    f"IF is_filled THEN RAISE EXCEPTION '{_STAYS}'; END IF; RETURN NULL; END $$",
)


def add_triggers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """One trigger for each table and verb."""
    if editor.connection.vendor == "postgresql":
        for function in _FUNCTIONS:
            editor.execute(function, params=None)  # or the % would be a placeholder
    for table, verb, when in _guarded(editor.connection.vendor):
        editor.execute(_trigger(table, verb, when, editor.connection.vendor))


def _guarded(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Table, verb, condition. The head moves with every line, but never back."""
    for table in (*TABLES, HEAD):
        yield table, "UPDATE", "WHEN (NEW.size < OLD.size)" if table == HEAD else ""
        yield table, "DELETE", ""
        if vendor == "postgresql":
            yield table, "TRUNCATE", ""


def _trigger(table: str, verb: str, when: str, vendor: str) -> str:
    begin = f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}"
    if vendor != "postgresql":
        return f"{begin} {when} BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END"
    if verb == "TRUNCATE":
        return f"{begin} FOR EACH STATEMENT EXECUTE FUNCTION gongchou_is_not_emptied()"
    return f"{begin} FOR EACH ROW {when} EXECUTE FUNCTION gongchou_stays()"


def drop_triggers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Back to tables that anybody may write."""
    is_postgres = editor.connection.vendor == "postgresql"
    for table, verb, _ in _guarded(editor.connection.vendor):
        editor.execute(f"DROP TRIGGER {table}_{verb.lower()}" + (f" ON {table}" if is_postgres else ""))
    if is_postgres:
        editor.execute("DROP FUNCTION gongchou_stays()")
        editor.execute("DROP FUNCTION gongchou_is_not_emptied()")


class Migration(migrations.Migration):
    """Lines, blocks, checkpoints and cosignatures are only added to."""

    dependencies = (("audit", "0001_lines"),)
    operations = (migrations.RunPython(add_triggers, drop_triggers),)
