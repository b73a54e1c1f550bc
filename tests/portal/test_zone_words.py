"""A zone's own words of what people are told: written by its administrator, agreed to by a second person, told from
then on, and never in the way of a notice."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from kernel.accounts import proposing
from kernel.accounts.models import Role
from kernel.accounts.proposals import Proposal
from kernel.core import sandbox
from kernel.core.outbox import delivery
from kernel.core.text_messages import carriers
from kernel.zone_words import checking, looking, places
from kernel.zone_words.filling import parts
from kernel.zone_words.models import WordsEvent, ZoneWords
from portal.notices import sending_out
from portal.notices.models import MailAddress, Notice
from portal.notices.texts import text
from tests import driving, factories
from tests.codes import REGISTRATION, TAX
from tests.factories import MORNING
from tests.officers import browser
from tests.seconds import agree_to_all, agreed

pytestmark = pytest.mark.django_db
PHONE = "13800005678"
INBOX, TEXT = "inbox.licensed", "phones.licensed"
REASON = "people ask what comes next"
OWN = {
    "says": "own",
    "title_zh": "执照已发：{number}",
    "body_zh": "{company} 的执照已发放，印章今天刻好。",
    "title_en": "Licence ready: {number}",
    "body_en": "{company} has its licence. The seals are made today.",
}
SHORT = {
    "says": "own",
    "body_zh": "您公司的执照已发放，今天可看：{link}",
    "body_en": "Your company has its licence; look here: {link}",
}


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return lambda **later: travel(MORNING + timedelta(**later))


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def administrator(zone):
    return factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)


@pytest.fixture
def supervisors(zone):
    return [factories.supervisor(zone) for _person in range(2)]


@pytest.fixture
def web(administrator, supervisors):
    return browser(administrator)


def at(zone, place: str = INBOX, step: str = "place") -> str:
    return reverse(f"words:{step}", args=[zone.code, place])


def page(answer) -> str:
    """What it says, without its tags."""
    return " ".join(unescape(re.sub("<[^>]+>", "", answer.content.decode())).split())


def keep(web, zone, words=OWN, place: str = INBOX, **changed):
    return web.post(at(zone, place), {**words, **changed})


def ask(web, zone, place: str = INBOX, reason: str = REASON):
    return web.post(at(zone, place, "ask"), {"reason": reason})


def in_force(web, zone, words=OWN, place: str = INBOX) -> None:
    """Kept, asked for and agreed to."""
    assert keep(web, zone, words, place).status_code == 302
    assert ask(web, zone, place).status_code == 302
    agree_to_all()


def licensed(zone, phone: str = PHONE) -> Notice:
    """What the applicant of a case is told whose licence was just issued."""
    applicant = factories.UserFactory(phone=phone)
    case = driving.at_desk(driving.staff(zone), "seals", zone=zone, applicant=applicant)
    return Notice.objects.get(application=case, kind="licensed")


def read(notice: Notice) -> str:
    """The inbox in Chinese."""
    reader = browser(notice.recipient)
    reader.cookies["language"] = "zh-hans"
    return page(reader.get(reverse("messages:inbox")))


class TestTold:
    def test_from_a_minute_after_the_press_in_inbox_e_mail_and_on_the_phone(self, web, zone, clock):
        in_force(web, zone)
        in_force(web, zone, SHORT, TEXT)
        clock(minutes=2)
        notice = licensed(zone)
        MailAddress.objects.create(
            account=notice.recipient, address="a@example.org", proved_at=MORNING
        )
        sending_out.send_out()
        delivery.deliver()
        company = notice.application.name
        assert f"{company} 的执照已发放，印章今天刻好。" in read(notice)
        (letter,) = [row for row in mail.outbox if "执照已发" in row.subject]
        assert f"{company} 的执照已发放" in letter.body and f"/messages/{notice.pk}/" in letter.body
        bodies = [row["body"] for row in sandbox.shown(carriers.SYSTEM) if row["phone"] == PHONE]
        (told,) = [body for body in bodies if f"/messages/{notice.pk}/" in body]
        assert told.startswith("您公司的执照已发放，今天可看：") and company not in told

    def test_in_the_language_of_the_reader(self, web, zone, clock):
        in_force(web, zone)
        clock(minutes=2)
        notice = licensed(zone)
        with translation.override("en"):
            assert text(notice).title.startswith("Licence ready: ")

    def test_what_was_told_before_keeps_its_words_and_so_does_what_was_told_meanwhile(
        self, web, zone, clock
    ):
        before = licensed(zone, "13800000011")
        in_force(web, zone)
        clock(seconds=59)
        meanwhile = licensed(zone, "13800000012")
        clock(minutes=5)
        own = licensed(zone, "13800000013")
        in_force(web, zone, {"says": "product"})
        clock(minutes=10)
        again = licensed(zone, "13800000014")
        for notice, is_own in ((before, 0), (meanwhile, 0), (own, 1), (again, 0)):
            assert ("印章今天刻好" in read(notice)) == is_own

    def test_of_another_zone_nothing_changes(self, web, zone, clock):
        in_force(web, zone)
        clock(minutes=2)
        assert "印章今天刻好" not in read(licensed(factories.ZoneFactory(code="other")))

    def test_a_departments_own_step_may_be_worded(self, web, zone, clock, supervisors):
        row = places.place(zone, "phones.seals.sent")
        words = {"says": "own", **SHORT}
        assert row and keep(web, zone, words, row.code).status_code == 302


class TestNothingStops:
    """Words that can't be used, as a later release or a hand in the database may leave them."""

    @pytest.fixture
    def faulty(self, zone):
        def make(words, place=INBOX):
            return ZoneWords.objects.create(
                zone=zone, place=place, number=1, words=words, in_force_from=MORNING
            )

        return make

    @pytest.mark.parametrize(
        "words",
        [
            {**OWN, "body_zh": "{gone} 的执照"},
            {**OWN, "body_zh": "{ 的执照"},
            {**OWN, "title_zh": "{number.__class__}"},
            {"title_zh": "只有标题"},
            {**OWN, "body_zh": ["x"]},
            ["x"],
        ],
    )
    def test_the_products_words_are_told_and_the_administrator_reads_why(
        self, faulty, words, zone, web, caplog
    ):
        faulty(words)
        notice = licensed(zone)
        caplog.clear()
        with translation.override("en"), caplog.at_level("ERROR"):
            assert "is issued" in text(notice).body or "Licence ready" in text(notice).title
        with translation.override("zh-hans"):
            assert "营业执照" in text(notice).body
        assert [row.name for row in caplog.records] and "licensed" in caplog.text
        assert notice.application.name not in caplog.text
        listed = page(web.get(reverse("words:list", args=[zone.code])))
        assert "Some words can't be used" in listed
        assert "These words can't be used" in page(web.get(at(zone)))

    def test_a_text_is_sent_all_the_same(self, faulty, zone, web, caplog):
        faulty({"body_zh": "{company}", "body_en": "{company}"}, TEXT)
        notice = licensed(zone)
        sending_out.send_out()
        delivery.deliver()
        bodies = [row["body"] for row in sandbox.shown(carriers.SYSTEM) if row["phone"] == PHONE]
        (told,) = [body for body in bodies if f"/messages/{notice.pk}/" in body]
        assert "{" not in told and notice.application.name not in told
        assert "can't be used" in caplog.text
        caplog.clear()


