"""All settings, read from the environment; ``NAME_FILE`` names a file that holds the value of ``NAME``.

What has no safe default must be given, or nothing starts.
"""

from __future__ import annotations

from pathlib import Path

import environ

from gongchou.operate.home import read_secret

env = environ.FileAwareEnv()

HOME = Path(env.str("GONGCHOU_HOME", default="var")).resolve()
DEBUG = env.bool("GONGCHOU_DEBUG", default=False)
SECRET_KEY = env.str("GONGCHOU_SECRET_KEY", default="") or read_secret(HOME)  # or as `gongchou init` wrote it
ALLOWED_HOSTS = env.list("GONGCHOU_HOSTS", default=["localhost", "127.0.0.1"])

INSTALLED_APPS = [
    "gongchou.web",  # before Django's own, whose form templates it replaces
    "django.forms",
    "gongchou.audit",
    "gongchou.accounts",
    "gongchou.registry",
    "gongchou.checklists",
    "gongchou.plans",
    "gongchou.draws",
    "gongchou.inspections",
    "gongchou.publicity",
    "gongchou.operate",
    "gongchou.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gongchou.web.middleware.PrivateAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gongchou.web.middleware.RefusalMiddleware",
    "gongchou.accounts.middleware.AccessMiddleware",
]
ROOT_URLCONF = "gongchou.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongchou.web.context.place",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 21_000  # as many ticks as a plan may have lines (``plans.layout.reading.MOST_ROWS``)
CSRF_FAILURE_VIEW = "gongchou.web.faults.csrf_failed"
IS_DEMO = env.bool("GONGCHOU_DEMO", default=False)  # every page then bears the mark 演示数据

# Nothing is loaded from elsewhere, nothing inline runs, nobody frames us.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
IS_HTTPS = env.bool("GONGCHOU_HTTPS", default=not IS_DEMO)  # off only where nobody else can listen
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = env.int("GONGCHOU_HSTS_SECONDS", default=0)  # a promise to browsers that cannot be taken back
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]  # as above; from HTTP to HTTPS the proxy leads
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

BEACON_RELAYS = env.list("GONGCHOU_BEACON_RELAYS", default=[])  # addresses of drand relays, asked one after another
UPLOAD_MB = env.int("GONGCHOU_UPLOAD_MB", default=600)  # the largest file of an import
KEEP_UPLOADS_DAYS = env.int("GONGCHOU_KEEP_UPLOADS_DAYS", default=180)  # after an import has ended or was left lying

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
VERIFIER = Path(__file__).resolve().parents[2] / "verifier"  # public pages hand it out as it lies there
STATICFILES_DIRS = [("verifier", VERIFIER)]
WHITENOISE_USE_FINDERS = True

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'gongchou.db'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer waits for the lock when it begins, not when it is too late to begin again.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            # A list or search over a million subjects takes a third less where the file is read in place.
            "PRAGMA mmap_size=2147418112"
        ),
    }

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "gongchou.accounts.passwords.MinimumLength", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "gongchou.accounts.passwords.OrganisationWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 3600  # the longest a session may last; how long it may rest is in accounts/sessions.py
ACCOUNT_ADAPTER = "gongchou.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "gongchou.accounts.forms.entrance.SignInForm",
    "reauthenticate": "gongchou.accounts.forms.entrance.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_RATE_LIMITS = False  # tries are counted in accounts/attempts.py, where all workers see them
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("GONGCHOU_PROXIES", default=0)  # how many proxies of ours add X-Forwarded-For
MFA_ADAPTER = "gongchou.accounts.factors.MFAAdapter"
MFA_FORMS = {
    "authenticate": "gongchou.accounts.forms.entrance.CodeForm",
    "reauthenticate": "gongchou.accounts.forms.entrance.CodeAgainForm",
    "activate_totp": "gongchou.accounts.forms.entrance.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
TWO_FACTORS = env.bool("GONGCHOU_TWO_FACTORS", default=True)  # of back-office roles; off only for a demo

FILTERS_EMPTY_CHOICE_LABEL = "不限"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = ["gongchou.web.formats"]  # 2026-03-02 09:00, as forms and evidence have it
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
