"""What is wrong with a form, for the summary at the top of its page."""


def form_errors(form) -> list[dict]:
    """Entries of the error summary, each leading to its field; none of a form that isn't bound."""
    errors = [{"target": "", "text": text} for text in form.non_field_errors()]
    for bound in form.visible_fields():
        errors += [
            {"target": bound.id_for_label or bound.auto_id, "text": text} for text in bound.errors
        ]
    return errors
