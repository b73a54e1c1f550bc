"""What one request may carry: a form without files little, one with files more; each refusal has a sentence."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation

from kernel.core.departments import departments
from kernel.form.uploads import MOST_TOGETHER
from tests import factories

pytestmark = pytest.mark.django_db
LARGE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
TAKE_FILES = {
    "kernel.applicants.materials.page",
    "kernel.applicants.deferring.follow",
    "kernel.applicants.thread.thread",
    "kernel.desks.thread_pages.thread",
    "portal.pages.verifying.verify",
    "portal.supervision.arrangement.page",
    "registration.views.character",
    "reviews.views.leave",
    "reviews.views.leave_by_link",
    "reviews.views.leave_opened",
    "reviews.views.leave_own",
    "services.booked.views.service",
    "services.counter.views.desk",
    "seals.views.identity",
}


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["language"] = "en"


def views(resolver=None):
    """Every view of the product by its dotted name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield (
                f"{entry.callback.__module__}.{getattr(entry.callback, '__name__', '')}",
                entry.callback,
            )
        else:
            yield from views(entry)


def test_only_the_pages_that_ask_for_files_take_more_than_a_form():
    assert {name for name, view in views() if hasattr(view, "most_bytes")} == TAKE_FILES


def test_whoever_reads_files_says_how_much_is_taken():
    apps = (
        "kernel",
        "portal",
        "reviews",
        "services",
        *(one.urls.split(".")[0] for one in departments()),
    )
    readers = {
        str(path.relative_to(settings.BASE_DIR).with_suffix("")).replace("/", ".")
        for app in apps
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "request.FILES" in path.read_text()
    }
    readers -= {"portal.repeated_posts"}  # it looks at what the view has let through
    assert readers == {name.rpartition(".")[0] for name in TAKE_FILES}


@pytest.mark.parametrize(
    "address", ["/account/login/", "/register/", "/progress/", "/size/", "/i18n/setlang/"]
)
def test_a_stranger_fills_no_disk(client, address):
    sent = {"file": SimpleUploadedFile("large.bin", b"x" * LARGE)}
    answer = client.post(address, sent)
    assert answer.status_code == 413
    assert (
        "larger than the 2 MB" in answer.content.decode()
        and "Back to the page" in answer.content.decode()
    )


def test_the_api_says_it_in_json(client):
    answer = client.post("/api/v1/progress/", b"[" * LARGE, content_type="application/json")
    assert (answer.status_code, "2 MB" in answer.json()["detail"]) == (413, True)


def test_uploads_have_a_limit_together(client):
    application = factories.draft("1130")
    client.force_login(application.applicant)
    page = reverse("filing:page", args=[application.ref, "materials"])
    sent = {"note": SimpleUploadedFile("x.bin", b"x" * LARGE)}
    assert client.post(page, sent).status_code == 422, "read, and not what was asked for"
    kind = "multipart/form-data; boundary=x"
    answer = client.post(page, b"", content_type=kind, CONTENT_LENGTH=str(MOST_TOGETHER + 1))
    assert answer.status_code == 413 and "100 MB" in answer.content.decode()
    section = reverse("filing:page", args=[application.ref, "address"])
    assert (
        client.post(section, {"file": SimpleUploadedFile("x.bin", b"x" * LARGE)}).status_code == 413
    )


def test_too_many_files_and_answers_are_told(client):
    many = {
        f"f{turn}": SimpleUploadedFile("x", b"x")
        for turn in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)
    }
    fields = {f"f{turn}": "x" for turn in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    for sent in (many, fields):
        answer = client.post("/verify/", sent)
        assert answer.status_code == 413 and "Send fewer at a time" in answer.content.decode()


def test_the_limit_stands_before_whatever_reads_a_form():
    order = settings.MIDDLEWARE
    assert order.index("portal.limits.RequestSize") < order.index(
        "django.middleware.csrf.CsrfViewMiddleware"
    )


def test_in_chinese_too(client):
    client.cookies["language"] = "zh-hans"
    answer = client.post("/register/", {"file": SimpleUploadedFile("x.bin", b"x" * LARGE)})
    with translation.override("zh-hans"):
        assert translation.gettext("Too much at once") in answer.content.decode()
    assert "Too much" not in answer.content.decode()
