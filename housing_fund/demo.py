"""The housing fund in a demonstration: what is typed on its page; its officers close as the fund's system proposes."""

RATES = ("5", "8", "12")
WAGE = 6000  # yuan a month and person


def typed(stream, company) -> dict:
    people = stream.of([0, 0, 1, 2, 4])
    return {"people": people, "rate": stream.of(list(RATES))}


def answers(drawn: dict, filling) -> dict:
    people = drawn["people"]
    return {
        "housing_fund": {
            "deposits": "yes" if people else "no",
            "people": str(people or ""),
            "base": str(people * WAGE or ""),
            "rate": drawn["rate"] if people else "",
        }
    }
