"""What a process keeps for a moment of what it read."""

from threading import Barrier, Thread

import pytest

from kernel.core import process_cache
from kernel.core.process_cache import FOREVER, cached_for


@pytest.fixture
def timer(monkeypatch):
    """`timer.now` is the time in seconds that the caches made in the test go by."""

    class Timer:
        now = 100.0

        def __call__(self):
            return self.now

    made, timer = process_cache.TTLCache, Timer()
    monkeypatch.setattr(process_cache, "TTLCache", lambda most, ttl: made(most, ttl, timer=timer))
    return timer


def reader(seconds=10, **options):
    """A function that counts its calls: (it, what it was asked)."""
    asked = []

    @cached_for(seconds, **options)
    def read(key="", answer="row"):
        """What it reads."""
        asked.append(key)
        return answer

    return read, asked


def test_it_is_read_once_in_its_seconds_and_then_again(timer):
    read, asked = reader(seconds=10)
    assert read() == read() == "row" and len(asked) == 1
    timer.now += 9
    assert read() == "row" and len(asked) == 1
    timer.now += 1
    assert read() == "row" and len(asked) == 2


def test_each_argument_has_its_own_answer(timer):
    read, asked = reader()
    assert read("a", answer=1) == 1 and read("b", answer=2) == 2 and read("a", answer=1) == 1
    assert asked == ["a", "b"]


def test_what_is_forgotten_is_read_again_at_once():
    read, asked = reader(FOREVER)
    read()
    read.forget(sender="a model", instance="a row")
    read()
    assert len(asked) == 2
    process_cache.forget_all()
    read()
    assert len(asked) == 3


def test_a_refresh_reads_it_whatever_is_kept_and_keeps_that():
    read, asked = reader()
    read()
    read.refresh()
    read()
    assert len(asked) == 2


def test_what_is_given_is_taken_for_what_was_read():
    read, asked = reader()
    read.remember("given")
    assert read() == "given" and not asked


@pytest.mark.parametrize("nothing", [None, "", ()])
def test_an_empty_answer_is_kept_only_where_it_is_said(nothing):
    anew, kept = reader(), reader(empty=True)
    for read, _asked in (anew, kept):
        assert read(answer=nothing) == read(answer=nothing) == nothing
    assert [len(asked) for _read, asked in (anew, kept)] == [2, 1]


def test_a_failure_is_not_kept():
    answers = iter([LookupError("no such row"), "row"])

    @cached_for(10)
    def read():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(LookupError):
        read()
    assert read() == "row"


def test_no_more_answers_are_kept_than_the_most():
    read, asked = reader(most=2)
    for key in ("a", "b", "c", "a"):
        read(key)
    assert asked == ["a", "b", "c", "a"]


def test_threads_may_share_it():
    read, _asked = reader(most=8)
    start, wrong = Barrier(4), []

    def use():
        start.wait()
        for turn in range(2000):
            if read(turn % 16, answer=turn % 16) != turn % 16:
                wrong.append(turn)
            if turn % 50 == 0:
                read.forget()

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_it_keeps_the_name_and_the_words_of_its_function():
    read, _asked = reader()
    assert (read.__name__, read.__doc__) == ("read", "What it reads.")
