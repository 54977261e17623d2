"""May the import of this person still go on? Rights may end between her word and the worker, and between two parts."""

from __future__ import annotations

from gongchou.refusal import Refused
from gongchou.registry.imports.keyed import Library
from gongchou.registry.models import ImportBatch
from gongchou.registry.queries.imports import departments_for, sub_libraries_for

State = ImportBatch.State


def check_still_reaches(batch: ImportBatch, library: Library) -> None:
    """Whoever brought a file still keeps its department and all that its worker goes by: the worker asked for her reach
    once, at its beginning. A wider one is no reason to stop.

    batch: with its maker as she is now. Raises Refused ``registry.import_rights_ended``.
    """
    by = batch.created_by
    kept = {pk.hex for pk in departments_for(by).values_list("pk", flat=True)}
    libraries = {pk.hex for pk in sub_libraries_for(by).values_list("pk", flat=True)}
    if {batch.department_id.hex, *library.reach} <= kept and library.places.libraries.names.keys() <= libraries:
        return
    done = batch.done_rows if batch.state == State.RUNNING else 0  # a dry run took nothing
    raise Refused("registry.import_rights_ended", name=by.name, department=batch.department.short_name, done=done)
