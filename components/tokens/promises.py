"""What a colour promises: which contrast it keeps against which other colour, or why none.

WCAG 2.2 asks for 4.5:1 of text (1.4.3) and for 3:1 of what shows a control or its state (1.4.11).
Disabled text is exempt there and keeps 4.5:1 here all the same: people do read it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.lint.findings import Finding
from components.tokens.resolver import Declaration, Declarations

TEXT: Final = "color"
TEXT_MINIMUM: Final = 4.5
# What shows where a control is, or what a chart says.
VISIBLE: Final = frozenset({"accent-color", "border", "outline", "stroke"})
RULE: Final = "contrast-promise"
PROMISE: Final = 'Write "ballast.contrast": [{"against": "{color.bg.canvas}", "min": 4.5}].'
CONTRAST_FIELD: Final = "$extensions/ballast.contrast"


def check_promises(token: Declaration, declared: Declarations) -> Iterator[Finding]:
    """Findings for a colour that nobody promised to be seen, and for promises that cannot hold."""
    if token.node["$type"] != "color":
        return
    extensions = token.extensions
    pairs = extensions.get("ballast.contrast", [])
    promised = [pair["against"] for pair in pairs]
    for index, pair in enumerate(pairs):
        yield from _check_pair(token, f"{CONTRAST_FIELD}/{index}", pair, declared)
        if pair["against"] in promised[:index]:
            problem = f"promises contrast against {pair['against']} twice"
            yield token.find(f"{CONTRAST_FIELD}/{index}", RULE, problem, "Keep the higher one.")
    if not pairs:
        yield from _check_silence(token, extensions, declared)
    elif "ballast.decorative" in extensions:
        problem = "promises contrast and is decorative"
        yield token.find(CONTRAST_FIELD, RULE, problem, "It is one or the other.")


def _check_pair(
    token: Declaration,
    field: str,
    pair: Mapping[str, Any],
    declared: Declarations,
) -> Iterator[Finding]:
    against = pair["against"].strip("{}")
    other = declared.get(against)
    if other is None or other.node["$type"] != "color" or other is token:
        mend = "Name another colour token by its whole path."
        yield token.find(field, RULE, f"promises contrast against {against}, no such colour", mend)
    scopes = token.extensions["ballast.scopes"]
    if TEXT in scopes and pair["min"] < TEXT_MINIMUM:
        problem = f"may serve as text and promises only {pair['min']} against {against}"
        mend = f"Text keeps {TEXT_MINIMUM}; or take `color` out of its scopes."
        yield token.find(field, RULE, problem, mend)


def _check_silence(
    token: Declaration,
    extensions: Mapping[str, Any],
    declared: Declarations,
) -> Iterator[Finding]:
    scopes = frozenset(extensions["ballast.scopes"])
    field = "$extensions/ballast.scopes"
    if TEXT in scopes:
        yield token.find(field, RULE, "may serve as text and promises no contrast", PROMISE)
    elif "ballast.decorative" in extensions:
        return
    elif VISIBLE & scopes:
        served = ", ".join(sorted(VISIBLE & scopes))
        mend = f'{PROMISE} Or say why nobody needs to see it, in "ballast.decorative".'
        yield token.find(field, RULE, f"may serve {served} and promises no contrast", mend)
    elif token.path not in _list_grounds(declared):
        mend = "Let the colour of what stands on it promise contrast against it."
        yield token.find(field, RULE, "is a ground that nothing promises contrast against", mend)


def _list_grounds(declared: Declarations) -> set[str]:
    return {
        pair["against"].strip("{}")
        for token in declared.values()
        for pair in token.extensions.get("ballast.contrast", [])
    }
