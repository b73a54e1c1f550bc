"""A webhook of a company's own: proved before it is used, told by signed posts, given up when it stays away."""

import json
import re
import socket
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localtime

from kernel.accounts.actions import close_account
from kernel.core import sandbox
from kernel.core.guarded_http import Answer
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.core.sandbox import Behaviour
from portal.notices import sending_out, trail
from portal.notices.models import Choices, Delivery, Notice, Webhook
from portal.notices.webhooks import kinds, proving, receivers, signing
from tests import factories, tls_server
from tests.factories import MORNING
from tests.house.test_tree import ROOT
from tests.kernel.core.test_guarded_http import OUTSIDE, leading
from tests.portal.test_notice_channels import licensed, on_trail

ADDRESS = "https://hooks.example.org/portal"
State, Fault = Delivery.State, Delivery.Fault
example = import_module("portal.notices.webhooks.example_receiver")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return travel


@pytest.fixture
def user():
    return factories.UserFactory()


@pytest.fixture
def web(client, user):
    client.force_login(user)
    client.cookies["language"] = "en"
    return client


def ask(web, address: str = ADDRESS) -> str:
    """The secret that the page shows."""
    page = web.post(reverse("messages:webhook-address"), {"address": address}).content.decode()
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", page)
    return secret


def prove(web):
    return web.post(reverse("messages:webhook-proof"))


def with_webhook(account, address: str = ADDRESS) -> Webhook:
    """Proved, at a receiver of the sandbox that knows the secret."""
    receivers.learn(proving.ask(account, address))
    proving.prove(account)
    return Webhook.objects.get(account=account)


def moved(case, ending: str) -> None:
    """The receiver, proved before, is another one now: encrypted columns are saved by their row."""
    hook = Webhook.objects.get(account=case.applicant)
    hook.address = ADDRESS + ending
    hook.save()


def turned() -> list[dict]:
    """What receivers of the sandbox took, the newest first, after each worker had its turn."""
    sending_out.send_out()
    delivery.deliver()
    return sandbox.shown(receivers.SYSTEM)


