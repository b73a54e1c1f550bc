"""The review standards: every check that is applied to a filing, by version.

The applicant's pre-check, the submit and the desks run the same `evaluate` on the same version, so that nobody finds
anything that the others couldn't have known.
"""
