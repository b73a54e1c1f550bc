"""The outbox: everything that a system outside must be told, and the only way by which it is.

    case.tell(TAX.code, case=application.pk)        # in the move: a row, committed or undone with it
    channels.register(TAX.code, TAX.label, report)  # who tells it: in the AppConfig.ready() of whoever knows how

A worker takes what is due by a lease, asks the channel what to call, and calls it with a limit of time. What fails is
tried again after growing pauses and in the end set aside for people. A worker may die between telling and recording
that it did: whoever is told gets the message's key, by which it knows a repeat.
"""
