"""What an import needs before its first row: the file, the words of the place, how far the person reaches."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import and_below, departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.imports.columns import Column
from gongchou.registry.imports.files import whereabouts
from gongchou.registry.imports.inspectors import Inspectors
from gongchou.registry.imports.keyed import Library
from gongchou.registry.imports.licences import Licences
from gongchou.registry.imports.places import Places, Table, departments_table, regions_table
from gongchou.registry.imports.reading import Source
from gongchou.registry.imports.subjects import Subjects
from gongchou.registry.models import ImportBatch, Tag
from gongchou.registry.queries.subjects import sub_libraries

KINDS: dict[str, type[Library]] = {kind.kind: kind for kind in (Subjects, Inspectors, Licences)}


def columns_of(kind: str) -> tuple[Column, ...]:
    """The fields that a kind of register fills."""
    return KINDS[kind].columns


def source_of(batch: ImportBatch) -> Source:
    """Where the rows of a batch are."""
    return Source(whereabouts(batch.file_path), batch.header_line, batch.sheet, batch.encoding)


def library_of(batch: ImportBatch, at: datetime) -> Library:
    """The register of a batch, with the reach that its person has now."""
    kept = departments_within(batch.created_by, Duty.KEEP_LIBRARIES).filter(is_active=True)
    places = _places(batch, batch.created_by, list(kept), at)
    reach = frozenset(own.pk.hex for own in kept)
    pairs = [(heading, name) for heading, name in batch.columns]
    clears = batch.blanks == ImportBatch.Blanks.CLEAR
    return KINDS[batch.kind](pairs, places, reach, is_workbook=batch.file_path.endswith(".xlsx"), clears=clears)


def _places(batch: ImportBatch, by: User, kept: list[Department], at: datetime) -> Places:
    today, root = timezone.localdate(at), Region.objects.get(pk=batch.department.region_id)
    area = Region.objects.filter(pk__in=and_below(Region, root.pk)).values_list("pk", "name")
    places = Places(
        regions=regions_table(root, today, batch.region),
        area={pk.hex: name for pk, name in area},
        keepers=departments_table(kept, batch.department),
        today=today,
        others={own.pk.hex: own.short_name for own in Department.objects.all()},
    )
    libraries = sub_libraries(by, Duty.KEEP_LIBRARIES).filter(is_active=True, department__in=kept)
    for library in libraries:
        places.libraries.add(library.pk, library.name, {library.code, library.name})
    if batch.sub_library_id and batch.sub_library_id.hex in places.libraries.names:
        places.libraries.default = batch.sub_library_id.hex
    places.licensed = frozenset(own.pk.hex for own in libraries if own.is_licensed)
    _add_tags(places.tags)
    return places


def _add_tags(table: Table) -> None:
    for tag in Tag.objects.filter(state=Tag.State.IN_USE, dimension=Tag.Dimension.QUALIFICATION):
        table.add(tag.pk, tag.name, {tag.code, tag.name})
