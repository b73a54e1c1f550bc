"""For tests.filings: what a complete filing says on the department's page."""

ANSWERS = {"housing_fund": {"deposits": "yes", "people": "3", "base": "18000", "rate": "8"}}
