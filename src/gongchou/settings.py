"""All settings, read from the environment; ``NAME_FILE`` names a file that holds the value of ``NAME``.

What has no safe default must be given, or nothing starts.
"""

from __future__ import annotations

from pathlib import Path

import environ

env = environ.FileAwareEnv()

HOME = Path(env.str("GONGCHOU_HOME", default="var")).resolve()
DEBUG = env.bool("GONGCHOU_DEBUG", default=False)
SECRET_KEY = env.str("GONGCHOU_SECRET_KEY")
ALLOWED_HOSTS = env.list("GONGCHOU_HOSTS", default=["localhost", "127.0.0.1"])

INSTALLED_APPS = [
    "gongchou.audit",
    "gongchou.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
ROOT_URLCONF = "gongchou.urls"

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'gongchou.db'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer waits for the lock when it begins, not when it is too late to begin again.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
    }

AUTH_USER_MODEL = "accounts.User"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
