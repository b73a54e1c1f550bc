"""Where uploads and papers are kept: files of this machine, each whole or not there at all."""

from django.core.files.storage import FileSystemStorage


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
