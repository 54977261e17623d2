"""The page that inspectors have on the phone: its shell, the worker that opens it without a network, its manifest.

None of them holds anything about anybody, so they are public: a phone whose session has ended still gets a newer page,
and never a page of entry in its place.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongchou.web.access import open_to_all

_FOLDER = "inspections/field"  # of static files
_BESIDE = (
    "checklists/answers.js",
    "checklists/expressions.js",
    "checklists/form.css",
    "checklists/form.js",
    "web/icon.svg",
)
_ICON = "web/icon.svg"
_WORKER = "inspections/field/sw.js"  # answered below, with what it has to keep in front of it

# Photos and recordings are shown from the phone's own store.
_policy = csp_update(
    {
        "img-src": ["blob:"],
        "media-src": ["blob:"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
    }
)


@open_to_all
@_policy
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """现场检查, without anything in it: what it shows comes from the phone."""
    return HttpResponse(build().parts[reverse("field:page")])


@open_to_all
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker, told which files the page is made of; one byte changed in any of them is a new version."""
    now = build()
    files = {address: _digest(data) for address, data in now.parts.items()}
    told = json.dumps({"version": now.version, "files": files}, sort_keys=True)
    source = _path(_WORKER).read_text(encoding="utf-8")
    answer = HttpResponse(f"const BUILD = {told};\n{source}", content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("field:page")
    answer["Cache-Control"] = "no-cache"
    return answer


@open_to_all
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the page on its desk."""
    return HttpResponse(_manifest(), content_type="application/manifest+json")


def names() -> list[str]:
    """The static files that the page is made of."""
    place = _path(_FOLDER)
    own = {f"{_FOLDER}/{path.relative_to(place).as_posix()}" for path in place.rglob("*.*")}
    return sorted({*own, *_BESIDE} - {_WORKER})


@dataclass(frozen=True)
class Build:
    """One version of the page. parts: all that the worker keeps on the phone, by its address"""

    version: str
    parts: dict[str, bytes]


def build() -> Build:
    """As it is served now. Files change only with the program, but where somebody works on them."""
    return _build.__wrapped__(settings.IS_DEMO) if settings.DEBUG else _build(settings.IS_DEMO)


@cache
def _build(is_demo: bool) -> Build:
    files = {name: _path(name).read_bytes() for name in names()}
    shell, manifest_ = _page("", is_demo=is_demo), _manifest()
    told = [shell, manifest_, *map(_digest, files.values()), _digest(_path(_WORKER).read_bytes())]
    version = _digest("\n".join(told).encode())
    own = {reverse("field:page"): _page(version, is_demo=is_demo), reverse("field:manifest"): manifest_}
    parts = {static(name): data for name, data in files.items()}
    return Build(version, parts | {address: text.encode() for address, text in own.items()})


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _page(version: str, *, is_demo: bool) -> str:
    found = names()
    context = {
        "version": version,
        "is_demo": is_demo,
        "scripts": [name for name in found if name.endswith(".js")],
        "styles": [name for name in found if name.endswith(".css")],
    }
    return render_to_string("inspections/field.html", context)


def _manifest() -> str:
    start = reverse("field:page")
    told = {
        "name": "公抽·现场检查",
        "short_name": "现场检查",
        "lang": "zh-CN",
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#f3f6f9",
        "theme_color": "#1e5aa8",
        "icons": [{"src": static(_ICON), "sizes": "any", "type": "image/svg+xml"}],
    }
    return json.dumps(told, ensure_ascii=False)


def _path(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)
