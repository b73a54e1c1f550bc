"""What services say, inside the transaction that recorded it.

`service_moved`: `sender` is `ServiceRequest`, `request` as it stands now, `event` the `ServiceEvent` just written. A
listener that raises undoes the change.
"""

from django.dispatch import Signal

service_moved = Signal()
