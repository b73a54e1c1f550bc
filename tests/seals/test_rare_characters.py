"""A name with a character that no font here has: no licence is signed with a hole in it, and no desk stands still."""

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageDraw

from kernel.cases import founders_papers, issuing
from kernel.cases.actions.straight import is_straight
from kernel.cases.models import Application, Document, DrawnCharacter, Person
from kernel.core import written
from kernel.core.errors import Incomplete, Refused
from kernel.papers import glyphs, outlines
from kernel.papers.facts import PAPERS
from kernel.papers.outlines import MissingGlyph
from kernel.papers.wording import DATA, SAMPLES
from seals.models import SealOrder
from tests import driving, factories, officers
from tests.codes import REGISTRATION, SEALS
from tests.seconds import reissue_licence

RARE = "\U00031350"  # in no font of this product
NAME = f"林\U00020bb7{RARE}"


def renamed(case: Application) -> None:
    """Its legal representative has the rare name, as everybody in it."""
    for person in Person.objects.filter(application=case):
        person.data = {**person.data, "name": NAME}
        person.save()


@pytest.fixture
def lost(monkeypatch):
    """`lost(character)`: from now on no font here has it, as where a font was taken away after the approval."""

    def lose(character):
        known = outlines._find
        monkeypatch.setattr(outlines, "has_outline", lambda one: one != character)
        monkeypatch.setattr(glyphs, "has_outline", lambda one: one != character)

        def find(one):
            if one == character:
                raise MissingGlyph(one)
            return known(one)

        monkeypatch.setattr(outlines, "_find", find)
        glyphs.in_a_font.cache_clear()
        outlines.of_font.cache_clear()

    yield lose
    glyphs.in_a_font.cache_clear()
    outlines.of_font.cache_clear()


@pytest.mark.django_db
class TestBeforeTheLicence:
    def test_the_window_is_told_and_nothing_is_signed(self, zone):
        staff = driving.staff(zone)
        case = factories.filed(zone=zone)
        renamed(case)
        client = officers.browser(staff[REGISTRATION])
        officers.taken(client, REGISTRATION)
        assert (
            "U+31350"
            in client.get(officers.address(REGISTRATION, "case", case.number)).content.decode()
        )
        answer = officers.send(client, REGISTRATION, case.number)
        text = answer.content.decode()
        assert answer.status_code == 422 and "U+31350" in text and "Attach its picture" in text
        assert not Document.objects.filter(kind="licence").exists()
        assert not Application.objects.get(pk=case.pk).uscc

    def test_the_system_does_not_approve_it_either(self, zone):
        zone.settings |= {"straight_through": True, "after_audit_percent": 100}
        zone.save()
        draft = factories.draft(zone=zone)
        assert is_straight(founders_papers.standing(draft), [])  # every standard is met
        renamed(draft)
        assert not is_straight(founders_papers.standing(draft), [])

    @pytest.mark.parametrize("name", ["林\x07知夏", "\u202e夏知林", "\u200b\u200b", "林\ue000"])
    def test_what_has_no_ink_counts_as_missing(self, name):
        assert glyphs.lacking({"people": [{"name": name}]})

    def test_what_turns_the_line_round_is_not_quoted(self):
        assert written.shown("\u202e夏\x07知林") == "夏知林"
        assert written.shown(NAME) == NAME  # newer than this Python's tables, and no less a name

    @pytest.mark.parametrize(
        "name", ["周砚秋", "林\U00020bb7", "阿卜杜热合曼·买买提艾力", "José Ñandú", "A B", "䶮㛃"]
    )
    def test_names_that_print_pass(self, name):
        assert glyphs.lacking(name) == {}


def picture(*lines: tuple[int, int, int, int]) -> SimpleUploadedFile:
    """A photo of something written on white paper."""
    photo = Image.new("L", (600, 600), 235)
    for line in lines:
        ImageDraw.Draw(photo).rectangle(line, fill=40)
    content = BytesIO()
    photo.save(content, "PNG")
    return SimpleUploadedFile("character.png", content.getvalue(), content_type="image/png")


