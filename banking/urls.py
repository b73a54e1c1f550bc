"""The addresses of the bank's desk."""

from banking.views import BankingPages

app_name = "banking"
urlpatterns = BankingPages().urls()
