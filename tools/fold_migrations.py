"""Put the columns, constraints and indexes of initial migrations into their tables, and make these tables at once.

python tools/fold_migrations.py [--check]

``makemigrations`` adds all one by one, and Django thinks each of them over with every table related to it: a new
database then takes four times as long. Run it after making the initial migration of a room anew; with --check it
changes nothing and fails where something is left to fold.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.db.migrations import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
from gongchou.schema import CreateTables


def fold(migration: Migration) -> int:
    """Move what belongs to a table into it; return how many operations are saved."""
    tables = {table.name_lower: table for table in _tables(migration)}
    others = [one for one in migration.operations if not isinstance(one, (CreateModel, CreateTables))]
    left = [one for one in others if not _moved(one, tables)]
    n_saved = len(migration.operations) - len(left) - 1
    operations = [CreateTables([*tables.values()]), *left]
    setattr(migration, "operations", operations)  # noqa: B010 -- the stubs know it only of the class
    return n_saved


def _tables(migration: Migration) -> Iterator[CreateModel]:
    for operation in migration.operations:
        if isinstance(operation, CreateTables):
            yield from operation.tables
        elif isinstance(operation, CreateModel):
            yield operation


def _moved(operation: Operation, tables: dict[str, CreateModel]) -> bool:
    if not isinstance(operation, (AddField, AddConstraint, AddIndex)) or operation.model_name_lower not in tables:
        return False
    table = tables[operation.model_name_lower]
    match operation:
        case AddField():
            table.fields.append((operation.name, operation.field))
        case AddConstraint():
            table.options.setdefault("constraints", []).append(operation.constraint)
        case AddIndex():
            table.options.setdefault("indexes", []).append(operation.index)
    return True


def main() -> int:
    """Rewrite the initial migrations of all rooms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongchou.settings")
    os.environ.setdefault("GONGCHOU_SECRET_KEY", "of no use")
    django.setup()
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 -- Django is ready only now

    n_left, is_check = 0, "--check" in sys.argv
    for (room, _), migration in MigrationLoader(None).disk_migrations.items():
        path = Path(sys.modules[type(migration).__module__].__file__ or "")
        if migration.initial and "gongchou" in path.parts and (n_moved := fold(migration)):
            if not is_check:
                path.write_text(MigrationWriter(migration, include_header=True).as_string(), encoding="utf-8")
            n_left += n_moved
            print(f"fold_migrations: {room}: {n_moved} to be made with their tables")
    return 1 if is_check and n_left else 0


if __name__ == "__main__":
    sys.exit(main())
