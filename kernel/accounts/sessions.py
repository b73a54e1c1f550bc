"""How long a person stays logged in. Browsers know real time only, so none of this is the product's clock."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from kernel.core import requested

UNTIL = "until"  # when a session ends however much it is used, in seconds since 1970
IDLE = "idle"  # the session's own name for how many seconds it may lie idle; only staff sessions have it
BEGUN, BROWSER = "begun", "browser"  # for the list of one's own sessions
# A mark of the user agent → what people call it; the first that is found counts.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
RECENT = 10 * 60  # seconds for which who has no password needn't log in once more
GRACE = 60  # seconds of use that need not be written down


def begin(sender, request, user, **_signal) -> None:
    """Somebody has logged in: staff by the idle limit, since a desk with personal data may be left; others by hours.
    Everybody logs in again after some hours, however much they do."""
    hours = settings.APPLICANT_SESSION_HOURS
    if user.is_staff_member:
        request.session[IDLE], hours = (
            settings.STAFF_IDLE_MINUTES * 60,
            settings.STAFF_SESSION_HOURS,
        )
    request.session[UNTIL] = (timezone.now() + timedelta(hours=hours)).timestamp()
    request.session[BEGUN] = timezone.now().timestamp()
    request.session[BROWSER] = _browser(requested.browser(request))
    extend(request)


def is_recent(request) -> bool:
    """Whether the person logged in just now."""
    return timezone.now().timestamp() - request.session.get(BEGUN, 0) < RECENT


def _browser(agent: str) -> str:
    """Enough for somebody to know their own by: the browser and the system, as far as it says so."""
    names = [name for mark, name in (*BROWSERS, *SYSTEMS) if mark in agent]
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    browser = next((name for name in names if name != system), "")
    return " · ".join(filter(None, (browser, system)))


def extend(request) -> None:
    """A full length from this moment on, no more than is left of its hours."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=_length(request.session)))


def _length(session) -> float:
    whole = session.get(IDLE, settings.SESSION_COOKIE_AGE)
    return min(whole, session[UNTIL] - timezone.now().timestamp()) if UNTIL in session else whole


class IdleMiddleware:
    """Whoever of the staff asks for a page is at the desk; a page that refreshes itself (htmx, GET) says nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        idle = request.session.get(IDLE)
        by_itself = request.method == "GET" and requested.by_script(request)
        if (
            idle
            and not by_itself
            and request.session.get_expiry_age() < _length(request.session) - GRACE
        ):
            extend(request)
        return self.get_response(request)
