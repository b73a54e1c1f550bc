"""Run as a process: reads `task moment last_statement` a line, does it in a child, answers the child's exit code.

The child has a connection of its own and is killed by SIGKILL once it has executed its last statement, which is told by
its number or by words of it.
"""

import os
import signal
import sys
from datetime import datetime

import django

django.setup()

from django.db import connection  # noqa: E402

from kernel.cases import issuing  # noqa: E402
from kernel.core.moment import travel_to  # noqa: E402
from kernel.sla.tasks import sweep  # noqa: E402

TASKS = {"sweep": sweep, "paper": issuing.make_next}


def do(task: str, moment: str, last_statement: str) -> int:
    executed = 0

    def count(execute, sql, params, many, context):
        nonlocal executed
        result = execute(sql, params, many, context)
        executed += 1
        if executed == int(last_statement) if last_statement.isdigit() else last_statement in sql:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with travel_to(datetime.fromisoformat(moment)), connection.execute_wrapper(count):
        return int(TASKS[task]())


for line in sys.stdin:
    name, at, last = line.strip().split(maxsplit=2)
    child = os.fork()
    if not child:
        os._exit(do(name, at, last))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
