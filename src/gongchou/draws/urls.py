"""Addresses of the room; those below ``log/`` are what a witness calls PLACE."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gongchou.draws.views import log

app_name = "draws"
urlpatterns: list[URLPattern | URLResolver] = [
    path("log/checkpoint", log.checkpoint, name="log-checkpoint"),
    path("log/checkpoint/<int:size>", log.checkpoint, name="log-checkpoint-at"),
    path("log/consistency/<int:first>/<int:second>", log.consistency, name="log-consistency"),
    path("log/cosignature", log.cosignature, name="log-cosignature"),
    path("log/entry/<int:index>", log.entry, name="log-entry"),
    path("log/proof/<int:index>", log.proof, name="log-proof"),
    path("log/plan/<int:index>", log.plan, name="log-plan"),
    path("log/draws.vkey", log.public_key, name="log-key"),
    path("log/witnesses.vkey", log.witnesses, name="log-witnesses"),
]
