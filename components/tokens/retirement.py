"""How a token leaves: it says what to use instead, and in which release it will be gone."""

from collections.abc import Iterator
from typing import Final

from components.lint.findings import Finding
from components.tokens.resolver import Declaration, Declarations

RULE: Final = "deprecation"
REPLACED_BY: Final = "ballast.replaced_by"
REMOVE_IN: Final = "ballast.remove_in"
SINCE: Final = "ballast.deprecated_since"


def check_deprecation(token: Declaration, declared: Declarations) -> Iterator[Finding]:
    """Findings for a deprecation that leaves people without a way out or without a date."""
    extensions = token.extensions
    said = token.node.get("$deprecated", False)
    if not said:
        for field in sorted({REPLACED_BY, REMOVE_IN, SINCE} & extensions.keys()):
            mend = 'Write "$deprecated": true, or a sentence, beside it.'
            problem = f"has {field} and is not deprecated"
            yield token.find(f"$extensions/{field}", RULE, problem, mend)
        return
    if REMOVE_IN not in extensions:
        mend = f'Write "{REMOVE_IN}": "2.0.0" into its $extensions.'
        yield token.find("$deprecated", RULE, "is deprecated and says not until when", mend)
    if REPLACED_BY in extensions:
        yield from _check_replacement(token, extensions[REPLACED_BY].strip("{}"), declared)
    elif said is True:
        mend = f'Write "{REPLACED_BY}": "{{a.token}}", or what to do as the text of $deprecated.'
        problem = "is deprecated, with neither a replacement nor a guide"
        yield token.find("$deprecated", RULE, problem, mend)


def _check_replacement(
    token: Declaration, replacement: str, declared: Declarations
) -> Iterator[Finding]:
    field = f"$extensions/{REPLACED_BY}"
    other = declared.get(replacement)
    if other is None:
        problem = f"is replaced by {replacement}, no token"
    elif other.node.get("$deprecated", False):
        problem = f"is replaced by {replacement}, which is deprecated itself"
    elif other.node["$type"] != token.node["$type"]:
        problem = f"is a {token.node['$type']} replaced by {replacement}, a {other.node['$type']}"
    else:
        return
    yield token.find(field, RULE, problem, "Name a token of the same type that stays.")
