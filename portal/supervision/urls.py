from django.urls import path

from portal.supervision import (
    arrangement,
    budgets,
    case_actions,
    decisions,
    objections,
    report,
    views,
)

app_name = "supervision"
urlpatterns = [
    path("", views.live, name="live"),
    path("running/", views.live_fragment, name="live-fragment"),
    path("period/", views.period_fragment, name="period-fragment"),
    path("figures/", views.figures_page, name="figures"),
    path("list/<slug:name>/", views.listing, name="list"),
    path("cases/", views.cases, name="cases"),
    path("search/", views.search, name="search"),
    path("breaches/", views.listing, {"name": "breaches"}, name="breaches"),
    path("audits/", views.listing, {"name": "audits"}, name="audits"),
    path("following/", views.listing, {"name": "following"}, name="following"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/decline/", case_actions.decline, name="decline"),
    path("cases/<str:number>/urge/<int:stage>/", case_actions.urge, name="urge"),
    path("cases/<str:number>/reassign/", case_actions.reassign, name="reassign"),
    path("cases/<str:number>/extend/", case_actions.extend, name="extend"),
    path("cases/<str:number>/priority/", case_actions.prioritise, name="prioritise"),
    path("cases/<str:number>/reason/", case_actions.reason, name="reason"),
    path("clocks/<int:clock>/back/", case_actions.put_back, name="put-back"),
    path("escalations/", decisions.escalations, name="escalations"),
    path("escalations/<int:pk>/", decisions.answer, name="answer"),
    path("objections/", objections.objections, name="objections"),
    path("objections/<int:pk>/", objections.decide, name="decide"),
    path("reviews/", decisions.follow_ups, name="reviews"),
    path("reviews/<int:pk>/", decisions.follow_up, name="follow-up"),
    path("reviews/<int:pk>/phone/", decisions.follow_up_phone, name="follow-up-phone"),
    path("budgets/", budgets.budgets, name="budgets"),
    path("arrangement/<int:year>/", arrangement.page, name="arrangement"),
    path("report/", report.months, name="report"),
    path("report/<int:year>-<int:month>.<str:form>", report.download, name="report-file"),
]
