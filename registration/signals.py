"""What registration tells whoever listens. Observations only: nothing in a case depends on a listener.

`case_moved`: `sender` is `Application`; `application` is the locked case as it stands after the move; `events` is the
list of `Event` just written. Sent once for each action, inside its transaction: a listener that raises undoes the
action. Not sent while a draft is typed (drafts have no trail).
"""

from django.dispatch import Signal

case_moved = Signal()
