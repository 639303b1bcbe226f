"""What `flask components check` says about tokens that could be read: seen, used, and in time."""

from collections.abc import Iterator, Mapping
from typing import Final

from components.lint.findings import Finding
from components.registry import Registry
from components.release import read_release
from components.tokens.contrast import list_pairs
from components.tokens.read import Token
from components.tokens.uses import find_uses

DEPRECATED: Final = "deprecated-token"


def check_tokens(
    tokens: Mapping[str, Token], registry: Registry, release: str | None = None
) -> list[Finding]:
    """Findings about the tokens as a whole: contrast missed, nobody's token, time run out.

    `release` is the project's version and stands in pyproject.toml when it is not given. What is
    wrong with the files themselves, `load_tokens` raises as a TokenError, which carries findings.
    """
    now = release or read_release()
    return sorted(
        [
            *check_contrast(tokens),
            *_check_orphans(tokens, registry),
            *_check_time(tokens, now),
        ]
    )


def check_contrast(tokens: Mapping[str, Token]) -> list[Finding]:
    """Findings for pairs of colours that miss the contrast their token promises."""
    return [
        tokens[pair.foreground].find(
            "contrast",
            f"on {pair.background} is {pair.ratio:.2f}:1 in {pair.theme}",
            f"It promises {pair.minimum}:1.",
        )
        for pair in list_pairs(tokens)
        if not pair.kept
    ]


def _check_orphans(tokens: Mapping[str, Token], registry: Registry) -> Iterator[Finding]:
    used = find_uses(registry).keys()
    aliased = {token.alias for token in tokens.values()}
    for token in tokens.values():
        # A deprecated token without a user is on its way out as it should be.
        if token.css_name not in used and token.path not in aliased and not token.deprecated:
            mend = "Use it in a stylesheet, or remove it: the cap counts it."
            yield token.find("orphan-token", "is used by no stylesheet", mend)


def _check_time(tokens: Mapping[str, Token], release: str) -> Iterator[Finding]:
    for token in tokens.values():
        if token.deprecated is not None and token.deprecated.is_due(release):
            problem = f"was to be gone in {token.deprecated.remove_in}, and this is {release}"
            yield token.find(DEPRECATED, problem, "Remove it.")
        source = tokens[token.alias].deprecated if token.alias else None
        if source is not None and token.deprecated is None:
            problem = f"takes its value from {token.alias}, which is deprecated"
            due = source.is_due(release)
            yield token.find(DEPRECATED, problem, source.mend, fails=due)
