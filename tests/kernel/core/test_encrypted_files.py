"""Files as they lie on disk: nothing of them is readable there, and none that was touched is read."""

import io
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from kernel.core import encrypted_files as files

NAME = "materials/0b6e/1.pdf"
SIZES = [
    0,
    1,
    files.CHUNK - 1,
    files.CHUNK,
    files.CHUNK + 1,
    2 * files.CHUNK,
    2 * files.CHUNK + 7,
]
MARKER = b"370303199001011234"


def stored(content: bytes, name: str = NAME) -> io.BytesIO:
    parts = (content[at : at + 1000] for at in range(0, len(content), 1000))
    return io.BytesIO(b"".join(files.sealed(parts, name)))


def content(size: int) -> bytes:
    return (MARKER * (size // len(MARKER) + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_kept_is_read_again_and_not_readable_without(size):
    kept = stored(content(size))
    assert MARKER not in kept.getvalue()
    assert files.plain_size(io.BytesIO(kept.getvalue())) == size
    assert files.opened(kept, NAME).read() == content(size)


@given(st.integers(0, 3 * files.CHUNK), st.integers(0, 2 * files.CHUNK))
def test_any_part_of_a_file_is_read_by_itself(start, length):
    plain = content(2 * files.CHUNK + 7)
    opened = files.opened(stored(plain), NAME)
    opened.seek(start)
    assert opened.read(length) == plain[start : start + length]


def changed(kept: bytes, at: int) -> bytes:
    return kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :]


def swapped(kept: bytes) -> bytes:
    """The first two chunks the other way round."""
    begin, size = len(kept) - 7 - 16 - 2 * (files.CHUNK + 16), files.CHUNK + 16
    return (
        kept[:begin]
        + kept[begin + size : begin + 2 * size]
        + kept[begin : begin + size]
        + kept[begin + 2 * size :]
    )


@pytest.mark.parametrize(
    "touch",
    [
        lambda kept: changed(kept, len(kept) // 2),
        lambda kept: changed(kept, -1 + len(kept)),
        lambda kept: changed(kept, kept.index(b"\n") + 20),
        lambda kept: kept[: -7 - 16],  # whole chunks are left
        lambda kept: kept[:-1],
        lambda kept: kept[:100],
        lambda kept: kept + bytes(40),
        swapped,
    ],
    ids=["chunk", "end", "key", "chunk-cut", "byte-cut", "beginning-only", "joined", "swapped"],
)
def test_a_touched_file_is_not_read(touch):
    kept = touch(stored(content(2 * files.CHUNK + 7)).getvalue())
    with pytest.raises(files.Unreadable):
        files.opened(io.BytesIO(kept), NAME).read()


def test_a_file_under_anothers_name_is_not_read():
    with pytest.raises(files.Unreadable, match="another's name"):
        files.opened(stored(b"front of one"), "materials/0b6e/2.pdf")


def test_without_its_key_the_file_says_which_is_missing(settings):
    kept = stored(b"%PDF")
    with override_settings(FIELD_KEYS={"k9": os.urandom(32)}):
        with pytest.raises(files.Unreadable, match="k2"):
            files.opened(kept, NAME)


def test_what_was_kept_before_is_read_as_it_is():
    assert files.opened(io.BytesIO(b"%PDF-1.7 old"), NAME).read() == b"%PDF-1.7 old"


def test_the_storage_encrypts_gives_plain_sizes_and_takes_another_key(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    plain = content(files.CHUNK + 5)
    assert default_storage.save(NAME, ContentFile(plain)) == NAME
    on_disk = (tmp_path / NAME).read_bytes()
    assert MARKER not in on_disk and default_storage.size(NAME) == len(plain)
    body = on_disk[-1000:]
    with override_settings(FIELD_KEYS={"k9": os.urandom(32), **settings.FIELD_KEYS}):
        default_storage.reseal(NAME)
        assert default_storage.key_id(NAME) == "k9"
        with default_storage.open(NAME) as kept:
            assert kept.read() == plain and kept.size == len(plain)
    assert (tmp_path / NAME).read_bytes()[-1000:] == body  # only its beginning is new
    assert [path.name for path in (tmp_path / NAME).parent.iterdir()] == ["1.pdf"]


def test_a_name_that_another_took_meanwhile_leaves_both_readable(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    default_storage.save(NAME, ContentFile(b"first"))
    other = default_storage._wrapped._save(NAME, ContentFile(b"second"))
    assert other != NAME
    for name, plain in ((NAME, b"first"), (other, b"second")):
        with default_storage.open(name) as kept:
            assert kept.read() == plain
