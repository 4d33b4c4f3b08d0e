"""Django settings, computed from a handful of environment variables.

LINGNAN_DATA      folder of this node (database, evidence, files, keys)
LINGNAN_DATABASE  "sqlite" (default) or a postgresql:// URL
LINGNAN_MODE      "demonstration" (default) or "real"
LINGNAN_SYSTEMS   comma-separated ids (`population` or `government/population`) or `all`;
                  empty: as this data folder was last served, else all
LINGNAN_NODE      number of this node, 0-1023, allotted by the province
LINGNAN_HOSTS     comma-separated names under which the node is reached
LINGNAN_ADDRESS   public address, as certificates print it; https behind a proxy with TLS
LINGNAN_PROXY     1 when a proxy of your own stands in front and says who asks, and by what
LINGNAN_RATES     how many times the usual rates of requests are allowed, 1 (default) to 1000
LINGNAN_IMPORT_MB megabytes of one file of rows taken into a register, 4096 by default
LINGNAN_HANDED_GB gigabytes of what is handed over to another body at once, 64 by default
LINGNAN_HANDED_DAYS   days after which parts that came, and nothing after them, are removed, 14
LINGNAN_HANDED_RETURN_DAYS  days after the last attempt in which an operator may have a handover
                  tried again; then it comes back to its sender, 7
LINGNAN_GOVSTACK_CLIENTS file of the clients of GovStack's interface (registry.govstack.clients)
LINGNAN_EVIDENCE_SOCKET  socket of the evidence writer (`up` sets it)
LINGNAN_WRAPPING_KEY     file of the 32 bytes that wrap the node's keys; on a real node not in its
                  data folder
LINGNAN_KEYSTORE         pkcs11:/path/to/module.so?token=label, where keys are in a module; else
                  they are in the data folder
LINGNAN_KEYSTORE_PIN     file of the PIN of that token
LINGNAN_SOURCE_FOLDERS   folders, by colons, in which files and SQLite databases of departments may
                  be joined; `sources` in the data folder by default
LINGNAN_SOURCE_HOSTS     hosts and sockets, by commas, that a connection to a department's database
                  may go to although they are of this machine or its link
LINGNAN_FONTS     folder of the CJK fonts, where it is not a usual one
"""

import os
import tomllib
from pathlib import Path

from lingnan.node.databases import database_settings, evidence_socket, evidence_store
from lingnan.node.installed import chosen, installed_systems
from lingnan.node.mode import behind_proxy, hosts, mode_of, rates, trusted_origins
from lingnan.node.named import read as node_named
from lingnan.node.secret import secret_key
from lingnan.node.source import default_data

BASE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LINGNAN_DATA", default_data())).resolve()
MODE = mode_of(DATA, os.environ.get("LINGNAN_MODE", "demonstration"))
NODE_NAMED = node_named(DATA)
GATEWAY_SOCKET = DATA / "run" / "gateway.sock"
NODE_NUMBER = int(os.environ.get("LINGNAN_NODE", "0"))

SECRET_KEY = secret_key(DATA)
WRAPPING_KEY = Path(os.environ.get("LINGNAN_WRAPPING_KEY", DATA / "keys" / "wrapping.key"))
KEYSTORE = os.environ.get("LINGNAN_KEYSTORE", "")
KEYSTORE_PIN = Path(os.environ.get("LINGNAN_KEYSTORE_PIN", DATA / "keys" / "keystore.pin"))
DEBUG = False
PUBLIC_ADDRESS = os.environ.get("LINGNAN_ADDRESS", "http://127.0.0.1:8011")
ALLOWED_HOSTS = hosts(os.environ.get("LINGNAN_HOSTS", ""), MODE, PUBLIC_ADDRESS)
CSRF_TRUSTED_ORIGINS = trusted_origins(PUBLIC_ADDRESS)
BEHIND_PROXY = behind_proxy(os.environ.get("LINGNAN_PROXY", ""))
# Anybody may send these heads; they are believed only where a proxy of ours replaces them.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SYSTEMS = installed_systems(chosen(DATA, os.environ.get("LINGNAN_SYSTEMS", "")))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "lingnan.kernel.runtime",
    "lingnan.kernel.ui",
    "lingnan.kernel.trust",
    "lingnan.kernel.duty",
    "lingnan.kernel.registry",
    "lingnan.kernel.exchange",
    "lingnan.kernel.content",
    "lingnan.kernel.maps",
    "lingnan.kernel.matters",
    "lingnan.kernel.insight",
    *[system.module for system in SYSTEMS],
    "lingnan.portal",
    "lingnan.node",
]

MIDDLEWARE = [
    "lingnan.portal.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lingnan.kernel.trust.access.AccessMiddleware",
    "lingnan.portal.limits.LimitsMiddleware",
    "lingnan.portal.rates.RatesMiddleware",
    "lingnan.portal.errors.FaultsMiddleware",
    "lingnan.portal.methods.PostOnlyMiddleware",
]

ROOT_URLCONF = "lingnan.portal.urls"
WSGI_APPLICATION = "lingnan.node.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lingnan.portal.navigation.frame",
            ],
        },
    }
]

# Which posts a body has, by its function and tier.
POSTS = tomllib.loads((BASE / "jurisdictions" / "guangdong" / "posts.toml").read_text("utf-8"))[
    "posts"
]

DATABASES = database_settings(DATA, os.environ.get("LINGNAN_DATABASE", "sqlite"))
GOVSTACK_CLIENTS = os.environ.get("LINGNAN_GOVSTACK_CLIENTS", "")
EVIDENCE_STORE = evidence_store(DATA, os.environ.get("LINGNAN_DATABASE", "sqlite"))
EVIDENCE_SOCKET = evidence_socket(os.environ.get("LINGNAN_EVIDENCE_SOCKET", ""))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "trust.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/signin/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
SILENCED_SYSTEM_CHECKS: list[str] = []

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE == "real"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "lingnan.portal.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
# Said by HeadersMiddleware, on every answer.
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = None
SECURE_CONTENT_TYPE_NOSNIFF = False
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
# One file of the largest kind (8 MB) with its form fits; more would fill the temporary folder.
REQUEST_LIMIT = 12 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = REQUEST_LIMIT
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A file of rows for a register, which only its importers may send: it is never all in memory.
IMPORT_LIMIT = int(os.environ.get("LINGNAN_IMPORT_MB") or 4096) * 1024 * 1024
# What bodies hand over to each other goes in parts, and stays in the data folder.
HANDED_LIMIT = int(os.environ.get("LINGNAN_HANDED_GB") or 64) * 1024**3
HANDED_DAYS = int(os.environ.get("LINGNAN_HANDED_DAYS") or 14)
HANDED_RETURN_DAYS = int(os.environ.get("LINGNAN_HANDED_RETURN_DAYS") or 7)

# Where tables of departments may be joined from (docs/operating/sources.md).
SOURCE_FOLDERS = [
    one for one in os.environ.get("LINGNAN_SOURCE_FOLDERS", str(DATA / "sources")).split(":") if one
]
SOURCE_HOSTS = [one for one in os.environ.get("LINGNAN_SOURCE_HOSTS", "").split(",") if one]

# How many times the usual rates of requests are allowed: more where an office shares one address.
RATES = rates(os.environ.get("LINGNAN_RATES", ""))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
