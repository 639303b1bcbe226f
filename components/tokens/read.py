"""Reads the token files into flat, checked values."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

FOLDER: Final = Path(__file__).parent
TYPES: Final = (
    "color", "dimension", "duration", "fontFamily", "fontWeight", "number", "shadow",
)  # fmt: skip
TOKEN_CAP: Final = 60
HEX: Final = re.compile(r"^#[0-9a-f]{6}$")


class TokenError(ValueError):
    """A token file breaks the Design Tokens format or a rule of ours."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """The least WCAG 2.2 contrast ratio a colour keeps against another token, in both themes."""

    against: str
    minimum: float


@dataclass(frozen=True, slots=True)
class Token:
    """One design token; `path` is dotted, `scopes` are the CSS properties it may serve."""

    path: str
    type: str
    value: object
    dark: object
    description: str
    scopes: tuple[str, ...]
    contrast: tuple[Contrast, ...]

    @property
    def css_name(self) -> str:
        return "--" + self.path.replace(".", "-")


def load_tokens(folder: Path = FOLDER) -> dict[str, Token]:
    """All tokens by dotted path, light values with their dark overrides.

    Raises TokenError for an unknown type, a value of the wrong form, a dark override of nothing,
    or more tokens than the cap.
    """
    light = dict(_walk(json.loads((folder / "tokens.json").read_text("utf-8")), ""))
    dark = dict(_walk(json.loads((folder / "dark.json").read_text("utf-8")), ""))
    for path in dark:
        if path not in light:
            raise TokenError(f"dark.json overrides {path}, which tokens.json does not have.")
    if len(light) > TOKEN_CAP:
        raise TokenError(f"{len(light)} tokens; the cap is {TOKEN_CAP}. Remove one to add one.")
    return {path: _token(path, node, dark.get(path)) for path, node in light.items()}


def _walk(node: Mapping[str, object], path: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    for name, child in node.items():
        if name.startswith("$") or not isinstance(child, dict):
            continue
        below = f"{path}.{name}" if path else name
        if "$value" in child:
            yield below, child
        else:
            yield from _walk(child, below)


def _token(path: str, node: Mapping[str, object], dark: Mapping[str, object] | None) -> Token:
    kind = str(node.get("$type"))
    if kind not in TYPES:
        raise TokenError(f"{path}: $type is {kind!r}; allowed: {', '.join(TYPES)}.")
    extensions = cast("Mapping[str, object]", node.get("$extensions", {}))
    scopes = cast("list[str]", extensions.get("ballast.scopes", []))
    if not scopes:
        raise TokenError(f"{path}: name the CSS properties it may serve in ballast.scopes.")
    pairs = cast("list[dict[str, object]]", extensions.get("ballast.contrast", []))
    value = node["$value"]
    dark_value = value if dark is None else dark["$value"]
    for given in (value, dark_value):
        _check_form(path, kind, given)
    return Token(
        path=path,
        type=kind,
        value=value,
        dark=dark_value,
        description=str(node.get("$description", "")),
        scopes=tuple(scopes),
        contrast=tuple(
            Contrast(str(pair["against"]).strip("{}"), float(cast("float", pair["min"])))
            for pair in pairs
        ),
    )


def _check_form(path: str, kind: str, value: object) -> None:
    if kind in {"dimension", "duration"}:
        units = {"px", "rem"} if kind == "dimension" else {"ms", "s"}
        if not isinstance(value, dict) or value.get("unit") not in units:
            raise TokenError(f"{path}: a {kind} is {{value, unit}} with unit {sorted(units)}.")
    if kind == "color" and not (isinstance(value, dict) and HEX.match(str(value.get("hex")))):
        raise TokenError(f"{path}: a colour is {{colorSpace, components, hex}}.")
