"""Reading results: which doors stand, what happened to a draw afterwards."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from gongchou.draws.models import Hit, Visit
from gongchou.draws.states import DrawState

IN_SAMPLE = (Hit.Place.SELECTED, Hit.Place.CAME_IN)


def standing(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Those whose object is in the sample of a draw that was not given up: the others are visited by nobody."""
    told = {"batch": OuterRef("batch"), "subject": OuterRef("subject")}
    hits = Hit.objects.filter(**told, place__in=IN_SAMPLE, draw__state=DrawState.LIVE)
    return visits.filter(Exists(hits))
