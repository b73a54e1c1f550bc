"""The submit: from a draft to a case with a filing number, a check code and running clocks."""

from contextlib import contextmanager
from dataclasses import replace

from django.db import IntegrityError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from registration import deferrals, flow, founding, rights, standards
from registration.actions import straight as straight_through
from registration.actions.advance import open_wave
from registration.casework import casework
from registration.errors import Incomplete
from registration.models import Application, Event
from registration.numbers import filing_number, readable_code

NOT_COMPLETE = _("The filing is not complete yet. Correct the points below, then submit again.")


@contextmanager
def name_decided_by_the_database(sentence):
    """Of two cases that file one name at the same moment, the database lets one through; the other is told."""
    try:
        yield
    except IntegrityError as error:
        if "name" not in str(error):
            raise
        taken = _("Somebody has just filed a company of this name. Choose another.")
        raise Incomplete(sentence, [(taken, ("name.trade_name",))]) from error


def submit(*, actor, application_id: int) -> Application:
    """File the case. A second submit of the same case answers with the same case and does nothing.

    Raises Incomplete with everything that is wrong, all at once.
    """
    with name_decided_by_the_database(NOT_COMPLETE), casework(application_id, actor) as case:
        rights.require_applicant(actor, case.application)
        if case.application.state == flow.DRAFT:
            _file(case)
    return case.application


def require_signatures(case, sentence) -> None:
    """Where the zone wants the papers signed first. Raises Incomplete with everybody who hasn't."""
    if case.application.zone.setting("signatures_required") and (missing := founding.unsigned(case)):
        raise Incomplete(sentence, [(_said(signer), ()) for signer in missing])


def _said(signer: founding.Signer) -> str:
    who = {"name": signer.person.name}
    if signer.changed:
        return _("%(name)s signed an earlier text: the papers have changed since. Ask for the signature again.") % who
    return _("%(name)s has not signed yet. Send the signing link, and submit once the papers are signed.") % who


def _file(case) -> None:
    application = case.application
    version = standards.current(localdate(case.at))
    # Whether the name is free is decided by the database when it is written; who must correct hears of it all the same.
    findings = standards.evaluate(replace(case.filing, holds_name=True), version)
    if deferrals.unmet(application, findings):
        failed = deferrals.unmet(application, standards.evaluate(case.filing, version))
        raise Incomplete(NOT_COMPLETE, [(finding.sentence, finding.fields) for finding in failed])
    require_signatures(case, NOT_COMPLETE)
    application.filing_number = filing_number(application.zone, localdate(case.at))
    application.check_code = readable_code(4)
    application.standards_version = version.number
    application.name = case.filing.name
    application.submit(case.at)
    case.begin()
    straight = straight_through.is_straight(case, version)
    promised = [finding.standard.id for finding in findings if finding.failed]
    case.record(
        Event.Kind.SUBMITTED, standards=version.number, company_type=application.company_type,
        **({"promised": promised} if promised else {}), **({"straight_through": True} if straight else {}),
    )  # fmt: skip
    open_wave(case, flow.WAVES[0])
    if straight:
        straight_through.approve(case)