class TestRefused:
    """Each refusal, with what is typed kept in the form."""

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"title_en": ""}, "Write the title in English."),
            ({"body_zh": " "}, "Write the text in Chinese."),
            ({"body_zh": "{company} Licence"}, "There is no Chinese in it."),
            ({"body_en": "{company} 的执照"}, "There is Chinese in it."),
            ({"body_zh": "{company} 的执照，{minutes}"}, "{minutes}"),
            ({"body_zh": "{company} 的执照 {number"}, "A brace stands alone."),
            ({"title_zh": "执照已发"}, "Put {number} in"),
            ({"body_zh": "执照在 https://example.org 看"}, "Take the address out"),
            ({"body_zh": "执照在例子.中国看"}, "Take the address out"),
            ({"body_en": "See example.org for it"}, "Take the address out"),
            ({"title_zh": "执照" * 41 + "{number}"}, "Shorten it to 80 characters"),
            ({"body_zh": "执照\u202e"}, "U+202E"),
            ({"says": "nothing"}, "nothing is not one of"),
            ({"says": ""}, "Choose what is to be said."),
        ],
    )
    def test_words_that_are_not_right(self, web, zone, changed, sentence):
        answer = keep(web, zone, **changed)
        assert answer.status_code == 422 and sentence in page(answer)
        for name, typed in changed.items():
            assert name == "says" or answer.context["form"][name].value() == typed
        assert not ZoneWords.objects.exists() and not WordsEvent.objects.exists()

    def test_the_unknown_is_named_with_what_there_is(self, web, zone):
        answer = page(keep(web, zone, body_zh="{company}：{foo} 和 {bar}"))
        assert "There is no {foo}, {bar} here. What may be used: {number}, {company}." in answer

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"body_zh": "{company} 的执照：{link}"}, "{company} may not be sent to a phone"),
            (
                {"body_zh": "{person}、{number} 的执照：{link}"},
                "{person}, {number} may not be sent",
            ),
            ({"body_zh": "执照已发放"}, "Put {link} in"),
            ({"body_zh": "执照" * 130 + "{link}"}, "texts. Shorten it to 4 at most"),
            ({"body_zh": "执照\n已发放 {link}"}, "Write it on one line."),
            ({"body_zh": "看 www.example.cn {link}"}, "Take the address out"),
            ({"body_zh": "{awaits} {link}"}, "There is no {awaits} here."),
        ],
    )
    def test_texts_to_phones(self, web, zone, changed, sentence):
        answer = keep(web, zone, SHORT, TEXT, **changed)
        assert answer.status_code == 422 and sentence in page(answer)
        assert not ZoneWords.objects.exists()

    def test_no_name_goes_to_whom_the_product_tells_none(self, web, zone):
        words = {**OWN, "body_zh": "{number} {company}", "body_en": "{number}"}
        answer = keep(web, zone, words, "inbox.share_offered")
        assert answer.status_code == 422 and "There is no {company} here." in page(answer)

    def test_nothing_is_asked_without_a_reason_or_a_draft_or_a_change(self, web, zone):
        assert "There is no such draft any more." in page(ask(web, zone))
        keep(web, zone)
        assert ask(web, zone, reason=" ").status_code == 422
        keep(web, zone, {"says": "product"})
        assert "there is nothing to change" in page(ask(web, zone))
        assert not Proposal.objects.exists()

    def test_what_waits_is_not_changed(self, web, zone):
        keep(web, zone)
        ask(web, zone)
        assert "wait for a second person" in page(keep(web, zone, {"says": "product"}))
        assert "wait for a second person" in page(web.post(at(zone, INBOX, "discard")))
        assert "This was asked for already" in page(ask(web, zone))
        assert ZoneWords.objects.get().words["title_zh"] == OWN["title_zh"]

    def test_one_person_alone_changes_nothing(self, web, zone, administrator):
        keep(web, zone)
        ask(web, zone)
        proposal = Proposal.objects.get()
        web.post(reverse("proposals:agree", args=[proposal.uid]))
        assert ZoneWords.objects.get().is_draft

    def test_a_draft_that_says_something_else_by_now_is_not_used(self, web, zone):
        keep(web, zone)
        ask(web, zone)
        ZoneWords.objects.update(words={**OWN, "title_zh": "另一个 {number}"})
        proposal = Proposal.objects.get()
        ended = proposing.agree(actor=proposing.seconds(proposal)[0], uid=proposal.uid)
        assert ended.state == Proposal.State.IMPOSSIBLE and ZoneWords.objects.get().is_draft


