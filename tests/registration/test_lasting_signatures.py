"""What a licence's signature proves years later, and what it doesn't when something is wrong: PAdES B-LT."""

import html
import re
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from kernel.cases import certificate_register, issuing
from kernel.cases.models import Document
from kernel.core import external_systems, sandbox
from kernel.core.sandbox import Behaviour
from kernel.papers import (
    certificate_authority,
    certificates,
    judging,
    licence_code,
    pades,
    signature_check,
    timestamps,
    trust,
)
from kernel.papers import keys as zone_keys
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

WHO = "Sun, operator"


@pytest.fixture
def keys(settings, tmp_path):
    """An installation that is used: it makes no key by itself."""
    settings.SIGNING_KEYS, settings.DEMO = str(tmp_path / "signing"), False
    settings.AUTHORITY_PASSWORD, settings.SIGNING_PASSWORD = "of the authority", "of the zones"
    return tmp_path / "signing"


@pytest.fixture
def zone(db, keys, travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    zone.authority_name = "Authority"
    zone.save()
    run("authority", "--name", "Authority of the zones", "--who", WHO)
    run("issue", zone.code, "--who", WHO)
    run("timestamps", "--who", WHO)
    return zone


@pytest.fixture
def licensed(zone):
    return driving.work(REGISTRATION, driving.staff(zone)[REGISTRATION], factories.filed(zone=zone))


@pytest.fixture
def paper(licensed) -> bytes:
    return content(made(licensed))


def run(*words) -> str:
    target = StringIO()
    call_command("certificates", *words, stdout=target)
    return target.getvalue()


def waiting(case) -> Document:
    return case.documents.select_related("application__zone").get(kind="licence")


def made(case) -> Document:
    return issuing.make(waiting(case))


def content(document: Document) -> bytes:
    with document.file.open() as file:
        return file.read()


def checked(paper: bytes) -> signature_check.Signed:
    signed = pades.check(paper, trust.anchors(), certificate_register.lists())
    assert signed
    return signed


def shown(client, paper: bytes) -> tuple[int, list[tuple[bool | None, str]]]:
    """What the verification page answers for a file."""
    answer = client.post(reverse("verify"), {"file": SimpleUploadedFile("licence.pdf", paper)})
    findings = answer.context.get("findings") or []
    # as it is read: a day stands in an element of its own
    read = re.sub(r"<[^>]+>", "", html.unescape(answer.content.decode()))
    for finding in findings:
        assert finding.sentence in read
    return answer.status_code, [(finding.good, finding.sentence) for finding in findings]


def wrong(findings) -> list[str]:
    return [sentence for good, sentence in findings if good is False]


@pytest.fixture(autouse=True)
def _english(client):
    client.cookies["language"] = "en"


class TestWhatHolds:
    def test_the_file_proves_itself(self, paper, client):
        signed = checked(paper)
        assert signed.lasts and signed.holds and signed.stamped_at == MORNING
        for part in (b"/DSS", b"/CRLs", b"/Certs", b"ETSI.CAdES.detached"):
            assert part in paper
        status, findings = shown(client, paper)
        assert status == 200 and [good for good, _sentence in findings] == [True] * 4
        assert "Not one byte was changed since Authority signed it." in findings[0][1]

    def test_it_does_so_without_database_keys_and_lists(self, paper, keys):
        roots = [certificate_authority.own()[0]]
        signed = signature_check.check(paper, roots, (), MORNING + timedelta(days=1))
        assert signed.lasts and signed.holds

    def test_years_later_when_the_certificate_has_ended(self, paper, client, travel):
        travel(MORNING + timedelta(days=5 * 365))
        status, findings = shown(client, paper)
        assert status == 200 and not wrong(findings)
        assert findings[-1][0] is None and "It counted when this was signed." in findings[-1][1]
        assert checked(paper).ended and checked(paper).holds

    def test_revoked_after_it_was_signed(self, paper, zone, client, travel):
        travel(MORNING + timedelta(days=30))
        run("revoke", zone.code, "--reason", "superseded", "--who", WHO)
        status, findings = shown(client, paper)
        assert status == 200 and not wrong(findings)
        assert any("still holds" in sentence for _good, sentence in findings)


class TestWhatDoesNot:
    def test_a_changed_file(self, paper, client):
        status, findings = shown(client, paper + b"% more")
        assert status == 422 and wrong(findings) == ["It was changed after Authority signed it."]

    def test_revoked_before_it_was_signed(self, paper, zone, client, travel):
        """The key was stolen at eight, which was found out a day later."""
        travel(MORNING + timedelta(days=1))
        since = (MORNING - timedelta(hours=1)).isoformat()
        run("revoke", zone.code, "--reason", "key", "--since", since, "--who", WHO)
        _status, findings = shown(client, paper)
        assert len(wrong(findings)) == 1 and "don't rely on it" in wrong(findings)[0]
        assert not checked(paper).holds

    def test_another_installations_authority(self, paper, client, keys, settings, tmp_path):
        """Somebody makes an authority, a zone and a time stamp of the same names."""
        settings.SIGNING_KEYS = str(tmp_path / "theirs")
        certificate_authority.make("Authority of the zones")
        certificate_authority.issue("theirs", "Authority")
        certificate_authority.issue_timestamps()
        lists = [certificate_authority.revocation_list([], 1).public_bytes(Encoding.DER)]
        forged = pades.sign(blank(), "theirs", "Authority", lists)
        assert checked(forged).holds
        settings.SIGNING_KEYS = str(keys)
        status, findings = shown(client, forged)
        assert status == 422 and "anybody can make one" in " ".join(wrong(findings))
        assert not checked(forged).trusted and not checked(forged).holds

    def test_revoked_there_is_nothing_signed_with_it(self, licensed, zone):
        run("revoke", zone.code, "--reason", "key", "--who", WHO)
        with pytest.raises(certificates.NoCertificate, match="revoked before"):
            made(licensed)
        run("renew", zone.code, "--who", WHO)
        assert checked(content(made(licensed))).lasts

    def test_the_stamps_own_certificate_was_revoked(self, paper, client, travel):
        stamper = certificates.read(certificate_authority.path_of("timestamps.crt"))[0]
        travel(MORNING + timedelta(days=1))
        certificate_register.revoke(
            stamper, reason="key", who=WHO, since=MORNING - timedelta(hours=1)
        )
        _status, findings = shown(client, paper)
        assert any("time stamp is not genuine" in sentence for sentence in wrong(findings))

    def test_the_command_says_the_same(self, paper, zone, tmp_path, travel):
        file, target = tmp_path / "licence.pdf", StringIO()
        file.write_bytes(paper)
        call_command("verify_licence", file, stdout=target)
        assert "time stamp of" in target.getvalue() and "holds the proof" in target.getvalue()
        file.write_bytes(paper.replace(b"%%EOF", b"%%EOG"))
        with pytest.raises(CommandError):
            call_command("verify_licence", file)


class TestSignedText:
    """A QR code has no room for a time stamp: of a revoked key only what the register printed counts."""

    FACTS = {
        "uscc": "91370399MAYX26K38U",
        "company_name": "Another company",
        "issued_on": "2026-03-18",
        "legal_representative": "Zhou",
    }

    def forged(self, zone, code: str) -> str:
        """What a thief of the key makes."""
        return licence_code.text(
            self.FACTS | {"verify_code": code}, partial(zone_keys.sign, zone.code)
        )

    def errors(self, client, text: str) -> list[str]:
        answer = client.post(reverse("verify"), {"text": text})
        assert answer.status_code == 422 and "result" not in answer.context
        return answer.context["evidence"].errors["text"]

    def test_of_a_revoked_key_counts_where_the_register_knows_it(self, licensed, zone, client):
        document, unknown = made(licensed), self.forged(zone, "ab" * 16)
        answer = client.post(reverse("verify"), {"text": unknown})
        assert answer.context["result"] == "unknown", "not revoked yet"
        run("revoke", zone.code, "--reason", "key", "--who", WHO)
        assert "was revoked" in self.errors(client, unknown)[0]
        answer = client.post(reverse("verify"), {"text": document.qr_text})
        assert answer.context["result"] == "valid"

    def test_of_another_company_under_a_code_that_was_printed(self, licensed, zone, client):
        text = self.forged(zone, made(licensed).verify_code)
        assert "printed another one" in self.errors(client, text)[0]

    def test_the_command_says_so_where_it_is_given_the_list(self, licensed, zone, tmp_path):
        text, file, target = made(licensed).qr_text, tmp_path / "list.crl", StringIO()
        call_command("verify_licence", qr=text, stdout=target)
        assert "give it with --revoked" in target.getvalue()
        run("revoke", zone.code, "--reason", "key", "--who", WHO)
        file.write_bytes(certificate_register.lists()[0])
        with pytest.raises(CommandError, match="is revoked since"):
            call_command("verify_licence", qr=text, revoked=[file])
        with pytest.raises(CommandError, match=r"b\.crl"):
            call_command("verify_licence", qr=text, revoked=[tmp_path / "b.crl"])
        alone = tmp_path / "zone.crt"
        alone.write_bytes(certificates.certificates(zone.code)[0].public_bytes(Encoding.PEM))
        with pytest.raises(CommandError, match="none of the certificates made it"):
            call_command("verify_licence", qr=text, certificate=[alone], revoked=[file])


class TestTimestamps:
    @pytest.mark.parametrize(
        "how", [Behaviour.AWAY, Behaviour.REFUSES, Behaviour.FOR_ANOTHER, Behaviour.FORGES]
    )
    def test_without_a_stamp_that_counts_the_paper_waits_and_the_case_goes_on(self, licensed, how):
        sandbox.make(timestamps.SYSTEM, how)
        with pytest.raises(timestamps.NoTimestamp):
            made(licensed)
        while issuing.make_next():
            pass
        assert waiting(licensed).state == Document.State.PENDING
        assert licensed.documents.get(kind="articles").state == Document.State.READY
        licensed.refresh_from_db()
        assert licensed.state == "sealing"
        sandbox.make(timestamps.SYSTEM, Behaviour.USUAL)
        assert checked(content(made(licensed))).lasts

    def test_one_that_hangs_is_left(self, licensed, monkeypatch):
        class Hangs:
            def answer(self, question):
                raise TimeoutError

        monkeypatch.setattr(external_systems, "within", lambda *words: Hangs().answer(b""))
        with pytest.raises(timestamps.NoTimestamp, match="TimeoutError"):
            made(licensed)

    def test_a_stamp_is_asked_for_once_a_paper(self, licensed, monkeypatch):
        asked, ours = [], timestamps.authority()
        monkeypatch.setattr(
            timestamps.authority,
            "_connected",
            type("Counting", (), {"answer": lambda self, q: asked.append(q) or ours.answer(q)})(),
        )
        made(licensed)
        first = len(asked)
        assert first == 2  # in a new process one shows what a stamp looks like
        original = licensed.documents.select_related("application__zone").get(
            kind="licence_original"
        )
        issuing.make(original)
        assert len(asked) - first == 1

    def test_an_answer_that_is_none(self, licensed):
        for answer in (b"", b"\x30\x03\x02\x01", b"<html>"):
            strange = type("Strange", (), {"answer": lambda self, question, a=answer: a})()
            timestamps.authority.connect(strange)
            try:
                with pytest.raises(timestamps.NoTimestamp):
                    made(licensed)
            finally:
                timestamps.authority.connect(None)


class TestTheProcess:
    def test_a_strangers_file_costs_little(self, zone):
        assert judging.judged(b"%PDF-1.7 nothing", ()) is None
        assert judging.judged(b"", ()) is None

    def test_who_finds_all_at_work_is_told_so(self, paper, client, monkeypatch):
        monkeypatch.setattr(judging, "PATIENCE", 0.01)
        with judging._turns, judging._turns:
            status, findings = shown(client, paper)
            assert status == 200 and not findings
            answer = client.post(
                reverse("verify"), {"file": SimpleUploadedFile("x.pdf", paper + b" ")}
            )
            assert re.search("Many files are being checked", answer.content.decode())


def blank() -> bytes:
    from io import BytesIO

    import pikepdf

    target = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(target)
    return target.getvalue()


def test_a_key_that_does_not_fit_its_certificate_signs_nothing(zone, keys):
    other = ec.generate_private_key(ec.SECP256R1())
    certificates.replace(keys / f"{zone.code}.key", certificates.as_pem(other, "of the zones"))
    with pytest.raises(certificates.NoCertificate, match="doesn't prove itself"):
        pades.sign(blank(), zone.code, "Authority", certificate_register.lists_to_sign())
