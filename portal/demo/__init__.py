"""A simulated day: invented applicants, officers and citizens who use the product by its own actions.

`plan` draws the day from a seed, `script` says what everybody does, `hall` gives the officers their work, `play` lets
it happen in its order, and `summary` counts it twice.
"""
