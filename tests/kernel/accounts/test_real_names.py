"""The real-name gateway: match, mismatch, and an answer that doesn't come, from the sandbox and over HTTP."""

import logging

import pytest

from kernel.accounts import real_names
from kernel.accounts.real_names import SYSTEM, Answer, judge
from kernel.core import external_systems, sandbox
from portal.demo.people import known
from tests import stub_server
from tests.filings import resident_id

NUMBER = resident_id("19900101", 101)


@pytest.fixture
def stub(settings):
    with stub_server.running() as server:
        settings.REAL_NAME_GATEWAY, settings.REAL_NAME_GATEWAY_TOKEN = server.address, "token"
        real_names.gateway.connect(real_names.Http())
        yield server
        real_names.gateway.connect(None)


class TestSandbox:
    def test_it_knows_the_people_of_the_demonstration_with_their_phones(self):
        name, number, phone = known()[0]
        assert judge(name, number) is Answer.MATCH and judge(name, number, phone) is Answer.MATCH
        assert judge(f" {name} ", number.lower(), phone) is Answer.MATCH
        assert judge(name, number, "13900000001") is Answer.MISMATCH, "who has the card alone"
        assert judge("赵六", number) is Answer.MISMATCH
        assert judge("赵六", NUMBER, phone) is Answer.MISMATCH, "a phone that is another's"

    def test_of_others_it_learns_the_name_and_holds_to_it(self):
        assert judge("赵六", NUMBER) is Answer.MATCH
        assert judge("钱七", NUMBER) is Answer.MISMATCH
        assert judge("赵六", NUMBER) is Answer.MATCH

    def test_where_the_phone_is_not_to_be_asked_it_is_not(self, settings):
        settings.REAL_NAME_WITH_PHONE = False
        name, number, _phone = known()[0]
        assert judge(name, number, "13900000001") is Answer.MATCH

    def test_it_may_be_away_and_slow(self, monkeypatch):
        sandbox.make(SYSTEM, sandbox.Behaviour.AWAY)
        assert judge("赵六", NUMBER) is Answer.UNAVAILABLE
        monkeypatch.setattr(external_systems, "PATIENCE", 0.01)
        monkeypatch.setattr(sandbox, "SLOW", 0.2)
        sandbox.make(SYSTEM, sandbox.Behaviour.SLOW)
        assert judge("赵六", NUMBER) is Answer.UNAVAILABLE
        external_systems._hanging[SYSTEM].join()


class TestHttp:
    def test_it_is_asked_once_with_what_the_person_typed(self, stub):
        for match, answer in ((True, Answer.MATCH), (False, Answer.MISMATCH)):
            stub.answer = {"match": match}
            assert judge("赵六", NUMBER, "13900000001") is answer
        question = {"name": "赵六", "id_number": NUMBER, "phone": "13900000001"}
        assert stub.asked == [question] * 2
        assert {sent["Authorization"] for sent in stub.headers} == {"Bearer token"}

    @pytest.mark.parametrize(
        "garbage",
        [
            b"",
            b"<html>",
            b"[true]",
            b"true",
            b'{"match": "yes"}',
            b'{"match": 1}',
            b'{"matched": true}',
            b"[" * 50_000,
            b'{"match": true}' + b" " * 70_000,
            b"\xff\xfe",
        ],
    )
    def test_what_is_no_answer_is_no_match(self, stub, garbage):
        stub.answer = garbage
        assert judge("赵六", NUMBER) is Answer.UNAVAILABLE

    @pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
    def test_an_error_is_no_answer(self, stub, status):
        stub.answer, stub.status = {"match": True}, status
        assert judge("赵六", NUMBER) is Answer.UNAVAILABLE

    def test_it_sends_nobody_elsewhere(self, stub):
        with stub_server.running() as other:
            other.answer = {"match": True}
            stub.status, stub.more = 307, {"Location": other.address}
            assert judge("赵六", NUMBER) is Answer.UNAVAILABLE and not other.asked

    def test_one_that_hangs_holds_up_nobody_for_long(self, stub, monkeypatch):
        monkeypatch.setattr(external_systems, "PATIENCE", 0.05)
        stub.answer, stub.hangs = {"match": True}, True
        assert judge("赵六", NUMBER) is Answer.UNAVAILABLE
        stub.let.set()
        external_systems._hanging[SYSTEM].join()
        assert judge("赵六", NUMBER) is Answer.MATCH, "late is too late, and the next is asked anew"

    def test_one_that_is_not_there_is_away(self, stub, settings):
        with stub_server.running() as server:
            settings.REAL_NAME_GATEWAY = server.address
        assert judge("赵六", NUMBER) is Answer.UNAVAILABLE

    def test_nothing_that_was_asked_is_logged(self, stub, caplog):
        stub.answer = b"<html>"
        with caplog.at_level(logging.DEBUG):
            judge("赵六", NUMBER, "13900000001")
        assert caplog.records and not any(
            word in caplog.text for word in ("赵六", NUMBER, "13900000001")
        )


@pytest.mark.parametrize("address", ["http://names.example/", "names.example", "ftp://a/b", ""])
def test_personal_data_goes_by_https_alone(settings, stub, address):
    settings.REAL_NAME_GATEWAY = address
    assert judge("赵六", NUMBER) is Answer.UNAVAILABLE and not stub.asked
