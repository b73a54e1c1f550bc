"""Tax in a demonstration; `portal.demo.desks` says what stands here and finds it."""


def typed(stream, company) -> dict:
    general = stream.happens(0.2)
    return {
        "taxpayer_class": "general" if general else "small",
        "accounting_system": "enterprise" if general else "small_business",
        "invoice_kind": "digital",
        "withholding": "yes" if stream.happens(0.8) else "no",
    }


def answers(drawn: dict, filling) -> dict:
    return {"tax": drawn}
