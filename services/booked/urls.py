from django.urls import path

from services.booked import decision_views, own_views, staff_views, views

urlpatterns = [
    path("desk/", staff_views.day, name="services-day"),
    path("desk/decisions/", decision_views.decisions, name="services-decisions"),
    path("desk/sessions/<int:pk>/", decision_views.session, name="services-session"),
    path("desk/<str:number>/", staff_views.one, name="services-request"),
    path("desk/<str:number>/look/", staff_views.look, name="services-look"),
    path("desk/<str:number>/arrive/", staff_views.arrive, name="services-arrive"),
    path("desk/<str:number>/miss/", staff_views.miss, name="services-miss"),
    path("desk/<str:number>/finish/", staff_views.finish, name="services-finish"),
    path("desk/<str:number>/decide/", decision_views.decide, name="services-decide"),
    path("desk/<str:number>/move/", staff_views.move, name="services-move"),
    path("desk/<str:number>/cancel/", staff_views.cancel, name="services-cancel"),
    path("requests/", own_views.own_list, name="service-requests"),
    path("requests/<str:number>/", own_views.own_request, name="service-request"),
    path("requests/<str:number>/move/", own_views.move, name="service-move"),
    path("requests/<str:number>/cancel/", own_views.cancel, name="service-cancel"),
    path("requests/<str:number>/calendar.ics", own_views.calendar, name="service-calendar"),
    path("requests/<str:number>/proofs/<uuid:uid>/", own_views.proof, name="service-proof"),
    path("<slug:kind>/", views.service, name="service"),
]
