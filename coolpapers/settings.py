"""Every setting, once. Values come from the environment only and through `coolpapers.environment`.

Each variable has its line in `.env.example`; a test keeps that true. What is not configurable
is a constant in the room that needs it, not here.
"""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from coolpapers import embedded, environment

BASE_DIR = Path(__file__).resolve().parent.parent

# Where everything that this installation writes lies.
VAR = environment.path("COOLPAPERS_VAR", BASE_DIR / "var")

HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.integer("PORT", 8000, 1, 65535)

DEBUG = environment.boolean("COOLPAPERS_DEBUG", False)
SECRET_KEY = environment.text("COOLPAPERS_SECRET_KEY") or embedded.secret_key(VAR)
# Without a list, a site that listens on this machine alone answers to this machine's names alone.
ALLOWED_HOSTS = environment.words("COOLPAPERS_HOSTS") or (
    ["localhost", "127.0.0.1", "[::1]"]
    if HOST == "localhost" or environment.is_loopback(f"//{HOST}")
    else ["*"]
)
CSRF_TRUSTED_ORIGINS = environment.words("COOLPAPERS_TRUSTED_ORIGINS")
if environment.boolean("COOLPAPERS_BEHIND_TLS", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000

# Proxies whose X-Forwarded-For is believed.
COOLPAPERS_PROXIES = environment.networks("COOLPAPERS_PROXIES", ("127.0.0.0/8", "::1"))
# Who may read /metrics; everyone else gets a 404.
METRICS_ALLOW = environment.networks(
    "METRICS_ALLOW",
    ("127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
)

# --- arXiv -----------------------------------------------------------------------------------

ARXIV_RSS_URL = environment.url("ARXIV_RSS_URL", "https://rss.arxiv.org/rss")
ARXIV_API_URL = environment.url("ARXIV_API_URL", "https://export.arxiv.org/api/query")
ARXIV_OAI_URL = environment.url("ARXIV_OAI_URL", "https://oaipmh.arxiv.org/oai")
ARXIV_PDF_URL = environment.url("ARXIV_PDF_URL", "https://arxiv.org/pdf")
# arXiv's rule: one request every three seconds, over all machines of an operator.
ARXIV_MIN_INTERVAL = environment.number("ARXIV_MIN_INTERVAL", 3.0)
if ARXIV_MIN_INTERVAL < 3 and not all(
    environment.is_loopback(url) for url in (ARXIV_RSS_URL, ARXIV_API_URL, ARXIV_OAI_URL)
):
    environment.refuse(
        "ARXIV_MIN_INTERVAL",
        "must be at least 3 seconds unless ARXIV_RSS_URL, ARXIV_API_URL and ARXIV_OAI_URL "
        "all lead to this machine",
    )
# Named in the User-Agent, so that arXiv can reach whoever runs this site.
COOLPAPERS_CONTACT = environment.text("COOLPAPERS_CONTACT")

# --- mail to administrators --------------------------------------------------------------------

# Addresses of those who are told when a day stays incomplete; without any, the log is told alone.
COOLPAPERS_ADMINS = environment.words("COOLPAPERS_ADMINS")
_mail = environment.mail_server("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("COOLPAPERS_MAIL_FROM", "coolpapers@localhost")

# --- search ----------------------------------------------------------------------------------

SEARCH_ENGINE = environment.choice("SEARCH_ENGINE", "tantivy", ("tantivy", "whoosh"))
COOLPAPERS_INDEX = environment.path("COOLPAPERS_INDEX", VAR / "index")

# --- what readers open and star ---------------------------------------------------------------

# Shown on a paper from so many opens and stars on; 0 counts and shows nothing.
COOLPAPERS_INTEREST_FROM = environment.integer("COOLPAPERS_INTEREST_FROM", 5)
# The most that one address adds to a paper's opens, or stars, in a day.
COOLPAPERS_READERS_PER_ADDRESS = environment.integer("COOLPAPERS_READERS_PER_ADDRESS", 20, 1)

# --- Django ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "papers",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

# Sessions, messages and CSRF serve the admin alone; public pages touch none of them, so that
# they stay the same bytes for everyone.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before the policy: a script of a few hundred bytes should not weigh twice as much for it.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "coolpapers.middleware.content_security_policy",
    "coolpapers.languages.choose_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "coolpapers.urls"
WSGI_APPLICATION = "coolpapers.wsgi.application"
APPEND_SLASH = False
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    """Django's form of a `postgresql://` address; a socket folder comes as `?host=/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        environment.refuse("DATABASE_URL", "must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    try:
        port = parts.port
    except ValueError:
        environment.refuse("DATABASE_URL", "has a port that is not a number")
    host = query.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "coolpapers",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": query.pop("port", None) or port or "",
        # Threads and processes share the 100 connections of an embedded PostgreSQL.
        # The pool may hold connections that a restarted PostgreSQL has ended.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "pool": {"min_size": 0, "max_size": 4, "timeout": 10}},
    }


DATABASES = {"default": _database(environment.text("DATABASE_URL", "postgresql:///coolpapers"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.text("REDIS_URL", "redis://127.0.0.1:6379/0")
if urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
    environment.refuse("REDIS_URL", "must begin with redis://, rediss:// or unix://")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "coolpapers",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = environment.path("COOLPAPERS_STATIC", VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "coolpapers.statics.StaticFiles"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        name: {
            "level": environment.choice(
                "COOLPAPERS_LOG_LEVEL", "info", ("debug", "info", "warning", "error")
            ).upper()
        }
        for name in ("coolpapers", "papers", "search")
    },
}

# --- Celery ----------------------------------------------------------------------------------


def _broker(url: str) -> str:
    """Kombu's form of a Redis address: it writes unix sockets in its own way."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={database}"


CELERY_BROKER_URL = _broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"papers.tasks.fetch_*": {"queue": "arxiv"}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Real seconds from one look at the clock and at what is due to the next; a fast clock needs more.
COOLPAPERS_TICK = environment.number("COOLPAPERS_TICK", 10.0, minimum=0.1)
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "papers.tasks.tick",
        "schedule": COOLPAPERS_TICK,
        "options": {"expires": max(COOLPAPERS_TICK, 1.0)},
    },
    "count_interest": {
        "task": "papers.tasks.count_interest",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
}
