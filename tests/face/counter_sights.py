"""Filing at the counter as it is looked at: the helper's pages, the visitor's tablet, and the account taken over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connections

from kernel.accounts import presences
from kernel.accounts.models import Presence, Role, User
from kernel.cases import actions
from kernel.cases.models import CounterFiling
from kernel.form.uploads import check
from kernel.standards import publishing
from tests import factories
from tests.applicant import photo
from tests.face.looking import SUBMIT, Sight, at, filled, press
from tests.factories import MORNING


def visit(helper: User, filled_in: bool) -> CounterFiling:
    """A visitor whose card was looked at, and their draft."""
    factories.branch(helper.zone)
    visitor = factories.UserFactory(real_name="甄宁", phone_proved_at=None)
    draft = factories.draft("9500", applicant=visitor, zone=helper.zone)
    presence = presences.come(
        account=visitor, by=helper, how=Presence.How.CARD, picture=check(photo("card"))
    )
    if filled_in:
        factories.signed(draft)
    return actions.begin_counter_filing(
        actor=helper, presence=presence, application_id=draft.pk, ticket=""
    )


def _apart(act):
    """Done in a thread of its own: a browser's event loop runs in ours."""

    def run():
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as worker:
        return worker.submit(run).result()


def joined(filing: CounterFiling):
    """The tablet types a fresh code."""

    def then(page):
        drawn = _apart(lambda: actions.draw_screen_code(actor=filing.helper, filing_id=filing.pk))
        return filled({"code": drawn})(page)

    return then


def counter(travel) -> list[Sight]:
    travel(MORNING)
    zone = factories.ZoneFactory(phone="0533-0000-120")
    publishing.load_published()
    helper = factories.UserFactory(role=Role.HELPER, zone=zone)
    begun = visit(helper, filled_in=False)
    complete = visit(factories.UserFactory(role=Role.HELPER, zone=zone), filled_in=True)
    draft = begun.application
    # Sizes are looked at on the day after: the visits go on until then.
    CounterFiling.objects.update(used_at=MORNING + timedelta(days=2))
    return [
        Sight("counter", at("counter:desk"), helper),
        Sight("counter, wrong", at("counter:desk"), helper, then=press(SUBMIT)),
        Sight("counter: the visitor", at("counter:visitor", begun.presence.uid), helper),
        Sight("counter: the filing", at("counter:filing", begun.uid), helper),
        Sight("counter: the slip", at("counter:paper", begun.uid), helper),
        Sight("counter: a page of the form", at("filing:page", draft.ref, "name"), helper),
        Sight("counter: cards looked at", at("counter:looks"), factories.supervisor(zone)),
        Sight("second screen, the code", at("counter:screen")),
        Sight("second screen, wrong", at("counter:screen"), then=filled({"code": "AAAAAA"})),
        Sight("second screen, complete", at("counter:screen"), then=joined(complete)),
        Sight("account taken over", at("counter:claim")),
        Sight("account taken over, wrong", at("counter:claim"), then=press(SUBMIT)),
    ]
