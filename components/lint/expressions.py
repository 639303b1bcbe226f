"""What an expression in a template may be: a plain value, or a component where one is shown.

Markup comes out of calls alone, so every call is accounted for: a component or a macro of the
template stands where it is shown and nowhere else, and what is called besides is on a list.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from jinja2 import nodes

from components.lint.calls import find_component
from components.lint.findings import Finding

# They pick, count or shorten. None makes markup, and none calls something by its name.
FILTERS: Final = frozenset(
    {
        "capitalize", "default", "first", "int", "join", "last", "length", "list", "lower", "max",
        "min", "reverse", "round", "sort", "sum", "trim", "truncate", "unique", "upper",
    }
)  # fmt: skip
FUNCTIONS: Final = frozenset({"get_flashed_messages", "url_for"})
# What Flask and Jinja know everywhere. A page shows what its view hands to it.
AMBIENT: Final = frozenset(
    {"config", "cycler", "dict", "g", "joiner", "lipsum", "namespace", "request", "session"}
)
SPEAKING: Final = frozenset({"super", "caller"})
RESERVED: Final = SPEAKING | {"self", "ui"}
STRINGS: Final = (
    ("markup", re.compile(r"<[a-zA-Z/!]")),
    ("pixels", re.compile(r"\b\d+px\b")),
    ("colour", re.compile(r"^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$", re.IGNORECASE)),
)


class Voices:
    """Which names of a template give markup when they are called: its macros, and what Jinja has.

    `caller` speaks inside a macro only; anywhere else it is whatever the view passed in.
    """

    def __init__(self, tree: nodes.Template) -> None:
        self.imported = {str(node.target) for node in tree.find_all(nodes.Import)}
        self.macros = {macro.name for macro in tree.find_all(nodes.Macro)}
        for node in tree.find_all(nodes.FromImport):
            self.macros |= set(_new_names(node))
        self._in_macros = {
            id(call) for macro in tree.find_all(nodes.Macro) for call in macro.find_all(nodes.Call)
        }

    def renders(self, node: nodes.Node) -> bool:
        """Whether the node is a call whose result is markup that a template may show."""
        return find_component(node) is not None or self.speaks(node)

    def speaks(self, node: nodes.Node) -> bool:
        """Whether the node calls a macro, a block of this page, `caller` or `super`."""
        if not isinstance(node, nodes.Call):
            return False
        if isinstance(node.node, nodes.Name):
            if node.node.name == "caller":
                return id(node) in self._in_macros
            return node.node.name in self.macros | SPEAKING
        owner = node.node.node if isinstance(node.node, nodes.Getattr) else None
        return isinstance(owner, nodes.Name) and owner.name in self.imported | {"self"}


def check_expressions(tree: nodes.Template, voices: Voices, file: str) -> Iterator[Finding]:
    """Findings for every expression of a page's template."""
    yield from check_aliases(tree, file, of_ui=frozenset())
    yield from _calls(tree, voices, file)
    yield from _taken(tree, voices, file)
    for filtered in tree.find_all(nodes.Filter):
        if filtered.name not in FILTERS:
            mend = f"Form the value in the view. Allowed: {', '.join(sorted(FILTERS))}."
            yield Finding(file, filtered.lineno, "unsafe", f"filter {filtered.name}", mend)
    for const in tree.find_all(nodes.Const):
        yield from _constant(const, file)
    for name in tree.find_all(nodes.Name):
        if name.name in AMBIENT:
            mend = "Hand over what the page shows from its view."
            yield Finding(file, name.lineno, "ambient", f"a page reads {name.name}", mend)


def check_aliases(tree: nodes.Template, file: str, of_ui: frozenset[str]) -> Iterator[Finding]:
    """Findings where `ui` is anything but the start of a call, or of a value named in `of_ui`."""
    plain = {
        id(called.node)
        for called in tree.find_all(nodes.Getattr)
        if called.attr in of_ui
    } | {
        id(call.node.node)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Getattr)
    }  # fmt: skip
    for name in tree.find_all(nodes.Name):
        if name.name == "ui" and id(name) not in plain:
            mend = "Call components as ui.name(…), under their own name."
            yield Finding(file, name.lineno, "alias", "ui used as a value", mend)


def _calls(tree: nodes.Template, voices: Voices, file: str) -> Iterator[Finding]:
    shown = set(_shown(tree))
    for call in tree.find_all(nodes.Call):
        if voices.renders(call):
            if id(call) not in shown:
                mend = "Show it where it stands: {{ ui.name(…) }}. Props take values."
                yield Finding(file, call.lineno, "nested", "a component as a value", mend)
        elif not (isinstance(call.node, nodes.Name) and call.node.name in FUNCTIONS):
            mend = f"Call it in the view. Allowed: {', '.join(sorted(FUNCTIONS))}."
            yield Finding(file, call.lineno, "call", f"calls {_name_of(call)}", mend)


def _shown(tree: nodes.Template) -> Iterator[int]:
    """The calls whose result goes straight to the page, or waits in a variable to go there."""
    for output in tree.find_all(nodes.Output):
        for part in output.nodes:
            yield from map(id, _branches(part))
    for block in tree.find_all(nodes.CallBlock):
        yield id(block.call)
    for assign in tree.find_all(nodes.Assign):
        if holds_caller(assign.node):
            yield from map(id, _branches(assign.node))


def _branches(part: nodes.Node | None) -> Iterator[nodes.Node]:
    if isinstance(part, nodes.CondExpr):
        yield from _branches(part.expr1)
        yield from _branches(part.expr2)
    elif part is not None:
        yield part


def holds_caller(value: nodes.Node) -> bool:
    """Whether the value is `caller()`, or `caller() if … else none`."""
    if isinstance(value, nodes.CondExpr):
        otherwise = value.expr2
        is_none = isinstance(otherwise, nodes.Const) and otherwise.value is None
        return is_none and holds_caller(value.expr1)
    return (
        isinstance(value, nodes.Call)
        and isinstance(value.node, nodes.Name)
        and value.node.name == "caller"
    )


def _taken(tree: nodes.Template, voices: Voices, file: str) -> Iterator[Finding]:
    """Names that give markup, with another meaning: `{% set caller = form.name %}`."""
    taken = RESERVED | voices.macros | voices.imported
    words = [
        (name.name, name.lineno)
        for name in tree.find_all(nodes.Name)
        if name.ctx in {"store", "param"} and name.name in taken
    ]
    words += [
        (name, node.lineno)
        for node in tree.find_all((nodes.Macro, nodes.Import, nodes.FromImport))
        for name in _new_names(node)
        if name in RESERVED
    ]
    for word, line in words:
        yield Finding(file, line, "taken", f"{word} gets another meaning", "Choose another name.")


def _new_names(node: nodes.Node) -> Iterable[str]:
    if isinstance(node, nodes.FromImport):
        return [name if isinstance(name, str) else name[1] for name in node.names]
    return [str(node.name if isinstance(node, nodes.Macro) else getattr(node, "target", ""))]


def _name_of(call: nodes.Call) -> str:
    if isinstance(call.node, nodes.Name):
        return f"{call.node.name}()"
    return f"….{call.node.attr}()" if isinstance(call.node, nodes.Getattr) else "a value"


def _constant(const: nodes.Const, file: str) -> Iterator[Finding]:
    if not isinstance(const.value, str):
        return
    for rule, pattern in STRINGS:
        if pattern.search(const.value):
            problem = f"{rule} in text: {const.value[:24]!r}"
            yield Finding(file, const.lineno, f"string-{rule}", problem, "Say it with props.")
