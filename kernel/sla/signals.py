"""What the clocks say, inside the transaction that recorded it.

`clock_warned` and `clock_breached`: `sender` is `Clock`; `alarms` is a list of `Alarm` with `clock` loaded; `at` is
the moment of the sweep. Not sent for a clock that is paused or stopped, nor a second time for one level.

`clocks_reckoned`: after a calendar changed; `moved` is a list of `renewal.Moved`, each a clock whose warnings or
deadline moved, `version` the `CalendarVersion`, `at` the moment. Sent once for a clock and a version.
"""

from django.dispatch import Signal

clock_warned = Signal()
clock_breached = Signal()
clocks_reckoned = Signal()
