"""Second net: a stylesheet speaks in tokens, about its own component, in a few agreed places.

Lengths come from tokens. Beside them a value may use %, fr, and what follows the text or the
window (ch, em, vh, vw, dvh); the number 0; and plain numbers where a property counts or weighs.
A token stands only where its scopes and its type fit; a deprecated one is noted, and fails from
the release on that was to be without it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import tinycss2
import tinycss2.ast
import tinycss2.color4

from components.contract import Contract
from components.lint.findings import Finding
from components.lint.selectors import check_selector, split_selectors
from components.props import suggest
from components.registry import Registry
from components.release import read_release
from components.tokens.read import Token

UNITS: Final = frozenset({"fr", "ch", "em", "vh", "vw", "dvh", "deg"})
FUNCTIONS: Final = frozenset(
    {"var", "calc", "min", "max", "clamp", "minmax", "repeat", "inset", "attr", "rotate"}
)
COUNTING: Final = re.compile(r"^(flex.*|order|opacity|grid-(column|row).*|animation.*|scale)$")
# Custom properties cannot stand in a media query, so the few widths are written out here.
PLACES: Final = frozenset(
    {
        "media (min-width: 48rem)", "media (max-width: 47.99rem)",
        "media (min-width: 64rem)", "media (max-width: 63.99rem)",
        "media (min-width: 80rem)",
        "media (prefers-reduced-motion: no-preference)", "media (forced-colors: active)",
        "media print", "container (max-width: 56rem)", "container (max-width: 26rem)",
        "container (min-width: 26.01rem) and (max-width: 40rem)",
    }
)  # fmt: skip
LOGICAL: Final = (("inline-size", "width"), ("block-size", "height"))
# What the last word of a property tells about its value. A colour may serve `border`, and so
# `border-color`, yet never `border-width`, however its scopes read.
ENDINGS: Final = {
    "color": {"color"}, "width": {"dimension"}, "height": {"dimension", "number"},
    "size": {"dimension"}, "offset": {"dimension"}, "spacing": {"dimension"},
    "delay": {"duration"}, "duration": {"duration"}, "style": set(), "image": set(),
    "position": set(), "repeat": set(), "opacity": set(), "function": set(), "property": set(),
}  # fmt: skip
FORCED: Final = "media (forced-colors: active)"
# The reader's own colours; they stand only where the reader has asked for them.
SYSTEM_COLOURS: Final = frozenset(
    {
        "accentcolor", "accentcolortext", "activetext", "buttonborder", "buttonface", "buttontext",
        "canvas", "canvastext", "field", "fieldtext", "graytext", "highlight", "highlighttext",
        "linktext", "mark", "marktext", "selecteditem", "selecteditemtext", "visitedtext",
    }
)  # fmt: skip
# Properties that have a scale of tokens, so that no word such as `bold` or `larger` stands in them.
SCALED: Final = frozenset(
    {"box-shadow", "font", "font-family", "font-size", "font-weight", "line-height", "z-index"}
)
ANYWHERE: Final = frozenset({"auto", "inherit", "initial", "inset", "none", "revert", "unset"})
LINE_WIDTHS: Final = frozenset({"thin", "medium", "thick"})

Nodes = Sequence[tinycss2.ast.Node]


def check_stylesheets(
    registry: Registry, tokens: Mapping[str, Token], release: str | None = None
) -> list[Finding]:
    """Findings for the stylesheet of every component, pattern and content block.

    `release` is the project's version, read from pyproject.toml when it is not given.
    """
    now = release or read_release()
    found: list[Finding] = []
    for contract in registry:
        if contract.stylesheet.exists():
            source = contract.stylesheet.read_text("utf-8")
            found += check_css(source, contract, registry, tokens, now)
    return found


def check_css(
    source: str,
    contract: Contract,
    registry: Registry,
    tokens: Mapping[str, Token],
    release: str | None = None,
) -> list[Finding]:
    """Findings for one stylesheet, judged as `contract`'s own."""
    net = _Net(contract, registry, tokens, release or read_release())
    rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
    return sorted(net.rules(rules, ""))


