"""Every page in the sizes of real screens: nothing scrolls sideways, an officer's keys are within the screen, and no
date breaks inside itself.

1366 × 650 is a screen of 1366 × 768 less the browser's bars, 1536 × 730 one of 1920 × 1080 at 125 %, 1280 × 590 at
150 %; 320 is a page at 400 % (WCAG 1.4.10). The pages are looked at the day after, when every moment is written with
its day. `FACE_ONLY=name` looks at some pages alone.
"""

from datetime import timedelta

import pytest

from tests.face.browsing import NARROW, WIDE, Mode
from tests.face.looking import breakable, keys_out_of_sight, wider
from tests.face.sights import EVERYBODY
from tests.face.test_axe import ONLY
from tests.factories import MORNING

SIZES = [(1366, 650), (1536, 730), (1280, 590), (1024, 700), (NARROW, 844), (320, 640)]
LARGE = [(WIDE, 900), (1366, 650), (NARROW, 844)]


@pytest.mark.parametrize("kind", EVERYBODY)
def test_every_page_fits_every_screen(visit, travel, settings, kind):
    settings.ROOT_URLCONF = "tests.face.urls"
    settings.COMPONENTS = True
    visitor, found = visit(), []
    sights = [sight for sight in EVERYBODY[kind](travel) if ONLY in sight.name]
    travel(MORNING + timedelta(days=1, hours=3))
    for sight in sights:
        visitor.become(sight.user, Mode())
        visitor.page.set_viewport_size({"width": WIDE, "height": 900})
        answer = sight.opened(visitor)
        if answer.status != sight.status:
            found.append(f"{sight.name}: answered {answer.status}")
        for mode, sizes in ((Mode(), SIZES), (Mode(large=True), LARGE)):
            visitor.turn(mode)
            found += [f"{sight.name}: {said}" for said in breakable(visitor.page)]
            for width, height in sizes:
                visitor.page.set_viewport_size({"width": width, "height": height})
                seen = f"{sight.name} ({'large, ' if mode.large else ''}{width} × {height})"
                found += [
                    f"{seen}: {said}"
                    for said in [*wider(visitor.page), *keys_out_of_sight(visitor.page)]
                ]
    assert not found, "\n".join(found)
