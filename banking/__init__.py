CODE = "banking"
