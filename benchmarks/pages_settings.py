"""The settings of the product with Django's admin beside it, which is the peer that ``pages`` measures."""

from __future__ import annotations

from gongchou.settings import *  # noqa: F403
from gongchou.settings import INSTALLED_APPS as OURS
from gongchou.settings import MIDDLEWARE as DOORS

INSTALLED_APPS = ["django.contrib.admin", *OURS]  # a name that both have is then ours
MIDDLEWARE = [*(door for door in DOORS if not door.endswith("AccessMiddleware")), "benchmarks.pages_urls.Door"]
ROOT_URLCONF = "benchmarks.pages_urls"
ALLOWED_HOSTS = ["testserver"]
