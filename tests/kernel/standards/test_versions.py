"""Versions of the standards through the doors: the operator edits and publishes, everybody reads and compares."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from kernel.accounts.models import Role, roles
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.standards import comparing, drafting, publishing
from kernel.standards.actions import begin_version, discard_version, keep_standard
from kernel.standards.models import StandardsVersion
from kernel.standards.parts import COMMON, parts
from tests import factories, officers, seconds
from tests.codes import BANKING, REGISTRATION, SEALS, TAX
from tests.filings import latest_standards

pytestmark = pytest.mark.django_db

PART = REGISTRATION
NEWEST = latest_standards().numbers[PART]  # that the product comes with
NEXT = NEWEST + 1
FRESH = drafting.next_id(PART, publishing.shipped(PART)[-1].items)


@pytest.fixture(autouse=True)
def _published(travel):
    travel(factories.MORNING)
    publishing.forget()
    publishing.load_published()
    yield
    publishing.forget()


@pytest.fixture
def operator():
    seconds.with_a_second(None)
    return factories.UserFactory(role=Role.OPERATOR)


@pytest.fixture
def web(operator):
    return officers.browser(operator)


def at(name: str, *args) -> str:
    """An address of the administration; those of a version begin with their part."""
    args = args if name in ("begin", "change", "changelist") else (PART, *args)
    return reverse(f"admin:standards_standardsversion_{name}", args=args)


def of_the_part():
    return StandardsVersion.objects.filter(part=PART)


def stored(number: int) -> StandardsVersion:
    return of_the_part().get(number=number)


def sent(web, address: str, day: str):
    """The operator asks, and a second person agrees."""
    answer = web.post(address, {"effective_from": day, "reason": "A new law."})
    seconds.agree_to_all()
    return answer


def begun(web) -> StandardsVersion:
    assert web.post(at("begin"), {"part": PART}).status_code == 302
    return StandardsVersion.objects.get(effective_from=None)


def typed(web, number: int, standard: str, /, **changes) -> dict:
    """The form of a standard as the page fills it in, but for the changes."""
    form = web.get(at("standard", number, standard)).context["form"]
    values = {bound.name: bound.value() for bound in form}
    return {
        name: value for name, value in {**values, **changes}.items() if value not in (None, False)
    }


def published(web, day, **changes) -> StandardsVersion:
    """The next version, which says one thing otherwise, in force from a day."""
    draft = begun(web)
    values = typed(web, NEXT, "R-02", **{"fix_en": "Upload the lease.", **changes})
    assert web.post(at("standard", NEXT, "R-02"), values).status_code == 302
    sent(web, at("publish", NEXT), day.isoformat())
    draft.refresh_from_db()
    return draft


def test_a_draft_begins_as_a_copy_and_there_is_one_at_a_time(web):
    draft = begun(web)
    assert draft.number == NEXT and draft.items == stored(NEWEST).items
    answer = web.post(at("begin"), {"part": PART}, follow=True)
    assert "still a draft" in answer.content.decode() and of_the_part().count() == NEXT
    assert web.get(at("change", draft.pk)).status_code == 200
    assert web.post(at("discard", NEXT)).status_code == 302 and of_the_part().count() == NEWEST


def test_a_standard_is_edited_added_and_taken_out(web):
    draft = begun(web)
    assert (
        web.post(
            at("standard", NEXT, "R-02"), typed(web, NEXT, "R-02", text_en="Shown")
        ).status_code
        == 302
    )
    fresh = web.get(at("new", NEXT))
    assert fresh.context["form"]["id"].value() == FRESH
    values = {
        "id": FRESH,
        "decided_by": "question",
        "fields_looked_at": ["address.detail"],
        "departments": ["registration"],
        **{name: f"Words of {name}" for name in drafting.TEXTS},
    }
    assert web.post(at("new", NEXT), values).status_code == 302
    assert web.post(at("drop", NEXT, "R-05")).status_code == 302
    draft.refresh_from_db()
    compared = comparing.compare(publishing.of_row(stored(NEWEST)), publishing.of_row(draft))
    assert [one.id for one in compared.added] == [FRESH] and [
        one.id for one in compared.removed
    ] == ["R-05"]
    (changed,) = compared.changed
    assert [(row.label, row.new) for row in changed.differences] == [("Text (English)", "Shown")]
    beside = web.get(at("beside", NEXT, NEWEST)).content.decode()
    assert FRESH in beside and "Shown" in beside and "R-05" in beside


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text_zh": " "}, "text_zh"),
        ({"id": "R-01"}, "id"),
        ({"id": "S-40"}, "id"),
        ({"id": "one"}, "id"),
        ({"fields_looked_at": []}, "fields_looked_at"),
        ({"rule": ""}, "rule"),
        ({"departments": []}, "departments"),
        ({"fields_looked_at": ["address.detail"], "deferrable": "on"}, "deferrable"),
        ({"decided_by": "question"}, "rule"),
    ],
)
def test_what_a_desk_could_not_work_with_is_refused_at_its_field(web, change, field):
    draft = begun(web)
    answer = web.post(
        at("standard", NEXT, "R-02"), typed(web, NEXT, "R-02", fix_en="Kept words", **change)
    )
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert "Kept words" in answer.content.decode()
    before = draft.items
    draft.refresh_from_db()
    assert draft.items == before


def test_nothing_is_published_into_the_past_nor_without_a_change(web):
    draft, today = begun(web), localdate(now())
    same = sent(web, at("publish", NEXT), today.isoformat())
    assert same.status_code == 422 and "nothing to publish" in same.content.decode()
    web.post(at("drop", NEXT, "R-05"))
    for day, status in (
        ("", 422),
        ((today - timedelta(days=1)).isoformat(), 422),
        (today.isoformat(), 302),
    ):
        assert sent(web, at("publish", NEXT), day).status_code == status
    draft.refresh_from_db()
    assert draft.effective_from == today


def test_a_version_begins_no_earlier_than_the_one_before_it(web):
    day = localdate(now()) + timedelta(days=9)
    assert published(web, day).effective_from == day
    web.post(at("begin"), {"part": PART})
    web.post(at("drop", NEXT + 1, "R-05"))
    answer = sent(web, at("publish", NEXT + 1), localdate(now()).isoformat())
    assert (
        answer.status_code == 422
        and f"Registration\N{NO-BREAK SPACE}{NEXT} begins later" in answer.content.decode()
    )


def test_a_published_version_is_never_changed(web, operator):
    row = stored(NEWEST)
    item = row.items[0]
    assert web.get(at("standard", NEWEST, item["id"])).status_code == 404
    assert web.post(at("drop", NEWEST, item["id"]), follow=True).status_code == 200
    for call in (
        lambda: keep_standard(
            actor=operator, part=PART, number=NEWEST, item=item, instead_of=item["id"]
        ),
        lambda: discard_version(actor=operator, part=PART, number=NEWEST),
        lambda: seconds.publish_version(
            actor=operator, part=PART, number=NEWEST, effective_from=localdate(now())
        ),
    ):
        with pytest.raises(Refused, match="published"):
            call()
    assert stored(NEWEST).items == row.items


@pytest.mark.parametrize("role", [role for role in dict(roles()) if role != Role.OPERATOR])
def test_nobody_else_touches_them(role):
    user = factories.UserFactory(role=role, zone=factories.ZoneFactory())
    with pytest.raises(NotAllowed):
        begin_version(actor=user, part=PART)
    assert officers.browser(user).post(at("begin"), follow=True).status_code == 403
    assert of_the_part().count() == NEWEST


def usual(numbers: dict) -> dict:
    """Those of the kernel and of the departments that are at work everywhere."""
    return {part: number for part, number in numbers.items() if part in {COMMON, *flow.usual()}}


def test_a_case_keeps_the_version_that_it_was_filed_under(web, travel):
    """The old case is returned for the point that the new version dropped; the new one isn't asked about it."""
    zone = factories.ZoneFactory()
    earlier = factories.filed(zone=zone)
    tomorrow = localdate(now()) + timedelta(days=1)
    draft = begun(web)
    web.post(at("drop", NEXT, "R-03"))
    sent(web, at("publish", NEXT), tomorrow.isoformat())
    travel(factories.MORNING + timedelta(days=1))
    publishing.forget()
    later = factories.filed(zone=zone)
    earlier.refresh_from_db()
    assert earlier.standards_versions == usual(latest_standards().numbers)
    assert later.standards_versions == {**earlier.standards_versions, PART: draft.number}
    window = officers.browser(factories.officer("registration", zone))
    asked = {}
    for case in (earlier, later):
        number = officers.taken(window, "registration")
        shown = window.get(officers.address("registration", "case", number))
        asked[number] = {question.finding.standard.id for question in shown.context["questions"]}
        assert number == case.filing_number
    assert "R-03" in asked[earlier.filing_number] and "R-03" not in asked[later.filing_number]


