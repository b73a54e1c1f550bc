from django.urls import path

from services.hall.views import board, calls, kiosk, kiosks, phone

app_name = "hall"
urlpatterns = [
    path("", board.board, name="board"),
    path("now/", board.fragment, name="board-now"),
    path("take/", phone.take, name="take"),
    path("t/<str:code>/", phone.ticket, name="ticket"),
    path("t/<str:code>/now/", phone.fragment, name="ticket-now"),
    path("t/<str:code>/cancel/", phone.cancel, name="cancel"),
    path("kiosk/", kiosk.start, name="kiosk"),
    path("kiosk/set-up/<str:link>/", kiosks.set_up, name="kiosk-set-up"),
    path("kiosk/card/", kiosk.card, name="kiosk-card"),
    path("kiosk/appointment/", kiosk.appointment, name="kiosk-appointment"),
    path("kiosk/paper/<str:code>/", kiosk.paper, name="kiosk-paper"),
    path("kiosk/<str:lane>/", kiosk.lane, name="kiosk-lane"),
    path("kiosk/<str:lane>/phone/", kiosk.with_phone, name="kiosk-phone"),
    path("kiosks/", kiosks.kiosks, name="kiosks"),
    path("kiosks/<uuid:uid>/end/", kiosks.end, name="kiosk-end"),
    path("calls/", calls.calls, name="calls"),
    path("calls/line/", calls.line, name="calls-line"),
    path("calls/next/", calls.call_next, name="call-next"),
    path("calls/window/", calls.window, name="calls-window"),
    path("calls/<uuid:uid>/<slug:step>/", calls.step, name="call-step"),
]
