"""Where a zone may put its own words of what people are told: by the kind of notice, in inbox and e-mail and on phones.

What somebody is told of their own account and of what waits for a second person isn't among it: it watches over the
administration, so the administration doesn't word it. Nor is the digest, which counts.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kernel.accounts.models import Zone
from kernel.core import departments
from kernel.core.moment import now
from kernel.core.text_messages import carriers
from kernel.core.ui.states import describe
from kernel.core.words import Words
from kernel.form import flow
from kernel.zone_words.places import Place, Variable, blanks, braced
from portal.notices.own_words import INBOX, PHONES
from portal.notices.phone_texts import PHONE_TEXTS
from portal.notices.texts import TEXTS

GROUPS = {INBOX: _("Messages in the portal and by e-mail"), PHONES: _("Texts to phones")}


def _tomorrow() -> str:
    day = localtime(now()) + timedelta(days=1)
    return date_format(day.replace(hour=10, minute=0), "DATETIME_FORMAT")


VARIABLES = {
    variable.name: variable
    for variable in (
        Variable(
            "number",
            _("number of the case"),
            lambda: f"KB-{localtime(now()):%Y-%m%d}-007",
            True,
            True,
        ),
        Variable(
            "company",
            _("name of the company"),
            lambda: pgettext("example", "Qingmu Trading Co., Ltd."),
            True,
        ),
        Variable("department", _("department"), lambda: str(departments.departments()[0].named)),
        Variable(
            "desks",
            _("departments that work side by side"),
            lambda: capfirst(departments.listed(departments.beside())),
        ),
        Variable(
            "clock",
            _("time limit"),
            lambda: str(next(iter(flow.clocks().values())).label),
            is_needed=True,
        ),
        Variable("percent", _("how much of the time limit is used"), lambda: "80", is_needed=True),
        Variable("minutes", _("how many minutes more"), lambda: "30", is_needed=True),
        Variable("days", _("for how many days"), lambda: "3", is_needed=True),
        Variable("at", _("date and time of the appointment"), _tomorrow, is_needed=True),
        Variable(
            "awaits",
            _("what is waited for"),
            lambda: str(describe("stage", "signature")[0]),
            is_needed=True,
        ),
        Variable(
            "material",
            _("material"),
            lambda: pgettext("example", "Proof of the address"),
            is_needed=True,
        ),
        Variable(
            "place",
            _("place of the pick-up"),
            lambda: pgettext("example", "Window 3 of the hall"),
            is_needed=True,
        ),
        Variable("person", _("name of a person"), lambda: pgettext("example", "Shen Ping"), True),
        Variable("phone", _("number of a phone"), lambda: "139 0000 0000", True),
        Variable("code", _("pick-up code"), lambda: "123456", True),
        Variable(
            "link",
            _("link that leads to the place after log-in"),
            lambda: f"{settings.SITE_ADDRESS}/messages/1234567/",
            is_needed=True,
        ),
    )
}


def places(channel: str) -> Iterable[Place]:
    """All of a channel, everybody's before those of each department."""
    if channel == INBOX:
        yield from (_place(f"{INBOX}.{kind}", *words) for kind, words in TEXTS.items())
    else:
        for kind, body in PHONE_TEXTS.items():
            yield _place(f"{PHONES}.{kind}", TEXTS[kind][0], body)
    for department in departments.departments():
        for step, (title, body, *to_phones) in (department.notices or {}).items():
            at = f"{channel}.{department.code}.{step}"
            if channel == INBOX:
                yield _place(at, title, body)
            elif to_phones:
                yield _place(at, title, to_phones[0])


def of_inbox(zone: Zone) -> Iterable[Place]:
    return places(INBOX)


def of_phones(zone: Zone) -> Iterable[Place]:
    """None where the carrier says words of its own: what a zone wrote here, nobody would read."""
    return () if carriers.carrier().uses_templates else places(PHONES)


def _place(at: str, title: Words, body: Words) -> Place:
    """What the product's words of a kind use may be used, and no more: a notice to a stranger has no name in it."""
    channel = at.partition(".")[0]
    to_phones = channel == PHONES
    used = blanks(body) if to_phones else blanks(title, body)
    return Place(
        at,
        _label(title),
        GROUPS[channel],
        "" if to_phones else title,
        body,
        tuple(VARIABLES[name] for name in used),
        VARIABLES,
        has_title=not to_phones,
        to_phones=to_phones,
    )


def _label(title: Words) -> str:
    """What a kind is called: its title without the number."""
    return braced(title).replace("{number}", "").strip().rstrip(":\uff1a").strip()
