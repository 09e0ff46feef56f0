"""Something that goes on in a thread, and ends with its context."""

from __future__ import annotations

import threading

import pytest

from grader.audit.meanwhile import meanwhile


def test_the_result_is_there_when_it_is_asked_for() -> None:
    go = threading.Event()
    with meanwhile(lambda: go.wait(10), go.clear) as future:
        assert not future.done()
        go.set()
        assert future.result() is True


def test_an_exception_is_raised_where_the_result_is_asked_for() -> None:
    def fail() -> None:
        raise KeyError("no")

    with meanwhile(fail, lambda: None) as future, pytest.raises(KeyError):
        future.result()


def test_leaving_early_stops_it_and_waits_for_its_end() -> None:
    stopped, ended = threading.Event(), threading.Event()

    def act() -> None:
        assert stopped.wait(10)
        ended.set()

    with pytest.raises(KeyboardInterrupt), meanwhile(act, stopped.set):
        raise KeyboardInterrupt
    assert ended.is_set()


def test_what_is_done_is_not_stopped() -> None:
    def stop() -> None:
        raise AssertionError

    with meanwhile(lambda: 1, stop) as future:
        assert future.result() == 1
