"""The pages on people: entered once, whatever is clicked how often and by whom; sums; who may be taken out when."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from kernel.cases import actions
from kernel.cases.actions.editing import seen_mark
from kernel.cases.actions.people import MOST_OTHERS, MOST_SHAREHOLDERS
from kernel.cases.models import Application, Person
from kernel.core.errors import NotAllowed, Refused, Stale
from kernel.standards import publishing
from tests import driving, factories
from tests.applicant import begun, page, stored, text
from tests.codes import TAX
from tests.filings import complete_answers

pytestmark = pytest.mark.django_db


def hidden(answer, name: str) -> str:
    return re.search(rf'id="id_{name}" value="([^"]*)"', text(answer))[1]


def sums(answer) -> str:
    return " ".join(
        re.sub(
            r"<[^>]+>", " ", re.search(r'<div[^>]*id="sum".*?</dl>', text(answer), re.S)[0]
        ).split()
    )


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["language"] = "en"


@pytest.fixture
def ref(web, applicant):
    return factories.draft("1130", applicant=applicant).ref


def test_a_save_that_overtakes_the_autosave_enters_nobody_twice(web):
    ref = begun(web)
    new = reverse("filing:person-new", args=[ref]) + "?section=officers&role=director"
    uid = hidden(web.get(new), "uid")
    data = {**complete_answers("1152")[1][0].data, "uid": uid}
    autosave = reverse("filing:person-autosave", args=[ref]) + "?section=officers&role=director"
    assert uid in web.post(autosave, data)["HX-Replace-Url"]
    assert web.post(new, {**data, "seen": ""}).url == page(ref, "officers")
    assert web.post(new, {**data, "seen": ""}).url == page(ref, "officers"), (
        "nor does a second click"
    )
    assert [str(person.uid) for person in stored(ref).people.all()] == [uid]
    assert stored(ref).answers["officers"] == {"director": uid}


def test_a_uid_of_another_case_gives_nothing_of_it(web, applicant, ref):
    theirs = factories.draft("1130").people.first()
    autosave = reverse("filing:person-autosave", args=[ref]) + "?section=shareholders"
    answer = web.post(autosave, {**theirs.data, "name": "Thief", "uid": str(theirs.uid)})
    theirs.refresh_from_db()
    assert answer.status_code == 409 and theirs.data["name"] != "Thief"
    assert web.post(autosave, {"name": "Somebody", "uid": "nonsense"}).status_code == 200


def test_a_sign_that_no_database_keeps_is_left_out_of_a_person_too(web, ref):
    person = stored(ref).people.first()
    web.post(
        reverse("filing:person", args=[ref, person.uid]),
        {**person.data, "name": f"\0{person.data['name']}\0"},
    )
    assert stored(ref).people.first().data == person.data


def test_two_who_change_one_person_are_told_and_lose_nothing(web, ref):
    person = stored(ref).people.first()
    url = reverse("filing:person", args=[ref, person.uid])
    seen = hidden(web.get(url), "seen")
    web.post(url, {**person.data, "phone": "13800001111", "seen": seen})
    answer = web.post(url, {**person.data, "phone": "13800002222", "seen": seen})
    assert answer.status_code == 409
    assert 'value="13800002222"' in text(answer) and "Mobile phone: 13800001111" in text(answer)
    person.refresh_from_db()
    assert person.data["phone"] == "13800001111"
    assert (
        web.post(
            url, {**person.data, "phone": "13800002222", "seen": hidden(answer, "seen")}
        ).status_code
        == 302
    )


def test_the_action_itself_decides_between_two_at_one_moment(applicant, web, ref):
    case = stored(ref)
    person = case.people.first()
    given = {
        "actor": applicant,
        "application_id": case.pk,
        "uid": str(person.uid),
        "seen": seen_mark(person.data),
    }
    actions.save_person(**given, data={**person.data, "phone": "13800001111"})
    with pytest.raises(Stale):
        actions.save_person(**given, data={**person.data, "phone": "13800002222"})
    actions.remove_person(actor=applicant, application_id=case.pk, uid=str(person.uid))
    with pytest.raises(
        Stale
    ):  # whoever was seen and taken out meanwhile does not come back by itself
        actions.save_person(**given, data=person.data)


def test_a_role_given_elsewhere_meanwhile_stays(web):
    ref = begun(web)
    new = reverse("filing:person-new", args=[ref])
    people = complete_answers("1130")[1]
    for role, person in zip(("director", "manager"), people, strict=False):
        web.post(f"{new}?section=officers&role={role}", {**person.data, "uid": str(uuid4())})
    assert set(stored(ref).answers["officers"]) == {"director", "manager"}


def test_the_sum_of_the_contributions_is_shown_while_one_is_typed(web, ref):
    person = stored(ref).people.filter(is_shareholder=True).first()
    url = reverse("filing:person", args=[ref, person.uid])
    assert (
        sums(web.get(url))
        == "Contributions in all 2,000,000 yuan Registered capital 2,000,000 yuan"
    )
    autosave = reverse("filing:person-autosave", args=[ref]) + "?section=shareholders"
    data = {**person.data, "uid": str(person.uid), "seen": seen_mark(person.data)}
    less = web.post(autosave, {**data, "contribution": "1,000,000.50"})
    assert 'hx-swap-oob="true"' in text(less) and "Still missing 199,999.50 yuan" in sums(less)
    more = web.post(url, {**data, "contribution": "1500000", "seen": hidden(less, "seen")})
    assert more.status_code == 302 and "Too much 300,000 yuan" in sums(
        web.get(page(ref, "shareholders"))
    )


def test_a_company_lists_its_shareholders_after_a_refusal_too(web, applicant, monkeypatch, ref):
    person = stored(ref).people.filter(is_shareholder=True).first()

    def refuse(**_given):
        raise Refused

    monkeypatch.setattr(actions, "remove_person", refuse)
    answer = web.post(
        reverse("filing:person-remove", args=[ref, person.uid]) + "?section=shareholders"
    )
    assert answer.status_code == 409 and person.data["name"] in text(answer)
    assert "Saved in the meantime" not in text(answer)


class TestOnce:
    """A person is entered once, in whatever order the roles are given."""

    def test_an_officer_becomes_a_shareholder(self, web):
        ref = begun(web, "1151")
        person = complete_answers("1151")[1][0]
        new = reverse("filing:person-new", args=[ref]) + "?section=officers&role=director"
        web.post(new, {**person.data, "uid": str(uuid4())})
        stands = stored(ref).people.get()
        address = reverse("filing:person-found", args=[ref, stands.uid])
        assert address in text(web.get(page(ref, "shareholders")))
        entry = web.post(address).url
        assert 'name="contribution"' in text(web.get(entry))
        assert web.post(entry, {**person.data, "seen": seen_mark(stands.data)}).url == page(
            ref, "shareholders"
        )
        stands.refresh_from_db()
        assert stands.is_shareholder and stored(ref).people.count() == 1
        assert stored(ref).answers["officers"]["director"] == str(stands.uid)
        assert address not in text(web.get(page(ref, "shareholders")))

    def test_a_second_entry_of_one_number_is_put_into_the_first(self, web, ref):
        known = stored(ref).people.filter(is_shareholder=True).first()
        new, uid = (
            reverse("filing:person-new", args=[ref]) + "?section=contacts&role=finance",
            str(uuid4()),
        )
        again = {
            "name": "Again",
            "id_number": known.data["id_number"],
            "phone": "13800007777",
            "uid": uid,
        }
        told = web.post(new, again)
        assert told.status_code == 422 and f'value="{known.uid}"' in text(told)
        assert web.post(new, {**again, "same": str(known.uid)}).url == page(ref, "contacts")
        assert stored(ref).answers["contacts"]["finance"] == str(known.uid)
        assert not stored(ref).people.filter(uid=uid).exists()
        stands = stored(ref).people.get(uid=known.uid)
        assert stands.data == known.data and stands.is_shareholder

    def test_an_entry_without_a_name_is_named_too(self, web, ref):
        known = stored(ref).people.filter(is_shareholder=True).first()
        web.post(reverse("filing:person", args=[ref, known.uid]), {**known.data, "name": ""})
        new = reverse("filing:person-new", args=[ref]) + "?section=contacts&role=finance"
        told = text(
            web.post(
                new, {"name": "Again", "id_number": known.data["id_number"], "uid": str(uuid4())}
            )
        )
        assert "a person without a name is entered with this number already" in told
        assert "Use the entry of a person without a name" in told

    def test_a_shareholder_with_another_role_is_a_shareholder_no_longer_and_stays_for_that(
        self, web, ref
    ):
        chief = stored(ref).people.filter(is_shareholder=True).first()
        remove = reverse("filing:person-remove", args=[ref, chief.uid])
        for _click in range(2):
            assert web.post(remove + "?section=shareholders").url == page(ref, "shareholders")
        chief.refresh_from_db()
        assert not chief.is_shareholder and stored(ref).answers["officers"]["director"] == str(
            chief.uid
        )
        assert web.post(remove + "?section=officers").url == page(ref, "officers")
        assert not stored(ref).people.filter(pk=chief.pk).exists()
        assert stored(ref).answers["officers"]["director"] == ""

    def test_only_entries_of_one_number_are_of_one_person(self, applicant, ref):
        first, second = stored(ref).people.all()[:2]
        given = {"actor": applicant, "application_id": stored(ref).pk, "uid": str(first.uid)}
        for into in (second.uid, first.uid, uuid4()):
            with pytest.raises(Refused):
                actions.merge_people(**given, into=str(into))
        assert stored(ref).people.filter(pk__in=[first.pk, second.pk]).count() == 2


class TestReturned:
    """The tax office asks for the contacts alone: nobody else is touched."""

    @pytest.fixture
    def case(self, zone, staff):
        case = driving.taken(staff, TAX, zone=zone)
        standard = next(
            one
            for one in publishing.named(case.standards_versions).of(TAX)
            if "contacts.tax_agent" in one.fields
        )
        ground = {
            "standard": standard.id,
            "fields": ["contacts.tax_agent"],
            "how_to_fix": "Name another one.",
        }
        stage = factories.stage(case, TAX)
        return actions.return_stage(actor=staff[TAX], stage_id=stage.pk, round=1, grounds=[ground])

    def test_a_contact_is_taken_out_and_a_shareholder_is_not(self, case):
        given = {"actor": case.applicant, "application_id": case.pk}
        with pytest.raises(Refused):
            actions.remove_person(
                **given, uid=str(case.people.filter(is_shareholder=True).first().uid)
            )
        contact = case.answers["contacts"]["tax_agent"]
        actions.remove_person(**given, uid=contact)
        actions.remove_person(**given, uid=contact)  # a second click does nothing
        case.refresh_from_db()
        assert (
            case.answers["contacts"]["tax_agent"] == ""
            and not case.people.filter(uid=contact).exists()
        )

    def test_a_shareholder_is_not_changed_through_the_contacts(self, case):
        person = case.people.filter(is_shareholder=True).first()
        given = {"actor": case.applicant, "application_id": case.pk, "data": {"name": "Another"}}
        with pytest.raises((Refused, NotAllowed)):
            actions.save_person(**given, uid=str(person.uid), section="contacts")


# How many -------------------------------------------------------------------------------------------------------------


def crowd(ref: str, shareholders: bool, most: int) -> None:
    """Fills a case up to `most`."""
    application = Application.objects.get(ref=ref)
    missing = most - application.people.filter(is_shareholder=shareholders).count()
    one = {
        "application": application,
        "kind": "natural",
        "is_shareholder": shareholders,
        "data": {},
    }
    Person.objects.bulk_create(Person(**one) for _turn in range(missing))


@pytest.mark.parametrize(
    ("shareholders", "most", "place", "back", "said"),
    [
        (True, MOST_SHAREHOLDERS, "", "shareholders", "article 42"),
        (False, MOST_OTHERS, "?section=officers&role=director", "officers", "30 people"),
    ],
)
def test_a_case_has_room_for_so_many(web, ref, shareholders, most, place, back, said):
    crowd(ref, shareholders, most - 1)
    new = reverse("filing:person-new", args=[ref]) + place
    autosave = reverse("filing:person-autosave", args=[ref]) + place
    assert web.get(new).status_code == 200
    assert (
        web.post(
            autosave, {"name": "甲", "uid": str(uuid4())}, headers={"HX-Request": "true"}
        ).status_code
        == 200
    )
    people = Application.objects.get(ref=ref).people
    count = people.count()
    answer = web.post(autosave, {"name": "乙", "uid": str(uuid4())}, headers={"HX-Request": "true"})
    assert answer.status_code == 409 and said in text(answer)
    answer = web.post(new, {"name": "乙", "uid": str(uuid4())})
    assert answer.status_code == 409 and said in text(answer) and "乙" in text(answer)
    answer = web.get(new, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"/{back}/") and said in text(answer)
    assert people.count() == count
    one = people.filter(is_shareholder=shareholders).last()
    known = reverse("filing:person", args=[ref, one.uid])
    assert web.get(known).status_code == 200, "who is entered can be changed"


def test_somebody_with_an_office_becomes_no_fifty_first_shareholder(web, ref):
    crowd(ref, True, MOST_SHAREHOLDERS)
    crowd(ref, False, 1)
    one = Application.objects.get(ref=ref).people.filter(is_shareholder=False).first()
    answer = web.post(reverse("filing:person-found", args=[ref, one.uid]), follow=True)
    assert "article 42" in text(answer)
    one.refresh_from_db()
    assert not one.is_shareholder
