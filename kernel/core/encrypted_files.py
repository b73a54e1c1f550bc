"""Files encrypted at rest, in chunks, so that none is ever whole in memory: what uploads and papers lie on disk as.

A file begins with a line, `portal-file:1:<key id>`, then its own data key, sealed under that key of FIELD_KEYS and
bound to the file's name, then chunks of 64 KiB, each sealed under the data key with its number and whether it is the
last. So a changed, moved, cut or joined file no longer opens, and a new key of the installation costs a new beginning,
not a new file. A file without that line was kept before files were encrypted, and is read as it is.
"""

import io
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

MARK = b"portal-file:1:"
CHUNK = 64 * 1024  # bytes of the plain file
_TAG, _NONCE, _KEY = 16, 12, 32
_LONGEST_LINE = 128


class Unreadable(OSError):
    """An encrypted file that was changed, cut or moved, or whose key is not at hand."""


def sealed(parts: Iterable[bytes], name: str) -> Iterator[bytes]:
    """A file as it is stored under `name`, from its bytes in parts of any size; a chunk is yielded at a time."""
    data_key = AESGCM.generate_key(_KEY * 8)
    yield _beginning(data_key, name)
    cipher, number, waiting = AESGCM(data_key), 0, bytearray()
    for part in parts:
        waiting += part
        while len(waiting) > CHUNK:  # what is full may still be the last
            yield cipher.encrypt(_nonce(number, last=False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(waiting), None)


def key_id(stored: BinaryIO) -> str:
    """Under which key a file lies, read from its beginning; "" for one that isn't encrypted."""
    if stored.read(len(MARK)) != MARK:
        return ""
    return stored.readline(_LONGEST_LINE).rstrip(b"\n").decode("ascii", "replace")


def resealed(stored: BinaryIO, name: str) -> Iterator[bytes]:
    """An encrypted file under the first of the keys: its data key is sealed anew, what follows stays as it is.

    Raises Unreadable."""
    yield _beginning(_data_key(stored, name), name)
    while part := stored.read(CHUNK):
        yield part


def opened(stored: BinaryIO, name: str) -> BinaryIO:
    """The plain file, to be read and sought in. Raises Unreadable, at once or while it is read."""
    if stored.read(len(MARK)) != MARK:
        stored.seek(0)
        return stored
    stored.seek(0)
    try:
        return io.BufferedReader(_Opened(stored, name), CHUNK)
    except Unreadable:
        stored.close()
        raise


def plain_size(stored: BinaryIO) -> int:
    """The bytes of the plain file, reckoned from the stored one."""
    key_line = key_id(stored)
    all_bytes = stored.seek(0, io.SEEK_END)
    if not key_line:
        return all_bytes
    body = all_bytes - len(MARK) - len(key_line) - 1 - _NONCE - _KEY - _TAG
    return body - _chunks(body) * _TAG


class _Opened(io.RawIOBase):
    """Opens one chunk at a time."""

    def __init__(self, stored: BinaryIO, name: str) -> None:
        super().__init__()
        self._stored = stored
        self._cipher = AESGCM(_data_key(stored, name))
        self._start = stored.tell()
        body = stored.seek(0, io.SEEK_END) - self._start
        self._chunks, self._size = _chunks(body), body - _chunks(body) * _TAG
        self._place, self._held, self._held_number = 0, b"", -1
        if body < _TAG:
            raise Unreadable("The file was cut.")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        from_where = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, from_where + offset)
        return self._place

    def readinto(self, buffer) -> int:
        number, start = divmod(self._place, CHUNK)
        if number >= self._chunks:
            return 0
        part = self._chunk(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        if number != self._held_number:
            self._stored.seek(self._start + number * (CHUNK + _TAG))
            raw, last = self._stored.read(CHUNK + _TAG), number == self._chunks - 1
            try:
                self._held = self._cipher.decrypt(_nonce(number, last=last), raw, None)
            except InvalidTag as error:
                raise Unreadable("The file was changed or cut.") from error
            self._held_number = number
        return self._held

    def close(self) -> None:
        self._stored.close()
        super().close()


def _beginning(data_key: bytes, name: str) -> bytes:
    current, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(_NONCE)
    line = MARK + current.encode() + b"\n"
    return line + nonce + AESGCM(key).encrypt(nonce, data_key, name.encode())


def _data_key(stored: BinaryIO, name: str) -> bytes:
    """Leaves the file where its chunks begin."""
    under = key_id(stored)
    raw = stored.read(_NONCE + _KEY + _TAG)
    if under not in settings.FIELD_KEYS:
        raise Unreadable(f"The key {under!r} of the file is not among FIELD_KEYS.")
    try:
        return AESGCM(settings.FIELD_KEYS[under]).decrypt(raw[:_NONCE], raw[_NONCE:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("The file was changed, or lies under another's name.") from error


def _nonce(number: int, last: bool) -> bytes:
    """Each is used once: the data key is this file's alone."""
    return number.to_bytes(_NONCE - 1, "big") + bytes([last])


def _chunks(body: int) -> int:
    return max(1, -(-body // (CHUNK + _TAG)))
