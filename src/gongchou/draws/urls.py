"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.draws.views import batches, day, screen, statistics, watching

app_name = "draws"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", batches.BatchList.as_view(), name="batches"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/draws/", statistics.DrawList.as_view(), name="statistics-draws"),
    path("statistics/strata/", statistics.StratumList.as_view(), name="statistics-strata"),
    path("statistics/seats/", statistics.SeatList.as_view(), name="statistics-seats"),
    path("statistics/objects/", statistics.DrawnList.as_view(), name="statistics-objects"),
    path("watch-groups/", watching.WatchList.as_view(), name="watch-groups"),
    path("watch-groups/add/", watching.name_group, name="watch-group-add"),
    path("watch-groups/<uuid:pk>/", watching.watch_group, name="watch-group"),
    path("watch-groups/<uuid:pk>/end/", watching.end_group, name="watch-group-end"),
    path("tasks/<uuid:pk>/open/", batches.open_batch, name="open"),
    path("attendances/", day.attendances, name="attendances"),
    path("attendances/<uuid:pk>/sign/", day.sign_attendance, name="sign"),
    path("contributions/<uuid:pk>/promise/", batches.promise, name="promise"),
    path("contributions/<uuid:pk>/reveal/", batches.reveal, name="reveal"),
    path("draw/<uuid:pk>/leave/", batches.leave, name="leave"),
    path("readings/<uuid:pk>/confirm/", day.confirm_reading, name="confirm-reading"),
    path("readings/<uuid:pk>/void/", day.void_reading, name="void-reading"),
    path("<uuid:pk>/", batches.batch, name="batch"),
    path("<uuid:pk>/progress/", batches.progress, name="progress"),
    path("<uuid:pk>/comparison/", batches.comparison, name="comparison"),
    path("<uuid:pk>/change/", batches.change_batch, name="change"),
    path("<uuid:pk>/join/", batches.join, name="join"),
    path("<uuid:pk>/parties/", batches.name_parties, name="parties"),
    path("<uuid:pk>/preparation/", batches.preparation, name="preparation"),
    path("<uuid:pk>/freeze/", batches.freeze, name="freeze"),
    path("<uuid:pk>/thaw/", batches.thaw, name="thaw"),
    path("<uuid:pk>/drop/", batches.drop, name="drop"),
    path("<uuid:pk>/commit/", batches.commit, name="commit"),
    path("<uuid:pk>/witnesses/", day.witnesses, name="witnesses"),
    path("<uuid:pk>/sources/<int:number>/", day.read_source, name="read"),
    path("<uuid:pk>/close/", day.close, name="close"),
    path("<uuid:pk>/seed/", day.seed, name="seed"),
    path("<uuid:pk>/run/", day.run, name="run"),
    path("<uuid:pk>/lock/", day.lock, name="lock"),
    path("<uuid:pk>/dispatch/", day.dispatch, name="dispatch"),
    path("<uuid:pk>/certificate.pdf", day.certificate, name="certificate"),
    path("<uuid:pk>/objects/", day.HitList.as_view(), name="objects"),
    path("<uuid:pk>/screen/", screen.screen, name="screen"),
    path("<uuid:pk>/screen/state/", screen.state, name="screen-state"),
    path("<uuid:pk>/visits/", day.VisitList.as_view(), name="visits"),
]
