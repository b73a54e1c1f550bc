"""Text messages to phones: a channel of the outbox, behind which stands whoever carries them.

    send(Kind.REGISTER, phone, {"code": code, "minutes": 10}, until)   # in the move: rows, committed or undone with it

What a text says has no name, no number and no company in it: a phone is read over shoulders. The row that holds phone
and words is encrypted, and deleted once it can't matter any more.
"""
