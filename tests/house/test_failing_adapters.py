"""Every system outside is tried as it fails: it raises, hangs, does twice what it was told once, answers too late."""

import re

import pytest
from django.conf import settings

from kernel.core import adapters
from kernel.core.departments import departments
from kernel.core.outbox import channels
from tests.house.test_tree import ROOT
from tests.kernel.core.test_outbox import HEARD, SYSTEMS

RAISES, HANGS, TWICE, LATE = "raises", "hangs", "answers twice", "answers late"
OUTBOX, ASKED = "tests/kernel/core/test_outbox.py", "tests/kernel/accounts/test_real_names.py"
SITE = "tests/kernel/accounts/test_service_site.py"
TEXTS, MAIL = "tests/kernel/core/test_text_messages.py", "tests/portal/test_notices.py"
NOTICES = "tests/portal/test_notice_channels.py"
WEBHOOKS = "tests/portal/test_webhooks.py"
SCANNED = "tests/kernel/form/test_scanning.py"
CARDS = "tests/services/hall/test_machine.py"
DISK, REDIS = "tests/portal/test_disk_full.py", "tests/house/test_redis_lost.py"
REPEATED = f"{OUTBOX}::test_an_answer_that_was_lost_is_asked_for_again_by_the_same_key"
COMES_LATE = f"{OUTBOX}::test_a_system_that_hangs_is_left_and_what_it_does_late_is_not_done_twice"
OF_A_DEPARTMENT = {
    RAISES: f"{OUTBOX}::test_the_officer_closes_while_the_system_is_away_and_it_is_told_later",
    HANGS: COMES_LATE,
    TWICE: REPEATED,
    LATE: COMES_LATE,
}
TRAIL = "tests/kernel/cases/test_trail_outside.py"
TRAIL_STORE = {
    RAISES: f"{TRAIL}::test_a_store_that_is_away_is_told_again",
    HANGS: f"{TRAIL}::test_a_store_that_hangs_is_left_and_told_again",
    TWICE: f"{TRAIL}::test_a_folder_keeps_each_root_once",
    LATE: f"{TRAIL}::test_a_store_that_hangs_is_left_and_told_again",
}
PROVINCE = "tests/reviews/test_province.py"
STAMPS = "tests/registration/test_lasting_signatures.py"
# The system → where each failure is tried, or why it can't be one.
TRIED = {
    "texts": {
        RAISES: f"{TEXTS}::test_a_carrier_that_is_away_is_tried_again",
        HANGS: f"{TEXTS}::test_a_slow_one_holds_up_nobody",
        TWICE: f"{TEXTS}::test_it_is_handed_phone_text_and_key",
        LATE: f"{TEXTS}::test_what_would_come_too_late_is_not_sent",
    },
    "notices": {
        RAISES: f"{NOTICES}::test_one_that_is_down_for_ten_minutes_loses_nothing_and_says_nothing_twice",
        HANGS: f"{TEXTS}::test_a_slow_one_holds_up_nobody",
        TWICE: f"{NOTICES}::test_an_answer_that_was_lost_is_not_said_twice",
        LATE: f"{NOTICES}::test_a_late_receipt_and_one_that_never_comes",
    },
    "real_names": {
        RAISES: f"{ASKED}::test_an_error_is_no_answer",
        HANGS: f"{ASKED}::test_one_that_hangs_holds_up_nobody_for_long",
        TWICE: "It is asked and told nothing: to ask again changes nothing.",
        LATE: f"{ASKED}::test_one_that_hangs_holds_up_nobody_for_long",
    },
    "service_site": {
        RAISES: f"{SITE}::test_a_site_in_trouble_is_away",
        HANGS: f"{SITE}::test_one_that_hangs_holds_up_nobody_for_long",
        TWICE: "It is asked and told nothing: to ask again changes nothing.",
        LATE: f"{SITE}::test_one_that_hangs_holds_up_nobody_for_long",
    },
    "card_readers": {
        RAISES: f"{CARDS}::test_no_card_and_a_reader_that_is_away_are_said",
        HANGS: f"{CARDS}::test_a_reader_that_hangs_is_left",
        TWICE: "It is asked and told nothing: to ask again changes nothing.",
        LATE: f"{CARDS}::test_a_reader_that_hangs_is_left",
    },
    "scanner": {
        RAISES: f"{SCANNED}::test_a_daemon_that_is_away_keeps_files_out",
        HANGS: f"{SCANNED}::test_one_that_hangs_is_left",
        TWICE: "It is asked and told nothing: to ask again changes nothing.",
        LATE: f"{SCANNED}::test_one_that_hangs_is_left",
    },
    "courier": OF_A_DEPARTMENT,  # tried among them
    "e-mail": {
        RAISES: f"{MAIL}::test_a_mail_server_that_is_away_is_tried_again_with_the_same_id",
        HANGS: f"{MAIL}::test_a_mail_server_that_hangs_is_left",
        TWICE: f"{MAIL}::test_a_mail_server_that_is_away_is_tried_again_with_the_same_id",
        LATE: f"{MAIL}::test_a_mail_server_that_hangs_is_left",
    },
    "mail-codes": {
        RAISES: f"{MAIL}::test_a_mail_server_that_is_away_is_tried_again_with_the_same_id",
        HANGS: f"{MAIL}::test_a_mail_server_that_hangs_is_left",
        TWICE: f"{MAIL}::test_a_mail_server_that_is_away_is_tried_again_with_the_same_id",
        LATE: "tests/portal/test_proving_mail.py::"
        "test_a_code_is_good_for_ten_minutes_and_is_not_sent_after_them",
    },
    "webhook": {
        RAISES: f"{WEBHOOKS}::test_one_that_is_away_for_ten_minutes_is_told_once_it_is_back",
        HANGS: f"{WEBHOOKS}::test_one_that_hangs_holds_up_no_other",
        TWICE: f"{WEBHOOKS}::test_a_message_whose_answer_was_lost_comes_again_with_its_id",
        LATE: "tests/kernel/core/test_guarded_http.py::test_one_that_speaks_slowly_is_left",
    },
    "timestamps": {
        RAISES: f"{STAMPS}::test_without_a_stamp_that_counts_the_paper_waits_and_the_case_goes_on",
        HANGS: f"{STAMPS}::test_one_that_hangs_is_left",
        TWICE: "It is asked and told nothing: to ask again changes nothing.",
        LATE: f"{STAMPS}::test_one_that_hangs_is_left",
    },
    "trail": TRAIL_STORE,
    "trail-store": TRAIL_STORE,
    "trail-mail": {
        RAISES: f"{TRAIL}::test_a_mail_server_that_is_away_is_tried_again_with_the_same_id",
        HANGS: f"{MAIL}::test_a_mail_server_that_hangs_is_left",
        TWICE: f"{TRAIL}::test_a_mail_server_that_is_away_is_tried_again_with_the_same_id",
        LATE: f"{MAIL}::test_a_mail_server_that_hangs_is_left",
    },
    "province_reviews": {
        RAISES: f"{PROVINCE}::test_one_that_is_away_is_told_later_by_the_same_key",
        HANGS: f"{PROVINCE}::test_one_that_hangs_is_left_and_told_again",
        TWICE: f"{PROVINCE}::test_one_that_is_away_is_told_later_by_the_same_key",
        LATE: f"{PROVINCE}::test_one_that_hangs_is_left_and_told_again",
    },
    "portal.storage.EncryptedFiles": {
        RAISES: f"{DISK}::test_an_upload_is_refused_with_a_sentence_and_leaves_nothing",
        HANGS: "A disk of this machine: what hangs there, hangs the machine.",
        TWICE: f"{DISK}::test_a_file_that_is_there_stays_when_another_can_not_be_written",
        LATE: "A disk of this machine.",
    },
    "portal.cache.SpareCache": {
        RAISES: f"{REDIS}::test_the_cache_finds_and_keeps_nothing",
        HANGS: f"{REDIS}::test_publishing_gives_up_within_a_second",
        TWICE: "What is kept twice is kept once.",
        LATE: "tests/house/test_redis_lost.py::test_after_a_wake_up_in_vain_none_is_tried_for_a_while",
    },
}


