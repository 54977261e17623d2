"""Which room answers which address."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from gongchou.accounts.urls import entrance_urls
from gongchou.accounts.views import home
from gongchou.inspections.urls import field_urlpatterns
from gongchou.web.components import components

handler400 = "gongchou.web.faults.bad_request"
handler403 = "gongchou.web.faults.forbidden"
handler404 = "gongchou.web.faults.not_found"
handler500 = "gongchou.web.faults.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("people/", include("gongchou.accounts.urls")),
    path("audit/", include("gongchou.audit.urls")),
    path("registry/", include("gongchou.registry.urls")),
    path("checklists/", include("gongchou.checklists.urls")),
    path("plans/", include("gongchou.plans.urls")),
    path("draws/", include("gongchou.draws.urls")),
    path("inspections/", include("gongchou.inspections.urls")),
    path("field/", include((field_urlpatterns, "field"))),
    path("public/", include("gongchou.publicity.urls")),
    path("account/", include(entrance_urls)),
]
if settings.DEBUG:
    urlpatterns.append(path("_components/", components))
