"""A worker killed while it makes a paper: the lease runs out, and one PDF with its recorded digest is left."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from kernel.cases import certificate_register
from kernel.cases.issuing import LEASE
from kernel.cases.models import Document
from kernel.cases.tasks import make_papers
from kernel.papers import certificate_authority
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

KILLED = -9
# Of the statements of one paper; the file is stored just before it is recorded.
CLAIMED, RECORDED = 'SET "leased_until"', 'SET "state"'


@pytest.fixture
def licence(zone, officers) -> Document:
    case = driving.work(REGISTRATION, officers[REGISTRATION], factories.filed(zone=zone))
    case.documents.exclude(kind="licence").update(state=Document.State.READY)
    certificate_authority.make_for_demo(zone.code, zone.authority_name)
    certificate_register.make_list()  # as every night
    return case.documents.get(kind="licence")


@pytest.mark.parametrize("last_statement, files_left", [(CLAIMED, 0), (RECORDED, 1)])
def test_a_paper_whose_maker_was_killed_is_made_once(
    licence, victims, travel, last_statement, files_left
):
    folder = Path(settings.MEDIA_ROOT) / f"documents/{licence.application.uid}"
    assert victims().do("paper", MORNING, last_statement) == KILLED
    assert len(list(folder.glob("*"))) == files_left
    licence.refresh_from_db()
    assert licence.state == Document.State.PENDING and licence.leased_until == MORNING + LEASE
    assert make_papers() == 0  # the lease still holds
    travel(MORNING + LEASE + timedelta(seconds=1))
    assert make_papers() == 1
    assert make_papers() == 0
    licence.refresh_from_db()
    assert licence.state == Document.State.READY
    with licence.file.open() as file:
        content = file.read()
    assert content.startswith(b"%PDF") and hashlib.sha256(content).hexdigest() == licence.sha256
    assert list(folder.iterdir()) == [Path(licence.file.path)], (
        "what the killed worker left is gone"
    )
