"""The public contract of the design system as plain values: what the lock file holds."""

import json
import re
from collections.abc import Mapping
from typing import Final, cast

from components.assets import minify_css
from components.change.outline import Outlines, short_hash
from components.contract import Contract, Deprecation, Prop
from components.registry import Registry
from components.tokens.emit import to_css
from components.tokens.read import FOLDER, Token
from components.tokens.uses import list_used

COMMENT: Final = re.compile(r"{#.*?#}", re.DOTALL)

Entry = dict[str, object]
Api = dict[str, Entry]

# The name under which the set of tokens stands among the contracts.
TOKENS: Final = "tokens"


def describe(registry: Registry, tokens: Mapping[str, Token]) -> Api:
    """Everything that others can rely on, by the name of the contract that promises it."""
    outlines = Outlines(registry)
    api = {contract.id: _contract(contract, outlines) for contract in registry}
    return {TOKENS: _tokens(tokens), **dict(sorted(api.items()))}


def find_token_uses(contract: Contract) -> list[str]:
    """The CSS names of the tokens that a contract's stylesheet uses, sorted."""
    if not contract.stylesheet.exists():
        return []
    return sorted(list_used(contract.stylesheet.read_text("utf-8")))


def read_token_release() -> tuple[str, Mapping[str, str]]:
    """The version of the set of tokens, and its changelog, as the token file says."""
    document = json.loads((FOLDER / "tokens.json").read_text("utf-8"))
    extensions = document.get("$extensions", {})
    return extensions.get("ballast.version", "1.0.0"), extensions.get("ballast.changelog", {})


def _contract(contract: Contract, outlines: Outlines) -> Entry:
    sheet = contract.stylesheet.read_text("utf-8") if contract.stylesheet.exists() else ""
    script = contract.script.read_text("utf-8") if contract.script.exists() else ""
    return {
        "kind": contract.kind,
        "version": contract.version,
        "status": contract.status,
        "since": contract.since,
        "deprecated": _deprecation(contract.deprecated),
        "props": {prop.name: _prop(prop) for prop in contract.props},
        "slots": list(contract.slots),
        "states": list(contract.states),
        "classes": sorted(contract.classes),
        "depends_on": sorted(contract.depends_on),
        "tokens": find_token_uses(contract),
        "examples": outlines.hash_examples(contract),
        # Examples show a few states; a branch that none of them takes is HTML as well.
        "markup": short_hash(COMMENT.sub("", contract.template.read_text("utf-8"))),
        "looks": short_hash(minify_css(sheet)) if sheet else None,
        "behaviour": short_hash(script) if script else None,
    }


def _prop(prop: Prop) -> Entry:
    said: Entry = {
        "type": prop.type,
        "required": prop.required,
        "default": prop.default,
        "values": list(prop.values),
        "max_len": prop.max_len,
        "of": prop.of,
        "fields": {field.name: _prop(field) for field in prop.fields},
        "deprecated": _deprecation(prop.deprecated),
        "retiring": {value: _deprecation(said) for value, said in prop.retiring.items()},
    }
    return {key: value for key, value in said.items() if value not in (None, [], {}, False)}


def _deprecation(deprecated: Deprecation | None) -> Entry | None:
    if deprecated is None:
        return None
    return {"since": deprecated.since, "remove_in": deprecated.remove_in}


def _tokens(tokens: Mapping[str, Token]) -> Entry:
    version, _ = read_token_release()
    return {
        "kind": TOKENS,
        "version": version,
        "tokens": {token.css_name: _token(token) for token in tokens.values()},
    }


def _token(token: Token) -> Entry:
    said: Entry = {
        "type": token.type,
        "light": to_css(token.type, token.value),
        "dark": to_css(token.type, token.dark),
        "scopes": sorted(token.scopes),
    }
    deprecated = getattr(token, "deprecated", None)
    return said | (
        {"deprecated": _deprecation(cast("Deprecation", deprecated))} if deprecated else {}
    )
