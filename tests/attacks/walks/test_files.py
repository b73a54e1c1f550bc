"""Files that are no files: what they are called, what they unfold to, and what they would do to who opens them."""

import re
import struct
import time
import zipfile
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from kernel.cases.models import Material
from tests.attacks.server import lives

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
KIND = "address_proof"


def materials(place) -> str:
    return f"/filings/{place.berts.ref}/materials/"


def kept(place) -> set:
    return set(place.berts.materials.values_list("uid", flat=True))


def send(place, *files, field: str = KIND):
    return place.inside(place.bert).send(
        materials(place), *((field, name, content) for name, content in files)
    )


def pdf(mark: str = "", change=None) -> bytes:
    """A page of its own; `change` is called with the open document."""
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = mark or str(time.monotonic_ns())
        if change:
            change(document)
        document.save(target)
    return target.getvalue()


def taken_out(place, before: set) -> None:
    bert = place.inside(place.bert)
    for uid in kept(place) - before:
        assert bert.post(materials(place), {"remove": str(uid)}).status == 200
    assert kept(place) == before


NAMES = [
    "../../../../tmp/x.pdf",
    "..\\..\\x.pdf",
    "/etc/cron.d/x.pdf",
    "x.pdf\0.exe",
    "x.pdf%0d%0aX-Evil: 1",
    "\u202efdp.exe",
    "<img src=x onerror=alert(1)>.pdf",
    "=cmd|' /C calc'!A0.pdf",
    "a" * 900 + ".pdf",
    ".htaccess",
]


def test_no_name_of_a_file_is_a_path_or_a_header(place):
    """Held before, in six spellings. What is stored has a name of our own; what is shown is cleaned and escaped."""
    before, bert = kept(place), place.inside(place.bert)
    assert send(place, *((name, pdf(name)) for name in NAMES)).status == 200
    rows = Material.objects.filter(uid__in=kept(place) - before)
    assert len(rows) == len(NAMES)
    for row in rows:
        assert ".." not in row.file.name and row.file.name.count("/") <= 6, row.file.name
        assert len(row.filename) <= 110 and not set("/\\\0\u202e") & set(row.filename)
        answer = bert.get(f"/filings/{place.berts.ref}/materials/{row.uid}/")
        assert answer.status == 200 and answer.headers["X-Evil"] is None
        told = answer.headers["Content-Disposition"]
        assert "\r" not in told and "\n" not in told and ".." not in told
    assert "<img src=x" not in bert.get(materials(place)).html
    taken_out(place, before)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
XXE = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]><s>&e;</s>'


def packed(name: str, content: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("drawing.svg", SVG),
        ("drawing.pdf", XXE + SVG),
        ("sheet.xlsx", packed("[Content_Types].xml", XXE)),
        ("zip.pdf", packed("a.txt", b"0" * 10_000_000)),
        ("program.pdf", b"MZ\x90\0" + b"\0" * 500),
        ("shell.jpg", b"#!/bin/sh\nid\n"),
        ("code.png", b"<?php system($_GET['c']); ?>"),
        ("half.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 40),
        ("script.gif", b"GIF89a/*" + b"*/=1;alert(1)//"),
        ("pickle.pdf", b"\x80\x04\x95cos\nsystem\n(S'id'\ntR."),
    ],
)
def test_what_is_no_pdf_and_no_picture_is_refused_with_a_sentence(place, name, content):
    """Held before for two; entities in drawings and sheets, scripts and programs are new."""
    before = kept(place)
    answer = send(place, (name, content))
    assert answer.status == 422 and "root:" not in answer.text
    assert kept(place) == before


@cache
def bomb() -> bytes:
    """A PDF of some thousand bytes, of which one stream unfolds to 300 MB."""
    once, press = b"", zlib.compressobj(9)
    for _megabyte in range(300):
        once += press.compress(b"\0" * 1024 * 1024)
    twice = zlib.compress(once + press.flush(), 9)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (
        len(twice),
        twice,
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        stream,
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>"


def png_of(side: int) -> bytes:
    """A picture that says that its sides are so long, and is white."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    size = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * side) * min(side, 3000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_what_unfolds_takes_neither_memory_nor_time_of_the_portal(place):
    """Was open: a kilobyte of PDF took 500 MB of a web process. Two bombs, and others are answered meanwhile."""
    before = kept(place)
    assert len(bomb()) < 20_000
    for name, content in (("bomb.pdf", bomb()), ("wide.png", png_of(30_000))):
        began = time.monotonic()
        answer = send(place, (name, content))
        assert answer.status in (200, 422), answer.status
        assert time.monotonic() - began < 20 and lives(place.server, 5)
    assert memory_of_web(place) < 500 * 1024, "KiB"
    taken_out(place, before)


def memory_of_web(place) -> int:
    """The most that a process of the server has held, in KiB."""
    pid = place.server.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    told = [Path(f"/proc/{child}/status").read_text() for child in children]
    return max(int(re.search(r"VmHWM:\s+(\d+)", text)[1]) for text in told)


def test_what_would_run_at_who_opens_it_is_taken_out(place):
    """Was open: scripts, a program that starts, an attached file went on to the officers."""

    def arm(document):
        run = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.Root.OpenAction = run
        start = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
        document.pages[0].AA = pikepdf.Dictionary(O=start)
        document.attachments["x.exe"] = b"MZ"

    before, bert = kept(place), place.inside(place.bert)
    assert bert.send(materials(place), (KIND, "armed.pdf", pdf("armed", arm))).status == 200
    (uid,) = kept(place) - before
    answer = bert.get(f"/filings/{place.berts.ref}/materials/{uid}/")
    for word in (b"JavaScript", b"OpenAction", b"Launch", b"EmbeddedFile", b"calc.exe"):
        assert word not in answer.body, word
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"] or answer.headers[
        "Content-Disposition"
    ].startswith("attachment")
    taken_out(place, before)


def test_too_many_and_too_large_is_told_and_nothing_kept(place):
    """Was open: twenty files a request of any size. More than the page takes, in number and in bytes."""
    before = kept(place)
    assert send(place, *((f"{turn}.pdf", b"%PDF-1.4") for turn in range(45))).status == 413
    assert send(place, ("large.pdf", b"%PDF-1.4\n" + b"0" * 11_000_000)).status == 422
    for address, announced in (("/register/", 2_100_000), ("/verify/", 12_000_000)):
        told = {"Content-Length": str(announced), "Content-Type": "multipart/form-data; boundary=e"}
        assert place.stranger().ask("POST", address, b"--e", told).status == 413, address
    assert kept(place) == before


def test_no_page_that_takes_no_file_keeps_one(place):
    """Own idea: files in forms that ask for none, and under names that nobody asked for."""
    before, bert = kept(place), place.inside(place.bert)
    for address in (f"/filings/{place.berts.ref}/address/", "/account/profile/", "/messages/read/"):
        assert bert.send(address, ("photo", "x.pdf", pdf())).status < 500
    assert send(place, ("x.pdf", pdf()), field="../../etc").status in (200, 422)
    assert kept(place) == before


def test_who_verifies_a_file_learns_of_our_own_alone(place):
    """Own idea: the check of licences takes any file of anybody. It compares digests and opens nothing."""
    for content in (bomb(), SVG, b"", pdf("mine")):
        began = time.monotonic()
        answer = place.stranger().send("/verify/", ("file", "licence.pdf", content))
        assert answer.status == 422 and time.monotonic() - began < 5
    text = place.stranger().post("/verify/", {"text": "http://169.254.169.254/latest/#AAAA"})
    assert text.status == 422, "no address in a text is asked for"
