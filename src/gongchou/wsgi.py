"""What a web server calls: ``gunicorn gongchou.wsgi``, which is what ``./gongchou serve`` starts."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongchou.settings")
application = get_wsgi_application()
