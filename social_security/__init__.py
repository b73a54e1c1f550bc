CODE = "social_security"
