"""First net: a page template holds components and the flow between them, and nothing else."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import jinja2
from jinja2 import nodes

from components.calling import TEMPLATE_PREFIX
from components.contract import Contract
from components.lint.calls import check_call, find_component
from components.lint.expressions import Voices, check_expressions, holds_caller
from components.lint.findings import Finding
from components.lint.trees import parse_template
from components.registry import Registry

# What a page template may be made of; anything else has no place in it.
FLOW: Final = (
    nodes.Extends, nodes.Block, nodes.Import, nodes.FromImport, nodes.For, nodes.If,
    nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.CallBlock, nodes.Output,
)  # fmt: skip
RAW: Final = (
    ("raw-handler", re.compile(r"(?i)\son\w+\s*=|[\s-]hx-on"), "Components do the work."),
    ("raw-style", re.compile(r"(?i)\sstyle\s*="), "Looks live in components."),
    ("raw-class", re.compile(r"(?i)\sclass\s*="), "Classes belong to components."),
    ("raw-element", re.compile(r"<[a-zA-Z/!]"), "Call a component: {{ ui.text(blocks=[…]) }}."),
)
MARKUP: Final = re.compile(r"<[a-zA-Z/!]")
# The words of this block become the shell's `title` prop, so words may stand in it.
WORDS_BLOCK: Final = "title"
WORDS_ONLY: Final = "A title and a set block hold words, values and if."
SHELL: Final = "page_shell"
PAGE: Final = ".html"


def check_templates(folders: Iterable[Path], registry: Registry) -> list[Finding]:
    """Findings for every file below the folders; one that is no page has no place there."""
    found: list[Finding] = []
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if path.suffix == PAGE:
                found += check_template(path.read_text("utf-8"), str(path), registry)
            else:
                mend = "A folder of templates holds .html files, which are all checked."
                found.append(Finding(str(path), 0, "foreign-file", "not a page template", mend))
    return found


def check_template(
    source: str, file: str, registry: Registry, inside: Contract | None = None
) -> list[Finding]:
    """Findings for the source of one page template, or of the contract `inside`."""
    try:
        tree = parse_template(source)
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
        self.voices = Voices(tree)
        self.slots = _find_slots(tree)

    def finding(self, line: int, rule: str, problem: str, mend: str) -> Finding:
        return Finding(self.file, line, rule, problem, mend)

    def run(self) -> Iterator[Finding]:
        for statement in self.tree.body:
            yield from self.statement(statement)
        yield from check_expressions(self.tree, self.voices, self.file)
        for call in self.tree.find_all(nodes.Call):
            if find_component(call) is not None:
                yield from check_call(call, self.registry, self.file, self.inside)
        yield from self.pattern()

    def statement(self, node: nodes.Node) -> Iterator[Finding]:
        if not isinstance(node, FLOW):
            mend = "Use extends, block, import, for, if, set and ui calls only."
            yield self.misplaced(node, "in a page", mend)
            return
        if isinstance(node, nodes.AssignBlock) or _is_title(node):
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

    def misplaced(self, node: nodes.Node, where: str, mend: str) -> Finding:
        line = next((n.lineno for n in (node, *node.find_all(nodes.Node)) if n.lineno), 1)
        problem = f"{type(node).__name__.lower()} has no place {where}"
        return self.finding(line, "flow", problem, mend)

    def words(self, node: nodes.Node) -> Iterator[Finding]:
        """A block of words holds text and values, for a prop that takes them."""
        for child in node.iter_child_nodes(only=("body", "elif_", "else_")):
            if isinstance(child, nodes.Output):
                for part in child.nodes:
                    yield from self.word(part)
            elif isinstance(child, nodes.If) or _is_title(child):
                yield from self.words(child)
            else:
                yield self.misplaced(child, "among words", WORDS_ONLY)

    def word(self, part: nodes.Expr) -> Iterator[Finding]:
        if isinstance(part, nodes.TemplateData):
            if MARKUP.search(part.data):
                yield from self.raw(part)
        elif any(self.voices.renders(call) for call in (part, *part.find_all(nodes.Call))):
            yield self.finding(part.lineno, "words", "a component among words", WORDS_ONLY)

    def source(self, node: nodes.Extends | nodes.Import | nodes.FromImport) -> Iterator[Finding]:
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        if not isinstance(name, str):
            mend = "Name the template in quotes, so that it can be checked."
            yield self.finding(node.lineno, "dynamic-template", "a computed template name", mend)
        elif not name.endswith(PAGE) or name.startswith(f"{TEMPLATE_PREFIX}/"):
            mend = "Take page templates only, and components through ui."
            yield self.finding(node.lineno, "foreign-template", f"uses {name}", mend)
        if getattr(node, "with_context", False):
            mend = "Hand the macro what it needs."
            yield self.finding(node.lineno, "foreign-template", "an import with context", mend)

    def output(self, part: nodes.Expr) -> Iterator[Finding]:
        if isinstance(part, nodes.TemplateData):
            yield from self.raw(part)
        elif isinstance(part, nodes.CondExpr):
            for branch in (part.expr1, part.expr2):
                if branch is not None:
                    yield from self.output(branch)
        elif isinstance(part, nodes.Name) and part.name in self.slots:
            return
        elif not self.voices.renders(part):
            mend = "Give the value to a component's prop."
            yield self.finding(part.lineno, "bare-output", "a value outside a component", mend)

    def raw(self, part: nodes.TemplateData) -> Iterator[Finding]:
        if not part.data.strip():
            return
        seen = False
        for rule, pattern, mend in RAW:
            for match in pattern.finditer(part.data):
                seen = True
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                line = part.lineno + part.data.count("\n", 0, start)
                shown = part.data[match.start() : match.start() + 24].strip()
                yield self.finding(line, rule, f"found {shown!r}", mend)
        if not seen:
            lead = len(part.data) - len(part.data.lstrip())
            line = part.lineno + part.data.count("\n", 0, lead)
            shown = part.data.strip()[:24]
            yield self.finding(line, "bare-text", f"words outside a component: {shown!r}",
                               "Give them to a component's prop.")  # fmt: skip

    def pattern(self) -> Iterator[Finding]:
        """A page, which is a template that extends another, is exactly one pattern."""
        calls = [call for call in self.tree.find_all(nodes.Call) if find_component(call)]
        parent = self.tree.find(nodes.Extends)
        if self.inside is not None or not (parent or calls):
            return
        called = [find_component(call) for call in calls]
        patterns = {contract.id for contract in self.registry.of_kind("pattern")}
        count = sum(name in patterns for name in called)
        if parent is not None and count != 1:
            problem = f"the page is made of {count} patterns"
            mend = f"Choose one: {', '.join(sorted(patterns))}."
            yield self.finding(parent.lineno, "one-pattern", problem, mend)
        if parent is None and not self.voices.macros and SHELL not in called:
            mend = 'Begin with {% extends "base.html" %}.'
            yield self.finding(calls[0].lineno, "no-shell", "a page without its shell", mend)


def _is_title(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Block) and node.name == WORDS_BLOCK


def _find_slots(tree: nodes.Template) -> frozenset[str]:
    """Variables that hold nothing but `caller()`: what fills a slot may wait for its place."""
    filled = [
        assign.target.name
        for assign in tree.find_all(nodes.Assign)
        if isinstance(assign.target, nodes.Name) and holds_caller(assign.node)
    ]
    written = [name.name for name in tree.find_all(nodes.Name) if name.ctx in {"store", "param"}]
    return frozenset(name for name in filled if filled.count(name) == written.count(name))
