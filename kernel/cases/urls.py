"""The addresses of a case's files: for everybody who may see them, whatever their page."""

from django.urls import path

from kernel.cases import views

app_name = "files"
urlpatterns = [
    path("<str:ref>/documents/", views.all_documents, name="documents"),
    path("<str:ref>/documents/<uuid:uid>/", views.document, name="document"),
    path("<str:ref>/messages/<uuid:uid>/", views.thread_file, name="thread-file"),
    path("<str:ref>/materials/<uuid:uid>/", views.material, name="material"),
    path("<str:ref>/materials/<uuid:uid>/pages/", views.pages, name="pages"),
    path("<str:ref>/materials/<uuid:uid>/pages/<int:number>/", views.page, name="page"),
    path("<str:ref>/materials/<uuid:uid>/picture/", views.picture, name="picture"),
    path("<str:ref>/materials/<uuid:uid>/large/", views.large_picture, name="large-picture"),
]
