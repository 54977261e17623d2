"""Addresses that everybody may open."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.publicity.views import plans

app_name = "publicity"
urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", plans.PlanList.as_view(), name="plans"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("schemes/", plans.SchemeList.as_view(), name="schemes"),
    path("schemes/<uuid:pk>/", plans.scheme, name="scheme"),
]
