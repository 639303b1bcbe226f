"""Follows aliases: a token whose value is `{another.token}` takes that token's value."""

from collections.abc import Iterator

from components.lint.findings import Finding
from components.tokens.resolver import Declaration, Declarations


def check_aliases(declared: Declarations) -> Iterator[Finding]:
    """Findings for an alias to nothing, to a token of another type, or to itself in the end."""
    for token in declared.values():
        if not token.alias:
            continue
        target = declared.get(token.alias)
        if target is None:
            mend = "Name a token by its whole path."
            yield token.find("$value", "alias", f"is an alias of {token.alias}, no token", mend)
        elif target.node["$type"] != token.node["$type"]:
            problem = (
                f"is a {token.node['$type']} and an alias of {token.alias}, "
                f"a {target.node['$type']}"
            )
            yield token.find("$value", "alias", problem, "Both have one type.")
        elif chain := _find_cycle(token, declared):
            problem = f"goes round in a circle: {' → '.join(chain)}"
            yield token.find("$value", "alias", problem, "Give one of them a value of its own.")


def follow(path: str, declared: Declarations) -> object:
    """The value of a token, through any number of aliases; the aliases have been checked."""
    token = declared[path]
    while token.alias:
        token = declared[token.alias]
    value: object = token.node["$value"]
    return value


def _find_cycle(token: Declaration, declared: Declarations) -> list[str]:
    chain = [token.path]
    while token.alias in declared:
        token = declared[token.alias]
        chain.append(token.path)
        if token.path in chain[:-1]:
            return chain
    return []
