CODE = "tax"
