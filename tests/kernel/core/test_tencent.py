"""Texts by Tencent Cloud: its own library against a server of ours, which answers as Tencent's documentation does."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from tencentcloud.sms.v20210111 import errorcodes

from kernel.core import gateways
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.core.text_messages import carriers, tencent
from kernel.core.text_messages.receipts import Receipt
from kernel.core.text_messages.sending import send
from kernel.core.text_messages.wording import Kind
from portal.notices import receipts, sending_out
from portal.notices.models import Delivery
from tests import driving, factories, stub_server
from tests.factories import MORNING

ANSWERS = json.loads((Path(__file__).parents[2] / "data/tencent_sms.json").read_text())
PHONE, KEY = "13800001111", "notices:1"
TEXT = carriers.Text("returned", "Correct it", {"link": "https://portal.example/messages/7/"})
pytestmark = pytest.mark.django_db


def answer(name: str, code: str = "") -> dict:
    return json.loads(json.dumps(ANSWERS[name]).replace("CODE", code))


@pytest.fixture
def stub(settings, travel, monkeypatch):
    travel(MORNING)
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    settings.SITE_ADDRESS = "https://portal.example"
    settings.TENCENT_SMS_ID, settings.TENCENT_SMS_KEY = "id", "key"
    settings.TENCENT_SMS_APP, settings.TENCENT_SMS_SIGN = "1400006666", "开办企业"
    settings.TENCENT_SMS_TEMPLATES = {
        "register": "1110:code/minutes",
        "returned": "1111:link",
        "licensed": "1112:link",
    }
    with stub_server.running() as server:
        settings.TENCENT_SMS_ADDRESS = server.address.rstrip("/")
        server.more = {"Content-Type": "application/json"}
        server.answer = answer("taken")
        carriers.carrier.connect(tencent.Tencent())
        yield server
        carriers.carrier.connect(None)


def sent(again: bool = False) -> None:
    carriers.carrier().send(phone=PHONE, text=TEXT, key=KEY, again=again)


def test_the_approved_template_is_sent_with_what_stands_in_its_gaps(stub):
    sent()
    (asked,), (headers,) = stub.asked, stub.headers
    assert asked == {
        "PhoneNumberSet": ["+8613800001111"],
        "SmsSdkAppId": "1400006666",
        "SignName": "开办企业",
        "TemplateId": "1111",
        "TemplateParamSet": ["messages/7/"],
        "SessionContext": KEY,
    }
    assert headers["X-TC-Action"] == "SendSms" and headers["X-TC-Version"] == "2021-01-11"
    assert headers["Authorization"].startswith("TC3-HMAC-SHA256 Credential=id/")


def test_a_code_goes_by_the_outbox(stub):
    send(Kind.REGISTER, PHONE, {"code": "123456", "minutes": 10}, MORNING + timedelta(minutes=10))
    assert delivery.deliver() == 1 and Message.objects.get().state == "told"
    assert stub.asked[0]["TemplateParamSet"] == ["123456", "10"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("FailedOperation.PhoneNumberInBlacklist", carriers.NumberRefused),
        ("InvalidParameterValue.IncorrectPhoneNumber", carriers.NumberRefused),
        ("FailedOperation.ContainSensitiveWord", carriers.TextRefused),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", carriers.Busy),
        ("LimitExceeded.DeliveryFrequencyLimit", carriers.Busy),
        ("LimitExceeded.PhoneNumberDailyLimit", carriers.Full),
        ("LimitExceeded.AppDailyLimit", carriers.Full),
        ("FailedOperation.SignatureIncorrectOrUnapproved", carriers.NotSetUp),
        ("FailedOperation.TemplateUnapprovedOrNotExist", carriers.NotSetUp),
        ("FailedOperation.InsufficientBalanceInSmsPackage", carriers.NotSetUp),
        ("InternalError.Timeout", gateways.Away),
        ("Something.New", gateways.Away),
    ],
)
def test_each_way_of_turning_a_text_away_is_told_apart(stub, code, kind, caplog):
    stub.answer = answer("turned away", code)
    with pytest.raises(kind) as raised:
        sent()
    assert type(raised.value) is kind and code in [row.kind for row in caplog.records]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("RequestLimitExceeded", carriers.Busy),
        ("AuthFailure.SignatureFailure", carriers.NotSetUp),
        ("UnauthorizedOperation.ServiceSuspendDueToArrears", carriers.NotSetUp),
        ("InvalidParameterValue.SdkAppIdNotExist", carriers.NotSetUp),
        ("InternalError", gateways.Away),
    ],
)
def test_an_error_of_the_whole_call_is_too_and_nobody_is_named(stub, code, kind):
    stub.answer = answer("error", code)
    with pytest.raises(kind) as raised:
        sent()
    assert type(raised.value) is kind and PHONE not in str(raised.value)
    assert raised.value.__cause__ is None


def test_every_code_of_the_library_is_judged():
    codes = [code for name, code in vars(errorcodes).items() if name.isupper()]
    known = tuple(start for start, _kind in tencent.ERRORS)
    assert len(codes) > 80 and not [code for code in codes if not code.startswith(known)]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"garbage", 200, gateways.Unreadable),
        ({}, 200, gateways.Unreadable),
        (ANSWERS["nothing"], 200, gateways.Unreadable),
        (ANSWERS["taken"], 502, gateways.Away),
    ],
)
def test_what_is_no_yes_is_not_called_taken(stub, body, status, kind):
    stub.answer, stub.status = body, status
    with pytest.raises(kind):
        sent()


def test_one_that_hangs_is_left(stub, monkeypatch):
    monkeypatch.setattr(tencent, "PATIENCE", 0.2)
    stub.hangs = True
    with pytest.raises(gateways.Away):
        sent()


@pytest.mark.parametrize("kind", ["nobody", "register"])
def test_a_text_without_template_or_with_other_gaps_waits_for_people(stub, kind):
    text = carriers.Text(kind, "…", {"link": "…"})
    with pytest.raises(carriers.NotSetUp):
        carriers.carrier().send(phone=PHONE, text=text, key=KEY)
    assert not stub.asked


def test_a_repeat_asks_first_whether_it_was_taken(stub):
    stub.answers = {"PullSmsSendStatusByPhoneNumber": answer("receipts")}
    sent(again=True)
    assert [headers["X-TC-Action"] for headers in stub.headers] == [
        "PullSmsSendStatusByPhoneNumber"
    ]
    assert stub.asked[0]["PhoneNumber"] == "+8613800001111"
    assert stub.asked[0]["EndTime"] == int(MORNING.timestamp())
    stub.answers = {"PullSmsSendStatusByPhoneNumber": answer("no receipts")}
    sent(again=True)
    assert stub.headers[-1]["X-TC-Action"] == "SendSms", "nobody knows of it: it goes again"


def test_receipts_are_asked_for_and_those_without_a_key_are_said(stub, caplog):
    stub.answer = answer("receipts")
    given = carriers.carrier().receipts()
    assert given == [Receipt("notices:1", True), Receipt("notices:2", False)]
    assert stub.asked == [{"Limit": 100, "SmsSdkAppId": "1400006666"}]
    assert "without session context" in caplog.text
    stub.answer = answer("no receipts")
    assert carriers.carrier().receipts() == []


def test_a_case_is_told_taken_and_delivered(stub):
    zone = factories.ZoneFactory()
    applicant = factories.UserFactory(phone=PHONE)
    driving.at_desk(driving.staff(zone), "seals", zone=zone, applicant=applicant)
    sending_out.send_out()
    delivery.deliver()
    assert Delivery.objects.get().state == "taken"
    receipt = json.dumps(answer("receipts")).replace(KEY, stub.asked[-1]["SessionContext"])
    stub.answers = {"PullSmsSendStatus": [json.loads(receipt), answer("no receipts")]}
    assert receipts.ask() == 1 and Delivery.objects.get().state == "delivered"


@pytest.mark.parametrize("name", tencent.NEEDED)
def test_it_does_not_start_without_its_settings(stub, settings, name):
    setattr(settings, name, "")
    with pytest.raises(ImproperlyConfigured, match=name):
        tencent.Tencent()


def test_phones_go_nowhere_in_the_clear(stub, settings):
    settings.TENCENT_SMS_ADDRESS = "http://sms.tencentcloudapi.com"
    with pytest.raises(ImproperlyConfigured):
        tencent.Tencent()