def test_one_department_publishes_and_no_other_number_moves(web, travel, client):
    """Tax publishes; who filed before keeps tax 1, who files after names tax 2, and every page says which."""
    zone = factories.ZoneFactory()
    earlier = factories.filed(zone=zone)
    assert web.post(at("begin"), {"part": TAX}).status_code == 302
    draft = StandardsVersion.objects.get(effective_from=None)
    one = [TAX, draft.number]

    def tax(name: str, *args) -> str:
        return reverse(f"admin:standards_standardsversion_{name}", args=[*one, *args])

    assert web.post(tax("drop", "T-03")).status_code == 302
    tomorrow = localdate(now()) + timedelta(days=1)
    assert sent(web, tax("publish"), tomorrow.isoformat()).status_code == 302
    travel(factories.MORNING + timedelta(days=1))
    publishing.forget()
    later = factories.filed(zone=zone)
    before = usual(latest_standards().numbers)
    assert later.standards_versions == {**before, TAX: draft.number}
    earlier.refresh_from_db()
    assert earlier.standards_versions == before
    assert later.events.first().data["standards_versions"] == later.standards_versions
    for case, number in ((earlier, draft.number - 1), (later, draft.number)):
        for page in pages_of(case, zone):
            shown = re.sub(r"\s+", " ", page)
            for name in ("Common", "Registration", "Seals (police filing)", "Bank"):
                assert f"{name} {case.standards_versions[CODES[name]]}" in shown, name
            assert f"Tax {number}" in shown and f"Tax {draft.number * 2 - 1 - number}" not in shown


