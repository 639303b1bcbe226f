"""Everything about each token that a page shows, as one typed value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.registry import Registry
from components.tokens.contrast import Pair, list_pairs
from components.tokens.emit import to_css
from components.tokens.read import Deprecation, Token
from components.tokens.uses import find_uses


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Two colours, the WCAG ratio they keep, and what was measured in each theme."""

    foreground: str
    background: str
    minimum: float
    light: Pair
    dark: Pair

    @property
    def kept(self) -> bool:
        return self.light.kept and self.dark.kept


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """One token for a page.

    `group` is the path without its last name, such as `color.bg`. `light` and `dark` are values as
    CSS writes them. `promises` are the pairs in which the colour stands in front, `carries` those
    in which it is the ground; `decorative` says why it promises none. `alias` is the path of the
    token it takes its value from, `aliases` are the paths of those that take theirs from it.
    `used_by` names contracts.
    """

    path: str
    group: str
    css_name: str
    type: str
    description: str
    light: str
    dark: str
    scopes: tuple[str, ...]
    promises: tuple[PairFacts, ...]
    carries: tuple[PairFacts, ...]
    decorative: str
    alias: str
    aliases: tuple[str, ...]
    used_by: tuple[str, ...]
    deprecated: Deprecation | None

    @property
    def changes(self) -> bool:
        """Whether the two themes give it different values."""
        return self.light != self.dark


def describe_tokens(tokens: Mapping[str, Token], registry: Registry) -> tuple[TokenFacts, ...]:
    """The facts of every token, in the order of the token files."""
    pairs = tuple(_match_themes(tokens))
    uses = find_uses(registry)
    return tuple(
        TokenFacts(
            path=token.path,
            group=token.path.rpartition(".")[0],
            css_name=token.css_name,
            type=token.type,
            description=token.description,
            light=to_css(token.type, token.value),
            dark=to_css(token.type, token.dark),
            scopes=token.scopes,
            promises=tuple(pair for pair in pairs if pair.foreground == token.path),
            carries=tuple(pair for pair in pairs if pair.background == token.path),
            decorative=token.decorative,
            alias=token.alias,
            aliases=tuple(other.path for other in tokens.values() if other.alias == token.path),
            used_by=uses.get(token.css_name, ()),
            deprecated=token.deprecated,
        )
        for token in tokens.values()
    )


def _match_themes(tokens: Mapping[str, Token]) -> Iterator[PairFacts]:
    measured = {(p.theme, p.foreground, p.background): p for p in list_pairs(tokens)}
    for (theme, foreground, background), light in measured.items():
        if theme == "light":
            dark = measured["dark", foreground, background]
            yield PairFacts(foreground, background, light.minimum, light, dark)
