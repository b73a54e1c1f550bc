from django.urls import path

from reviews import public_views, repair_views, views

app_name = "reviews"
urlpatterns = [
    path("", public_views.results, name="results"),
    path("leave/", views.leave, name="leave"),
    path("leave/<str:number>/", views.leave_own, name="leave"),
    path("code/", views.by_code, name="by-code"),
    path("window/<slug:zone>/<int:number>/", views.window, name="window"),
    path("window/<slug:zone>/<int:number>/code/", views.window_code, name="window-code"),
    path("of/<str:token>/", views.leave_opened, name="opened"),
    path("asked/<str:token>/", views.leave_by_link, name="by-link"),
    path("mine/<uuid:uid>/", public_views.mine, name="mine"),
    path("mine/<uuid:uid>/consent/", public_views.consent_back, name="consent-back"),
    path("mine/<uuid:uid>/picture/", public_views.own_picture, name="own-picture"),
    path("tasks/", repair_views.repairs, name="repairs"),
    path("tasks/<uuid:uid>/", repair_views.repair, name="repair"),
    path("tasks/<uuid:uid>/picture/", repair_views.picture, name="picture"),
]