class TestWho:
    def test_another_zones_administrator_finds_nothing(self, zone, web):
        keep(web, zone)
        other = factories.ZoneFactory(code="other")
        stranger = browser(factories.UserFactory(role=Role.ADMINISTRATOR, zone=other))
        for address in (reverse("words:list", args=[zone.code]), at(zone)):
            assert stranger.get(address).status_code == 404
        assert stranger.get(reverse("words:answers", args=[zone.code])).status_code == 404
        assert keep(stranger, zone).status_code == ask(stranger, zone).status_code == 404
        assert stranger.post(at(zone, INBOX, "discard")).status_code == 404
        assert WordsEvent.objects.count() == 1

    def test_officers_and_supervisors_read_and_change_nothing(self, zone, web, supervisors):
        keep(web, zone)
        operator = factories.UserFactory(role=Role.OPERATOR)
        for user in (supervisors[0], factories.officer(REGISTRATION, zone), operator):
            reader = browser(user)
            shown = page(reader.get(at(zone)))
            assert "印章今天刻好" in shown and "Keep the draft" not in shown
            assert reader.get(reverse("words:list", args=[zone.code])).status_code == 200
            assert keep(reader, zone).status_code == ask(reader, zone).status_code == 404
            assert reader.post(at(zone, INBOX, "discard")).status_code == 404
        assert ZoneWords.objects.get().is_draft

    def test_an_applicant_finds_nothing_and_who_is_out_logs_in(self, zone, client):
        assert client.get(at(zone)).status_code == 302
        applicant = browser(factories.UserFactory())
        assert applicant.get(at(zone)).status_code == 404
        assert applicant.get(reverse("words:own")).status_code == 404

    def test_each_comes_to_the_own_zone_and_the_operator_chooses(self, zone, administrator):
        address = reverse("words:list", args=[zone.code])
        assert browser(administrator).get(reverse("words:own")).url == address
        operator = browser(factories.UserFactory(role=Role.OPERATOR))
        assert address in operator.get(reverse("words:own")).content.decode()
        assert reverse("words:own") in browser(administrator).get(address).content.decode()

    @pytest.mark.parametrize("place", ["inbox.nothing", "nothing.licensed", "phones.submitted"])
    def test_a_place_that_there_is_not(self, web, zone, place):
        assert web.get(at(zone, place)).status_code == 404
        assert keep(web, zone, OWN, place).status_code == 404