CODES = {
    "Common": COMMON,
    "Registration": REGISTRATION,
    "Seals (police filing)": SEALS,
    "Bank": BANKING,
}


def pages_of(case, zone) -> list[str]:
    """The page of a case as the applicant, the window and the supervisor see it, in English."""
    window = factories.officer(REGISTRATION, zone)
    officers.taken(officers.browser(window), REGISTRATION)
    number = case.filing_number
    return [
        officers.browser(who).get(address, headers={"accept-language": "en"}).content.decode()
        for who, address in (
            (case.applicant, reverse("filing:tasks", args=[number])),
            (window, officers.address(REGISTRATION, "case", number)),
            (factories.supervisor(zone), reverse("supervision:case", args=[number])),
        )
    ]


def test_the_list_stands_in_the_order_of_the_flow(web):
    listed = [row.part for row in web.get(at("changelist")).context["cl"].result_list]
    assert list(dict.fromkeys(listed)) == list(parts())
    only = web.get(at("changelist"), {"part": TAX}).context["cl"].result_list
    assert {row.part for row in only} == {TAX}


@pytest.mark.parametrize("part", ["", "customs"])
def test_a_draft_is_begun_of_a_part_that_there_is(web, part):
    answer = web.post(at("begin"), {"part": part}, follow=True)
    assert "Choose whose standards" in answer.content.decode()
    assert not StandardsVersion.objects.filter(effective_from=None).exists()


def test_each_part_may_have_a_draft_of_its_own(web):
    for part in (TAX, BANKING):
        assert web.post(at("begin"), {"part": part}).status_code == 302
    drafts = StandardsVersion.objects.filter(effective_from=None)
    assert {row.part for row in drafts} == {TAX, BANKING}


