"""Reads the token files into flat, checked values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from components.lint.findings import Finding
from components.release import parse_version
from components.tokens.aliases import check_aliases, follow
from components.tokens.hexes import check_hex
from components.tokens.problems import TokenError, refuse_if_any
from components.tokens.promises import check_promises
from components.tokens.resolver import DOCUMENT, Declarations, Resolver, read_resolver
from components.tokens.retirement import check_deprecation

FOLDER: Final = Path(__file__).parent
TOKEN_CAP: Final = 60


@dataclass(frozen=True, slots=True)
class Contrast:
    """The least WCAG 2.2 contrast ratio a colour keeps against another token, in both themes."""

    against: str
    minimum: float


@dataclass(frozen=True, slots=True)
class Deprecation:
    """What to use instead of a token, and the release that no longer has it.

    One of `replaced_by` (a token's path) and `guide` (a sentence) is given. Until `remove_in` a
    use is noted; from that release on it fails. `since` may be empty.
    """

    remove_in: str
    since: str = ""
    replaced_by: str = ""
    guide: str = ""

    @property
    def mend(self) -> str:
        """What to do instead, as a sentence."""
        if not self.replaced_by:
            return self.guide
        return f"Use var({to_css_name(self.replaced_by)}). {self.guide}".strip()

    def is_due(self, release: str) -> bool:
        """Whether the token should be gone by a release."""
        return parse_version(release) >= parse_version(self.remove_in)


@dataclass(frozen=True, slots=True)
class Token:
    """One design token.

    `path` is dotted; `value` and `dark` are its values in the two themes, with aliases followed;
    `alias` is the path of the token it takes its value from, empty when it has its own; `scopes`
    are the CSS properties it may serve; `decorative` says why a colour may go unseen. `file` and
    `line` say where it is declared.
    """

    path: str
    type: str
    value: object
    dark: object
    description: str
    scopes: tuple[str, ...]
    contrast: tuple[Contrast, ...]
    alias: str
    decorative: str
    deprecated: Deprecation | None
    file: str
    line: int

    @property
    def css_name(self) -> str:
        return to_css_name(self.path)

    def find(self, rule: str, problem: str, mend: str, *, fails: bool = True) -> Finding:
        """A finding about this token, where it is declared."""
        return Finding(self.file, self.line, rule, f"{self.path} {problem}", mend, fails)


def to_css_name(path: str) -> str:
    """The custom property of a token: `space.1` is `--space-1`."""
    return "--" + path.replace(".", "-")


def load_tokens(folder: Path = FOLDER) -> dict[str, Token]:
    """All tokens by dotted path, with the values of both themes.

    Raises TokenError, with a finding for every breach, when a file is not of the form its schema
    asks for, or when the tokens do not fit together: an override of nothing, an alias that leads
    nowhere, a colour without a contrast to keep, more tokens than the cap.
    """
    resolver = read_resolver(folder)
    base, light, dark = resolver.resolve_sets(), resolver.resolve("light"), resolver.resolve("dark")
    if len(base) > TOKEN_CAP:
        problem = f"{len(base)} tokens, and the cap is {TOKEN_CAP}"
        mend = "Remove one to add one."
        raise TokenError([Finding(DOCUMENT, 0, "token-cap", problem, mend)])
    refuse_if_any(_check_overrides(resolver, base))
    refuse_if_any(
        [
            *_check_names(base),
            *check_aliases(light),
            *check_aliases(dark),
            *check_hex([*base.values(), *resolver.list_overrides()]),
            *(finding for token in base.values() for finding in check_promises(token, base)),
            *(finding for token in base.values() for finding in check_deprecation(token, base)),
        ]
    )
    return {path: _build(path, base, light, dark) for path in base}


def _check_overrides(resolver: Resolver, base: Declarations) -> Iterator[Finding]:
    for token in resolver.list_overrides():
        known = base.get(token.path)
        if known is None:
            mend = "A theme changes values; declare the token in a set first."
            yield token.find("$value", "override", "overrides nothing", mend)
        elif known.node["$type"] != token.node["$type"]:
            problem = f"is a {token.node['$type']} here and a {known.node['$type']} in the set"
            yield token.find("$type", "override", problem, "Both have one type.")


def _check_names(base: Declarations) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for token in base.values():
        name = to_css_name(token.path)
        first = taken.setdefault(name, token.path)
        if first != token.path:
            yield token.find("$type", "css-name", f"is {name}, like {first}", "Rename one.")


def _build(path: str, base: Declarations, light: Declarations, dark: Declarations) -> Token:
    declared = base[path]
    extensions = declared.extensions
    return Token(
        path=path,
        type=declared.node["$type"],
        value=follow(path, light),
        dark=follow(path, dark),
        description=declared.node["$description"],
        scopes=tuple(extensions["ballast.scopes"]),
        contrast=tuple(
            Contrast(pair["against"].strip("{}"), float(pair["min"]))
            for pair in extensions.get("ballast.contrast", [])
        ),
        alias=declared.alias,
        decorative=extensions.get("ballast.decorative", ""),
        deprecated=_find_deprecation(declared.node, extensions),
        file=declared.source.name,
        line=declared.line,
    )


def _find_deprecation(node: Mapping[str, Any], extensions: Mapping[str, Any]) -> Deprecation | None:
    said = node.get("$deprecated", False)
    if not said:
        return None
    return Deprecation(
        remove_in=extensions["ballast.remove_in"],
        since=extensions.get("ballast.deprecated_since", ""),
        replaced_by=extensions.get("ballast.replaced_by", "").strip("{}"),
        guide=said if isinstance(said, str) else "",
    )
