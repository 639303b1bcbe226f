"""First net: a page template holds components and the flow between them, and nothing else."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import jinja2
from jinja2 import nodes

from components.contract import Contract
from components.lint.calls import check_call, find_component
from components.lint.findings import Finding
from components.registry import Registry

# What a page template may be made of; anything else has no place in it.
FLOW: Final = (
    nodes.Extends, nodes.Block, nodes.Import, nodes.FromImport, nodes.For, nodes.If,
    nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.CallBlock, nodes.Output,
)  # fmt: skip
RAW: Final = (
    ("raw-handler", re.compile(r"\son\w+\s*=|\shx-on", re.IGNORECASE), "Components do the work."),
    ("raw-style", re.compile(r"\sstyle\s*=", re.IGNORECASE), "Looks live in components."),
    ("raw-class", re.compile(r"\sclass\s*=", re.IGNORECASE), "Classes belong to components."),
    ("raw-element", re.compile(r"<[a-zA-Z/!]"), "Call a component: {{ ui.text(blocks=[…]) }}."),
)
MARKUP: Final = re.compile(r"<[a-zA-Z/!]")
PIXELS: Final = re.compile(r"\b\d+px\b")
COLOUR: Final = re.compile(r"^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$", re.IGNORECASE)
SPEAKING: Final = frozenset({"super", "caller"})
# The words of this block become the shell's `title` prop, so words may stand in it.
WORDS_BLOCK: Final = "title"


def check_templates(folders: Iterable[Path], registry: Registry) -> list[Finding]:
    """Findings for every .html file below the folders."""
    found: list[Finding] = []
    for folder in folders:
        for path in sorted(folder.rglob("*.html")):
            found += check_template(path.read_text("utf-8"), str(path), registry)
    return found


def check_template(
    source: str, file: str, registry: Registry, inside: Contract | None = None
) -> list[Finding]:
    """Findings for the source of one page template, or of the contract `inside`."""
    try:
        tree = jinja2.Environment(autoescape=True).parse(source)
    except jinja2.TemplateSyntaxError as wrong:
        return [Finding(file, wrong.lineno, "syntax", str(wrong.message), "Mend the template.")]
    return sorted(_Net(file, registry, tree, inside).run())


class _Net:
    def __init__(
        self, file: str, registry: Registry, tree: nodes.Template, inside: Contract | None
    ) -> None:
        self.file = file
        self.registry = registry
        self.tree = tree
        self.inside = inside
        self.macros = SPEAKING | {macro.name for macro in tree.find_all(nodes.Macro)}
        # What fills a pattern's slot may wait in a variable until its place comes.
        self.slots = {
            target.name
            for assign in tree.find_all(nodes.Assign)
            if isinstance(target := assign.target, nodes.Name) and _holds_caller(assign.node)
        }
        for imported in tree.find_all(nodes.FromImport):
            self.macros |= {name if isinstance(name, str) else name[1] for name in imported.names}

    def finding(self, line: int, rule: str, problem: str, mend: str) -> Finding:
        return Finding(self.file, line, rule, problem, mend)

    def run(self) -> Iterator[Finding]:
        for statement in self.tree.body:
            yield from self.statement(statement)
        yield from self.expressions()

    def statement(self, node: nodes.Node) -> Iterator[Finding]:
        if not isinstance(node, FLOW):
            name = type(node).__name__.lower()
            mend = "Use extends, block, import, for, if, set and ui calls only."
            line = next((n.lineno for n in (node, *node.find_all(nodes.Node)) if n.lineno), 1)
            yield self.finding(line, "flow", f"{name} has no place in a page", mend)
            return
        if isinstance(node, nodes.Block) and node.name == WORDS_BLOCK:
            yield from self.words(node)
            return
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                yield from self.output(part)
        if isinstance(node, nodes.Extends | nodes.Import | nodes.FromImport):
            yield from self.source(node)
        if isinstance(node, nodes.CallBlock) and find_component(node.call) is None:
            mend = "Write {% call ui.name(…) %}."
            yield self.finding(node.lineno, "flow", "call of something else than ui", mend)
        for child in node.iter_child_nodes(only=("body", "elif_", "else_")):
            yield from self.statement(child)

    def words(self, block: nodes.Block) -> Iterator[Finding]:
        for data in block.find_all(nodes.TemplateData):
            if MARKUP.search(data.data):
                yield from self.raw(data)

    def source(self, node: nodes.Extends | nodes.Import | nodes.FromImport) -> Iterator[Finding]:
        if not isinstance(node.template, nodes.Const):
            mend = "Name the template in quotes, so that it can be checked."
            yield self.finding(node.lineno, "dynamic-template", "a computed template name", mend)

    def output(self, part: nodes.Expr) -> Iterator[Finding]:
        if isinstance(part, nodes.TemplateData):
            yield from self.raw(part)
        elif isinstance(part, nodes.CondExpr):
            for branch in (part.expr1, part.expr2):
                if branch is not None:
                    yield from self.output(branch)
        elif isinstance(part, nodes.Name) and part.name in self.slots:
            return
        elif not (find_component(part) or self.speaks(part)):
            mend = "Give the value to a component's prop."
            yield self.finding(part.lineno, "bare-output", "a value outside a component", mend)

    def speaks(self, part: nodes.Expr) -> bool:
        if not isinstance(part, nodes.Call):
            return False
        if isinstance(part.node, nodes.Name):
            return part.node.name in self.macros
        # A block of this page shown again, or a macro of an imported template.
        return isinstance(part.node, nodes.Getattr) and isinstance(part.node.node, nodes.Name)

    def raw(self, part: nodes.TemplateData) -> Iterator[Finding]:
        if not part.data.strip():
            return
        seen = False
        for rule, pattern, mend in RAW:
            for match in pattern.finditer(part.data):
                seen = True
                line = part.lineno + part.data.count("\n", 0, match.start())
                shown = part.data[match.start() : match.start() + 24].strip()
                yield self.finding(line, rule, f"found {shown!r}", mend)
        if not seen:
            lead = len(part.data) - len(part.data.lstrip())
            line = part.lineno + part.data.count("\n", 0, lead)
            shown = part.data.strip()[:24]
            yield self.finding(line, "bare-text", f"words outside a component: {shown!r}",
                               "Give them to a component's prop.")  # fmt: skip

    def expressions(self) -> Iterator[Finding]:
        for filtered in self.tree.find_all(nodes.Filter):
            if filtered.name in {"safe", "xmlattr", "tojson"}:
                mend = "Values are escaped; components make the markup."
                yield self.finding(filtered.lineno, "unsafe", f"filter {filtered.name}", mend)
        for const in self.tree.find_all(nodes.Const):
            yield from self.constant(const)
        for call in self.tree.find_all(nodes.Call):
            if find_component(call) is not None:
                yield from check_call(call, self.registry, self.file, self.inside)
        yield from self.aliases()
        yield from self.pattern()

    def pattern(self) -> Iterator[Finding]:
        """A page, which is a template that extends another, is exactly one pattern."""
        parent = self.tree.find(nodes.Extends)
        if self.inside is not None or parent is None:
            return
        patterns = {contract.id for contract in self.registry.of_kind("pattern")}
        called = [
            name
            for call in self.tree.find_all(nodes.Call)
            if (name := find_component(call)) in patterns
        ]
        if len(called) != 1:
            problem = f"the page is made of {len(called)} patterns"
            mend = f"Choose one: {', '.join(sorted(patterns))}."
            yield self.finding(parent.lineno, "one-pattern", problem, mend)

    def aliases(self) -> Iterator[Finding]:
        called = {
            id(call.node.node)
            for call in self.tree.find_all(nodes.Call)
            if isinstance(call.node, nodes.Getattr)
        }
        for name in self.tree.find_all(nodes.Name):
            if name.name == "ui" and id(name) not in called:
                mend = "Call components as ui.name(…), under their own name."
                yield self.finding(name.lineno, "alias", "ui used as a value", mend)

    def constant(self, const: nodes.Const) -> Iterator[Finding]:
        if not isinstance(const.value, str):
            return
        for rule, pattern in (("markup", MARKUP), ("pixels", PIXELS), ("colour", COLOUR)):
            if pattern.search(const.value):
                problem = f"{rule} in text: {const.value[:24]!r}"
                yield self.finding(const.lineno, f"string-{rule}", problem, "Say it with props.")


def _holds_caller(value: nodes.Node) -> bool:
    whole = value.expr1 if isinstance(value, nodes.CondExpr) else value
    return (
        isinstance(whole, nodes.Call)
        and isinstance(whole.node, nodes.Name)
        and whole.node.name == "caller"
    )
