"""The daily roots of the trail: when they are made, what of them is published, and how they get outside."""

import errno
import hashlib
import json
import os
import threading
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography import x509
from django.core import mail
from django.urls import reverse

from kernel.cases import tasks, trail_outside, trail_roots
from kernel.cases.models import TrailRoot
from kernel.core import external_systems, sandbox
from kernel.core.letters import message_id
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.core.sandbox import Behaviour
from kernel.papers import certificate_authority, certificates
from tests import factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def root(zone) -> TrailRoot:
    factories.filed(zone=zone)
    made = trail_roots.make(zone, DAY)
    assert made
    return made


@pytest.fixture
def folder(settings, tmp_path):
    settings.TRAIL_FOLDER = str(tmp_path)
    trail_outside.store.connect(trail_outside.Folder())
    yield tmp_path
    trail_outside.store.connect(None)


def stored() -> Message:
    return Message.objects.get(channel=trail_outside.STORE)


def test_each_night_makes_one_root_of_the_cases_that_moved(zone, travel):
    case = factories.filed(zone=zone)
    local = MORNING.astimezone(ZoneInfo("Asia/Shanghai"))
    midnight = local.replace(hour=0, minute=0) + timedelta(days=1)
    assert tasks.make_trail_roots() == 0, "the zone had no case yesterday"
    travel(midnight + timedelta(minutes=5))
    assert tasks.make_trail_roots() == 0, "yesterday may still be written"
    travel(midnight + timedelta(minutes=15))
    assert tasks.make_trail_roots() == 1 and tasks.make_trail_roots() == 0
    first = TrailRoot.objects.get()
    assert (first.number, first.day) == (1, local.date()) and first.leaves.get().case == case.pk
    later = factories.filed(zone=zone)
    travel(midnight + timedelta(days=1, minutes=5))
    assert tasks.make_trail_roots() == 0
    travel(midnight + timedelta(days=1, minutes=15))
    assert tasks.make_trail_roots() == 1
    last = TrailRoot.objects.order_by("-number")[0]
    assert last.number == 2 and last.previous == trail_roots.digest(first)
    assert last.leaves.get().case == later.pk, "the other has taken no step since"
    travel(midnight + timedelta(days=3))
    assert tasks.make_trail_roots() == 1
    quiet = TrailRoot.objects.order_by("-number")[0]
    assert (quiet.number, quiet.cases) == (3, 0), (
        "a day without a step has its root too, so that none is missing"
    )


def test_a_zone_without_a_key_keeps_no_other_from_its_root(zone, settings, tmp_path, travel):
    other = factories.ZoneFactory(code="other")
    for owner in (zone, other):
        factories.filed(zone=owner)
    travel(MORNING + timedelta(days=1))
    settings.SIGNING_KEYS, settings.DEMO = str(tmp_path), False
    certificate_authority.make_for_demo(other.code, other.authority_name)
    with pytest.raises(certificates.NoCertificate):
        trail_roots.make_due()
    assert TrailRoot.objects.get().zone == other


def test_the_pages_show_what_anybody_can_check(client, root, zone):
    page = client.get(reverse("trail-roots"), {"zone": zone.code}).content.decode()
    assert root.root[:32] in page and root.root[32:] in page and "2026-11-24" in page
    told = client.get(reverse("trail-roots-file"), {"zone": zone.code}).json()
    (entry,) = told["roots"]
    known = x509.load_pem_x509_certificates(client.get(told["certificate"]).content)
    lines = ["trail root"]
    lines += [f"{name}: {entry[name]}" for name in ("zone", "number", "day")]
    lines += [f"opening: {'yes' if entry['opening'] else 'no'}"]
    lines += [f"{name}: {entry[name]}" for name in ("cases", "root", "previous")]
    text = "\n".join(lines) + "\n"
    signature = bytes.fromhex(entry["signature"])
    assert certificates.signed_by(known, text.encode(), signature)
    assert not certificates.signed_by(
        known, text.replace("cases: 1", "cases: 2").encode(), signature
    )


def test_the_pages_of_a_zone_without_roots(client, zone):
    assert client.get(reverse("trail-roots")).status_code == 200
    assert client.get(reverse("trail-roots-file")).json()["roots"] == []
    assert client.get(reverse("trail-roots"), {"zone": "nowhere"}).status_code == 404


def test_the_figures_are_called_sealed_where_they_are(client, zone):
    seals, asked = reverse("trail-roots"), {"zone": zone.code}
    factories.filed(zone=zone)
    assert seals not in client.get(reverse("public-figures"), asked).content.decode()
    trail_roots.make(zone, DAY)
    assert seals in client.get(reverse("public-figures"), asked).content.decode()


