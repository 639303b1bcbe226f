"""What an element may carry: known attributes, addresses that lead somewhere, no looks, no code."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

# Whatever a component writes. An attribute that is not here either does nothing, or does what a
# page may not: run code (srcdoc), send a form elsewhere (formaction), lead away (http-equiv).
KNOWN: Final = frozenset(
    {
        "action", "alt", "autocapitalize", "autocomplete", "charset", "checked", "class",
        "colspan", "content", "d", "datetime", "defer", "dir", "disabled", "download", "dx",
        "dy", "enctype", "fill", "for", "form", "height", "hidden", "href", "id", "inputmode",
        "label", "lang", "list", "loading", "max", "maxlength", "media", "method", "min",
        "minlength", "multiple", "name", "novalidate", "open", "pattern", "placeholder", "popover",
        "readonly", "rel", "required", "role", "rows", "rowspan", "scope", "selected",
        "spellcheck", "src", "srcset", "start", "step", "tabindex", "title", "type", "value",
        "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
        "hx-get", "hx-push-url", "hx-select", "hx-swap", "hx-target", "hx-trigger",
    }
)  # fmt: skip
FAMILIES: Final = ("aria-", "data-")
# htmx and browsers read code out of these, however they are spelt.
HANDLER: Final = re.compile(r"^(on|(data-)?hx-on)")
# The other spelling of htmx's attributes, which nothing here uses.
DOUBLE: Final = "data-hx-"
LINKS: Final = frozenset({"href", "src", "srcset"})
# Where a form or a part of a page goes: never to somebody else's place.
OWN_PLACES: Final = frozenset({"action", "hx-get"})
OWN: Final = re.compile(r"^(/(?![/\\])|\?|#|\./|$)")
# Browsers drop white space and control characters before they read the scheme.
IGNORED: Final = re.compile(r"[\x00-\x20]")
SCHEME: Final = re.compile(r"^([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SCHEMES: Final = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong about an element; by the first needle that is there its line is found."""

    needles: tuple[str, ...]
    rule: str
    problem: str
    mend: str


def check_attributes(tag: str, attributes: Mapping[str, str]) -> Iterator[Complaint]:
    """What is wrong with an element's attributes, each judged by itself."""
    for key, value in attributes.items():
        name = key.rpartition("}")[2]  # an attribute of SVG carries its namespace
        if key == "style":
            yield Complaint(("style=",), "style", f"<{tag} style>", "Looks live in CSS.")
        elif HANDLER.match(key):
            mend = "Scripts listen from their own files."
            yield Complaint((f"{key}=",), "handler", f"<{tag} {key}>", mend)
        elif key == "hx-trigger" and "[" in value:
            mend = "Scripts listen from their own files."
            yield Complaint((f"{key}=",), "handler", f"<{tag} {key}> with a condition", mend)
        elif not _is_known(key):
            mend = "Leave it out, or list it in components/lint/attributes.py and say why."
            yield Complaint(
                (f"{key}=", f"{name}="), "attribute", f"<{tag} {key}> is not known", mend
            )
        yield from _check_address(name, value)


def _is_known(key: str) -> bool:
    return key in KNOWN or (key.startswith(FAMILIES) and not key.startswith(DOUBLE))


def _check_address(name: str, value: str) -> Iterator[Complaint]:
    bare = IGNORED.sub("", value)
    scheme = SCHEME.match(bare)
    if name in LINKS | OWN_PLACES and scheme and scheme[1].lower() not in SCHEMES:
        mend = f"Link to a page. Allowed: {', '.join(sorted(SCHEMES))}."
        yield Complaint(
            (value, f"{name}="), "address", f"{name} is a {scheme[1].lower()}: address", mend
        )
    elif name in OWN_PLACES and not OWN.match(bare):
        yield Complaint(
            (value, f"{name}="), "address", f"{name} leads to {value!r}", "Stay on our own pages."
        )