class Stranger:
    """A receiver that answers as it is told and keeps what it was posted."""

    def __init__(self, answer: Answer | Exception):
        self.answer, self.posted = answer, []

    def post(self, address, body, headers):
        self.posted.append((address, body, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def stranger():
    """In the place of the sandbox from `connect` on."""
    made = Stranger(Answer(204, b""))
    yield made
    receivers.carrier.connect(None)


class TestProof:
    def test_a_receiver_that_gives_the_challenge_back_signed_is_used(self, web, user):
        secret = ask(web)
        hook = Webhook.objects.get()
        assert (hook.asked, hook.address, hook.is_on) == (ADDRESS, "", False)
        receivers.learn(secret)
        assert prove(web).url == reverse("messages:webhook")
        hook.refresh_from_db()
        assert (hook.address, hook.secret, hook.asked_secret, hook.is_on) == (
            ADDRESS,
            secret,
            "",
            True,
        )
        page = web.get(reverse("messages:webhook")).content.decode()
        assert ADDRESS in page and secret not in page, "it is shown once"
        assert list(user.account_events.values_list("kind", flat=True)) == ["webhook"]

    def test_the_secret_is_not_to_be_read_in_the_database(self, web):
        secret = ask(web)
        with connection.cursor() as cursor:
            cursor.execute("SELECT asked, asked_secret FROM notices_webhook")
            kept = str(cursor.fetchall())
        assert secret not in kept and ADDRESS not in kept

    def test_the_second_click_finds_it_proved(self, web):
        receivers.learn(ask(web))
        for _click in range(2):
            assert prove(web).status_code == 302
        page = web.get(reverse("messages:webhook")).content.decode()
        assert "No address waits to be proved" not in page and Webhook.objects.get().is_on

    def test_without_an_address_there_is_nothing_to_prove(self, web):
        answer = prove(web)
        assert "No address waits to be proved" in web.get(answer.url).content.decode()

    @pytest.mark.parametrize(
        ("ending", "sentence"),
        [
            ("/unsigned", "did not give the challenge back"),
            ("/moved", "leads on to another address"),
            ("/gone", "did not give the challenge back"),
            ("/inside", "isn&#x27;t the open internet"),
        ],
    )
    def test_a_receiver_that_does_otherwise_is_not(self, web, ending, sentence):
        receivers.learn(ask(web, ADDRESS + ending))
        answer = prove(web)
        assert answer.status_code == 422 and sentence in answer.content.decode()
        assert not Webhook.objects.get().is_on

    def test_somebody_elses_receiver_is_not_told(self, web):
        """It doesn't know the secret: whoever names its address can't have it posted to."""
        ask(web)
        answer = prove(web)
        assert answer.status_code == 422 and not Webhook.objects.get().is_on

    def test_whoever_gives_back_all_that_it_is_posted_has_no_secret(self, web, stranger):
        ask(web)
        receivers.carrier.connect(stranger)

        def back(address, body, headers):
            challenge = json.loads(body)["data"]["challenge"]
            signature = headers["Webhook-Signature"].removeprefix("v1,")
            said = {"challenge": challenge, "signature": signature}
            return Answer(200, json.dumps(said).encode())

        stranger.post = back
        assert prove(web).status_code == 422 and not Webhook.objects.get().is_on

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"[" * 9999, b'{"challenge": 1, "signature": 2}', b"\xff", b"null"]
    )
    def test_what_can_not_be_read_is_no_proof(self, web, stranger, body):
        ask(web)
        stranger.answer = Answer(200, body)
        receivers.carrier.connect(stranger)
        assert prove(web).status_code == 422

    @pytest.mark.parametrize(
        ("error", "sentence"),
        [(OSError(), "Nobody answers"), (TimeoutError(), "within 4 seconds")],
    )
    def test_one_that_is_away_or_slow_is_said(self, web, stranger, error, sentence):
        ask(web)
        stranger.answer = error
        receivers.carrier.connect(stranger)
        answer = prove(web)
        assert answer.status_code == 422 and sentence in answer.content.decode()

    def test_what_is_no_address_is_said_and_kept(self, web):
        answer = web.post(reverse("messages:webhook-address"), {"address": "http://a.example.org"})
        assert answer.status_code == 422 and not Webhook.objects.exists()
        assert "http://a.example.org" in answer.content.decode()

    def test_so_many_and_no_more(self, web):
        answers = [
            web.post(reverse("messages:webhook-address"), {"address": ADDRESS}).status_code
            for _time in range(11)
        ]
        assert answers == [200] * 10 + [422]

    def test_a_new_secret_counts_from_its_proof_on_and_the_old_one_until_then(self, web, user):
        old = with_webhook(user)
        new = ask(web)
        assert Webhook.objects.get().secret == old.secret
        assert prove(web).status_code == 422 and Webhook.objects.get().secret == old.secret
        receivers.learn(new)
        assert prove(web).status_code == 302 and Webhook.objects.get().secret == new

    def test_who_has_no_name_proved_is_led_to_it(self, client):
        client.force_login(factories.UserFactory(name_proved_at=None))
        page = client.get(reverse("messages:webhook")).content.decode()
        assert reverse("own-name") in page and reverse("messages:webhook-address") not in page
        answer = client.post(reverse("messages:webhook-address"), {"address": ADDRESS})
        assert answer.status_code == 422 and not Webhook.objects.exists()

    def test_it_is_no_page_of_the_staff(self, client, zone):
        client.force_login(factories.supervisor(zone))
        assert client.get(reverse("messages:webhook")).status_code == 404
        answer = client.post(reverse("messages:webhook-address"), {"address": ADDRESS})
        assert answer.status_code == 404 and not Webhook.objects.exists()

    def test_it_is_taken_away_and_gone_with_the_account(self, web, user):
        with_webhook(user)
        for _click in range(2):
            assert web.post(reverse("messages:webhook-take-away")).status_code == 302
        assert not Webhook.objects.exists()
        kinds = list(user.account_events.values_list("kind", flat=True))
        assert kinds == ["webhook_gone", "webhook"]
        with_webhook(user)
        close_account(account=user)
        assert not Webhook.objects.exists()


