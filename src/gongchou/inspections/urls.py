"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.inspections.views import sync

app_name = "inspections"
urlpatterns: list[URLPattern | URLResolver] = []

field_urlpatterns: list[URLPattern | URLResolver] = [
    path("package/", sync.package, name="package"),
    path("instances/<uuid:pk>/", sync.instance, name="instance"),
    path("attachments/<str:sha256>/", sync.attachment, name="attachment"),
    path("receipts/", sync.receipts, name="receipts"),
]
