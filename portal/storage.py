"""Where uploads and papers are kept: files of this machine, encrypted, each whole or not there at all."""

from pathlib import Path, PurePath

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from kernel.core import encrypted_files


class WholeFiles(FileSystemStorage):
    """A file that can't be written to its end, since the disk is full, say, leaves nothing behind."""

    def _save(self, name: str, content) -> str:
        fresh = not self.exists(name)
        try:
            return super()._save(name, content)
        except OSError:
            if fresh:
                self.delete(name)
            raise


class EncryptedFiles(WholeFiles):
    """Whoever has the disk or a copy of it has nothing to read; sizes and contents are those of the plain files."""

    def _save(self, name: str, content) -> str:
        """Bound to the name: where another took it in this very moment, sealed once more for the next one free."""
        while (saved := super()._save(name, _Sealed(content, _bound_to(name)))) != name:
            self.delete(saved)
            name = self.get_available_name(name)
        return saved

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("What is kept is read as bytes, and written by `save`.")
        return _Kept(Path(self.path(name)), name)

    def size(self, name: str) -> int:
        with Path(self.path(name)).open("rb") as stored:
            return encrypted_files.plain_size(stored)

    def key_id(self, name: str) -> str:
        """Under which key of the installation a file lies; "" for one that isn't encrypted."""
        with Path(self.path(name)).open("rb") as stored:
            return encrypted_files.key_id(stored)

    def reseal(self, name: str) -> None:
        """Put a file under the first key; whoever reads it meanwhile reads the old one to its end.

        Raises encrypted_files.Unreadable, and OSError where there is no room; the old one then stays.
        """
        place = Path(self.path(name))
        fresh = place.with_name(f".{place.name}.new")
        try:
            with place.open("rb") as stored, fresh.open("wb") as target:
                if encrypted_files.key_id(stored):
                    stored.seek(0)
                    target.writelines(encrypted_files.resealed(stored, _bound_to(name)))
                else:
                    stored.seek(0)
                    parts = iter(lambda: stored.read(encrypted_files.CHUNK), b"")
                    target.writelines(encrypted_files.sealed(parts, _bound_to(name)))
            fresh.chmod(self.file_permissions_mode or 0o640)
            fresh.replace(place)
        finally:
            fresh.unlink(missing_ok=True)


class _Kept(File):
    """A file of the storage; closed, it can be opened once more."""

    def __init__(self, place: Path, name: str) -> None:
        self._place = place
        super().__init__(encrypted_files.opened(place.open("rb"), _bound_to(name)), name)

    def open(self, mode: str | None = None) -> "_Kept":
        if self.closed:
            self.file = encrypted_files.opened(self._place.open("rb"), _bound_to(self.name))
        self.seek(0)
        return self


class _Sealed(ContentFile):
    """What is to be written, sealed while it is written."""

    def __init__(self, content: File, name: str) -> None:
        super().__init__(b"")
        self._content, self._name = content, name

    def chunks(self, chunk_size: int | None = None):
        if self._content.seekable():
            self._content.seek(0)
        parts = (
            part.encode() if isinstance(part, str) else part for part in self._content.chunks()
        )
        return encrypted_files.sealed(parts, self._name)


def _bound_to(name: str) -> str:
    return PurePath(name).as_posix()
