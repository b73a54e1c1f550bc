"""What texts say, for each kind. No personal data: names, numbers and companies stay on the pages."""

from enum import StrEnum

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    REGISTER = "register"
    PHONE = "phone"
    RECOVER = "recover"
    SIGN = "sign"
    COUNTER = "counter"
    ASKED = "asked"
    VOID = "void"
    DECIDED = "decided"
    CHANGED = "changed"
    GUESSED = "guessed"
    NEAR = "near"


WORDING = {
    Kind.REGISTER: _(
        "Your code is %(code)s, valid for %(minutes)s minutes: it registers this phone at the company opening portal. "
        "Tell it to nobody; we never ask for it."
    ),
    Kind.PHONE: _(
        "Your code is %(code)s, valid for %(minutes)s minutes: it makes this phone that of an account at the company "
        "opening portal. Tell it to nobody but the officer in front of you, if you are at the window."
    ),
    Kind.RECOVER: _(
        "Your code is %(code)s, valid for %(minutes)s minutes: it opens an account at the company opening portal "
        "again. If you did not ask for it, do nothing, and tell it to nobody."
    ),
    Kind.SIGN: _(
        "You are asked to sign papers of a company. Code %(code)s, valid for %(minutes)s minutes, page %(link)s. If "
        "you know nothing of it, don't pass the code on: say so on the page."
    ),
    Kind.COUNTER: _(
        "Your code is %(code)s, valid for %(minutes)s minutes: with it the officer in front of you opens your filings "
        "at the company opening portal, to fill them in with you. If you are not at the counter, tell it to nobody."
    ),
    Kind.ASKED: _(
        "You are asked to sign papers of a company: page %(link)s. If you know nothing of it, say so on the page."
    ),
    Kind.VOID: _(
        "Papers of a company that you had signed were changed, so your signature on them no longer counts. Read and "
        "sign them again: page %(link)s."
    ),
    Kind.DECIDED: _(
        "The supervisor has decided on your refusal to sign, receipt %(number)s: page %(link)s."
    ),
    Kind.CHANGED: _(
        "Phone or password of your account at the company opening portal were changed. If it wasn't you, come to the "
        "window with your identity card; your sessions are ended there."
    ),
    Kind.GUESSED: _(
        "Somebody typed many wrong passwords for your account at the company opening portal, and log-in paused for a "
        "quarter of an hour. If it wasn't you and others may know your password, choose a new one."
    ),
    Kind.NEAR: _(
        "Service hall: the one before ticket %(ticket)s was called, and you are next. Please come to the hall: %(link)s"
    ),
}


def body(kind: str, words: dict) -> str:
    """The whole text, in the language of the installation. Raises KeyError for a kind that nobody wrote."""
    with translation.override(settings.LANGUAGE_CODE):
        return WORDING[Kind(kind)] % words
