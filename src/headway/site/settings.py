"""Django's settings, one file, typed from the environment. `headway doctor` lists what it read.

HEADWAY_HOME            the data folder (default ~/.local/share/headway)
DATABASE_URL            postgres://… for teams; default: SQLite in the data folder
HEADWAY_SECRET_KEY_FILE signing key; default: made on first start, readable by the owner only
HEADWAY_SOURCE_KEY_FILE the key that encrypts the secrets of sources; default: made likewise
HEADWAY_HOSTS           names this server answers to, comma separated (default: loopback)
HEADWAY_BASE_URL        the address people use; links in mails start with it
HEADWAY_ALLOW_HOSTS     internal host:port pairs that connectors may reach, comma separated
HEADWAY_DATA_PATHS      folders whose tables monitors may read, comma separated (default: none)
HEADWAY_EMAIL_URL       smtp://user:password@host:port; default: mails are kept as files
HEADWAY_BEHIND_PROXY    1 when a proxy of yours stands in front and sets X-Forwarded-For and -Proto
HEADWAY_OIDC_*          CLIENT_ID, CLIENT_SECRET_FILE, SERVER_URL: sign-in by OpenID Connect
HEADWAY_DEBUG           1 only while developing
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.management.utils import get_random_secret_key

ENVIRONMENT = os.environ


def _words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated words of environment variable `name`."""
    return [word.strip() for word in ENVIRONMENT.get(name, default).split(",") if word.strip()]


def _home() -> Path:
    """Return the data folder; only its owner may read it."""
    folder = Path(ENVIRONMENT.get("HEADWAY_HOME", "~/.local/share/headway")).expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _secret_key(home: Path) -> str:
    """Read the signing key, making it on first start so that nobody ships a default one."""
    path = Path(ENVIRONMENT.get("HEADWAY_SECRET_KEY_FILE", home / "secret_key"))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = get_random_secret_key()
        file.write(key)
    return key


def _source_key(home: Path) -> bytes:
    """Read the key that encrypts the secrets of sources, making it on first start."""
    path = Path(ENVIRONMENT.get("HEADWAY_SOURCE_KEY_FILE", home / "source_key"))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(descriptor, "wb") as file:
        key = base64.urlsafe_b64encode(os.urandom(32))
        file.write(key)
    return key


HOME = _home()
SECRET_KEY = _secret_key(HOME)
SOURCE_KEY = _source_key(HOME)
DEBUG = ENVIRONMENT.get("HEADWAY_DEBUG") == "1"
BASE_URL = ENVIRONMENT.get("HEADWAY_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
BEHIND_PROXY = ENVIRONMENT.get("HEADWAY_BEHIND_PROXY") == "1"
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = _words("HEADWAY_HOSTS", "127.0.0.1,localhost,[::1]") + [
    host for host in [urlsplit(BASE_URL).hostname] if host
]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []
OUTBOUND_ALLOWED = ENVIRONMENT.get("HEADWAY_ALLOW_HOSTS", "")
DATA_PATHS = [Path(word).expanduser().resolve() for word in _words("HEADWAY_DATA_PATHS")]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "headway.interfaces.web.layout",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "simple_history",
    "template_partials.apps.SimpleAppConfig",
    "headway.domain.accounts",
    "headway.domain.programs",
    "headway.domain.evidence",
    "headway.domain.sources",
    "headway.domain.people",
    "headway.domain.inventory",
    "headway.domain.stakeholders",
    "headway.domain.vendors",
    "headway.domain.costs",
    "headway.domain.annotation",
    "headway.domain.finance",
    "headway.domain.risks",
    "headway.domain.plans",
    "headway.domain.checks",
    "headway.domain.checkins",
    "headway.domain.progress",
    "headway.domain.assessments",
    "headway.domain.compliance",
    "headway.domain.gates",
    "headway.domain.maturity",
    "headway.domain.radar",
    "headway.domain.reports",
    "headway.domain.forums",
    "headway.domain.discussion",
    "headway.domain.notices",
    "headway.domain.sharing",
    "headway.domain.installation",
    "headway.site",
]

