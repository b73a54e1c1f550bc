"""Production: PostgreSQL and Redis named by the environment, TLS in front, no secret from the source tree."""

from portal.settings import env

env.local = {"DEMO": "false"}  # what the environment may still say otherwise
if env.flag("TIMETABLE_ONLY", False):  # `beat` writes names of tasks to Redis and opens nothing
    env.local |= env.stand_ins()
env.demand(
    "SECRET_KEY",
    "FIELD_KEYS",
    "BLIND_INDEX_KEY",
    "TRAIL_KEYS",
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "SITE_ADDRESS",
)

from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import DEMO, LOGGING  # noqa: E402

DEBUG = False
STAFF_MFA = env.flag("STAFF_MFA", not DEMO)  # whoever shows a demonstration logs in with one click
INNER_TLS = env.flag("INNER_TLS", True)
SANDBOXES = env.listing("SANDBOXES", ["all"] if DEMO else [])
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [
    r"^livez$",
    r"^readyz$",
    r"^sweepz$",
    r"^metrics$",
]  # asked from within, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# The __Host- prefix makes the browser refuse a cookie set for another host, another path or without TLS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
PERSON_COOKIE_NAME = "__Host-person"
LANGUAGE_COOKIE_NAME = "__Host-language"
SIZE_COOKIE_NAME = "__Host-size"
KIOSK_COOKIE_NAME = "__Host-kiosk"
TICKET_COOKIE_NAME = "__Host-ticket"
MESSAGE_COOKIE_NAME = "__Host-messages"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost", "the host of a mail server")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)

LOGGING["handlers"]["console"]["formatter"] = "json"
