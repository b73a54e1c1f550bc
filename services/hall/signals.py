"""What the hall says, inside the transaction that recorded it.

`turn_is_near`: `sender` is `Ticket`, `ticket` the one that is next in line now that the one before it was called; sent
once a ticket, and only for one that left a `phone`. A listener that raises undoes the call.
"""

from django.dispatch import Signal

turn_is_near = Signal()