def test_the_tree_is_that_of_rfc_6962():
    leaves = [hashlib.sha256(bytes([0, n])).digest() for n in range(3)]
    pair = hashlib.sha256(b"\1" + leaves[0] + leaves[1]).digest()
    assert trail_roots.merkle_root(leaves) == hashlib.sha256(b"\1" + pair + leaves[2]).hexdigest()
    assert trail_roots.merkle_root(leaves[:1]) == leaves[0].hex()


def test_the_sandbox_keeps_what_it_was_told(root):
    delivery.deliver()
    (told,) = sandbox.shown(trail_outside.SYSTEM)
    assert json.loads(told["content"]) == trail_outside.described(root)
    assert stored().state == "told"


def test_a_store_that_is_away_is_told_again(root, travel):
    sandbox.make(trail_outside.SYSTEM, Behaviour.AWAY)
    delivery.deliver()
    assert (stored().state, stored().error) == ("waiting", "Down")
    sandbox.make(trail_outside.SYSTEM, Behaviour.USUAL)
    travel(stored().next_try_at)
    delivery.deliver()
    assert stored().state == "told"


def test_a_store_that_hangs_is_left_and_told_again(root, travel, monkeypatch):
    let = threading.Event()

    class Hangs:
        def keep(self, name: str, content: str, key: str) -> None:
            let.wait(5)

    monkeypatch.setattr(delivery, "LIMIT", 0.05)
    trail_outside.store.connect(Hangs())
    try:
        delivery.deliver()
        assert (stored().state, stored().error) == ("waiting", "TimeoutError")
        let.set()
        external_systems._hanging[trail_outside.STORE].join(5)
        travel(stored().next_try_at)
        delivery.deliver()
        assert stored().state == "told"
    finally:
        trail_outside.store.connect(None)


def test_a_folder_keeps_each_root_once(root, folder):
    delivery.deliver()
    (path,) = folder.iterdir()
    assert path.name == f"{root.zone.code}-000001.json" and path.stat().st_mode & 0o222 == 0
    kept = path.read_text(encoding="utf-8")
    store = trail_outside.store()
    store.keep(path.name, kept, key="again")
    with pytest.raises(trail_outside.NotTheSame):
        store.keep(path.name, "another", key="again")
    assert path.read_text(encoding="utf-8") == kept and trail_outside.differing(folder) == []


def test_a_full_disk_leaves_no_part_of_a_root(root, folder, monkeypatch, travel):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        delivery.deliver()
    assert (stored().state, stored().error) == ("waiting", "OSError")
    assert list(folder.iterdir()) == []
    travel(stored().next_try_at)
    delivery.deliver()
    assert stored().state == "told" and trail_outside.differing(folder) == []


def test_a_file_that_was_cut_off_is_named(root, folder):
    delivery.deliver()
    (path,) = folder.iterdir()
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")
    assert trail_outside.differing(folder) == [
        f"{path.name}: this is no root; it was changed or cut off"
    ]


def test_a_folder_that_nobody_named_is_an_error(root, folder, settings):
    settings.TRAIL_FOLDER = ""
    delivery.deliver()
    assert (stored().state, stored().error) == ("waiting", "NoFolder")


def test_a_mail_server_that_is_away_is_tried_again_with_the_same_id(root, zone, settings, travel):
    zone.settings = {**zone.settings, "trail_recipients": "audit@example.org, archive@example.org"}
    zone.save()
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.portal.broken_mail.Broken"
    delivery.deliver()
    message = Message.objects.get(channel=trail_outside.MAIL)
    assert (message.state, message.error) == ("waiting", "ConnectionRefusedError")
    settings.EMAIL_BACKEND = working
    travel(message.next_try_at)
    delivery.deliver()
    (letter,) = mail.outbox
    assert letter.to == ["audit@example.org", "archive@example.org"]
    assert root.root in letter.body
    assert letter.extra_headers["Message-ID"] == message_id(message.key)


def test_nobody_is_mailed_where_the_zone_names_nobody(root):
    delivery.deliver()
    assert Message.objects.get(channel=trail_outside.MAIL).state == "lapsed" and mail.outbox == []


def test_what_is_no_address_is_refused(zone):
    from kernel.accounts.zone_settings import WrongSettings

    zone.settings = {**zone.settings, "trail_recipients": "audit at example"}
    with pytest.raises(WrongSettings):
        zone.save()