def test_everybody_reads_every_version_and_what_changed(client, web):
    day = localdate(now()) + timedelta(days=5)
    published(web, day)
    page = client.get(reverse("standards"), headers={"accept-language": "en"})
    assert {one.version.part: one.version.number for one in page.context["sheets"]} == (
        latest_standards().numbers
    ), "the versions in force, not the one that begins later"
    text = page.content.decode()
    for standard in publishing.of_row(stored(NEWEST)).standards:
        assert standard.id in text
    address = reverse("standards-since", args=[PART, NEXT, NEWEST])
    later = client.get(
        reverse("standards-version", args=[PART, NEXT]), headers={"accept-language": "en"}
    ).content.decode()
    assert "not in force yet" in later and address in later
    since = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "1 changed" in since and "Upload the lease." in since
    assert client.get(reverse("standards-since", args=[PART, NEXT + 1, NEWEST])).status_code == 404
    draft = begun(web)
    assert client.get(reverse("standards-version", args=[PART, draft.number])).status_code == 404


# --- What the product comes with later -----------------------------------------------------------------------------


@pytest.fixture
def upgrade(monkeypatch):
    """Load what a newer release comes with: a version that drops a standard, in force at once."""

    def load() -> list[dict]:
        last = earlier(PART)[-1]
        newer = [item for item in last.items if item["id"] != "R-05"]
        more = {PART: [last._replace(number=last.number + 1, items=newer)]}
        monkeypatch.setattr(
            publishing, "shipped", lambda part: [*earlier(part), *more.get(part, [])]
        )
        publishing.load_published()
        return newer

    earlier = publishing.shipped
    return load


def test_a_newer_version_of_the_product_comes_into_force_where_nothing_was_made_here(web, upgrade):
    items = upgrade()
    assert (
        publishing.current(localdate(now())).numbers[PART] == NEXT and stored(NEXT).items == items
    )
    assert publishing.load_published() == [] and not web.get(at("changelist")).context["offered"]


def test_it_neither_replaces_a_version_that_was_made_here_nor_comes_before_it(web, upgrade):
    own, today = published(web, localdate(now())), localdate(now())
    items = upgrade()
    assert of_the_part().count() == NEXT and stored(NEXT).items == own.items
    assert publishing.current(today).numbers[PART] == NEXT and publishing.current(today).has(
        "R-05", PART
    )
    assert web.get(at("changelist")).context["offered"] == {PART: items}
    assert web.post(at("begin"), {"part": PART, "offered": "1"}).status_code == 302
    draft = stored(NEXT + 1)
    assert (draft.items, draft.is_draft) == (items, True)
    sent(web, at("publish", NEXT + 1), today.isoformat())
    publishing.forget()
    assert publishing.current(today).numbers[PART] == NEXT + 1 and publishing.load_published() == []
    assert not web.get(at("changelist")).context["offered"]


def test_a_draft_gives_its_number_up_to_it(web, upgrade):
    draft = begun(web)
    items = upgrade()
    assert stored(NEXT).items == items
    draft.refresh_from_db()
    assert draft.number == NEXT + 1 and draft.is_draft
    web.post(at("drop", NEXT + 1, "R-03"))
    sent(web, at("publish", NEXT + 1), localdate(now()).isoformat())
    publishing.forget()
    assert publishing.current(localdate(now())).numbers[PART] == NEXT + 1


def test_nothing_is_offered_that_is_here(operator):
    with pytest.raises(Refused, match="no version"):
        begin_version(actor=operator, part=PART, as_offered=True)


def test_a_standard_that_a_colleague_took_out_is_not_lost_silently(web):
    begun(web)
    values = typed(web, NEXT, "R-02", fix_en="Kept words")
    web.post(at("drop", NEXT, "R-02"))
    answer = web.post(at("standard", NEXT, "R-02"), values)
    assert answer.status_code == 422 and "Kept words" in answer.content.decode()
