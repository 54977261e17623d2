"""Our addresses and the admin's."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from gongchou.accounts.middleware import AccessMiddleware
from gongchou.registry.models import Inspector, Subject
from gongchou.urls import urlpatterns as ours


class Door(AccessMiddleware):
    """Ours, except that the peer's pages need not say whom they let in."""

    def process_view(self, request: HttpRequest, *rest: Any) -> HttpResponse | None:
        """Pass the peer by."""
        return None if request.path.startswith("/admin/") else super().process_view(request, *rest)


class Readable(ModelAdmin):
    """Without Django's permissions, which our accounts do not have."""

    list_per_page = 20

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everybody here."""
        return True

    has_module_permission = has_change_permission = has_add_permission = has_delete_permission = has_view_permission  # type: ignore[assignment]


class SubjectAdmin(Readable):
    """The columns of our list."""

    list_display = ("name", "number", "kind", "region", "keeper", "grade", "status", "state", "address")
    list_select_related = ("region", "keeper")
    search_fields = ("name", "number", "address")


class InspectorAdmin(Readable):
    """As above."""

    list_display = ("name", "number", "department", "category", "post", "state")
    list_select_related = ("department",)


site = AdminSite()  # with nothing of the libraries' own
site.register(Subject, SubjectAdmin)
site.register(Inspector, InspectorAdmin)
site.has_permission = lambda request: True  # type: ignore[method-assign]
urlpatterns = [*ours, path("admin/", site.urls)]