class TestPosts:
    def test_what_is_posted_names_nobody_and_is_signed(self, stranger):
        case = licensed()
        hook = with_webhook(case.applicant)
        receivers.carrier.connect(stranger)
        turned()
        notice, row = (
            Notice.objects.get(kind="licensed"),
            Delivery.objects.get(channel="webhook", notice__kind="licensed"),
        )
        posts = {post[2]["Webhook-Id"]: post for post in stranger.posted}
        address, body, headers = posts[str(row.uid)]
        told = json.loads(body)
        at = localtime(notice.created_at).isoformat(timespec="seconds")
        assert address == ADDRESS and told["timestamp"] == at and told["type"] == "notice"
        assert told["data"] == {
            "kind": "licensed",
            "group": "progress",
            "case": case.number,
            "link": f"http://127.0.0.1:8000/messages/{notice.pk}/",
        }
        for secret in (case.name, case.applicant.real_name, case.applicant.phone):
            assert secret not in body.decode()
        moment = int(headers["Webhook-Timestamp"])
        assert example.is_signed(hook.secret, headers, body, moment)
        assert not example.is_signed(hook.secret, headers, body + b" ", moment)
        assert not example.is_signed(hook.secret, headers, body, moment + 301)
        assert not example.is_signed(signing.new_secret(), headers, body, moment)
        assert not example.is_signed(hook.secret, headers | {"Webhook-Id": "x"}, body, moment)
        assert (row.state, row.taken_at) == (State.TAKEN, MORNING)

    def test_the_link_leads_to_the_place_after_log_in(self, client):
        case = licensed()
        with_webhook(case.applicant)
        told = {post["data"]["kind"]: post["data"]["link"] for post in turned()}
        client.force_login(case.applicant)
        place = client.get(told["licensed"].removeprefix("http://127.0.0.1:8000")).url
        assert client.get(place).status_code == 200

    def test_only_the_groups_that_were_chosen_go(self, client):
        case = licensed()
        with_webhook(case.applicant)
        client.force_login(case.applicant)
        answer = client.post(reverse("messages:webhook-kinds"), {"kinds": ["meetings"]})
        assert answer.status_code == 302 and turned() == []
        wrong = client.post(reverse("messages:webhook-kinds"), {"kinds": ["nothing"]})
        assert wrong.status_code == 422 and Webhook.objects.get().kinds == ["meetings"]

    def test_of_one_that_was_taken_away_in_another_tab_nothing_is_called_saved(self, client):
        user = licensed().applicant
        with_webhook(user)
        client.force_login(user)
        client.post(reverse("messages:webhook-take-away"))
        english = {"headers": {"accept-language": "en"}, "follow": True}
        page = client.post(reverse("messages:webhook-kinds"), {"kinds": ["meetings"]}, **english)
        assert "Saved" not in page.content.decode() and "No address waits" in page.content.decode()

    def test_quiet_hours_hold_it_not_back_and_it_goes_once(self, clock):
        clock(MORNING.replace(hour=22))
        case = licensed()
        with_webhook(case.applicant)
        many = len(turned())
        texts = Delivery.objects.filter(channel="notices")
        assert many and not texts.exists()
        clock((MORNING + timedelta(days=1)).replace(hour=8))
        assert len(turned()) == many and texts.exists()

    def test_one_that_is_away_for_ten_minutes_is_told_once_it_is_back(self, clock):
        case = licensed()
        with_webhook(case.applicant)
        sandbox.make(receivers.SYSTEM, Behaviour.AWAY)
        assert turned() == []
        row = Delivery.objects.filter(channel="webhook").first()
        assert row.state == State.QUEUED
        sandbox.make(receivers.SYSTEM, Behaviour.USUAL)
        Message.objects.exclude(next_try_at=None).update(next_try_at=MORNING - timedelta(days=999))
        assert len(turned()) == Delivery.objects.filter(channel="webhook").count()
        row.refresh_from_db()
        assert row.state == State.TAKEN

    def test_a_message_whose_answer_was_lost_comes_again_with_its_id(self, stranger):
        case = licensed()
        with_webhook(case.applicant)
        Webhook.objects.update(kinds=["progress"])
        stranger.answer = OSError()
        receivers.carrier.connect(stranger)
        turned()
        first = [post[2]["Webhook-Id"] for post in stranger.posted]
        stranger.answer, stranger.posted = Answer(200, b""), []
        _due_again()
        turned()
        assert {post[2]["Webhook-Id"] for post in stranger.posted} >= set(first)

    @pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500])
    def test_a_redirect_or_an_error_is_not_taken(self, stranger, status):
        case = licensed()
        with_webhook(case.applicant)
        stranger.answer = Answer(status, b"")
        receivers.carrier.connect(stranger)
        turned()
        assert set(Delivery.objects.filter(channel="webhook").values_list("state", flat=True)) == {
            State.QUEUED
        }
        assert {address for address, _body, _headers in stranger.posted} == {ADDRESS}

    def test_a_name_that_leads_inside_later_is_not_posted_to(self):
        case = licensed()
        with_webhook(case.applicant)
        moved(case, "/inside")
        assert turned() == []
        assert {row.fault for row in Delivery.objects.filter(channel="webhook")} == {Fault.REFUSED}

    def test_what_was_taken_away_before_it_was_sent_is_not_sent(self):
        case = licensed()
        with_webhook(case.applicant)
        sending_out.send_out()
        proving.take_away(case.applicant)
        assert turned() == []
        rows = Delivery.objects.filter(channel="webhook")
        assert {row.fault for row in rows} == {Fault.GONE}
        assert on_trail(case) == []

    def test_an_account_that_was_closed_or_shut_is_told_nothing(self):
        case = licensed()
        with_webhook(case.applicant)
        sending_out.send_out()
        type(case.applicant).objects.filter(pk=case.applicant_id).update(is_active=False)
        assert turned() == []

    def test_one_that_hangs_holds_up_no_other(self, stranger):
        """Each is a system of its own: of a channel that is away nothing more is tried in a turn."""
        first, second = licensed(), licensed("13800005679")
        with_webhook(first.applicant, "https://hangs.example.org/")
        with_webhook(second.applicant, "https://works.example.org/")

        def post(address, body, headers):
            stranger.posted.append(address)
            if "hangs" in address:
                raise TimeoutError
            return Answer(200, b"")

        stranger.post = post
        receivers.carrier.connect(stranger)
        turned()
        assert stranger.posted.count("https://hangs.example.org/") == 1
        taken = Delivery.objects.filter(channel="webhook", state=State.TAKEN)
        others = Delivery.objects.filter(
            channel="webhook", notice__recipient=second.applicant
        ).count()
        assert taken.count() == others > 1


