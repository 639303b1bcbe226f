"""What even a component's template may not do, though it alone writes HTML.

Examples show a component's HTML in a few states; this net reads the template, so that a branch
that no example takes is held to the same.
"""

import re
from collections.abc import Iterator
from typing import Final

import jinja2
from jinja2 import nodes

from components.lint.expressions import FILTERS, check_aliases
from components.lint.findings import Finding
from components.lint.trees import parse_template

# Loops over values, in the tables and plots that are drawn by one macro.
FILTERS_HERE: Final = FILTERS | {"map", "selectattr"}
FUNCTIONS: Final = frozenset({"caller", "namespace"})
# Of mappings, of text and of WTForms fields: they give values, never markup.
METHODS: Final = frozenset(
    {"_value", "format", "get", "has_groups", "items", "iter_choices", "iter_groups", "split"}
)
# Another component is reached through `ui` alone, and nothing turns escaping off.
FOREIGN: Final = (
    nodes.Extends, nodes.FilterBlock, nodes.FromImport, nodes.Import, nodes.Include,
    nodes.EvalContextModifier,
)  # fmt: skip
RAW: Final = (
    ("raw-style", re.compile(r"(?i)\sstyle\s*="), "Looks live in the stylesheet."),
    (
        "raw-style",
        re.compile(r"""(?i)\s(fill|stroke|color|bgcolor|font-[a-z]+)\s*=\s*["'](?!none)[\w#]"""),
        "Looks live in the stylesheet.",
    ),
    ("raw-handler", re.compile(r"(?i)\son\w+\s*=|[\s-]hx-on"), "Scripts listen in their files."),
)
# An attribute whose value is not in quotes ends at the first space of whatever fills it.
UNQUOTED: Final = re.compile(r"[\w-]\s*=\s*$")


def check_markup(source: str, file: str) -> list[Finding]:
    """Findings for the source of a component's template."""
    try:
        tree = parse_template(source)
    except jinja2.TemplateSyntaxError as wrong:
        return [Finding(file, wrong.lineno, "syntax", str(wrong.message), "Mend the template.")]
    return sorted([*_statements(tree, file), *_text(tree, file), *_expressions(tree, file)])


def _statements(tree: nodes.Template, file: str) -> Iterator[Finding]:
    for node in tree.find_all(FOREIGN):
        name = type(node).__name__.lower()
        line = next((n.lineno for n in (node, *node.find_all(nodes.Node)) if n.lineno), 1)
        mend = "Call other components as ui.name(…)."
        yield Finding(file, line, "flow", f"{name} has no place in a component", mend)


def _text(tree: nodes.Template, file: str) -> Iterator[Finding]:
    for data in tree.find_all(nodes.TemplateData):
        for rule, pattern, mend in RAW:
            for match in pattern.finditer(data.data):
                line = data.lineno + data.data.count("\n", 0, match.start() + 1)
                yield Finding(file, line, rule, f"found {match[0].strip()!r}", mend)
        if UNQUOTED.search(data.data):
            line = data.lineno + data.data.rstrip().count("\n")
            mend = "Put the attribute's value in quotes."
            yield Finding(file, line, "unquoted", "a value without quotes", mend)


def _expressions(tree: nodes.Template, file: str) -> Iterator[Finding]:
    yield from check_aliases(tree, file, of_ui=frozenset({"assets"}))
    for filtered in tree.find_all(nodes.Filter):
        by_name = filtered.name == "map" and filtered.args
        if filtered.name not in FILTERS_HERE or by_name:
            mend = f"Allowed: {', '.join(sorted(FILTERS_HERE))}; map by attribute only."
            yield Finding(file, filtered.lineno, "unsafe", f"filter {filtered.name}", mend)
    own = FUNCTIONS | {macro.name for macro in tree.find_all(nodes.Macro)}
    for call in tree.find_all(nodes.Call):
        called = call.node
        if isinstance(called, nodes.Name):
            known = called.name in own
        else:
            known = isinstance(called, nodes.Getattr) and (
                called.attr in METHODS or _is_ui(called.node)
            )
        if not known:
            mend = f"Read values; the methods that give values are {', '.join(sorted(METHODS))}."
            yield Finding(file, call.lineno, "call", "calls what may give markup", mend)


def _is_ui(owner: nodes.Node) -> bool:
    return isinstance(owner, nodes.Name) and owner.name == "ui"