WRITTEN = ((100, 280, 500, 330), (280, 100, 330, 500), (150, 450, 450, 500))


@pytest.mark.django_db
class TestItsPicture:
    @pytest.fixture
    def staff(self, zone):
        return driving.staff(zone)

    @pytest.fixture
    def case(self, zone):
        case = factories.filed(zone=zone)
        renamed(case)
        factories.signed(case)
        return case

    @pytest.fixture
    def window(self, staff, case):
        client = officers.browser(staff[REGISTRATION])
        officers.taken(client, REGISTRATION)
        return client

    def attach(self, client, number: str, upload, code="U+31350"):
        return client.post(
            reverse("window:character", args=[number]),
            {"code": code, **({"picture": upload} if upload else {})},
            follow=True,
        ).content.decode()

    def test_with_its_picture_the_case_is_approved_and_everything_drawn(self, window, case, staff):
        shown = self.attach(window, case.number, picture(*WRITTEN))
        assert "Attached: the papers" in shown and "<path transform" in shown
        assert officers.send(window, REGISTRATION, case.number).status_code == 302
        driving.make_papers_here()
        case.refresh_from_db()
        assert case.legal_representative == NAME
        assert {paper.state for paper in case.documents.all()} == {Document.State.READY}
        kinds = list(case.events.values_list("kind", flat=True))
        assert "drawn" in kinds and RARE not in str(list(case.events.values_list("data")))
        engraver = officers.browser(staff[SEALS])
        number = officers.taken(engraver, SEALS)
        officers.engraved(engraver, number)
        artwork = engraver.post(reverse("seals:artwork", args=[number, "name", "svg"]))
        assert artwork.status_code == 200 and b"<path" in artwork.content
        marked = engraver.get(reverse("seals:picture", args=[number, "name"]))
        assert marked.status_code == 200 and marked["Content-Type"] == "image/png"
        assert officers.send(engraver, SEALS, number).status_code == 302
        driving.make_papers_here()
        receipt = Document.objects.get(kind="seal_receipt")
        assert receipt.state == Document.State.READY

    @pytest.mark.parametrize(
        ("upload", "said"),
        [
            (picture(), "one dark character"),
            (picture((0, 0, 599, 580)), "one dark character"),
            (SimpleUploadedFile("a.png", b"%PDF-1.4"), "no JPEG or PNG"),
            (None, "Choose the picture"),
        ],
    )
    def test_what_shows_no_character_is_refused(self, window, case, upload, said):
        assert said in self.attach(window, case.number, upload)
        assert not DrawnCharacter.objects.exists()

    def test_no_other_character_and_no_other_officer(self, window, case, staff):
        assert "no such character" in self.attach(
            window, case.number, picture(*WRITTEN), code="U+6797"
        )
        other = officers.browser(staff[SEALS])
        answer = other.post(
            reverse("window:character", args=[case.number]),
            {"code": "U+31350", "picture": picture(*WRITTEN)},
        )
        assert answer.status_code == 404 and not DrawnCharacter.objects.exists()


@pytest.mark.django_db
def test_the_applicant_is_told_where_it_is_typed(zone):
    draft = factories.draft(zone=zone)
    person = draft.people.filter(is_shareholder=True).first()
    web = officers.browser(draft.applicant)
    address = reverse("filing:person", args=[draft.ref, person.uid])
    sent = web.post(address, {**person.data, "name": NAME, "uid": str(person.uid)}, follow=True)
    assert f"No font here has “{RARE}”" in sent.content.decode()
    assert f"No font here has “{RARE}”" in web.get(address).content.decode()
    assert Person.objects.get(pk=person.pk).data["name"] == NAME


