from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from portal.api.cases import Cases, DocumentFile
from portal.api.progress import Progress
from portal.api.stages import Stages

router = SimpleRouter()
router.register("cases", Cases, basename="api-case")
router.register("stages", Stages, basename="api-stage")

urlpatterns = [
    path("", include(router.urls)),
    path("documents/<uuid:uid>/file/", DocumentFile.as_view(), name="api-document-file"),
    path("progress/", Progress.as_view(), name="api-progress"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html"),
        name="api-docs",
    ),
]
