"""Papers are drawn in processes of their own, which are ended when they take too long or too much."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.papers import presses

SMALL = "<p>a</p>"
ENDLESS = "<p>" + "字" * 3_000_000  # many minutes


@pytest.fixture
def press():
    press = presses.Press()
    yield press
    press.stop()


def test_one_after_the_other_by_the_same_process(press):
    assert press.make(SMALL).startswith(b"%PDF")
    process = press.process
    assert press.make("<p>b</p>").startswith(b"%PDF") and press.process is process


def test_what_takes_too_long_is_ended_and_the_next_goes_on(press, monkeypatch):
    press.make(SMALL)
    monkeypatch.setattr(presses, "SECONDS", 1)
    began, process = time.monotonic(), press.process
    with pytest.raises(presses.TooLong):
        press.make(ENDLESS)
    assert time.monotonic() - began < 5 and process.poll() is not None
    monkeypatch.undo()
    assert press.make(SMALL).startswith(b"%PDF")


def test_one_that_stands_still_is_ended_although_it_takes_nothing_in(press, monkeypatch):
    """More than fits into the pipe, to a process that is stopped: no thread waits for ever."""
    press.make(SMALL)
    monkeypatch.setattr(presses, "SECONDS", 1)
    press.process.send_signal(signal.SIGSTOP)
    began, process = time.monotonic(), press.process
    with pytest.raises(presses.TooLong):
        press.make("<p>" + "字" * 400_000)
    assert time.monotonic() - began < 5 and process.poll() is not None


def test_what_takes_too_much_memory_ends_its_press_alone(press, monkeypatch):
    """The limit is set in the child; it is read here and made small."""
    monkeypatch.setattr(presses, "COMMAND", [*presses.COMMAND, str(300 * 1024 * 1024)])
    with pytest.raises((presses.TooLong, presses.NotPressed)):
        press.make("<p>" + "字" * 400_000)


def test_whoever_finds_all_at_work_is_told_after_a_few_seconds(monkeypatch):
    monkeypatch.setattr(presses, "PATIENCE", 0.2)
    taken = [presses._free.get() for _press in range(presses.AT_ONCE)]
    try:
        began = time.monotonic()
        with pytest.raises(presses.Busy):
            presses.made(SMALL)
        assert time.monotonic() - began < 5
    finally:
        for free in taken:
            presses._free.put(free)


def test_a_long_paper_holds_up_nobody(monkeypatch):
    with ThreadPoolExecutor(4) as people:
        list(people.map(presses.made, [SMALL] * 2))  # both have their fonts
        monkeypatch.setattr(presses, "SECONDS", 8)
        long = people.submit(presses.made, ENDLESS)
        began = time.monotonic()
        assert all(content.startswith(b"%PDF") for content in people.map(presses.made, [SMALL] * 3))
        assert time.monotonic() - began < 5
        assert isinstance(long.exception(), presses.TooLong)
