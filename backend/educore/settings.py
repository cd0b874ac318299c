"""Settings of the reference backend.

Everything that differs between machines comes from the environment (see README.md). Development needs no
variable at all; with DEBUG off a missing SECRET_KEY is refused.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from .environment import flag, integer, text, words

BASE_DIR = Path(__file__).resolve().parent.parent

# --- what kind of machine this is ---

DEBUG = flag("DEBUG", default=True)
SECRET_KEY = text(
    "SECRET_KEY", "development-only-key-never-used-with-debug-off-0123456789abcdef" if DEBUG else ""
)
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be set when DEBUG is off.")
JWT_SIGNING_KEY = text("JWT_SIGNING_KEY", SECRET_KEY)
ALLOWED_HOSTS = words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", [])

# --- applications ---

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "users",
    "courses.apps.CoursesConfig",
    "instructor_portal",
]

MIDDLEWARE = [
    "educore.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "educore.middleware.RefuseNullBytesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "educore.urls"
WSGI_APPLICATION = "educore.wsgi.application"
ASGI_APPLICATION = "educore.asgi.application"
# The slash is part of every URL: a redirect would lose the body of a POST.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- services ---

DATABASES: dict[str, dict[str, Any]]
if text("DB_NAME"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": text("DB_NAME"),
            "USER": text("DB_USER"),
            "PASSWORD": text("DB_PASSWORD"),
            "HOST": text("DB_HOST", "127.0.0.1"),
            "PORT": text("DB_PORT", "5432"),
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": BASE_DIR / "db.sqlite3",
            # A writer takes its lock at BEGIN and waits for the other one, instead of failing
            # in mid-transaction.
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = text("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "educore"}
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = flag("CELERY_TASK_ALWAYS_EAGER", default=not REDIS_URL)
CELERY_TIMEZONE = "Asia/Kolkata"
# What a task found out can be asked for an hour.
CELERY_RESULT_BACKEND = REDIS_URL or "cache+memory://"
CELERY_RESULT_EXPIRES = 3600
# How long an import or export may take, and how long it keeps others out if its worker dies (SEC-04).
IMPORT_EXPORT_LOCK_SECONDS = integer("IMPORT_EXPORT_LOCK_SECONDS", 600)

# Without Redis, messages reach the pages that are open at the same process.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
# Dotted path of the callable (user id, message) that tells a learner's pages about progress (UX-05).
PROGRESS_NOTIFIER = text("PROGRESS_NOTIFIER", "courses.notifications.send_to_channel_layer")

CLOUD_STORAGE_PROVIDER = text("CLOUD_STORAGE_PROVIDER", "local")
CLOUD_STORAGE_BUCKET = text("CLOUD_STORAGE_BUCKET")

# --- accounts ---

AUTH_USER_MODEL = "users.CustomUser"
AUTHENTICATION_BACKENDS = ["users.authentication.AccountBackend"]
MIN_PASSWORD_LENGTH = integer("MIN_PASSWORD_LENGTH", 10)
RESERVED_USERNAMES = words(
    "RESERVED_USERNAMES", ["admin", "administrator", "api", "root", "staff", "support", "system"]
)
ALLOWED_INSTRUCTOR_ROLES = words("ALLOWED_INSTRUCTOR_ROLES", ["instructor"])
ALLOWED_ADMIN_ROLES = words("ALLOWED_ADMIN_ROLES", ["admin", "staff"])
# Dotted path of the callable that vouches for an upgrade's payment; the default refuses every one (policy 1).
SUBSCRIPTION_PAYMENT_VERIFIER = text("SUBSCRIPTION_PAYMENT_VERIFIER", "users.payments.refuse_payment")

_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": MIN_PASSWORD_LENGTH}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

SIMPLE_JWT = {
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=integer("ACCESS_TOKEN_MINUTES", 60)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=integer("REFRESH_TOKEN_DAYS", 7)),
    "USER_AUTHENTICATION_RULE": "users.authentication.may_sign_in",
    "TOKEN_OBTAIN_SERIALIZER": "users.serializers.tokens.AccountTokenSerializer",
    "TOKEN_REFRESH_SERIALIZER": "users.serializers.tokens.AccountTokenRefreshSerializer",
}

# --- API ---

API_VERSION = "7.1.0"
SENSITIVE_API_THROTTLE_RATE = text("SENSITIVE_API_THROTTLE_RATE", "100/hour")

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["users.authentication.AccountJWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "educore.errors.answer_outage",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {
        "user": "1000/day",
        "anon": "100/day",
        "sensitive_api": SENSITIVE_API_THROTTLE_RATE,
        "api": "1000/hour",
        "login": "20/hour",
        "register": "10/hour",
        "password_reset": "5/hour",
    },
    # Without a count of trusted proxies anybody could pick a new X-Forwarded-For for every request.
    "NUM_PROXIES": integer("NUM_PROXIES", 0),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # A path's parameter is called in the schema what it is called in the URL.
    "SCHEMA_COERCE_PATH_PK": False,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "EduCore courses API",
    "DESCRIPTION": "Courses, lessons and learners' progress, by subscription level.",
    "VERSION": API_VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # Both columns are called `type`.
    "ENUM_NAME_OVERRIDES": {
        "LessonTypeEnum": "courses.choices.LessonType",
        "ResourceTypeEnum": "courses.choices.ResourceType",
    },
}

# --- language, time, static files ---

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("hi", "हिन्दी")]
USE_I18N = True
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"

# --- security headers (SEC-02) ---

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
# Off behind a proxy that ends TLS and redirects itself.
SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = 0 if DEBUG else integer("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
if flag("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
