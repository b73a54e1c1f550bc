"""What the clocks say. Both are sent inside the transaction that recorded the alarms.

`clock_warned` and `clock_breached`: `sender` is `Clock`; `alarms` is a list of `Alarm` with `clock` loaded; `at` is
the moment of the sweep. Not sent for a clock that is paused or stopped, nor a second time for one level.
"""

from django.dispatch import Signal

clock_warned = Signal()
clock_breached = Signal()
