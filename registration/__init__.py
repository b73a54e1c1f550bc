CODE = "registration"
