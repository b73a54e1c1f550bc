CODE = "housing_fund"
