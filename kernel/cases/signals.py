"""What a case tells whoever listens. Observations only: nothing in a case depends on a listener.

`case_moved`: `sender` is `Application`; `application` is the locked case as it stands after the move; `events` is the
list of `Event` just written. Sent once for each action, inside its transaction: a listener that raises undoes the
action. Not sent while a draft is typed.

`cases_alarmed`: `sender` is `Application`; `moves` is a list of (case, its events), of what one step of the sweep
found, deadlines that a change of the calendar moved among it. Sent once for each step, inside its transaction: a
listener that raises undoes the step for the clocks that it fails for. What an action finds late itself is among its
own events.
"""

from django.dispatch import Signal

case_moved = Signal()
cases_alarmed = Signal()
