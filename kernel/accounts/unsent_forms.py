"""The middleware by which a form that meets the end of a session is kept, and handed back on its page later."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from kernel.accounts import second_step, unsent
from kernel.core import requested

WAITING = "unsent"  # in the session: the pages on which something waits
ONLY_KEEP = "X-Only-Keep"  # a page whose session is over asks for nothing else
MINE = "typed_by"  # the field in which such a page says whose it is
NOT_KEPT = ("csrfmiddlewaretoken", MINE, "asking", "code")  # one-time codes are good for minutes
NEVER = ("/account/", "/register/", "/admin/", "/api/")


class UnsentForms:
    """It stands behind CSRF and the log-in. The cookie says who is logged in, or was until the session ended: a page's
    script renews its token for that person alone, and a form sent without one is theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        request.unsent = Handed(request)  # type: ignore[attr-defined]  # read by templates
        response = self.get_response(request)
        if request.method == "POST" and not request.path.startswith(NEVER):
            if not was_in and _met_the_end(request, response):
                response = _kept(request, response)
            elif was_in and response.status_code < 400:
                _sent(request)
        _say_who(request, response, was_in)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if not requested.has_header(request, ONLY_KEEP) or request.method != "POST":
            return None
        return HttpResponse(status=204 if _keep(request) else 409)


class Handed:
    """What templates show of it: `here` on this page, `elsewhere` the addresses of others, `mark` whose page it is."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _waiting(self) -> list[str]:
        return _waiting(self._request)

    @cached_property
    def mark(self) -> str:
        return unsent.mark(self._request.user)

    @cached_property
    def here(self) -> list[dict]:
        if self._request.method != "GET" or self._request.get_full_path() not in self._waiting:
            return []
        rows = unsent.of(self._request.user, self._request.get_full_path())
        return [{"to": row.sent_to, "typed": row.typed, "at": row.at} for row in rows]

    @cached_property
    def page(self) -> str:
        return self._request.get_full_path()

    @cached_property
    def elsewhere(self) -> list[str]:
        return [page for page in self._waiting if page != self._request.get_full_path()]


def _waiting(request: HttpRequest) -> list[str]:
    """The pages on which something waits; none for who has only given the password."""
    opens = request.user.is_authenticated and not second_step.owed(request.user)
    return request.session.get(WAITING, []) if opens else []


def hand_out(sender: object, request: HttpRequest, user: object, **_signal: object) -> None:
    """Somebody has logged in: what waits for them is looked up once."""
    if waiting := unsent.pages(user):
        request.session[WAITING] = waiting


def drop(request: HttpRequest, page: str) -> None:
    unsent.forget(request.user, page=page)
    request.session[WAITING] = unsent.pages(request.user)


def lead_on(request: HttpRequest, to: str) -> None:
    """The address only takes what is sent, so whatever waits there (a form shown with its errors) waits on `to`."""
    page = request.get_full_path()
    if page in _waiting(request):
        unsent.move(request.user, page, to)
        request.session[WAITING] = unsent.pages(request.user)


def page_of(request: HttpRequest) -> str:
    """The page on which the form stood, with its query; the form's own address where the browser doesn't say."""
    came_from = requested.came_from(request)
    here = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    parts = urlsplit(came_from) if here else None
    if parts is None or not parts.netloc:
        return request.get_full_path()
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _form(request: HttpRequest) -> tuple[str, str]:
    """Page and address of the form; one that is saved while typing is sent to its own page."""
    page = page_of(request)
    htmx = requested.by_script(request)
    return page, page if htmx else request.get_full_path()


def _met_the_end(request: HttpRequest, response: HttpResponse) -> bool:
    if requested.by_script(request):
        return response.status_code == 409
    log_in = resolve_url(settings.LOGIN_URL)
    return response.status_code == 302 and urlsplit(response["Location"]).path == log_in


def _keep(request: HttpRequest) -> bool:
    marked = request.POST.get(MINE) or request.COOKIES.get(settings.PERSON_COOKIE_NAME, "")
    account = unsent.account_of(marked)
    if account is None or request.path.startswith(NEVER):
        return False
    typed = {
        name: [value.replace("\0", "") for value in values]
        for name, values in request.POST.lists()
        if name not in NOT_KEPT
    }
    return unsent.keep(account, *_form(request), typed)


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The log-in says that it is kept, and leads to the page of the form."""
    if not _keep(request) or requested.by_script(request):
        return response
    again = redirect_to_login(page_of(request))
    again["Location"] += "&" + urlencode({"kept": 1})
    return again


def _sent(request: HttpRequest) -> None:
    """A form shown with its errors stands at its own address, whichever page it was kept of."""
    page, sent_to = _form(request)
    if _waiting(request):
        which = {"sent_to": sent_to} | ({} if page == sent_to else {"page": page})
        unsent.forget(request.user, **which)
        request.session[WAITING] = unsent.pages(request.user)


def _say_who(request: HttpRequest, response: HttpResponse, was_in: bool) -> None:
    name, mark = settings.PERSON_COOKIE_NAME, unsent.mark(request.user)
    if mark and request.COOKIES.get(name) != mark:
        response.set_cookie(name, mark, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    elif was_in and not mark:
        response.delete_cookie(name, samesite="Lax")
