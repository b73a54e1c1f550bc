from django.urls import path

from portal.supervision import decisions, views

app_name = "supervision"
urlpatterns = [
    path("", views.live, name="live"),
    path("running/", views.live_fragment, name="live-fragment"),
    path("period/", views.period_fragment, name="period-fragment"),
    path("cases/", views.cases, name="cases"),
    path("search/", views.search, name="search"),
    path("breaches/", views.breaches, name="breaches"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/decline/", decisions.decline, name="decline"),
    path("escalations/", decisions.escalations, name="escalations"),
    path("escalations/<int:pk>/", decisions.answer, name="answer"),
    path("reviews/", decisions.follow_ups, name="reviews"),
    path("reviews/<int:pk>/", decisions.follow_up, name="follow-up"),
]