def _due_again():
    Message.objects.exclude(next_try_at=None).update(next_try_at=MORNING - timedelta(days=999))


def _tried_to_the_end():
    """Whatever waits has its last try."""
    sending_out.send_out()
    Message.objects.exclude(next_try_at=None).update(
        tries=delivery.MOST_TRIES - 1, next_try_at=MORNING - timedelta(days=999)
    )
    delivery.deliver()
    Message.objects.exclude(next_try_at=None).update(
        tries=delivery.MOST_TRIES - 1, next_try_at=MORNING - timedelta(days=999)
    )
    delivery.deliver()


class TestAwayForDays:
    @pytest.fixture
    def case(self):
        case = licensed()
        with_webhook(case.applicant)
        sandbox.make(receivers.SYSTEM, Behaviour.AWAY)
        _tried_to_the_end()
        return case

    def tell_once_more(self, case, key: str):
        Notice.objects.create(
            recipient=case.applicant,
            application=case,
            kind="sealed",
            created_at=MORNING,
            channels_at=MORNING,
            idempotency_key=key,
        )

    def test_a_message_is_given_up_after_its_last_try_and_nobody_of_the_house_is_alarmed(
        self, case
    ):
        rows = Delivery.objects.filter(channel="webhook")
        assert {(row.state, row.fault) for row in rows} == {(State.FAILED, Fault.AWAY)}
        states = Message.objects.filter(channel__startswith="webhook:").values_list("state")
        assert set(states) == {(Message.State.REFUSED,)}
        assert Webhook.objects.get().away_since == MORNING and Webhook.objects.get().is_on

    def test_after_days_it_is_switched_off_and_its_holder_told(self, case, clock, client):
        clock(MORNING + timedelta(days=2, hours=23))
        self.tell_once_more(case, "before")
        _tried_to_the_end()
        assert Webhook.objects.get().is_on
        clock(MORNING + timedelta(days=3))
        self.tell_once_more(case, "after")
        _tried_to_the_end()
        assert Webhook.objects.get().off_at == MORNING + timedelta(days=3)
        notice = Notice.objects.get(kind="webhook_off")
        client.force_login(case.applicant)
        assert client.get(reverse("messages:inbox")).status_code == 200
        place = client.get(reverse("messages:open", args=[notice.pk])).url
        page = client.get(place).content.decode()
        assert place == reverse("messages:webhook") and reverse("messages:webhook-proof") in page
        self.tell_once_more(case, "off")
        sending_out.send_out()
        last = Delivery.objects.filter(notice__idempotency_key="off", channel="webhook")
        assert not last.exists()

    def test_it_is_proved_again_with_the_secret_that_it_has(self, case):
        Webhook.objects.update(off_at=MORNING)
        with pytest.raises(proving.NotReached):
            proving.prove(case.applicant)
        sandbox.make(receivers.SYSTEM, Behaviour.USUAL)
        proving.prove(case.applicant)
        hook = Webhook.objects.get()
        assert hook.is_on and hook.away_since is None

    def test_what_it_takes_in_between_begins_the_days_anew(self, case, clock):
        sandbox.make(receivers.SYSTEM, Behaviour.USUAL)
        clock(MORNING + timedelta(days=2))
        self.tell_once_more(case, "taken")
        turned()
        assert Webhook.objects.get().away_since is None
        sandbox.make(receivers.SYSTEM, Behaviour.AWAY)
        clock(MORNING + timedelta(days=4))
        self.tell_once_more(case, "away")
        _tried_to_the_end()
        hook = Webhook.objects.get()
        assert hook.is_on and hook.away_since == MORNING + timedelta(days=2)

    def test_one_that_says_it_is_gone_is_switched_off_at_once(self):
        case = licensed()
        with_webhook(case.applicant)
        moved(case, "/gone")
        turned()
        assert Webhook.objects.get().off_at == MORNING
        assert Notice.objects.filter(kind="webhook_off").count() == 1


