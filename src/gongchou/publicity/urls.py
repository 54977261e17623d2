"""Addresses that everybody may open."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.publicity import views

app_name = "publicity"
urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", views.PlanList.as_view(), name="plans"),
    path("plans/<uuid:pk>/", views.plan, name="plan"),
    path("schemes/", views.SchemeList.as_view(), name="schemes"),
    path("schemes/<uuid:pk>/", views.scheme, name="scheme"),
]
