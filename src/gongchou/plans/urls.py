"""Addresses of the room, one list per aggregate."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.plans.views import layout, lines, plans

app_name = "plans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", plans.PlanList.as_view(), name="plans"),
    path("add/", plans.add_plan, name="add-plan"),
    path("<uuid:pk>/", plans.plan, name="plan"),
    path("<uuid:pk>/compare/", plans.compare, name="compare-plan"),
    path("versions/<uuid:pk>/change/", plans.change_plan, name="change-plan"),
    path("versions/<uuid:pk>/submit/", plans.submit, name="submit-plan"),
    path("versions/<uuid:pk>/withdraw/", plans.withdraw, name="withdraw-plan"),
    path("versions/<uuid:pk>/approve/", plans.approve, name="approve-plan"),
    path("versions/<uuid:pk>/send-back/", plans.send_back, name="send-back-plan"),
    path("versions/<uuid:pk>/file/", plans.file, name="file-plan"),
    path("versions/<uuid:pk>/receive/", plans.receive, name="receive-plan"),
    path("versions/<uuid:pk>/publish/", plans.publish, name="publish-plan"),
    path("versions/<uuid:pk>/revise/", plans.revise, name="revise-plan"),
    path("versions/<uuid:pk>/close/", plans.close, name="close-plan"),
    path("versions/<uuid:pk>/checks/", lines.plan_checks, name="plan-checks"),
    path("versions/<uuid:pk>/waive/<str:rule>/", lines.add_waiver, name="add-waiver"),
    path("waivers/<uuid:pk>/end/", lines.end_waiver, name="end-waiver"),
    path("versions/<uuid:pk>/lines/add/", lines.add_line, name="add-line"),
    path("versions/<uuid:pk>/lines/import/", layout.import_lines, name="import-lines"),
    path("versions/<uuid:pk>/lines/export/", layout.export_lines, name="export-lines"),
    path("versions/<uuid:pk>/lines/template/", layout.line_template, name="line-template"),
    path("lines/", lines.LineList.as_view(), name="lines"),
    path("lines/<uuid:pk>/", lines.line, name="line"),
    path("contents/<uuid:pk>/change/", lines.change_line, name="change-line"),
    path("contents/<uuid:pk>/drop/", lines.drop_line, name="drop-line"),
]
