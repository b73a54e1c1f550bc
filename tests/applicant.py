"""What tests of the applicant's pages share: addresses, answers as text, and a file to upload."""

from hashlib import sha256
from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kernel.applicants.draft import Draft
from kernel.cases.models import Application
from kernel.form import id_copies


def begun(web, company_type="1130") -> str:
    """A new draft's reference."""
    answer = web.post(reverse("filing:new"), {"company_type": company_type})
    return answer.url.strip("/").split("/")[-1]


def page(ref: str, section: str) -> str:
    return reverse("filing:page", args=[ref, section])


def text(answer) -> str:
    return answer.content.decode()


def body(answer) -> bytes:
    """The bytes of a file that was served. Read to its end, it is closed by the client, and the connection spared."""
    return b"".join(answer.streaming_content)


def status(client, url: str) -> int:
    answer = client.get(url)
    if answer.streaming:
        body(answer)
    return answer.status_code


def stored(ref: str) -> Application:
    return Application.objects.by_number(ref).select_related("zone").get()


def draft(ref: str) -> Draft:
    return Draft(stored(ref))


def cards(ref: str) -> dict[str, SimpleUploadedFile]:
    """A photo for each side of each identity card that a draft asks for, by what the page calls its place."""
    return {
        place.name: photo(f"{place.person.uid}{place.side}")
        for place in id_copies.places(draft(ref).filing)
    }


def photo(of: str, name="card.jpg") -> SimpleUploadedFile:
    """A picture that differs from that of anything else."""
    digest = sha256(of.encode()).digest()
    picture = Image.frombytes("RGB", (2, 3), digest[:18]).resize((40, 60), Image.Resampling.NEAREST)
    target = BytesIO()
    picture.save(target, "JPEG", quality=95)
    return SimpleUploadedFile(name, target.getvalue(), "image/jpeg")


def lease(name="lease.pdf") -> SimpleUploadedFile:
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = name  # files of two names are two files
        document.save(target)
    return SimpleUploadedFile(name, target.getvalue(), "application/octet-stream")
