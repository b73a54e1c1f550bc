"""What an imported text file is written in."""

import codecs
from pathlib import Path

UTF8, GBK = "utf-8-sig", "gb18030"
CHUNK = 1 << 20  # bytes


def encoding_of(file: Path) -> str:
    """What the headings are written in: UTF-8, GBK (in its largest form), or UTF-16 with its mark. Where these are in
    plain letters, UTF-8 if the whole file is.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as raw:
        headings = raw.readline()
        if headings.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        try:
            decoder.decode(headings)
            if not headings.isascii():
                return UTF8
            while chunk := raw.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return GBK
    return UTF8
