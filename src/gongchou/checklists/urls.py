"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.checklists.views import composing, files, library

app_name = "checklists"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", library.ChecklistList.as_view(), name="checklists"),
    path("add/", library.add_checklist, name="add"),
    path("compose/", composing.compose, name="compose"),
    path("example/", files.example, name="example"),
    path("preview/", library.preview_merged, name="preview_merged"),
    path("<uuid:pk>/", library.checklist, name="checklist"),
    path("<uuid:pk>/bring/", library.bring, name="bring"),
    path("<uuid:pk>/revise/", composing.revise, name="revise"),
    path("versions/<uuid:pk>/publish/", library.publish, name="publish"),
    path("versions/<uuid:pk>/drop/", library.drop, name="drop"),
    path("versions/<uuid:pk>/end/", library.end, name="end"),
    path("versions/<uuid:pk>/preview/", library.preview, name="preview"),
    path("versions/<uuid:pk>/take/", files.take, name="take"),
    path("versions/<uuid:pk>/xform/", files.take_xform, name="xform"),
    path("versions/<uuid:pk>/blank/", files.blank, name="blank"),
]
