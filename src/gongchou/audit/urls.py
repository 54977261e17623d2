"""Addresses of the room; those below ``log/`` are what a witness calls PLACE."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.audit import views

app_name = "audit"
urlpatterns: list[URLPattern | URLResolver] = [
    path("lines/", views.LineList.as_view(), name="lines"),
    path("lines/<int:index>/", views.line, name="line"),
    path("lines/<int:index>/data", views.line_data, name="line-data"),
    path("lines/<int:index>/proof", views.line_proof, name="line-proof"),
    path("checkpoints", views.CheckpointList.as_view(), name="checkpoints"),
    path("log/checkpoint", views.checkpoint, name="checkpoint"),
    path("log/checkpoint/<int:size>", views.checkpoint, name="checkpoint-at"),
    path("log/consistency/<int:first>/<int:second>", views.consistency, name="consistency"),
    path("log/cosignature", views.cosignature, name="cosignature"),
    path("log/audit.vkey", views.public_key, name="public-key"),
]
