"""Put the constraints and indexes of initial migrations into the tables they belong to.

python tools/fold_migrations.py [--check]

``makemigrations`` adds them one by one behind all tables, and Django thinks each of them over with every table related
to it: a new database then takes more than twice as long. Run it after making the initial migration of a room anew;
with --check it changes nothing and fails where something is left to fold.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.db.migrations import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter


def fold(migration: Migration) -> int:
    """Move what names only columns that its table has from the beginning; return how many were moved."""
    tables = {
        operation.name_lower: operation for operation in migration.operations if isinstance(operation, CreateModel)
    }
    later = [
        (operation.model_name_lower, operation.name)
        for operation in migration.operations
        if isinstance(operation, AddField)
    ]
    left = [operation for operation in migration.operations if not _moved(operation, tables, later)]
    n_moved = len(migration.operations) - len(left)
    setattr(migration, "operations", left)  # noqa: B010 -- the stubs know it only of the class
    return n_moved


def _moved(operation: Operation, tables: dict[str, CreateModel], later: list[tuple[str, str]]) -> bool:
    if not isinstance(operation, (AddConstraint, AddIndex)):
        return False
    thing = operation.constraint if isinstance(operation, AddConstraint) else operation.index
    table, told = operation.model_name_lower, str(thing.deconstruct())
    if table not in tables or any(model == table and name in told for model, name in later):
        return False
    kind = "constraints" if isinstance(operation, AddConstraint) else "indexes"
    tables[table].options[kind] = [*tables[table].options.get(kind, []), thing]
    return True


def main() -> int:
    """Rewrite the initial migrations of all rooms."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
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
