"""Having something pressed: by a process of its own (`kernel.papers.press`), which is ended when it takes too long.

Each process of the portal has its own presses, started when first needed. Whoever finds all of them at work waits a few
seconds and is then told so, so that no long paper holds up others.
"""

import atexit
import logging
import os
import selectors
import subprocess
import sys
import time
from queue import Empty, LifoQueue

from django.utils.translation import gettext_lazy as _

from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.papers import press

log = logging.getLogger(__name__)
AT_ONCE = 2  # presses of a process
PATIENCE = 5  # seconds for a free one
SECONDS = 20  # the longest paper takes two
TO_START = 60  # seconds; a busy machine may need many for the fonts
COMMAND = [sys.executable, "-I", press.__file__]
PIECE = 1 << 20  # bytes that are read at once


class Busy(Refused):
    sentence = _("Many papers are being drawn at this moment. Try again in a minute.")


class TooLong(Refused):
    sentence = _(
        "This paper takes longer to draw than any paper should, so drawing it was stopped. Shorten what was typed, or "
        "ask at the window."
    )


class NotPressed(Exception):
    """WeasyPrint failed; the text is its traceback."""


class Press:
    def __init__(self) -> None:
        self.process: subprocess.Popen | None = None
        self.pid = 0  # whose child it is: a fork has no use for it

    def make(self, html: str) -> bytes:
        """Raises TooLong and NotPressed."""
        process = self._at_hand()
        content, end = html.encode(), time.monotonic() + SECONDS
        try:
            _write(process, press.LENGTH.pack(len(content)) + content, end)
            return self._answer(process, end)
        except (TooLong, BrokenPipeError):
            self.stop()
            raise TooLong from None

    def stop(self) -> None:
        if self.process and self.pid == os.getpid():
            self.process.kill()
            self.process.communicate()
        self.process = None

    def _at_hand(self) -> subprocess.Popen:
        if self.process and self.pid == os.getpid() and self.process.poll() is None:
            return self.process
        self.stop()
        self.process = subprocess.Popen(  # noqa: S603 (our own program; it gets our own HTML alone)
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                name: os.environ[name] for name in ("HOME", "XDG_CACHE_HOME") if name in os.environ
            },
        )
        self.pid = os.getpid()
        os.set_blocking(certain(self.process.stdin).fileno(), False)  # see `_write`
        self._answer(self.process, time.monotonic() + TO_START)
        return self.process

    def _answer(self, process: subprocess.Popen, end: float) -> bytes:
        head = _read(process, 1 + press.LENGTH.size, end)
        content = _read(process, press.LENGTH.unpack(head[1:])[0], end)
        if head[:1] == press.MADE:
            return content
        raise NotPressed(content.decode())


def _write(process: subprocess.Popen, content: bytes, end: float) -> None:
    """Raises TooLong at `end`: a press that stands still takes no more than fits into the pipe; and BrokenPipeError."""
    target, left = certain(process.stdin).fileno(), memoryview(content)
    with selectors.DefaultSelector() as selector:
        selector.register(target, selectors.EVENT_WRITE)
        while left:
            if not selector.select(max(0, end - time.monotonic())):
                log.warning("a press was ended: it took nothing in")
                raise TooLong
            left = left[os.write(target, left[:PIECE]) :]


def _read(process: subprocess.Popen, length: int, end: float) -> bytes:
    """Raises TooLong at `end`, and where the press ended instead, as one does that needs too much memory."""
    source, pieces, left = certain(process.stdout).fileno(), [], length
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        while left:
            if not selector.select(max(0, end - time.monotonic())):
                log.warning("a press was ended: it took too long")
                raise TooLong
            piece = os.read(source, min(left, PIECE))
            if not piece:
                log.warning("a press ended: code %s", process.wait())
                raise TooLong
            pieces.append(piece)
            left -= len(piece)
    return b"".join(pieces)


_all = [Press() for _number in range(AT_ONCE)]
_free: LifoQueue[Press] = LifoQueue()  # the one that was used last has its fonts
for _press in reversed(_all):
    _free.put(_press)


@atexit.register
def stop_all() -> None:
    for each in _all:
        each.stop()


def made(html: str) -> bytes:
    """PDF of our own HTML. Raises Busy, TooLong and NotPressed."""
    try:
        free = _free.get(timeout=PATIENCE)
    except Empty:
        raise Busy from None
    try:
        return free.make(html)
    finally:
        _free.put(free)
