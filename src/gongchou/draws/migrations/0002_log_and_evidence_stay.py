"""The database itself refuses to change or delete the public log, and evidence that was promised to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("draws_logentry", "draws_logcheckpoint", "draws_logcosignature")
HEAD, EVIDENCE = "draws_loghead", "draws_evidence"

_STAYS = "the log is only added to"
# A batch's parameters are kept when it is committed. To ask the table of batches would tie every later change of that
# table to this trigger, and would believe a column that anybody may set back.
_IS_PROMISED = f"SELECT 1 FROM {EVIDENCE} WHERE batch_id = OLD.batch_id AND path LIKE '%params.json'"  # noqa: S608 -- our own name
_FUNCTION = (
    "CREATE FUNCTION gongchou_evidence_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF EXISTS ({_IS_PROMISED}) THEN RAISE EXCEPTION '{_STAYS}'; END IF; RETURN OLD; END $$"
)


def add_triggers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """One trigger for each table and verb."""
    vendor = editor.connection.vendor
    if vendor == "postgresql":
        editor.execute(_FUNCTION, params=None)  # or the % would be a placeholder
    for table, verb in _guarded(vendor):
        make = _postgres if vendor == "postgresql" else _sqlite
        editor.execute(make(table, verb), params=None)


def _guarded(vendor: str) -> Iterator[tuple[str, str]]:
    for table in (*TABLES, HEAD, EVIDENCE):
        yield table, "UPDATE"
        yield table, "DELETE"
        if vendor == "postgresql":
            yield table, "TRUNCATE"


def _when(table: str, verb: str) -> str:
    """The head moves with every entry, but never back."""
    return "WHEN (NEW.size < OLD.size)" if (table, verb) == (HEAD, "UPDATE") else ""


def _sqlite(table: str, verb: str) -> str:
    when = f"WHEN EXISTS ({_IS_PROMISED})" if (table, verb) == (EVIDENCE, "DELETE") else _when(table, verb)
    begin = f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}"
    return f"{begin} {when} BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END"


def _postgres(table: str, verb: str) -> str:
    begin = f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}"
    if verb == "TRUNCATE":
        return f"{begin} FOR EACH STATEMENT EXECUTE FUNCTION gongchou_is_not_emptied()"
    function = "gongchou_evidence_stays" if (table, verb) == (EVIDENCE, "DELETE") else "gongchou_stays"
    return f"{begin} FOR EACH ROW {_when(table, verb)} EXECUTE FUNCTION {function}()"


def drop_triggers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Back to tables that anybody may write."""
    is_postgres = editor.connection.vendor == "postgresql"
    for table, verb in _guarded(editor.connection.vendor):
        editor.execute(f"DROP TRIGGER {table}_{verb.lower()}" + (f" ON {table}" if is_postgres else ""))
    if is_postgres:
        editor.execute("DROP FUNCTION gongchou_evidence_stays()")


class Migration(migrations.Migration):
    """Entries, checkpoints, cosignatures and committed evidence are only added to."""

    dependencies = (("draws", "0001_draws"), ("audit", "0002_lines_stay"))
    operations = (migrations.RunPython(add_triggers, drop_triggers),)
