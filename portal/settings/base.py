"""The embedded settings: SQLite and a Redis on this machine, enough for a demonstration and for development.

Everything an installation may want to change comes from the environment; `docs/operations.md` has the table.
"""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from django_guid.integrations.celery import CeleryIntegration
from whitenoise.compress import Compressor

from portal import logs
from portal.settings import env, timetable

BASE_DIR = env.BASE_DIR
VAR = BASE_DIR / "var"

if env.local is None:
    env.local = env.read_local_file()

# Secrets -------------------------------------------------------------------------------------------------------------
SECRET_KEY = env.text("SECRET_KEY", expects="a long random text")
FIELD_KEYS = env.keys("FIELD_KEYS")  # key id → 32 bytes; the first encrypts, all of them decrypt
BLIND_INDEX_KEY = env.key("BLIND_INDEX_KEY")
TRAIL_KEYS = env.keys(
    "TRAIL_KEYS"
)  # key id → 32 bytes; the first seals new events, all of them verify

# The installation ----------------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", False)
ALLOWED_HOSTS = env.listing(
    "ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"], "host names separated by commas"
)
CSRF_TRUSTED_ORIGINS = env.listing(
    "CSRF_TRUSTED_ORIGINS", [], "origins such as https://example.org"
)
SITE_ADDRESS = env.text(
    "SITE_ADDRESS", "http://127.0.0.1:8000", "the address people type, such as https://example.org"
).rstrip("/")
SECURITY_CONTACT = env.text(
    "SECURITY_CONTACT", "", "mailto: or https: address for who finds a hole, for security.txt"
)
SAMPLE_MARK = env.flag("SAMPLE_MARK", True)  # print "sample" across licences and seals
DEMO = env.flag("DEMO", True)  # a demonstration: an invented zone, log-ins shown on the log-in page
TRAIL_FOLDER = env.text(
    "TRAIL_FOLDER", "", "the write-once folder that keeps the daily roots of the trail"
)
SIGNING_KEYS = env.text(
    "SIGNING_KEYS", str(VAR / "signing"), "the folder of the zones' keys and certificates"
)
SIGNING_PASSWORD = env.text("SIGNING_PASSWORD", "")  # under which the zones' keys lie
# Where a token of PKCS#11 signs for the zones: its library, its label, and its PIN.
SIGNING_MODULE = env.text("SIGNING_MODULE", "", "the path of a PKCS#11 library")
SIGNING_TOKEN = env.text("SIGNING_TOKEN", "")
SIGNING_PIN = env.text("SIGNING_PIN", "")
SIGNATURE_SUITE = env.text("SIGNATURE_SUITE", "p256", "p256 or sm2")
AUTHORITY_PASSWORD = env.text(
    "AUTHORITY_PASSWORD", ""
)  # under which the key of the certificate authority lies
DEMO_CLOCK = (
    VAR / "clock.json"
)  # what a simulated day makes the product's clock show; ignored unless DEMO is on
METRICS_FROM = env.networks("METRICS_FROM", [])  # whoever asks from there is shown /metrics
METRICS_TOKEN = env.text(
    "METRICS_TOKEN", ""
)  # and whoever sends it as a bearer token; neither: nobody
TRUSTED_PROXIES = env.number(
    "TRUSTED_PROXIES", 0, "how many proxies of ours stand before the web server"
)

INSTALLED_APPS = [
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_otp",
    "django_otp_webauthn",
    "django_guid",
    "kernel.core.ui",
    "kernel.core.outbox",
    "kernel.core.text_messages",
    "kernel.accounts",
    "kernel.zone_words",
    "kernel.sla",
    "kernel.bookings",
    "kernel.catalogue",
    "kernel.papers",
    "kernel.standards",
    "kernel.cases",
    "kernel.desks",
    "kernel.applicants",
    "registration",
    "seals",
    "tax",
    "social_security",
    "banking",
    "housing_fund",
    "reviews",
    "services.booked",
    "services.hall",
    "services.counter",
    "portal.pages",
    "portal.own_account",
    "portal.supervision",
    "portal.figures",
    "portal.notices",
    "portal.proposals",
    "portal.words",
    "portal.operations",
    *(["portal.demo"] if DEMO else []),
]

MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "portal.operations.metrics.RequestMetrics",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.methods.KnownMethods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.limits.RequestSize",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.headers.PrivatePages",
    "portal.rates.PageRates",
    "portal.under_way.UnderWay",
    "django_otp.middleware.OTPMiddleware",
    "kernel.accounts.sessions.IdleMiddleware",
    "kernel.accounts.unsent_forms.UnsentForms",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.post_only.StepsLeadBack",
    "django_htmx.middleware.HtmxMiddleware",
    "kernel.accounts.second_step.SecondStep",
    "portal.nul_characters.WithoutNul",
    "portal.repeated_posts.PressedTwice",
]

# No page needs the camera, the place or the like.
PERMISSIONS_POLICY: dict[str, list] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.context.portal",
                "portal.notices.context.unread",
                "portal.proposals.context.waiting",
            ],
        },
    },
]

# Engines -------------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR / 'portal.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # Writers queue from their first statement on instead of failing at their first write.
    _database.setdefault("OPTIONS", {}).update(
        {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL;"}
    )
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True  # a restarted PostgreSQL costs no process a restart
    _database["DISABLE_SERVER_SIDE_CURSORS"] = (
        True  # they end with the transaction where PgBouncer pools transactions
    )
    _database["OPTIONS"] = {**env.limits(), **_database.get("OPTIONS", {})}

REDIS_URL = env.text(
    "REDIS_URL",
    "redis://127.0.0.1:6390/0",
    "the address of a Redis, such as redis://127.0.0.1:6379/0",
)
INNER_TLS = env.flag(
    "INNER_TLS", False
)  # asks for TLS to engines on other hosts: operations.checks
CACHES = {
    "default": {
        "BACKEND": "portal.cache.SpareCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# Work in the background: the database says what is due, Redis only wakes the workers ----------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long Redis is away, no worker needs a restart
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "visibility_timeout": 120,
    "global_keyprefix": "portal.",
    # Who publishes gives up at once (kombu's own default holds a request for 6 s); workers keep trying by themselves.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_PUBLISH_RETRY = (
    False  # a lost Redis must not hold a request; the next sweep finds the work
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONSUMER = "portal.worker:Consumer"
CELERY_TASK_SOFT_TIME_LIMIT = (
    90  # seconds; many times a turn, and what it has done so far is committed
)
CELERY_TASK_TIME_LIMIT = (
    100  # then its process is killed: before the broker gives the task to another worker
)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600 * 1024  # KiB, twice what one that makes papers needs
WORKER_HEARTBEAT = env.text(
    "WORKER_HEARTBEAT", env.HEARTBEAT, "the file whose age is that of the worker's last task"
)
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_DEFAULT_QUEUE = "notices"
CELERY_TASK_ROUTES = timetable.QUEUES
SILENCED_SYSTEM_CHECKS = env.listing(
    "SILENCED_SYSTEM_CHECKS", [], "ids of system checks separated by commas"
)
ADAPTERS = env.pairs("ADAPTERS", {}, "name=dotted.path of an adapter, separated by commas")
SANDBOXES = env.listing("SANDBOXES", ["all"], "systems that a sandbox may play, or all")
TIMESTAMP_ADDRESS = env.text("TIMESTAMP_ADDRESS", "", "the address that stamps the time (RFC 3161)")
TIMESTAMP_USER = env.text("TIMESTAMP_USER", "")
TIMESTAMP_PASSWORD = env.text("TIMESTAMP_PASSWORD", "")
TEXT_GATEWAY = env.text("TEXT_GATEWAY", "", "the address that carries texts to phones")
TEXT_GATEWAY_TOKEN = env.text("TEXT_GATEWAY_TOKEN", "")
# Tencent Cloud's texts (kernel.core.text_messages.tencent): the account's key, the application, the approved signature,
# and for each kind of text the approved template with the order of its gaps.
TENCENT_SMS_ID = env.text("TENCENT_SMS_ID", "")
TENCENT_SMS_KEY = env.text("TENCENT_SMS_KEY", "")
TENCENT_SMS_APP = env.text("TENCENT_SMS_APP", "")
TENCENT_SMS_SIGN = env.text("TENCENT_SMS_SIGN", "")
TENCENT_SMS_TEMPLATES = env.pairs(
    "TENCENT_SMS_TEMPLATES", {}, "kind=template:gap/gap, separated by commas"
)
TENCENT_SMS_REGION = env.text("TENCENT_SMS_REGION", "ap-guangzhou")
TENCENT_SMS_ADDRESS = env.text("TENCENT_SMS_ADDRESS", "https://sms.tencentcloudapi.com")
TEXT_RECEIPTS_KEY = env.text("TEXT_RECEIPTS_KEY", "")  # with which a carrier signs its callback
WEBHOOK_INNER_HOSTS = env.listing("WEBHOOK_INNER_HOSTS", [], "host names separated by commas")
WEBHOOK_DAYS = env.number("WEBHOOK_DAYS", 3)  # after so many without a message taken it is off
REAL_NAME_GATEWAY = env.text("REAL_NAME_GATEWAY", "", "the address that judges names and numbers")
REAL_NAME_GATEWAY_TOKEN = env.text("REAL_NAME_GATEWAY_TOKEN", "")
REAL_NAME_WITH_PHONE = env.flag("REAL_NAME_WITH_PHONE", True)  # asked for the phone as well
# Logging in with the province's service site: the portal as its client, and the words of the site's tokens.
SERVICE_SITE_ISSUER = env.text("SERVICE_SITE_ISSUER", "", "the issuer's address, as it writes it")
SERVICE_SITE_CLIENT = env.text("SERVICE_SITE_CLIENT", "")
SERVICE_SITE_SECRET = env.text("SERVICE_SITE_SECRET", "")
SERVICE_SITE_SCOPE = env.text("SERVICE_SITE_SCOPE", "openid profile")
SERVICE_SITE_CLAIMS = {
    **{"name": "name", "number": "id_number", "assurance": "acr"},
    **env.pairs("SERVICE_SITE_CLAIMS", {}, "name=…,number=…,assurance=… as the site calls them"),
}
SERVICE_SITE_ASSURANCE = env.listing(
    "SERVICE_SITE_ASSURANCE", ["real-name"], "the values by which it says that a name was checked"
)
CLAMD = env.text(
    "CLAMD", "127.0.0.1:3310", "host:port of ClamAV's daemon, or the path of its socket"
)
SCANNER_OFF_REASON = env.text("SCANNER_OFF_REASON", "", "why uploads are not scanned for malware")
CALLS_AT_ONCE = env.number(
    "CALLS_AT_ONCE", 16, "how many texts or e-mails one worker hands over side by side"
)
CLOCK_TRIES = env.number(
    "CLOCK_TRIES", 6, "after how many failures a clock is set aside and reported"
)
RETENTION_DAYS = env.days("RETENTION_DAYS")  # kind → days instead of its own: kernel.core.retention
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_SCHEDULE = timetable.SWEEPS

# People --------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["kernel.accounts.backends.PhoneOrNameBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",  # 8; up to 128, of any signs
        "django.contrib.auth.password_validation.NumericPasswordValidator",
        "kernel.accounts.passwords.KnownPasswords",
        "kernel.accounts.passwords.OwnData",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

STAFF_MFA = env.flag("STAFF_MFA", False)  # staff give a code of their phone after the password
# Passkeys are bound to the host of the address; another address asks for new ones.
OTP_WEBAUTHN_RP_ID = urlsplit(SITE_ADDRESS).hostname
OTP_WEBAUTHN_RP_NAME = "Company opening portal"  # kernel.accounts.passkeys translates it
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_ADDRESS]
if SITE_ADDRESS.startswith("http:"):  # a demonstration on this machine; production asks for https
    SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "otp_webauthn.E031"]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
OTP_WEBAUTHN_HELPER_CLASS = "kernel.accounts.passkeys.Verifying"
STAFF_SESSION_HOURS = env.number(
    "STAFF_SESSION_HOURS", 12, "after how many hours staff log in again, idle or not"
)
APPLICANT_SESSION_HOURS = env.number(
    "APPLICANT_SESSION_HOURS", 24, "after how many hours applicants log in again, idle or not"
)

# Passwords that may be wrong within a pause (seconds) from the first. Few for one account from one address: a stranger
# elsewhere locks nobody out so soon. An address may be a whole hall's.
LOG_IN_TRIES = {"pair": 5, "account": 20, "address": 50}
LOG_IN_PAUSE = 15 * 60

# How often one may ask for pages, and as often of the open interface, within a minute. An address may be a hall's;
# passwords that programs send cost a hash each.
MOST_A_MINUTE = {"address": 600, "account": 600, "log-in": 120}

SESSION_ENGINE = "kernel.accounts.session_store"  # sessions that know whose they are
SESSION_COOKIE_AGE = 8 * 60 * 60  # seconds
STAFF_IDLE_MINUTES = env.number(
    "STAFF_IDLE_MINUTES", 30, "after how many minutes without use staff are logged out"
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
PERSON_COOKIE_NAME = "person"  # whose pages are open in the browser; gone when it is closed
SIZE_COOKIE_NAME = "size"  # of the type
KIOSK_COOKIE_NAME = "kiosk"  # a ticket machine of a hall
TICKET_COOKIE_NAME = "ticket"  # the ticket that was taken with this browser
MESSAGE_COOKIE_NAME = "messages"  # what the next page says once
MESSAGE_STORAGE = "portal.next_page.Messages"

# Language and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE, LANGUAGE_COOKIE_HTTPONLY = "Lax", True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds; the choice outlives the visit
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]  # 18 March 2026 in English, wherever a date is written
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files ---------------------------------------------------------------------------------------------------------------
MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR / "media"), "the folder of uploads and documents")
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes; what is larger goes through a temporary file
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    2 * 1024 * 1024
)  # bytes of a form without its files; the whole request: portal.limits
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500  # more than there are scope items
DATA_UPLOAD_MAX_NUMBER_FILES = (
    40  # more than may be of one kind, so that the page itself says which are too many
)

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(VAR / "static"), "the folder that collectstatic fills")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *Compressor.SKIP_COMPRESS_EXTENSIONS,
    "map",
    "otf",
)  # 36 s for documents' fonts
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
STORAGES: dict[str, dict] = {
    # Here and not in FILE_UPLOAD_PERMISSIONS, which collectstatic obeys too: the server reads what root collected.
    "default": {
        "BACKEND": "portal.storage.EncryptedFiles",
        "OPTIONS": {"file_permissions_mode": 0o640},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# What browsers are told ----------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# The API -------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "portal.api.authentication.PasswordAuthentication",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "portal.api.parsing.ShallowJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.rates.Rate"],
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS: the schema says what there is, and whose a case is stays untold
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Company opening portal",
    "DESCRIPTION": "Cases, stages, clocks, documents and progress, for the same roles as on the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "CaseState": "kernel.cases.models.Application.State",
        "StageState": "kernel.cases.models.Stage.State",
        "DocumentState": "kernel.cases.models.Document.State",
        "ClockState": "portal.api.serializers.CLOCK_STATES",
    },
}

# Messages ------------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # no mail leaves a demonstration
EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portal@localhost", "the sender of e-mail")
EMAIL_TIMEOUT = 5

# One id for each request: in the answer's header, in every log line, and with the tasks that the request wakes.
DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-ID",  # taken over from a proxy where it is a UUID
    "EXPOSE_HEADER": False,
    "INTEGRATIONS": [CeleryIntegration()],
}

# A log line says what happened and where, never who.
LOGGING = logs.configuration(env.text("LOG_LEVEL", "INFO", "a level such as INFO").upper())
