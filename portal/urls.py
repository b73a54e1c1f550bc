"""Every address of the portal. Each app keeps its own; the order is the order of the product's pages."""

from django.contrib import admin
from django.urls import include, path

from kernel.core.departments import departments
from portal.health import livez, readyz, sweepz
from portal.operations.metrics import metrics

handler400 = "portal.error_pages.unreadable"
handler500 = "portal.error_pages.broken"

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("sweepz", sweepz, name="sweepz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("portal.pages.urls")),
    path("", include("portal.own_account.urls")),
    path("account/", include("kernel.accounts.urls")),
    path("filings/", include("kernel.cases.urls")),
    path("", include("kernel.applicants.urls")),
    *(path(desk.path, include(desk.urls)) for desk in departments()),
    path("services/", include("services.booked.urls")),
    path("hall/", include("services.hall.urls")),
    path("reviews/", include("reviews.urls")),
    path("counter/", include("services.counter.urls")),
    path("figures/", include("portal.figures.urls")),
    path("supervision/", include("portal.supervision.urls")),
    path("proposals/", include("portal.proposals.urls")),
    path("words/", include("portal.words.urls")),
    path("messages/", include("portal.notices.urls")),
    path("api/v1/", include("portal.api")),
]
