"""At what is another's: every address of a case, by everybody to whom it is nothing."""

import re
from urllib.parse import quote
from uuid import uuid4

import pytest

from kernel.accounts.models import Role, User
from kernel.cases.models import Application, Event, Share
from kernel.form import flow
from tests.attacks.walks.place import asked_at_once, of_case, routes

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
CLOSED = {302, 401, 403, 404, 405, 409}  # none of them shows anything of a case
LINK = re.compile(r'(?:href|action|hx-get|hx-post|src)="([^"]+)"')
# To whom a case is nothing, and which of Anna's cases they try.
NOBODY = {
    "": ["filed"],
    "bert": ["draft", "completed"],
    "officer_elsewhere": ["completed"],
    "supervisor_elsewhere": ["filed"],
    "administrator_elsewhere": ["completed"],
    "half_way": ["filed"],
}
SENT = {"round": "1", "send": "1", "reason": "x", "text": "x", "ground": "x", "confirm": "on"}


def browser_of(place, who: str):
    if not who:
        return place.stranger()
    user = getattr(place, who)
    return place.with_password(user) if who == "half_way" else place.inside(user)


def state_of(place) -> list:
    """What would differ had anything been done to a case."""
    numbers = [case.pk for case in place.cases()]
    rows = Application.objects.filter(pk__in=numbers).order_by("pk")
    kept = rows.values_list("state", "version", "applicant_id", "answers")
    events = Event.objects.filter(application__in=numbers).count()
    people = [list(row.people.order_by("pk").values_list("uid", flat=True)) for row in rows]
    files = [list(row.materials.order_by("pk").values_list("uid", flat=True)) for row in rows]
    return [list(kept), events, people, files, Share.objects.count()]


def tried_by(place, who: str) -> list[str]:
    return [address for case in NOBODY[who] for address in of_case(getattr(place, case))]


@pytest.mark.parametrize("who", NOBODY)
def test_nobody_reads_anothers_case(place, who):
    """Held before, by the product's pages; other zones' administration was open. Now every address that leads to a
    case, of a draft, a filed and a completed one: by nobody, another applicant, and staff of elsewhere."""
    browser, open_ = browser_of(place, who), []
    for address, answer in asked_at_once(browser, tried_by(place, who)).items():
        if answer.status not in CLOSED:
            open_.append((address, answer.status))
        for secret in (place.draft.ref, place.completed.name):
            if answer.status != 302 and secret and secret in answer.text.replace(address, ""):
                open_.append((address, secret))
    assert len(tried_by(place, who)) > 90 and not open_, open_


@pytest.mark.parametrize("who", NOBODY)
def test_nobody_does_anything_to_anothers_case(place, who):
    """Held before. The same addresses with everything that a form may send, and a right token."""
    browser, before, open_ = browser_of(place, who), state_of(place), []
    for address, answer in asked_at_once(browser, tried_by(place, who), "POST", **SENT).items():
        if answer.status not in CLOSED:
            open_.append((address, answer.status))
    assert not open_, open_
    assert state_of(place) == before


def test_no_other_verb_opens_what_a_page_closes(place):
    """Own idea: a check that stands at GET and POST alone, or a header that says another verb."""
    before, bert, every = state_of(place), place.inside(place.bert), of_case(place.filed)
    for turn, method in enumerate(("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")):
        answers = asked_at_once(bert, every[turn::5], method)
        assert {answer.status for answer in answers.values()} <= CLOSED, method
        overruled = {"X-HTTP-Method-Override": method, "X-CSRFToken": bert.token}
        answer = bert.ask("POST", f"/api/v1/cases/{place.filed.ref}/", b"", overruled)
        assert answer.status in CLOSED
    assert state_of(place) == before


def test_a_thing_of_anothers_is_not_found_through_ones_own_case(place):
    """Held before: one's own number in front of another's upload, paper or person."""
    bert, found = place.inside(place.bert), []
    things = [
        place.filed.materials.first(),
        place.filed.documents.first(),
        place.filed.people.first(),
    ]
    for route, parts in routes():
        if (
            "<uuid:uid>" not in route
            or "<str:ref>" not in route
            or set(parts) - {"ref", "uid", "number"}
        ):
            continue
        for thing in things:
            address = route.replace("<str:ref>", place.berts.ref).replace(
                "<uuid:uid>", str(thing.uid)
            )
            found.append(address.replace("<int:number>", "1"))
    assert len(found) >= 30
    closed = {302, 403, 404, 405}  # 403: of who fills in at the counter, whatever is asked for
    assert {answer.status for answer in asked_at_once(bert, found).values()} <= closed
    before = state_of(place)
    removed = asked_at_once(bert, [address for address in found if "/remove/" in address], "POST")
    assert {answer.status for answer in removed.values()} <= {302, 404} and len(removed) == 3
    assert state_of(place) == before


def test_what_is_found_by_a_random_name_alone_gives_nothing_to_who_has_none(place):
    """Own idea: addresses with a uid and no case in front, with one that is somebody's and one that is nobody's."""
    uids = [
        place.filed.uid,
        place.filed.documents.first().uid,
        place.filed.people.first().uid,
        uuid4(),
    ]
    addresses = [
        route.replace("<uuid:uid>", str(uid)).replace("<str:how>", "accept")
        for route, parts in routes()
        if "uid" in parts and not {"ref", "number"} & set(parts)
        for uid in uids
    ]
    for browser in (place.stranger(), place.inside(place.bert)):
        for answers in (
            asked_at_once(browser, addresses),
            asked_at_once(browser, addresses, "POST"),
        ):
            assert {answer.status for answer in answers.values()} <= {302, 403, 404, 405}