def systems() -> set[str]:
    """All that the product speaks with outside its own process, but the database, without which it is nothing."""
    own = {"portal", *(app.partition(".")[0] for app in settings.INSTALLED_APPS)} - {"django"}
    from portal.settings import base

    engines = {entry["BACKEND"] for entry in [*base.CACHES.values(), *base.STORAGES.values()]}
    ours = {engine for engine in engines if engine.partition(".")[0] in own}
    return ours | set(adapters._known) | set(channels.names())


def test_every_system_outside_has_a_trial_for_each_failure():
    of_departments = {department.code for department in departments()} | HEARD.keys()
    # The cache of the tests stands in the place of production's.
    assert systems() - of_departments == TRIED.keys() - {"portal.cache.SpareCache"}
    told = set(channels.names()) - {
        "e-mail",
        "texts",
        "notices",
        "mail-codes",
        "webhook",
        "trail-store",
        "trail-mail",
        "province_reviews",
    }
    assert told == SYSTEMS.keys(), "each of these is tried by each of OF_A_DEPARTMENT"
    assert all(ways.keys() == {RAISES, HANGS, TWICE, LATE} for ways in TRIED.values())


@pytest.mark.parametrize("system", ["a department's", *TRIED])
def test_what_is_named_as_a_trial_is_one(system):
    for place in (TRIED | {"a department's": OF_A_DEPARTMENT})[system].values():
        if "::" in place:
            file, name = place.split("::")
            assert re.search(rf"^ *def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.M)
        else:
            assert place.endswith("."), "a reason"
