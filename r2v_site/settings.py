"""Every setting, in one file. With an empty environment the studio starts on SQLite with the free draft.

The table of variables for people is docs/settings.md.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from r2v_site import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("STUDIO_DATA_DIR", BASE_DIR / "data")
PORT = env.integer("STUDIO_PORT", 8765, low=1, high=65_535)
HOST = env.text("STUDIO_HOST", "127.0.0.1")
PUBLIC_URL = env.public_url("STUDIO_PUBLIC_URL")
SITE_URL = PUBLIC_URL or f"http://localhost:{PORT}"
OWNER_EMAIL = env.text("STUDIO_OWNER_EMAIL")
OWNER_PASSWORD = env.text("STUDIO_OWNER_PASSWORD")
IS_HTTPS = PUBLIC_URL.startswith("https://")

DEBUG = env.flag("STUDIO_DEBUG")
SECRET_KEY = env.secret_key("STUDIO_SECRET_KEY", DATA_DIR)
ENCRYPTION_KEYS = env.encryption_keys("STUDIO_ENCRYPTION_KEYS", DATA_DIR)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env.words("STUDIO_ALLOWED_HOSTS")]
if PUBLIC_URL:
    ALLOWED_HOSTS.append(str(urlsplit(PUBLIC_URL).hostname))
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "studio",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "studio.middleware.QuietPollMiddleware",
    "studio.middleware.CompressedPagesMiddleware",
    # These three come before the one that leads to https, so that its answer has their headers too.
    "studio.middleware.SafeHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "studio.middleware.SessionLimitsMiddleware",
    "studio.middleware.PresenceMiddleware",
    "studio.middleware.SignedOutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "r2v_site.urls"
WSGI_APPLICATION = "r2v_site.wsgi.application"

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
                "studio.context.shell",
            ],
        },
    },
]

# -- Data ------------------------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "studio.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was committed before a paid call must survive a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # A file, as in production: a database in memory locks whole tables between the threads of a test.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database, so that every process counts the same attempts to sign in, and a restart forgets none.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "studio_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

TASKS = {
    "default": {
        "BACKEND": "r2v_site.thread_tasks.ThreadTasks",
        "OPTIONS": {"threads": 8},
    }
}

MEDIA_DIR = DATA_DIR / "media"
JOBS_DIR = DATA_DIR / "drafts"
UPLOADS_DIR = DATA_DIR / "uploads"
# Where a proxy in front serves MEDIA_DIR from, for it alone ("internal" in nginx). Empty: this process serves.
ACCEL_PREFIX = env.text("STUDIO_ACCEL_PREFIX")

# -- Providers -------------------------------------------------------------------------------------

# Accounts that come with the environment instead of the Connections page, by provider.
PROVIDER_ACCOUNTS = {
    "modelstream": env.account("MODELSTREAM_API_KEY", "MODELSTREAM_BASE_URL"),
    "apiframe": env.account("APIFRAME_API_KEY", "APIFRAME_BASE_URL"),
    "dashscope": env.account("DASHSCOPE_API_KEY", "DASHSCOPE_BASE_URL"),
}
# For simulators and developers: providers and their results may be on this machine or in its network.
ALLOW_PRIVATE_ADDRESSES = env.flag("STUDIO_ALLOW_PRIVATE_ADDRESSES")

# A bucket that references are copied to, for providers to fetch them from; without one they are fetched from here.
S3_BUCKET = env.text("STUDIO_S3_BUCKET")
S3_ENDPOINT = env.public_url("STUDIO_S3_ENDPOINT")
S3_REGION = env.text("STUDIO_S3_REGION", "us-east-1")
S3_ACCESS_KEY = env.text("STUDIO_S3_ACCESS_KEY")
S3_SECRET_KEY = env.text("STUDIO_S3_SECRET_KEY")

# -- Static files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "r2v_site.static_files.StudioStaticFiles"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = DEBUG

# -- People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "studio.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "studio:create"
ACCOUNT_ADAPTER = "studio.people.accounts.StudioAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = {
    "login": "studio.forms.accounts.SignInForm",
    "reauthenticate": "studio.forms.accounts.FreshPasswordForm",
    "reset_password": "studio.forms.accounts.ForgotForm",
    "reset_password_from_key": "studio.forms.accounts.NewPasswordForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Wrong passwords are counted for an account from one address (see studio.people.accounts), and for the address.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
MFA_ADAPTER = "studio.people.second_step.StudioMFAAdapter"
MFA_FORMS = {"authenticate": "studio.forms.second_step.CodeAtSignInForm"}
MFA_RECOVERY_CODE_COUNT = 8
# A clock that is half a minute off still signs in.
MFA_TOTP_TOLERANCE = 1
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = 14 * 24 * 3600
MFA_TRUST_COOKIE_NAME = "__Host-trusted" if IS_HTTPS else "trusted"
MFA_TRUST_COOKIE_HTTPONLY = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if IS_HTTPS else 0
PASSWORD_RESET_TIMEOUT = 3600

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_IDLE_SECONDS = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "studio.views.quiet_pages.csrf_failed"
if IS_HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# -- Safety ----------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
# Both would decide for other sites under the same name, which are not ours to decide for.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

# -- Mail ------------------------------------------------------------------------------------------

MAIL = env.mail("STUDIO_MAIL_URL")
CAN_MAIL = MAIL is not None
MAILERS = (
    {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": MAIL.host,
                "port": MAIL.port,
                "username": MAIL.user,
                "password": MAIL.password,
                "use_ssl": MAIL.is_ssl,
                "use_tls": MAIL.is_starttls,
                "timeout": 10,
            },
        }
    }
    if MAIL
    else {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
)
DEFAULT_FROM_EMAIL = env.text("STUDIO_MAIL_FROM") or f"R2V Studio <studio@{urlsplit(SITE_URL).hostname}>"

# -- Words and time --------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# -- Log -------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"studio": {"level": env.text("STUDIO_LOG_LEVEL", "INFO")}},
}