def test_a_number_is_no_door(place):
    """Own idea: the number of a case is printed and can be counted up. Its neighbours, and spellings of it."""
    bert, number = place.inside(place.bert), place.filed.number
    spelt = [
        number.lower(),
        f"{number}%20",
        number.replace("-", "%2d"),
        f"{number}%00",
        number + "/..",
        number[::-1],
    ]
    for spelling in spelt:
        assert bert.get(f"/filings/{spelling}/").status in (301, 302, 404), spelling
        assert bert.get(f"/api/v1/cases/{spelling}/").status in (301, 404), spelling


def test_a_list_has_ones_own_whatever_is_asked_of_it(place):
    """Held before: no look-up of the query reaches a column of somebody else's."""
    bert = place.inside(place.bert)
    asked = [
        "applicant=1",
        "applicant__phone__startswith=138",
        "state=filed&state=draft",
        "ordering=applicant__password",
        "search=%",
        "page=1%20OR%201=1",
        "fields=*",
        "format=api",
        f"zone={place.zone.pk}",
        "state=' OR '1'='1",
    ]
    for query in asked:
        answer = bert.get(f"/api/v1/cases/?{query.replace(' ', '%20')}")
        assert answer.status in (200, 400, 404), query
        assert place.filed.ref not in answer.text and place.anna.phone not in answer.text, query


def test_nobody_writes_what_no_form_asks_for(place):
    """Own idea: mass assignment, in the answers of a draft, the own account, the second of a person's fields."""
    bert, ref = place.inside(place.bert), place.berts.ref
    more = {
        **{
            "state": "completed",
            "applicant": place.anna.pk,
            "filing_number": "KB-2026-1",
            "version": "99",
        },
        **{"roles": "administrator", "is_staff": "on", "is_superuser": "on", "zone": place.zone.pk},
        **{
            "name_proved_at": "2026-01-01",
            "detail": "1",
            "licence_number": "9",
            "signatures": "{}",
        },
    }
    for address in (f"/filings/{ref}/address/", f"/filings/{ref}/address/autosave/"):
        bert.post(address, more)
    bert.post("/account/profile/", more)
    bert.post("/account/password/", more)
    bert.post_json(f"/api/v1/cases/{ref}/", more)
    row, user = Application.objects.get(pk=place.berts.pk), User.objects.get(pk=place.bert.pk)
    assert (row.state, row.applicant_id, row.filing_number) == (flow.DRAFT, place.bert.pk, None)
    assert set(row.answers["address"]) <= {*place.berts.answers["address"], "detail"}
    assert row.answers.get("signatures") == place.berts.answers.get("signatures")
    assert (user.roles, user.is_staff, user.is_superuser, user.zone_id) == (
        (Role.APPLICANT,),
        False,
        False,
        None,
    )


def test_no_address_of_a_page_has_anything_personal(place):
    """Own idea (14.2.1): no link or form of a page names a person, a phone or a number of a card."""
    anna = place.inside(place.anna)
    people = [person.data for person in place.filed.people.filter(kind="natural")]
    secrets = {value for person in people for value in (person["id_number"], person["phone"])}
    secrets |= {quote(person["name"]) for person in people} | {place.anna.phone}
    pages = [*place.seen(place.anna).values()]
    pages += asked_at_once(anna, of_case(place.filed)).values()
    found = {link for page in pages for link in LINK.findall(page.html)}
    assert len(found) > 100
    assert not [link for link in found if any(secret in link for secret in secrets)]


def test_no_step_is_skipped(place):
    """Own idea: a draft that nobody has signed isn't submitted, and what was not returned is not sent back."""
    anna, before = place.inside(place.anna), state_of(place)
    draft, filed, completed = (f"/filings/{case.ref}" for case in place.cases())
    tried = [
        *(
            f"{draft}/submit/",
            f"{draft}/resubmit/window/",
            f"{draft}/appointment/",
            f"{draft}/withdraw/",
        ),
        *(
            f"{filed}/submit/",
            f"{filed}/resubmit/window/",
            f"{filed}/people/new/",
            f"{filed}/address/",
        ),
        *(f"{completed}/withdraw/", f"{completed}/submit/", f"{filed}/promise/R-02/"),
        f"/reviews/leave/{place.filed.number}/",
    ]
    for address in tried[:3] + tried[4:]:
        assert anna.post(address, SENT).status in {*CLOSED, 422}, address
    assert state_of(place)[0] == before[0]


def test_nobody_signs_for_another(place):
    """Own idea: by a link that was never sent, and by the own button of a filing in which one isn't named."""
    bert = place.inside(place.bert)
    for step in ("", "code/", "again/", "confirm/", "refuse/", "take-back/"):
        link = f"/sign/{uuid4()}/{step}"
        answer = bert.post(link, {"code": "000000", "name": "x"}) if step else bert.get(link)
        assert answer.status == 404, link
    assert bert.post(f"/filings/{place.draft.ref}/papers/sign/own/", {"agreed": "on"}).status == 404
