"""Reading the product's source for who writes rows, and who leaves an event on a case's trail."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SAVING = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
}
RECORDING = {"record", "begin_awaiting", "end_awaiting"}  # methods of a locked case
NO_ROWS = {"storage"}  # files.delete
WRITERS = {f"kernel.core.rows.{name}" for name in ("insert", "update")} | {
    f"kernel.cases.locked_case.{name}" for name in ("locked_case", "locked_stage", "first_in_line")
}
# A case's trail, those of a booking, a service and a ticket, which know no case, what was done with a zone's words, and
# what waits for a second person, whose steps are recorded.
TRAILS = {
    "kernel.cases.trail.append",
    "kernel.bookings.models.BookingEvent",
    "services.booked.models.ServiceEvent",
    "services.hall.models.TicketEvent",
    "services.hall.models.WindowSession",
    "kernel.accounts.account_events.record",
    "kernel.accounts.proposing.ask",
    "kernel.zone_words.events.record",
    "reviews.models.ReviewEvent",
}


@dataclass
class Function:
    """What a function does itself, and which others it calls or hands on, by their full names."""

    name: str
    writes: bool = False
    records: bool = False
    calls: set[str] = field(default_factory=set)


class Reader(ast.NodeVisitor):
    """Collects the functions of one module; what is defined within a function belongs to it."""

    def __init__(self, module: str):
        self.module, self.known, self.functions = module, {}, {}
        self.inside: Function | None = None

    def visit_ImportFrom(self, node):
        for alias in node.names:
            self.known[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def visit_ClassDef(self, node):
        """Methods are called on objects, which no reading of the source can follow."""

    def visit_FunctionDef(self, node):
        if self.inside:
            self.generic_visit(node)
            return
        self.inside = self.functions[node.name] = Function(f"{self.module}.{node.name}")
        self.generic_visit(node)
        self.inside = None

    def visit_Call(self, node):
        if self.inside and isinstance(node.func, ast.Attribute):
            self._method(node)
        self.generic_visit(node)

    def _method(self, node):
        name, of = node.func.attr, node.func.value
        if isinstance(of, ast.Name) and of.id in self.known:
            self.inside.calls.add(f"{self.known[of.id]}.{name}")
        named = getattr(of, "id", getattr(of, "attr", ""))
        updates = name == "update" and node.keywords and not node.args
        if (name in SAVING and named not in NO_ROWS) or updates:
            self.inside.writes = True
        if name in RECORDING and named == "case":
            self.inside.records = True

    def visit_Name(self, node):
        if self.inside and isinstance(node.ctx, ast.Load):
            self.inside.calls.add(self.known.get(node.id, f"{self.module}.{node.id}"))


class House:
    """All functions of these modules: {dotted name: source}."""

    def __init__(self, sources: Mapping[str, str]):
        self.exports, self.functions = {}, {}
        for module, source in sources.items():
            reader = Reader(module)
            reader.visit(ast.parse(source))
            self.exports[module] = reader.known
            self.functions |= {one.name: one for one in reader.functions.values()}

    def _found(self, name: str) -> str:
        """The name where it is defined: packages hand on what their modules define."""
        module, _dot, last = name.rpartition(".")
        while name not in self.functions and last in self.exports.get(module, {}):
            name = self.exports[module][last]
            module, _dot, last = name.rpartition(".")
        return name

    def reached(self, name: str) -> set[str]:
        """All that a function comes to call, itself first."""
        seen, rest = set(), [self._found(name)]
        while rest:
            one = rest.pop()
            if one not in seen:
                seen.add(one)
                rest += [
                    self._found(call) for call in getattr(self.functions.get(one), "calls", ())
                ]
        return seen

    def silent_writers(self, names: Iterable[str]) -> set[str]:
        """Those that write rows and append no event."""
        found = set()
        for name in names:
            reached = self.reached(name)
            own = [self.functions[one] for one in reached if one in self.functions]
            writes = any(one.writes for one in own) or reached & WRITERS
            records = any(one.records for one in own) or TRAILS & reached
            if writes and not records:
                found.add(name)
        return found
