"""The press: a process that makes PDFs of our own HTML by WeasyPrint, one after the other, with a limit of memory.

`kernel.papers.documents` starts it and ends it when it takes too long; here is what may be long, large and wrong, and
nothing of the portal: no settings, no secrets, no database. What it is given on the standard input (a length of eight
bytes, then the HTML) it answers on the standard output: a sign that it worked or not, a length, the PDF or the fault.
It loads fonts and style sheets once (a cold start costs a second, a warm licence a third of one) and says then that it
is ready. Nothing but this project's own static files is ever read: no network, no other path.
"""

import resource
import struct
import sys
import traceback
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
DRAWING = "data:image/png;base64,"  # a picture that the page brings along; texts of facts are escaped and can't
SHEETS = ("fonts.css", "paper.css", "licence.css")
MEMORY = (
    1536 * 1024 * 1024
)  # bytes of address space; the longest paper that may be filed takes a third
MADE, FAILED = b"+", b"-"
LENGTH = struct.Struct(">Q")


def prepared():
    """Fetcher, fonts and style sheets."""
    from PIL import ImageFile
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    # WeasyPrint allows half pictures everywhere; uploads must be whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False

    class OwnFiles(URLFetcher):
        def fetch(self, url, headers=None):
            if not url.startswith((DRAWING, STATIC.as_uri() + "/")) or ".." in url:
                raise ValueError(f"papers read their own files only, not {url}")
            return super().fetch(url, headers)

    fetcher, fonts = OwnFiles(allowed_protocols=["file", "data"]), FontConfiguration()
    sheets = [
        CSS(filename=STATIC / "print" / name, font_config=fonts, url_fetcher=fetcher)
        for name in SHEETS
    ]
    return fetcher, fonts, sheets


def laid_out(html: str, fetcher, fonts, sheets):
    """The pages (WeasyPrint's Document)."""
    from weasyprint import HTML

    source = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
    return source.render(font_config=fonts, stylesheets=sheets)


def main() -> None:
    """Until the standard input ends: with the process that started it, which may give another limit of memory."""
    memory = int(sys.argv[1]) if len(sys.argv) > 1 else MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    ready = prepared()
    _answer(answers, MADE, b"")
    while head := given.read(LENGTH.size):
        html = given.read(LENGTH.unpack(head)[0]).decode()
        try:
            _answer(answers, MADE, laid_out(html, *ready).write_pdf())
        except Exception:  # the paper's, not the press's: the next one may well be made
            _answer(answers, FAILED, traceback.format_exc().encode())


def _answer(answers, sign: bytes, content: bytes) -> None:
    answers.write(sign + LENGTH.pack(len(content)) + content)
    answers.flush()


if __name__ == "__main__":
    main()
