"""Addresses that only take what a form sends lead somewhere, whoever looks at them."""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from kernel.accounts.models import Role
from tests import factories

pytestmark = pytest.mark.django_db
UID = "6f1c2d2e-8f5e-4f0c-9a51-0d7f5a6f0c11"
SAMPLES = {"str": "x", "slug": "x", "int": "1", "uuid": UID, "path": "x"}


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["language"] = "en"


def addresses(resolver=None, before=""):
    """One address of each of the product's patterns."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + getattr(entry.pattern, "_route", "")
        if not isinstance(entry, URLPattern):
            yield from addresses(entry, route)
        elif hasattr(entry.pattern, "_route"):
            filled = route
            for name, converter in entry.pattern.converters.items():
                kind = (
                    type(converter)
                    .__name__.removesuffix("Converter")
                    .lower()
                    .replace("string", "str")
                )
                filled = filled.replace(f"<{kind}:{name}>", SAMPLES[kind]).replace(f"<{name}>", "x")
            if "<" not in filled:
                yield "/" + filled


def test_no_page_answers_a_look_with_nothing(client):
    """Of everything that answers 405 nothing is left but the API, which speaks of it in JSON."""
    factories.ZoneFactory()
    found = [address for address in addresses() if not address.startswith("/api/")]
    assert len(found) > 90 and "/account/logout/" in found
    empty = []
    for role in (None, Role.APPLICANT, Role.SUPERVISOR, "engraver"):
        if role:
            client.force_login(factories.UserFactory(role=role, zone=factories.ZoneFactory()))
        empty += [address for address in found if client.get(address).status_code == 405]
    assert empty == []


def test_a_submit_looked_at_after_the_log_in_leads_to_the_page_with_the_button(client):
    application = factories.draft("1130")
    submit = reverse("filing:submit", args=[application.ref])
    answer = client.post(submit)
    assert answer.status_code == 302 and answer.url.startswith(reverse("login"))
    client.force_login(application.applicant)
    answer = client.get(submit, follow=True)
    assert answer.redirect_chain == [(reverse("filing:check", args=[application.ref]), 302)]
    assert "Nothing was submitted just now" in answer.content.decode()
    application.refresh_from_db()
    assert not application.filing_number


def test_a_step_of_a_case_leads_to_the_case_and_another_to_the_page_above(client):
    application = factories.draft("1130")
    client.force_login(application.applicant)
    case = reverse("filing:tasks", args=[application.ref])
    steps = {
        "person-autosave": [],
        "autosave": ["address"],
        "scope-look": [],
        "person-remove": [UID],
    }
    for name, more in steps.items():
        answer = client.get(reverse(f"filing:{name}", args=[application.ref, *more]), follow=True)
        assert answer.redirect_chain[-1][0] == case and answer.status_code == 200
        assert "Nothing was sent just now" in answer.content.decode()
    assert client.get(reverse("stay")).url == "/"
    assert client.get(reverse("share-answer", args=[UID, "accept"])).url == reverse("my")


def test_the_api_says_405_itself(client):
    assert client.get("/api/v1/progress/").status_code == 405
