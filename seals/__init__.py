CODE = "seals"
