"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.inspections.views import calendar, field_page, results, sync

app_name = "inspections"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", results.InspectionList.as_view(), name="inspections"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/enter/", calendar.enter_notice, name="enter-notice"),
    path("<uuid:pk>/", results.inspection, name="inspection"),
    path("<uuid:pk>/review/", results.review, name="review"),
    path("records/<uuid:pk>/choose/", results.choose, name="choose"),
    path("exhibits/<uuid:pk>/", results.exhibit, name="exhibit"),
]

field_urlpatterns: list[URLPattern | URLResolver] = [
    path("", field_page.page, name="page"),
    path("sw.js", field_page.worker, name="worker"),
    path("manifest.webmanifest", field_page.manifest, name="manifest"),
    path("package/", sync.package, name="package"),
    path("instances/<uuid:pk>/", sync.instance, name="instance"),
    path("attachments/<str:sha256>/", sync.attachment, name="attachment"),
    path("receipts/", sync.receipts, name="receipts"),
]