class TestReached:
    """A webhook tells a machine: where a person proved a phone or an e-mail address, these alone say it."""

    def trail_of(self, case):
        trail.write()
        return on_trail(case)

    def test_a_text_that_failed_is_not_made_good_by_a_webhook(self):
        case = licensed("13800000404")
        with_webhook(case.applicant)
        turned()
        assert [kind for kind, _data in self.trail_of(case)] == ["unreached"]

    def test_a_webhook_that_failed_calls_nobody_who_has_a_phone(self):
        case = licensed()
        Choices.objects.create(account=case.applicant, texts=False)
        with_webhook(case.applicant)
        sandbox.make(receivers.SYSTEM, Behaviour.AWAY)
        _tried_to_the_end()
        assert self.trail_of(case) == []
        assert not Delivery.objects.filter(trail_due=True).exists()

    def test_of_who_has_nothing_else_it_says_whether_they_were_told(self):
        case = licensed(phone="")
        with_webhook(case.applicant)
        turned()
        assert {kind for kind, _data in self.trail_of(case)} == {"told"}
        assert {data["by"] for _kind, data in self.trail_of(case)} == {"webhook"}

    def test_and_whether_they_were_not(self):
        case = licensed(phone="")
        with_webhook(case.applicant)
        sandbox.make(receivers.SYSTEM, Behaviour.AWAY)
        _tried_to_the_end()
        assert {kind for kind, _data in self.trail_of(case)} == {"unreached"}