def test_every_wording_and_sample_can_be_printed():
    for path in sorted(
        [
            *DATA.glob("*.json"),
            *(path for one in PAPERS.values() for path in one.data.glob(f"{one.kind}*")),
        ]
    ):
        assert glyphs.lacking(json.loads(path.read_text(encoding="utf-8"))) == {}, path.name
    assert SAMPLES


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["", "csv", "xlsx"])
def test_a_paper_that_fails_for_another_reason_is_listed_too(zone, travel, form):
    case = driving.carried(driving.staff(zone), (REGISTRATION,), zone=zone)
    case.documents.filter(kind="licence").update(
        leased_until=factories.MORNING
    )  # tried, and not made
    travel(factories.MORNING.replace(hour=10))
    supervisor = officers.browser(factories.supervisor(zone))
    listed = supervisor.get(reverse("supervision:list", args=["unmade"]), {"format": form})
    content = b"".join(listed) if listed.streaming else listed.content
    assert listed.status_code == 200 and (form == "xlsx" or case.number in content.decode())
    assert form == "xlsx" or "see the log" in content.decode()


@pytest.mark.django_db
class TestAfterTheLicence:
    """A font may be lost, or a licence be older than the check."""

    DESK = SEALS

    @pytest.fixture
    def client(self, staff):
        return officers.browser(staff[SEALS])

    @pytest.fixture
    def number(self, staff, client, lost, zone):
        case = driving.at_desk(staff, SEALS, zone=zone)
        Application.objects.filter(pk=case.pk).update(legal_representative="林知夏")
        driving.make_papers_here()
        lost("夏")
        return officers.taken(client, SEALS)

    def test_the_page_says_so_and_the_case_is_closed(self, client, number):
        officers.engraved(client, number)
        page = client.get(officers.address(SEALS, "case", number))
        assert "U+590F" in page.content.decode() and "name.svg" not in page.content.decode()
        answer = officers.send(client, SEALS, number)
        assert answer.status_code == 302
        assert SealOrder.objects.get().ready_at

    def test_the_paper_is_listed_and_made_once_there_is_a_font(
        self, client, number, zone, travel, monkeypatch
    ):
        officers.engraved(client, number)
        officers.send(client, SEALS, number)
        driving.make_papers_here()
        receipt = Document.objects.get(kind="seal_receipt")
        assert receipt.state == Document.State.PENDING and not receipt.is_unmade
        travel(factories.MORNING.replace(hour=11))
        assert receipt.is_unmade
        supervisor = officers.browser(factories.supervisor(zone))
        url = reverse("supervision:list", args=["unmade"])
        assert url in supervisor.get(reverse("supervision:live")).content.decode()
        listed = supervisor.get(url).content.decode()
        assert number in listed and "U+590F" in listed
        applicant = officers.browser(receipt.application.applicant)
        shown = applicant.get(reverse("filing:tasks", args=[number])).content.decode()
        assert "could not be made yet" in shown and "U+590F" in shown
        monkeypatch.undo()
        glyphs.in_a_font.cache_clear()
        assert issuing.make(Document.objects.get(pk=receipt.pk)).state == Document.State.READY
        assert number not in supervisor.get(url).content.decode()

    def test_no_new_licence_is_issued_without_it(self, staff, zone, number):
        case = SealOrder.objects.get().application
        licence = case.documents.get(kind="licence")
        licence.facts = {**licence.facts, "legal_representative": "林知夏"}
        licence.save()
        with pytest.raises(Refused, match="U\\+590F") as refused:
            reissue_licence(actor=staff[REGISTRATION], application_id=case.pk, ground="Lost")
        assert not isinstance(refused.value, Incomplete)
        assert case.documents.filter(kind="licence").count() == 1

    def test_a_pending_licence_is_not_signed(self, zone, number):
        case = SealOrder.objects.get().application
        facts = {**case.documents.get(kind="licence").facts, "legal_representative": "林知夏"}
        paper = Document(application=case, kind="licence", department=REGISTRATION, facts=facts)
        with pytest.raises(MissingGlyph):
            issuing._content(paper)
