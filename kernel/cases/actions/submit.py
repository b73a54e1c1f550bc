"""The submit: from a draft to a case with a filing number, a check code and running clocks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel import names
from kernel.accounts import proofs
from kernel.accounts.proofs import Right
from kernel.cases import deferrals, name_claims, register, rights
from kernel.cases.actions import appointments
from kernel.cases.actions import straight as straight_through
from kernel.cases.actions.advance import open_wave
from kernel.cases.agency import filer_fault
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application, CounterFiling, Event
from kernel.cases.numbers import filing_number, readable_code
from kernel.cases.signers import judged, refusals
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import Filing
from kernel.standards import evaluation, publishing
from kernel.standards.rules.group_names import group_of

NOT_COMPLETE = _("The filing is not complete yet. Correct the points below, then submit again.")


@contextmanager
def name_decided_by_the_database(sentence) -> Iterator[None]:
    """Of two cases that file one name at the same moment, the database lets one through; the other is told."""
    try:
        yield
    except IntegrityError as error:
        if not name_claims.is_about_a_name(error):
            raise
        taken = _("Somebody has just been given this name. Choose another.")
        raise Incomplete(sentence, [(taken, ("name.trade_name",))]) from error


def submit(*, actor, application_id: int, counter: CounterFiling | None = None) -> Application:
    """File the case. A second submit of the same case answers with the same case and does nothing. `counter` is what
    the applicant files by who isn't logged in, but stands at the counter (`submit_on_screen`).

    Raises Incomplete with everything that is wrong, all at once, and NotProved for who hasn't shown who they are.
    """

    def file() -> Application:
        with locked_case(application_id, actor) as case:
            rights.require_applicant(actor, case.application)
            proofs.require(actor, Right.SUBMIT)
            if case.application.state == flow.DRAFT:
                _file(case, counter)
        return case.application

    with name_decided_by_the_database(NOT_COMPLETE):
        return name_claims.ending_expired_reservations(file, localdate(now()))


def keep_name(application: Application, filing: Filing) -> None:
    """The case holds the filing's name from now on; a name held already stays as it is, without its end."""
    application.name, application.name_reserved_until = filing.name, None
    if not filing.holds_name:
        name_claims.hold(application, filing, certain(filing.names_found))


def require_filer(case, sentence) -> None:
    """Whoever files is a founder, or the agent of the power of attorney. Raises Incomplete."""
    if fault := filer_fault(case.actor, case.filing):
        raise Incomplete(sentence, [(fault[0], (fault[1],))])


def require_nobody_refuses(case, sentence) -> None:
    """Raises Incomplete with everybody who does."""
    if refused := refusals(case):
        raise Incomplete(sentence, [(text, ()) for text in refused])


def require_signatures(filing: Filing, sentence) -> None:
    """Also where the standards in force, having been made here, don't ask for them. Raises Incomplete."""
    if filing.unsigned:
        raise Incomplete(sentence, [(row.sentence, ()) for row in filing.unsigned])


def _words_asked(filing) -> dict:
    """The words of the name that a person has to decide on, why they may stand, and by which list."""
    asking = [finding for finding in names.check(register.name_parts(filing)) if finding.asks]
    if not asking:
        return {}
    reason = filing.answer("name.word_reason") if any(finding.blocks for finding in asking) else ""
    group = group_of(filing) if any(finding.asks == names.GROUP for finding in asking) else []
    words = {
        "name_words": [word for finding in asking for word in finding.words],
        "name_reason": reason,
        "words_version": names.words().version,
    }
    return {**words, "name_group": group} if group else words


def _of_counter(application: Application, counter: CounterFiling | None) -> dict:
    """The channel is that of the submit, wherever the draft was begun; and who helped."""
    if counter is None:
        return {}
    application.channel = Application.Channel.COUNTER
    return {"counter": str(counter.uid), "helper": counter.helper_id}


def _file(case, counter: CounterFiling | None) -> None:
    application, filing = case.application, case.filing_to_hold_a_name()
    standards = publishing.current(localdate(case.at), filing.departments)
    signed = judged(case, filing)
    findings = evaluation.evaluate(signed, standards)
    if failed := deferrals.unmet(application, findings):
        raise Incomplete(NOT_COMPLETE, [(finding.sentence, finding.fields) for finding in failed])
    require_signatures(signed, NOT_COMPLETE)
    require_filer(case, NOT_COMPLETE)
    require_nobody_refuses(case, NOT_COMPLETE)
    application.filing_number = filing_number(application.zone, localdate(case.at))
    application.check_code = readable_code(6)
    try:
        appointments.book_place(case)
    except Refused as refused:
        raise Incomplete(NOT_COMPLETE, [(refused.sentence, (appointments.when(),))]) from refused
    application.standards_versions = dict(standards.numbers)
    keep_name(application, filing)
    application.submit(case.at)
    case.begin()
    straight = straight_through.is_straight(case, findings)
    promised = [finding.standard.id for finding in findings if finding.failed]
    more = {
        "promised": promised,
        "straight_through": straight,
        "similar_names": application.names_similar,
        **_words_asked(filing),
        **_of_counter(application, counter),
    }
    case.record(
        Event.Kind.SUBMITTED,
        standards_versions=standards.numbers,
        company_type=application.company_type,
        **{name: value for name, value in more.items() if value},
    )
    open_wave(case, flow.waves()[0])
    if straight:
        straight_through.approve(case)
