"""What an applicant's first pages weigh as production delivers them, how long it is kept, and that nothing jumps."""

import json
import re
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import reverse

from kernel.cases import actions
from kernel.standards import publishing
from tests import factories
from tests.face.browsing import NARROW, WIDE, Mode
from tests.face.looking import Sight
from tests.factories import MORNING

LIGHT = 150_000  # bytes of a first page, everything counted
STILL = 0.01  # cumulative layout shift
YEAR = "max-age=31536000"
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 600);
})"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The static files as `collectstatic` leaves them in production: hashed and compressed."""
    from django.conf import settings
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("static")
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    with override_settings(
        STATIC_ROOT=str(folder),
        STORAGES=storages,
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_USE_FINDERS=False,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield folder


@pytest.fixture
def address(collected, transactional_db):
    """The portal behind its WSGI door, with the static files of production."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)

    def serve():
        server.serve_forever()
        connections.close_all()  # this thread's own: the test database can't be removed while one is open

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def first_pages(travel) -> list[Sight]:
    travel(MORNING)
    publishing.load_published()
    person = factories.UserFactory()
    draft = actions.begin_draft(actor=person, zone=factories.ZoneFactory(), company_type="1130")
    return [
        Sight("home", reverse("home")),
        Sight("login", reverse("login")),
        Sight("guide", reverse("guide")),
        Sight("tasks", reverse("filing:tasks", args=[draft.ref]), person),
        Sight("page", reverse("filing:page", args=[draft.ref, "name"]), person),
    ]


def test_first_pages_are_light_and_their_files_are_kept_for_a_year(visit_at, travel):
    for sight in first_pages(travel):
        visitor = visit_at(sight.user)
        answers = []
        visitor.page.on("response", lambda answer, kept=answers: kept.append(answer))
        visitor.open(sight.path)
        visitor.page.wait_for_load_state("networkidle")
        sizes = {
            answer.url: answer.request.sizes()
            for answer in answers
            if not answer.url.startswith("data:")
        }
        weights = {
            url: size["responseBodySize"] + size["responseHeadersSize"]
            for url, size in sizes.items()
        }
        assert len(weights) > 5, weights
        assert sum(weights.values()) < LIGHT, f"{sight.name}: {json.dumps(weights, indent=1)}"
        for answer in answers:
            if "/static/" in answer.url:
                kept = answer.headers["cache-control"]
                assert YEAR in kept and "immutable" in kept, answer.url
                assert re.search(r"\.[0-9a-f]{12}\.", answer.url), answer.url


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_jumps_while_a_page_comes(visit_at, travel, width):
    for sight in first_pages(travel):
        visitor = visit_at(sight.user, mode=Mode(width=width))
        visitor.open(sight.path)
        moved = visitor.page.evaluate(SHIFTS)
        assert moved < STILL, f"{sight.name} moved by {moved}"
