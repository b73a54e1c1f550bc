"""The addresses of the tax desk."""

from tax.views import TaxPages

app_name = "tax"
urlpatterns = TaxPages().urls()
