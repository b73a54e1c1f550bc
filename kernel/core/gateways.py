"""Asking a stranger's system over HTTPS: one question, one answer as JSON, within a limit of time and size."""

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

PATIENCE = 5.0  # seconds for each step of the conversation; whoever waits sets a limit on the whole
MOST_BYTES = 64 * 1024
_JSON = {"Accept": "application/json"}


class Unreadable(Exception):
    """The answer isn't what was agreed."""


class Away(Exception):
    """Nobody answers, or not with 200: `status` is then what they answered with, else None."""

    def __init__(self, status: int | None = None):
        super().__init__(status)
        self.status = status


class _NoRedirect(HTTPRedirectHandler):
    """What is asked holds personal data: it goes where the setting says, and nowhere else."""

    def redirect_request(self, *args, **kwargs):
        return None


_opener = build_opener(_NoRedirect)


def is_address(text: str) -> bool:
    """An address to which personal data may be sent: by HTTPS, or on this machine."""
    parts = urlsplit(text)
    if parts.scheme == "http":
        return parts.hostname in ("127.0.0.1", "localhost", "::1")
    return parts.scheme == "https" and bool(parts.hostname)


def ask(address: str, token: str, question: dict) -> dict:
    """The answer to a question as JSON, a JSON object. Raises Away and Unreadable; neither says anything of what was
    asked."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return _answer(address, json.dumps(question).encode(), headers)


def ask_by_form(address: str, fields: dict[str, str], headers: dict[str, str]) -> dict:
    """As `ask`, of a system that takes its questions as a form."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return _answer(address, urlencode(fields).encode(), headers | form)


def read(address: str) -> dict:
    """What a stranger publishes there, a JSON object. Raises Away and Unreadable."""
    return _answer(address, None, {})


def _answer(address: str, body: bytes | None, headers: dict[str, str]) -> dict:
    if not is_address(address):
        raise Away
    request = Request(address, body, headers | _JSON)  # noqa: S310 (is_address)
    try:
        with _opener.open(request, timeout=PATIENCE) as answer:
            body = answer.read(MOST_BYTES + 1)
    except HTTPError as error:
        error.close()
        raise Away(error.code) from error
    except (HTTPException, OSError) as error:  # of which URLError is one
        raise Away from error
    try:
        content = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(content, dict):
        raise Unreadable
    return content
