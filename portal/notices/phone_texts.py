"""What phones are told, by the kind of notice: a plain reason and a link that leads to the place after log-in. No
name, no number and no company: a phone is read over shoulders, and numbers pass on to others."""

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kernel.core import departments
from kernel.core.words import Words
from portal.notices import own_words
from portal.notices.due import meeting_of
from portal.notices.models import Notice
from portal.notices.review_texts import REVIEW_PHONE_TEXTS
from portal.notices.service_texts import SERVICE_PHONE_TEXTS
from reviews.addresses import asked

PHONE_TEXTS: dict[str, Words] = {
    "returned": _(
        "Something in your company's filing needs correcting; all of it is listed, and the clock waits: %(link)s"
    ),
    "licensed": _("Your company's business licence is issued; the seals are being made: %(link)s"),
    "completed": _("Your company is open; its papers are ready for you: %(link)s"),
    "declined": _("Your company was not registered; the legal basis is given here: %(link)s"),
    "meeting_moved": _(
        "Your appointment could not stay where it was; it is now at %(at)s. Move it if that doesn't suit: %(link)s"
    ),
    "meeting_cancelled": _("Your appointment is cancelled; choose another time: %(link)s"),
    "meeting_missed": _("Your appointment was missed; choose another time: %(link)s"),
    "meeting_soon": _("Your appointment is at %(at)s. What to bring stands here: %(link)s"),
    "material_reminder": _(
        "A material that you promised for your company is due soon; supply it here: %(link)s"
    ),
    "material_overdue": _(
        "A material that you promised for your company is overdue; supply it here: %(link)s"
    ),
    "extended": _("A deadline of your company's filing has moved; the ground: %(link)s"),
    "reckoned": _("Deadlines of your company's filing have moved; the new ones: %(link)s"),
    "share_offered": _(
        "Somebody asks you to work on a company's filing; accept or refuse: %(link)s"
    ),
    "draft_offered": _("Somebody offers you a company's filing; accept or refuse: %(link)s"),
    "collect_reminder": _("Your licence and seals still wait to be collected: %(link)s"),
}


def wording(notice: Notice) -> Words | None:
    """What a phone is told of it; None where it goes to no phone. A department says it of its own steps, as the third
    of their words."""
    for texts in (PHONE_TEXTS, SERVICE_PHONE_TEXTS, REVIEW_PHONE_TEXTS):
        if known := texts.get(notice.kind):
            return known
    code = notice.params.get("department", "")
    of_steps = departments.department(code).notices if code in departments.codes() else None
    words = (of_steps or {}).get(notice.kind, ())
    return words[2] if len(words) > 2 else None


def phone_text(notice: Notice) -> str:
    """The whole text, in the language of the installation."""
    words = phone_words(notice)
    with translation.override(settings.LANGUAGE_CODE):
        return _own(notice, words) or str(wording(notice)) % words


def phone_words(notice: Notice) -> dict[str, str]:
    """What stands in its gaps."""
    at = meeting_of(notice)
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "link": f"{settings.SITE_ADDRESS}{_place(notice)}",
            "at": date_format(localtime(at), "DATETIME_FORMAT") if at else "",
        }


def _place(notice: Notice) -> str:
    """Where the link leads: to the message, after log-in; the request for a review to a page that needs none."""
    if notice.kind == "review_asked":
        return f"/reviews/asked/{asked(notice.application)}/"
    return f"/messages/{notice.pk}/"


def _own(notice: Notice, words: dict[str, str]) -> str:
    """In the zone's words of the moment when it was written; empty where it has none."""
    if notice.application is None:
        return ""
    of_department = notice.kind not in PHONE_TEXTS
    said = own_words.said(own_words.PHONES, notice, words, of_department)
    return said[1] if said else ""
