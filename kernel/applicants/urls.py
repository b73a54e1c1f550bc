"""The addresses of the applicant: /my/ and everything under /filings/."""

from django.urls import include, path

from kernel.applicants import (
    appointment,
    case,
    correct_and_withdraw,
    deferring,
    materials,
    my_cases,
    name_views,
    page_views,
    papers,
    people,
    search_views,
    sharing,
    signing,
    submitting,
)

filing = [
    path("new/", my_cases.new, name="new"),
    path("industries/", search_views.industries, name="industries"),
    path("<str:ref>/", case.show, name="tasks"),
    path("<str:ref>/live/", case.live, name="live"),
    path("<str:ref>/check/", submitting.check, name="check"),
    path("<str:ref>/submit/", submitting.submit, name="submit"),
    path("<str:ref>/submitted/", submitting.submitted, name="submitted"),
    path("<str:ref>/sharing/", sharing.sharing, name="sharing"),
    path("<str:ref>/appointment/", appointment.show, name="appointment"),
    path("<str:ref>/withdraw/", correct_and_withdraw.withdraw, name="withdraw"),
    path("<str:ref>/resubmit/<str:department>/", correct_and_withdraw.resubmit, name="resubmit"),
    path("<str:ref>/promise/<str:standard>/", deferring.promise, name="promise"),
    path("<str:ref>/follow/<uuid:uid>/", deferring.follow, name="follow"),
    path("<str:ref>/papers/", papers.papers, name="papers"),
    path("<str:ref>/papers/sign/", signing.ask, name="ask-signatures"),
    path("<str:ref>/papers/<slug:kind>/", papers.paper, name="paper"),
    path("<str:ref>/papers/<slug:kind>.pdf", papers.as_pdf, name="paper-pdf"),
    path("<str:ref>/people/new/", people.new, name="person-new"),
    path("<str:ref>/people/autosave/", people.autosave, name="person-autosave"),
    path("<str:ref>/people/<uuid:uid>/", people.edit, name="person"),
    path("<str:ref>/people/<uuid:uid>/remove/", people.remove, name="person-remove"),
    path("<str:ref>/people/<uuid:uid>/found/", people.make_shareholder, name="person-found"),
    path("<str:ref>/name/look/", name_views.look, name="name-look"),
    path("<str:ref>/scope/look/", search_views.scope_look, name="scope-look"),
    path("<str:ref>/materials/", materials.page, {"section": "materials"}, name="page"),
    path("<str:ref>/<str:section>/", page_views.page, name="page"),
    path("<str:ref>/<str:section>/autosave/", page_views.autosave, name="autosave"),
]

urlpatterns = [
    path("my/", my_cases.my, name="my"),
    path("my/shares/<uuid:uid>/<str:how>/", sharing.answer, name="share-answer"),
    path("sign/<uuid:uid>/", signing.show, name="sign"),
    path("sign/<uuid:uid>/code/", signing.enter, name="sign-code"),
    path("sign/<uuid:uid>/again/", signing.send_again, name="sign-again"),
    path("sign/<uuid:uid>/confirm/", signing.confirm, name="sign-confirm"),
    path("filings/", include((filing, "filing"))),
]
