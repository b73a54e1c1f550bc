"""What workers do for cases. The database says what is pending; a task may run twice or never at a given try."""

from time import monotonic

from celery import shared_task

from kernel.cases import (
    actions,
    certificate_register,
    issuing,
    rounds,
    timestamp_lists,
    trail_roots,
)
from kernel.cases.wake import wake_papers

TURN = 5.0  # real seconds of one task: then the sweep of the clocks has its turn, however many papers wait


@shared_task
def make_papers() -> int:
    """Make the pending papers that no other worker has in hand, for one turn; returns how many it tried to make.

    What is left is asked for again, behind whatever else waits for a worker by then.
    """
    tried, end = 0, monotonic() + TURN
    while issuing.make_next():
        tried += 1
        if monotonic() > end:
            wake_papers()
            break
    return tried


@shared_task
def give_back_idle() -> int:
    """Put untouched cases back in line; returns how many."""
    return actions.give_back_idle()


@shared_task
def end_idle_counter_filings() -> int:
    """End the work on filings at the counter that nobody did anything at; returns how many."""
    return actions.end_idle_counter_filings()


@shared_task
def keep_waits() -> int:
    """Write down that stages no longer await their applicants, and move the appointments that came before their stages
    could open, and remind who is waited for; returns how many cases were touched."""
    return actions.end_what_has_come() + actions.make_up_for_late() + actions.remind_waiting()


@shared_task
def tell_void_signatures() -> int:
    """Tell those whose signatures a change has made void; returns how many were told."""
    return actions.tell_void()


@shared_task
def go_rounds() -> int:
    """What the departments look after every so often (`kernel.cases.rounds`); returns how much was done."""
    return rounds.go()


@shared_task
def make_trail_roots() -> int:
    """Sign and publish yesterday's root of each zone's trail; returns how many. By the worker, which has the keys."""
    return trail_roots.make_due()


@shared_task
def renew_revocation_list() -> bool:
    """Make the list of revoked certificates anew once a night, by the worker with the keys; returns whether it was."""
    return certificate_register.renew_list()


@shared_task
def fetch_revocation_lists() -> int:
    """Fetch the lists of the authorities behind a stranger's time stamps; returns how many."""
    return timestamp_lists.fetch()
