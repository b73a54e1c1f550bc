from django.urls import path

from portal.pages import (
    components,
    guide,
    line,
    rare_characters,
    sandbox,
    sandbox_site,
    services,
    standards,
    verifying,
    views,
    well_known,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("guide/", guide.guide, name="guide"),
    path("guide/sheet.pdf", guide.sheet, name="guide-sheet"),
    path("guide/samples/<str:kind>.pdf", guide.sample, name="guide-sample"),
    path("standards/", standards.standards, name="standards"),
    path("standards/<str:part>/<int:number>/", standards.version, name="standards-version"),
    path(
        "standards/<str:part>/<int:number>/since/<int:since>/",
        standards.since,
        name="standards-since",
    ),
    path("line/", line.line, name="line"),
    path("services/", services.services, name="services"),
    path("progress/", views.progress, name="progress"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/certificates/<slug:zone>.crt", verifying.certificate, name="certificate"),
    path("verify/<str:code>/", verifying.verified, name="verified"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("sandbox/", sandbox.page, name="sandbox"),
    path("sandbox/site/", sandbox_site.page, name="sandbox-site"),
    path("fonts/rare/<str:code>.woff", rare_characters.font, name="rare-character"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("size/", views.size, name="size"),
    path("components/", components.components, name="components"),
]