class _Net:
    def __init__(
        self, contract: Contract, registry: Registry, tokens: Mapping[str, Token], release: str
    ) -> None:
        self.contract = contract
        self.release = release
        self.owners = registry.classes
        self.tokens = {token.css_name: token for token in tokens.values()}

    def finding(
        self, line: int, rule: str, problem: str, mend: str, *, fails: bool = True
    ) -> Finding:
        return Finding(f"{self.contract.id}.css", line, rule, problem, mend, fails)

    def rules(self, rules: Iterable[tinycss2.ast.Node], place: str) -> Iterator[Finding]:
        for rule in rules:
            if isinstance(rule, tinycss2.ast.QualifiedRule):
                for selector in split_selectors(rule.prelude):
                    for problem in check_selector(selector, self.contract, self.owners):
                        mend = "Begin with a class of this component's contract."
                        yield self.finding(rule.source_line, "selector", problem, mend)
                yield from self.declarations(rule.content, place)
            elif isinstance(rule, tinycss2.ast.AtRule):
                yield from self.at_rule(rule)
            elif isinstance(rule, tinycss2.ast.ParseError):
                yield self.finding(rule.source_line, "syntax", rule.message, "Mend it.")

    def at_rule(self, rule: tinycss2.ast.AtRule) -> Iterator[Finding]:
        prelude = tinycss2.serialize(rule.prelude).strip()
        place = f"{rule.lower_at_keyword} {prelude}"
        if rule.lower_at_keyword == "keyframes" and prelude.startswith(self.contract.classes[0]):
            frames = tinycss2.parse_blocks_contents(rule.content or [])
            for frame in frames:
                if isinstance(frame, tinycss2.ast.QualifiedRule):
                    yield from self.declarations(frame.content, place)
        elif place in PLACES:
            inner = tinycss2.parse_rule_list(
                rule.content or [], skip_comments=True, skip_whitespace=True
            )
            yield from self.rules(inner, place)
        else:
            mend = f"Allowed: {'; '.join(sorted(PLACES))}."
            yield self.finding(rule.source_line, "place", f"@{place} is not on the list", mend)

    def declarations(self, content: Nodes, place: str) -> Iterator[Finding]:
        for item in tinycss2.parse_blocks_contents(
            content, skip_comments=True, skip_whitespace=True
        ):
            if not isinstance(item, tinycss2.ast.Declaration):
                yield self.finding(item.source_line, "syntax", "not a declaration", "Mend it.")
                continue
            if item.important:
                yield self.finding(item.source_line, "important", "!important", "Order decides.")
            if item.name.startswith("--"):
                mend = "Tokens are the only custom properties."
                yield self.finding(item.source_line, "token", f"defines {item.name}", mend)
            yield from self.values(item.value, item.lower_name, place, inside=False)

    def values(self, nodes: Nodes, prop: str, place: str, *, inside: bool) -> Iterator[Finding]:
        for node in nodes:
            if isinstance(node, tinycss2.ast.FunctionBlock):
                yield from self.function(node, prop, place)
            elif isinstance(node, tinycss2.ast.ParenthesesBlock):
                yield from self.values(node.content, prop, place, inside=inside)
            else:
                yield from self.value(node, prop, place, inside=inside)

    def function(
        self, node: tinycss2.ast.FunctionBlock, prop: str, place: str
    ) -> Iterator[Finding]:
        if node.lower_name == "var":
            yield from self.token(node, prop)
        elif node.lower_name not in FUNCTIONS:
            mend = f"Allowed: {', '.join(sorted(FUNCTIONS))}."
            yield self.finding(node.source_line, "value", f"{node.name}() in {prop}", mend)
        else:
            # Beside a token a number only places what it says: one above, half of it.
            counts = prop not in SCALED or "var(" in tinycss2.serialize(node.arguments).lower()
            yield from self.values(node.arguments, prop, place, inside=counts)

    def token(self, node: tinycss2.ast.FunctionBlock, prop: str) -> Iterator[Finding]:
        name = tinycss2.serialize(node.arguments).strip()
        token = self.tokens.get(name)
        if token is None:
            problem = f"{name} is no token.{suggest(name, self.tokens)}"
            yield self.finding(node.source_line, "token", problem, "See tokens.json.")
            return
        if not serves(token, prop):
            mend = f"{name} is a {token.type} and may serve: {', '.join(token.scopes)}."
            yield self.finding(node.source_line, "scope", f"{name} in {prop}", mend)
        if token.deprecated is not None:
            problem = f"{name} is deprecated and goes in {token.deprecated.remove_in}"
            yield self.finding(
                node.source_line,
                "deprecated-token",
                problem,
                token.deprecated.mend,
                fails=token.deprecated.is_due(self.release),
            )

    def value(
        self, node: tinycss2.ast.Node, prop: str, place: str, *, inside: bool
    ) -> Iterator[Finding]:
        line, mend = node.source_line, "Use a token: var(--…)."
        if isinstance(node, tinycss2.ast.DimensionToken) and node.lower_unit not in UNITS:
            problem = f"{node.representation}{node.unit} in {prop}"
            yield self.finding(line, "raw-length", problem, mend)
        elif isinstance(node, tinycss2.ast.HashToken):
            yield self.finding(line, "raw-colour", f"#{node.value} in {prop}", mend)
        elif isinstance(node, tinycss2.ast.URLToken):
            yield self.finding(line, "value", f"url() in {prop}", "Icons come from the sprite.")
        elif isinstance(node, tinycss2.ast.NumberToken):
            if node.value and not inside and not COUNTING.match(prop):
                yield self.finding(line, "raw-number", f"{node.representation} in {prop}", mend)
        elif isinstance(node, tinycss2.ast.StringToken) and prop in SCALED:
            yield self.finding(line, "raw-keyword", f"{node.representation} in {prop}", mend)
        elif isinstance(node, tinycss2.ast.IdentToken):
            if is_colour(node, place):
                yield self.finding(line, "raw-colour", f"{node.value} in {prop}", mend)
            elif is_measure(node.lower_value, prop):
                yield self.finding(line, "raw-keyword", f"{node.value} in {prop}", mend)


def is_colour(node: tinycss2.ast.IdentToken, place: str) -> bool:
    """Whether a word names a colour of its own; the reader's are fine where colours are forced."""
    if node.lower_value in {"transparent", "currentcolor"}:
        return False
    if node.lower_value in SYSTEM_COLOURS:
        return place != FORCED
    return tinycss2.color4.parse_color(node.value) is not None


def is_measure(word: str, prop: str) -> bool:
    """Whether a word stands for a size, a weight or a typeface that no token names."""
    if prop in SCALED:
        return word not in ANYWHERE
    return word in LINE_WIDTHS and prop.startswith(("border", "outline"))


def serves(token: Token, prop: str) -> bool:
    """Whether a token's scopes and type fit a property; `padding` covers `padding-block` too."""
    for logical, physical in LOGICAL:
        prop = prop.replace(logical, physical)
    if prop.endswith("-radius"):
        return "border-radius" in token.scopes
    if prop in token.scopes:
        return True
    if token.type not in ENDINGS.get(prop.rpartition("-")[2], {token.type}):
        return False
    return any(prop.startswith(f"{scope}-") for scope in token.scopes)
