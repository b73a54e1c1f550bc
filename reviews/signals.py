"""What reviews tell whoever listens. Observations only: nothing in a review depends on a listener.

`review_moved`: `sender` is `Review`; `review` as it stands after the move; `events` the list of `ReviewEvent` just
written, and `clock` the kind of the clock that made it, where one did. `review_asked`: `application`, whose applicant
is asked for a review, and `request`, the `ReviewRequest`. Both are sent inside the transaction of the move: a listener
that raises undoes it.
"""

from django.dispatch import Signal

review_moved = Signal()
review_asked = Signal()
