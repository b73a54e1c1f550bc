"""A worker that makes papers lets the clocks have their turn, however many papers wait."""

from kernel.cases import tasks


def test_a_turn_ends_and_the_rest_is_asked_for_again(monkeypatch):
    left, asked = list(range(5)), []
    monkeypatch.setattr(tasks, "TURN", -1.0)
    monkeypatch.setattr(tasks.issuing, "make_next", lambda: bool(left and left.pop() is not None))
    monkeypatch.setattr(tasks, "wake_papers", lambda: asked.append(True))
    assert [tasks.make_papers() for _turn in range(6)] == [1, 1, 1, 1, 1, 0]
    assert len(asked) == 5


def test_with_time_left_all_of_them_are_made(monkeypatch):
    left = list(range(5))
    monkeypatch.setattr(tasks.issuing, "make_next", lambda: bool(left and left.pop() is not None))
    assert tasks.make_papers() == 5