class TestKept:
    def test_versions_are_readable_with_who_wanted_them_and_every_step_is_an_event(
        self, web, zone, clock, administrator
    ):
        in_force(web, zone)
        clock(minutes=5)
        in_force(web, zone, {**OWN, "title_zh": "新执照：{number}"})
        clock(minutes=10)
        in_force(web, zone, {"says": "product"})
        clock(minutes=15)
        keep(web, zone)
        web.post(at(zone, INBOX, "discard"))
        shown = page(web.get(at(zone)))
        assert "新执照：KB-" in shown and "执照已发：KB-" in shown
        assert str(administrator) in shown
        kinds = list(WordsEvent.objects.order_by("pk").values_list("kind", "number"))
        steps = ["kept", "asked", "in_force"]
        assert kinds == [
            *((kind, number) for number in (1, 2, 3) for kind in steps),
            ("kept", 4),
            ("discarded", 4),
        ]
        assert WordsEvent.objects.filter(kind="in_force", second=None).count() == 0
        assert WordsEvent.objects.get(kind="discarded").data["words"]["title_zh"] == OWN["title_zh"]

    def test_the_same_draft_twice_is_one_event(self, web, zone):
        keep(web, zone)
        keep(web, zone)
        assert WordsEvent.objects.count() == ZoneWords.objects.count() == 1

    def test_the_database_keeps_what_is_in_force_and_what_was_done(self, web, zone):
        in_force(web, zone)
        for change in (
            lambda: ZoneWords.objects.update(words={}),
            lambda: ZoneWords.objects.get().delete(),
            lambda: WordsEvent.objects.update(kind="kept"),
            lambda: WordsEvent.objects.first().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_the_draft_stands_beside_what_is_said_now_with_a_real_looking_example(self, web, zone):
        keep(web, zone, SHORT, TEXT)
        shown = page(web.get(at(zone, TEXT)))
        assert "您公司的执照已发放，今天可看：http" in shown and "刻" in shown
        assert re.search(r"Billed as [12] texts?\.", shown)

    def test_the_second_person_reads_old_and_new(self, web, zone, supervisors):
        keep(web, zone)
        ask(web, zone)
        proposal = Proposal.objects.get()
        shown = page(browser(supervisors[0]).get(reverse("proposals:show", args=[proposal.uid])))
        assert OWN["body_zh"] in shown and OWN["title_en"] in shown and REASON in shown
        assert "→" in shown
        assert "What was asked" in page(browser(supervisors[0]).get(at(zone)))
        assert "What was asked" not in page(browser(factories.officer(TAX, zone)).get(at(zone)))
        agreed(proposal)


def test_the_products_own_words_keep_the_rules_of_a_zones(zone):
    """Every place: what a zone may not write, the product doesn't say either."""
    found = {
        row.code: faults
        for row in places.of_zone(zone, "inbox", "phones")
        if (faults := checking.faults(row, looking.product_words(row)))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("signs", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
def test_a_text_is_billed_in_parts(signs, count):
    assert parts("字" * signs) == count


def test_a_rare_character_counts_as_two_signs():
    assert parts("\U00020000" * 35) == 1 and parts("\U00020000" * 36) == 2


def test_where_the_carrier_says_words_of_its_own_a_zone_words_no_texts(web, zone):
    class Templates(carriers.Sandbox):
        uses_templates = True

    assert web.get(at(zone, TEXT)).status_code == 200
    carriers.carrier.connect(Templates())
    try:
        assert web.get(at(zone, TEXT)).status_code == 404
        english = {"headers": {"accept-language": "en"}}
        listed = page(web.get(reverse("words:list", args=[zone.code]), **english))
        assert (
            "the template that the carrier approved" in listed and "phones.licensed" not in listed
        )
    finally:
        carriers.carrier.connect(None)
