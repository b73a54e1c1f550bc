"""What the diaries say, inside the transaction that recorded it.

`booking_changed`: `sender` is `Booking`, `booking` as it stands now, `event` the `BookingEvent` just written; the
event's `data` says more (`following.CLOSED`, the booking that follows). A listener that raises undoes the change. Not
sent for a hold that ended by itself unless a worker or another person's hold has come upon it.
"""

from django.dispatch import Signal

booking_changed = Signal()
