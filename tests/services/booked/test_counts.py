"""Every count by hand: two days with bookings of each end, the green channel by ground, and who gave what."""

from services.booked import actions, counts
from services.booked.counts import Count, GreenCount
from tests import factories
from tests.services.booked import had
from tests.services.booked.had import at


def test_bookings_by_kind_and_day(zone, travel):
    had.diary(zone, "window", places=2, windows=[["10:00", "12:00"]])  # 4 times of 2 places
    helper = had.helper(zone, real_name="叶宁")
    done, missed, gone, moved, ahead = (
        had.ask(zone, "window", factories.UserFactory(), begins_at=when)
        for when in (at(10), at(10), at(10, 30), at(11), at(11, day=19))
    )
    actions.cancel_service(actor=gone.applicant, request_id=gone.pk)
    actions.move_service(actor=moved.applicant, request_id=moved.pk, begins_at=at(10, day=19))
    travel(at(10, 5))
    actions.arrive(actor=helper, request_id=done.pk)
    travel(at(10, 35))
    actions.finish(actor=helper, request_id=done.pk, outcome="settled")
    actions.miss(actor=helper, request_id=missed.pk)
    first, second = at(0).date(), at(0, day=19).date()
    rows = {(row.kind, row.day): row.count for row in counts.by_day(zone, first, second)}
    assert set(rows) == {("window", first), ("window", second)}
    assert rows["window", first] == Count(
        asked=3, done=1, cancelled=1, no_show=1, capacity=8, taken=1, wait_hours=0.8
    )
    assert rows["window", second] == Count(asked=2, open=2, capacity=8, taken=2)
    both = counts.by_kind(zone, first, second)["window"]
    assert (both.asked, both.done, both.capacity, both.taken) == (5, 1, 16, 3)
    assert both.share_taken == 3 / 16
    assert counts.by_kind(zone, first, second)["home"] == Count()
    assert ahead.state == "confirmed"
    (load,) = counts.helpers(zone, first, second)
    assert (load.name, load.assigned, load.done, load.minutes) == ("叶宁", 1, 1, 30)
    assert counts.helpers(zone, second, second) == []
    other = factories.ZoneFactory(code="other")
    assert counts.by_day(other, first, second) == []


def test_the_green_channel_by_ground_and_decision(zone):
    supervisor = factories.supervisor(zone)
    requests = []
    for ground in ("talent", "talent", "talent", "difficulty"):
        case = factories.filed(zone=zone)
        requests.append(had.green(zone, case.applicant, case, ground=ground))
    actions.agree(actor=supervisor, request_id=requests[0].pk)
    actions.refuse(actor=supervisor, request_id=requests[1].pk, reason="证明已过期")
    actions.cancel_service(actor=requests[2].applicant, request_id=requests[2].pk)
    day = at(0).date()
    assert counts.green(zone, day, day) == [
        GreenCount("difficulty", asked=1, granted=0, refused=0, cancelled=0, open=1),
        GreenCount("talent", asked=3, granted=1, refused=1, cancelled=1, open=0),
    ]
    assert counts.green(zone, at(0, day=19).date(), at(0, day=20).date()) == []


def test_wishes_count_once_they_are_more(zone):
    evening = had.session(zone)
    had.ask(zone, "extended", factories.UserFactory(), session=evening)
    day, last = at(0).date(), at(0, day=20).date()
    assert counts.by_kind(zone, day, last)["extended"] == Count()
    actions.open_session(actor=factories.supervisor(zone), session_id=evening.pk)
    assert counts.by_kind(zone, day, last)["extended"] == Count(
        asked=1, open=1, capacity=8, taken=1
    )
