"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.checklists import views

app_name = "checklists"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.ChecklistList.as_view(), name="checklists"),
    path("add/", views.add_checklist, name="add"),
    path("example/", views.example, name="example"),
    path("preview/", views.preview_merged, name="preview_merged"),
    path("<uuid:pk>/", views.checklist, name="checklist"),
    path("<uuid:pk>/bring/", views.bring, name="bring"),
    path("versions/<uuid:pk>/publish/", views.publish, name="publish"),
    path("versions/<uuid:pk>/drop/", views.drop, name="drop"),
    path("versions/<uuid:pk>/end/", views.end, name="end"),
    path("versions/<uuid:pk>/preview/", views.preview, name="preview"),
    path("versions/<uuid:pk>/take/", views.take, name="take"),
]
