"""/counter/: the helper's pages, the second screen, and the account taken over at home."""

from django.urls import path

from services.counter import claim_views, looks, screen_views, views

app_name = "counter"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("code/", views.code, name="code"),
    path("visitors/<uuid:uid>/", views.visitor, name="visitor"),
    path("visitors/<uuid:uid>/<str:ref>/", views.go_on, name="go-on"),
    path("filings/<uuid:uid>/", views.filing, name="filing"),
    path("filings/<uuid:uid>/screen/", views.screen_code, name="screen-code"),
    path("filings/<uuid:uid>/paper/", views.paper, name="paper"),
    path("filings/<uuid:uid>/end/", views.end, name="end"),
    path("looks/", looks.listed, name="looks"),
    path("looks/<uuid:uid>/", looks.picture, name="look"),
    path("screen/", screen_views.screen, name="screen"),
    path("screen/live/", screen_views.live, name="live"),
    path("screen/sign/", screen_views.sign, name="sign"),
    path("screen/ask/", screen_views.ask, name="ask"),
    path("screen/submit/", screen_views.submit, name="submit"),
    path("screen/resubmit/<str:department>/", screen_views.resubmit, name="resubmit"),
    path("screen/leave/", screen_views.leave, name="leave"),
    path("claim/", claim_views.claim, name="claim"),
    path("claim/code/", claim_views.claim_code, name="claim-code"),
]
