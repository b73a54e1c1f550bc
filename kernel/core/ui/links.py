"""Links to pages that stand above: whoever owns a page registers it under a plain word, whoever links to it asks here.

    links.register(inbox="messages:inbox")          # in the owner's AppConfig.ready()
    {% link "inbox" %}                              # empty where nobody has such a page

So a room knows the addresses of its own floor and of those below, and nothing else.
"""

from django.urls import reverse

from kernel.core import departments

_pages: dict[str, str] = {}
_first_pages: dict[str, str] = {}


def register(**pages: str) -> None:
    """Word → name of the address."""
    _pages.update(pages)


def register_first_page(role: str, page: str) -> None:
    """Where somebody of this role, who is no officer, begins after logging in: an address without arguments."""
    _first_pages[role] = page


def link(word: str, *args, **kwargs) -> str:
    """The address of a registered page; empty where none is registered under the word."""
    return reverse(_pages[word], args=args, kwargs=kwargs) if word in _pages else ""


def first_page(role: str) -> str:
    """Of an officer the queue of the desk. Raises KeyError for a role that has no first page."""
    desk = departments.of_role(role)
    return reverse(desk.first_page if desk else _first_pages[role])
