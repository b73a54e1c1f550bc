"""The addresses of the housing fund's desk."""

from housing_fund.views import HousingFundPages

app_name = "housing_fund"
urlpatterns = HousingFundPages().urls()