class TestTheExample:
    """What the page and `docs/webhooks.md` hand out is what was tried."""

    def test_it_is_handed_out_and_documented(self, client):
        source = (ROOT / "portal/notices/webhooks/example_receiver.py").read_text(encoding="utf-8")
        assert client.get(reverse("messages:webhook-example")).content.decode() == source
        assert source in (ROOT / "docs/webhooks.md").read_text(encoding="utf-8")

    def test_every_kind_of_the_applicant_is_documented(self):
        documented = (ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
        known = [kind for of in kinds._OF.values() for kind in of]
        assert [kind for kind in known if f"`{kind}`" not in documented] == []


class TestTheLine:
    """As an installation has it: by HTTPS, to the receiver that is handed out as an example."""

    @pytest.fixture
    def dialled(self, tmp_path, monkeypatch):
        """What is called, wherever it is, comes to the example on this machine."""
        places = []
        with tls_server.running(tmp_path, example.Receiver) as server:
            monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
            clock = SimpleNamespace(time=lambda: MORNING.timestamp())
            monkeypatch.setattr(example, "time", clock)
            dial = socket.create_connection

            def create_connection(place, *more):
                places.append(place[0])
                return dial(("127.0.0.1", server.server_port), *more)

            monkeypatch.setattr(socket, "create_connection", create_connection)
            receivers.carrier.connect(receivers.Https())
            yield places
            receivers.carrier.connect(None)

    def prove(self, account, monkeypatch):
        secret = proving.ask(account, f"https://{tls_server.HOST}/portal")
        monkeypatch.setenv("WEBHOOK_SECRET", secret)
        proving.prove(account)

    def test_the_example_is_proved_and_takes_each_message_once(self, dialled, monkeypatch):
        case, taken = licensed(), []
        monkeypatch.setattr(
            example.Receiver, "take", lambda _self, at, **told: taken.append(told["kind"])
        )
        monkeypatch.setattr(example.Receiver, "known", set())
        leading(monkeypatch, *[[OUTSIDE]] * 9)
        self.prove(case.applicant, monkeypatch)
        turned()
        assert "licensed" in taken and set(dialled) == {OUTSIDE}
        many = len(taken)
        Message.objects.filter(channel__startswith="webhook:").update(
            state=Message.State.WAITING, next_try_at=MORNING - timedelta(days=999)
        )
        turned()
        assert len(taken) == many, "the same id is the same message"

    def test_a_private_address_is_refused_at_the_proof(self, dialled, monkeypatch, user):
        leading(monkeypatch, ["169.254.169.254"])
        with pytest.raises(proving.LedInside):
            self.prove(user, monkeypatch)
        assert dialled == [] and not Webhook.objects.get().is_on

    def test_a_name_that_was_proved_and_leads_inside_now_is_not_called(self, dialled, monkeypatch):
        case = licensed()
        leading(monkeypatch, [OUTSIDE], *[["10.0.0.1"]] * 9)
        self.prove(case.applicant, monkeypatch)
        turned()
        assert dialled == [OUTSIDE]
        rows = Delivery.objects.filter(channel="webhook")
        assert {row.fault for row in rows} == {Fault.REFUSED}

    def test_a_host_inside_that_the_installation_names_is_called(
        self, dialled, monkeypatch, settings, user
    ):
        settings.WEBHOOK_INNER_HOSTS = [tls_server.HOST]
        leading(monkeypatch, ["10.0.0.1"])
        self.prove(user, monkeypatch)
        assert dialled == ["10.0.0.1"] and Webhook.objects.get().is_on


def test_the_sandboxs_receivers_are_given_a_secret_on_its_page(client):
    address = reverse("sandbox")
    assert client.post(address, {"secret": "none"}).status_code == 200
    secret = signing.new_secret()
    assert client.post(address, {"secret": secret}).url == address
    assert receivers._secrets() == [secret]
