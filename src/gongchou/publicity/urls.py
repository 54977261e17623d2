"""Addresses that everybody may open."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.publicity.views import badges, draws, plans, receipts, records, verify

app_name = "publicity"
urlpatterns: list[URLPattern | URLResolver] = [
    path("badges/<str:token>/", badges.badge, name="badge"),
    path("plans/", plans.PlanList.as_view(), name="plans"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("schemes/", plans.SchemeList.as_view(), name="schemes"),
    path("schemes/<uuid:pk>/", plans.scheme, name="scheme"),
    path("draws/", draws.DrawList.as_view(), name="draws"),
    path("draws.json", draws.data, name="draws-data"),
    path("draws/departments/<str:code>/", records.Record.as_view(), name="record"),
    path("draws/<str:code>/", draws.batch, name="batch"),
    path("draws/<str:code>/selected/", draws.SelectedList.as_view(), name="selected"),
    path("draws/<str:code>/params/<str:draw>.json", draws.params, name="params"),
    path("draws/<str:code>/bundle.zip", draws.bundle, name="bundle"),
    path("draws/<str:code>/verify/", verify.verify, name="verify"),
    path("draws/<str:code>/receipt/", receipts.receipt, name="receipt"),
]
