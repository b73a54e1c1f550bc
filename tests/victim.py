"""The person whose name and number a stranger uses, the links that ask for their signature, and what they do."""

from html import unescape

import pytest
from django.urls import reverse

from kernel.cases import actions, founders_papers
from kernel.cases.signers import signers_of
from kernel.core.errors import Refused
from tests import factories, phones
from tests.filings import resident_id
from tests.joining import browser

VICTIM, VICTIMS_PHONE, VICTIMS_NUMBER = "赵六", "13900000001", resident_id("19850505", 301)
STRANGERS_PHONE = "13900000002"


def said(answer) -> str:
    return unescape(answer.content.decode())


def naming_the_victim(zone, phone=VICTIMS_PHONE, **fields):
    """A draft whose second founder has the victim's name and number, and the phone that the stranger entered."""
    draft = factories.draft("1130", zone=zone, **fields)
    person = draft.people.order_by("pk")[1]
    person.data = person.data | {"name": VICTIM, "id_number": VICTIMS_NUMBER, "phone": phone}
    person.save()
    actions.ask_signatures(actor=draft.applicant, application_id=draft.pk)
    return draft, draft.signing_requests.get(person=person.uid)


def opened(link, web=None):
    """The link with the code that its phone was sent."""
    web = web or browser()
    page = reverse("sign", args=[link.uid])
    assert (
        web.post(reverse("sign-code", args=[link.uid]), {"code": phones.code_for(link)}).url == page
    )
    return web


def signed(web, link):
    """Read all that is shown, tick, and sign."""
    shown = web.get(reverse("sign", args=[link.uid]))
    seen = [f"{paper['kind']}:{paper['digest']}" for paper in shown.context["page"].papers]
    return web.post(reverse("sign-confirm", args=[link.uid]), {"seen": seen, "agreed": "1"})


def everybody_but(link, application) -> None:
    """All others sign."""
    case = founders_papers.standing(application)
    for signer in signers_of(case):
        if signer.person.uid != str(link.person):
            actions.sign_as(
                application_id=application.pk,
                person=signer.person.uid,
                seen={kind: signer.papers[kind] for kind in signer.void},
                proof={"by": "test"},
            )


def refusal(call, **given) -> str:
    with pytest.raises(Refused) as refused:
        call(**given)
    problems = getattr(refused.value, "problems", ())
    return " ".join([str(refused.value), *(str(sentence) for sentence, _keys in problems)])
