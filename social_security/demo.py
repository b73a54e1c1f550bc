"""Social security in a demonstration; `portal.demo.desks` says what stands here and finds it."""


def typed(stream, company) -> dict:
    return {"employees": stream.of([0, 1, 2, 3, 5, 8])}


def answers(drawn: dict, filling) -> dict:
    number = drawn["employees"]
    return {
        "social_security": {
            "has_employees": "yes" if number else "no",
            "employee_count": str(number or ""),
            "hired_on": filling.day.isoformat() if number else "",
        }
    }
