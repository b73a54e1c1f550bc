"""Malware in uploads is refused with its name, and so is what nobody can check."""

import socket
import struct
from io import BytesIO
from threading import Thread

import pikepdf
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from kernel.core import adapters
from kernel.core.errors import Refused
from kernel.form import scanning, uploads
from kernel.form.scanning import TEST_VIRUS, Clamd


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield
    scanning.SCANNER.connect(None)


def lease(inside: bytes = b"") -> SimpleUploadedFile:
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(target)
    return SimpleUploadedFile("lease.pdf", target.getvalue() + b"%" + inside)


@pytest.fixture
def daemon(settings):
    """`daemon(answer)`: clamd as it speaks, once; returns what it was sent."""
    opened, sent = [], []

    def answers(answer: bytes):
        listener = socket.create_server(("127.0.0.1", 0))
        opened.append(listener)
        settings.CLAMD = f"127.0.0.1:{listener.getsockname()[1]}"

        def serve():
            client, _address = listener.accept()
            with client, client.makefile("rb") as stream:
                sent.append(stream.read(len(b"zINSTREAM\0")))
                while length := struct.unpack(">I", stream.read(4))[0]:
                    sent.append(stream.read(length))
                client.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        return sent

    yield answers
    for listener in opened:
        listener.close()


def test_the_sandbox_knows_the_test_virus():
    assert uploads.check(lease()).pages == 1
    with pytest.raises(Refused, match=r"holds a virus \(Test-Virus\)"):
        uploads.check(lease(TEST_VIRUS))


def test_clamd_is_sent_the_whole_file_and_believed(daemon):
    scanning.SCANNER.connect(Clamd())
    sent = daemon(b"stream: OK\0")
    file = lease(bytes(200_000))
    content = file.read()
    file.seek(0)
    assert uploads.check(file).pages == 1
    assert sent[0] == b"zINSTREAM\0" and b"".join(sent[1:]) == content
    daemon(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
    with pytest.raises(Refused, match="Win.Test.EICAR_HDB-1"):
        uploads.check(lease())


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_what_clamd_cannot_tell_is_not_kept(daemon, answer):
    scanning.SCANNER.connect(Clamd())
    daemon(answer)
    with pytest.raises(Refused, match="can't be checked for viruses"):
        uploads.check(lease())


def test_a_daemon_that_is_away_keeps_files_out(settings):
    settings.CLAMD = "/nowhere/clamd.ctl"
    scanning.SCANNER.connect(Clamd())
    with pytest.raises(Refused, match="in a minute"):
        uploads.check(lease())


def test_one_that_hangs_is_left(settings, monkeypatch):
    monkeypatch.setattr(scanning, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD = f"127.0.0.1:{silent.getsockname()[1]}"
        scanning.SCANNER.connect(Clamd())
        with pytest.raises(Refused, match="in a minute"):
            uploads.check(lease())


def test_switching_it_off_needs_a_reason(settings):
    settings.SCANNER_OFF_REASON = " "
    with pytest.raises(ImproperlyConfigured):
        scanning.SwitchedOff()
    settings.SCANNER_OFF_REASON = "The hall's gateway scans"
    assert scanning.SwitchedOff().found(TEST_VIRUS) == ""
    assert "scanner" in adapters._known
