"""For tests.house.test_limits: which column keeps what is entered, and what the rules bound."""

from housing_fund import rules
from kernel.form.filing import MOST_EMPLOYEES

KEPT = {
    "housing_fund.DepositForm.number": "housing_fund.DepositRegistration.number",
    "housing_fund.DepositForm.people": "housing_fund.DepositRegistration.people",
    "housing_fund.DepositForm.rate": "housing_fund.DepositRegistration.rate",
    "housing_fund.DepositResultSerializer.number": "housing_fund.DepositRegistration.number",
}
RULED = {
    "housing_fund.DepositForm.number": rules.LONGEST_NUMBER,
    "housing_fund.DepositForm.people": MOST_EMPLOYEES,
    "housing_fund.DepositForm.rate": rules.MOST_RATE,
    "housing_fund.DepositResultSerializer.number": rules.LONGEST_NUMBER,
}
