"""Asking a stranger's system over HTTPS: one question as JSON, one answer, within a limit of time and size."""

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

PATIENCE = 5.0  # seconds for each step of the conversation; whoever waits sets a limit on the whole
MOST_BYTES = 64 * 1024


class Unreadable(Exception):
    """The answer isn't what was agreed."""


class Away(Exception):
    """Nobody answers, or not with 200."""


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
    """The answer, a JSON object. Raises Away and Unreadable; neither says anything of what was asked."""
    if not is_address(address):
        raise Away
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = Request(address, json.dumps(question).encode(), headers)  # noqa: S310 (is_address)
    try:
        with _opener.open(request, timeout=PATIENCE) as answer:
            body = answer.read(MOST_BYTES + 1)
    except HTTPError as error:
        error.close()
        raise Away from error
    except (HTTPException, OSError) as error:  # of which URLError is one
        raise Away from error
    try:
        content = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(content, dict):
        raise Unreadable
    return content
