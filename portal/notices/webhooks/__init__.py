"""Notices to a webhook of a company's own: signed posts to an address that its holder named and proved.

    proving.ask → the secret, shown once → proving.prove (the receiver echoes a challenge, signed) → sending.prepare

What is posted names the kind, the case's number, the moment and a link; `docs/webhooks.md` says how it is read.
"""