MIDDLEWARE = [
    *(["headway.interfaces.web.layout.middleware.ProxyMiddleware"] if BEHIND_PROXY else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "headway.interfaces.web.layout.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "headway.interfaces.web.layout.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "headway.site.urls"
WSGI_APPLICATION = "headway.site.wsgi.application"

_LOADERS = [
    (
        "template_partials.loader.Loader",
        [
            (
                "django.template.loaders.cached.Loader",
                [
                    "django.template.loaders.filesystem.Loader",
                    "django.template.loaders.app_directories.Loader",
                ],
            )
        ],
    )
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted((Path(__file__).parents[1] / "interfaces" / "web").glob("*/templates")),
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": _LOADERS,
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "headway.interfaces.web.layout.context.shell",
            ],
        },
    }
]

# Reads never open a transaction; writes take the lock at once (BEGIN IMMEDIATE), so that two
# writers wait for each other instead of failing. FULL: an answered write is on the disk.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA recursive_triggers=ON; PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY;"
    ),
}
DATABASES = {
    "default": dj_database_url.parse(
        ENVIRONMENT.get("DATABASE_URL", f"sqlite:///{HOME / 'headway.sqlite3'}")
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = dict(SQLITE_OPTIONS)
else:
    DATABASES["default"]["OPTIONS"] = {"pool": True}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"

# Nobody signs up on their own: members come by a one-time link (accounts.OneTimeLink).
ACCOUNT_ADAPTER = "headway.interfaces.web.accounts.adapters.ClosedAdapter"
SOCIALACCOUNT_ADAPTER = "headway.interfaces.web.accounts.adapters.MemberAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail from here
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Headway] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Guesses are counted by accounts.actions.admit_guess, in the database; these come on top.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/h/ip",
    "reset_password": "20/h/ip,5/h/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/h/user",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come with an owner's invitation, not by a mail
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
if ENVIRONMENT.get("HEADWAY_OIDC_SERVER_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": ENVIRONMENT.get("HEADWAY_OIDC_NAME", "Single sign-on"),
                "client_id": ENVIRONMENT["HEADWAY_OIDC_CLIENT_ID"],
                "secret": Path(ENVIRONMENT["HEADWAY_OIDC_CLIENT_SECRET_FILE"]).read_text().strip(),
                "settings": {"server_url": ENVIRONMENT["HEADWAY_OIDC_SERVER_URL"]},
            }
        ]
    }

# No inline script or style anywhere; nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
if ENVIRONMENT.get("HEADWAY_OIDC_SERVER_URL"):  # browsers apply form-action to redirects as well
    _provider = urlsplit(ENVIRONMENT["HEADWAY_OIDC_SERVER_URL"])
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(
        f"{_provider.scheme}://{_provider.netloc}"
    )
CSRF_FAILURE_VIEW = "headway.interfaces.web.layout.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en"
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns when it is not there
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

MAIL_IS_SET = bool(ENVIRONMENT.get("HEADWAY_EMAIL_URL"))
DEFAULT_FROM_EMAIL = ENVIRONMENT.get("HEADWAY_EMAIL_FROM", "headway@localhost")
if MAIL_IS_SET:
    _mail = urlsplit(ENVIRONMENT["HEADWAY_EMAIL_URL"])
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or 25
    EMAIL_HOST_USER = _mail.username or ""
    EMAIL_HOST_PASSWORD = _mail.password or ""
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_TIMEOUT = 15
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "id": {"()": "headway.interfaces.web.layout.middleware.RequestIdFilter"},
        "secrets": {"()": "headway.interfaces.web.layout.middleware.SecretFilter"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["id", "secrets"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"headway": {"level": "INFO"}},
}
