"""The settings of the tests: those of the product, with what a test may know in advance."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import gettempdir

os.environ.setdefault("GONGCHOU_SECRET_KEY", "only for tests")

from gongchou.settings import *  # noqa: F403 -- the environment is set first

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # hundreds of sign-ins, none of them worth a second
IS_HTTPS = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False  # the browser's tests speak to this machine only
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TWO_FACTORS = False  # tests/accounts turns it on; everybody else signs in without a telephone

# In memory all connections would share one cache, in which a worker beside a live page is refused instead of waiting.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405 -- of the product
    DATABASES["default"]["TEST"] = {"NAME": str(Path(gettempdir()) / f"gongchou-test-{os.getpid()}.db")}  # noqa: F405
