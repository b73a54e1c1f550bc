"""What an address asks for in its query, and what a browser says of itself in its headers: one reader for each kind.

People and programs type addresses, shorten them and send them on, and whoever opens one gets a page: what can't be
read, or is none of what there is, is as if it had not been asked for. No view reads either by hand
(`tests/house/test_requested.py`); what somebody fills in is a form.
"""

from collections.abc import Container
from datetime import date

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# The query -----------------------------------------------------------------------------------------------------------


def has(request: HttpRequest, name: str) -> bool:
    """A switch: whether it stands there at all, as in `?save`."""
    return name in request.GET


def text(request: HttpRequest, name: str) -> str:
    """Words, without blanks around them; the server bounds how long an address may be."""
    return request.GET.get(name, "").strip()


def one_of(request: HttpRequest, name: str, among: Container[str], usual: str = "") -> str:
    value = request.GET.get(name, usual)
    return value if value in among else usual


def day(request: HttpRequest, name: str) -> date | None:
    """A day as `2026-03-18`."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def page(request: HttpRequest, rows, size: int) -> Page:
    """The page of a list that is asked for; the nearest there is."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def onward(request: HttpRequest) -> str:
    """The page of ours (`next`) that is to follow, of the form before the address; empty where none is wanted, or one
    that lies elsewhere."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
    return wanted if ours else ""


def query(request: HttpRequest) -> str:
    """All of it, to be handed on to the same page."""
    return request.GET.urlencode()


# The headers ---------------------------------------------------------------------------------------------------------


def by_script(request: HttpRequest) -> bool:
    """Whether a script of the page asks (htmx), and not the person for a page."""
    return "HX-Request" in request.headers


def has_header(request: HttpRequest, name: str) -> bool:
    """A switch of a script of ours."""
    return name in request.headers


def browser(request: HttpRequest) -> str:
    """What the browser calls itself."""
    return request.headers.get("User-Agent", "")


def came_from(request: HttpRequest) -> str:
    """The page on which the person is, as far as the browser says so; it may lie elsewhere."""
    return request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")


def credentials(request: HttpRequest) -> str:
    """By which a program shows who it is."""
    return request.headers.get("Authorization", "")
