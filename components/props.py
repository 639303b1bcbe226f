"""Checks the values a page gives to a component, and lays out objects the way templates expect.

A mapping becomes an object with every declared field present (absent ones hold their default), so
component templates read `item.count` without asking first.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Final

from components.contract import Prop

SAFE_URL_STARTS: Final = ("/", "#", "?", "./", "https://", "http://", "mailto:")

Check = Callable[[object], object]


class PropError(ValueError):
    """A value does not fit its prop; `path` grows as the error leaves nested values."""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path

    def inside(self, step: str) -> "PropError":
        return PropError(self.problem, f"{step}{self.path}")


def suggest(word: str, allowed: Iterable[str]) -> str:
    """The nearest allowed word as a question, or nothing."""
    near = difflib.get_close_matches(word, list(allowed), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def build_check(prop: Prop, icons: frozenset[str]) -> Check:
    """A function that returns the value laid out for the template, or raises PropError."""
    check = _build_by_type(prop, icons)
    if prop.required:
        return check
    return lambda value: None if value is None else check(value)


def _build_by_type(prop: Prop, icons: frozenset[str]) -> Check:
    if prop.type == "enum":
        return _enum_check(frozenset(prop.values), prop.values)
    if prop.type == "icon":
        return _enum_check(icons, tuple(sorted(icons)))
    if prop.type == "str":
        return _text_check(prop.max_len)
    if prop.type == "object":
        return _object_check(prop, icons)
    if prop.type in {"list", "props_list"}:
        return _list_check(prop, icons)
    return _PLAIN[prop.type]


def _enum_check(allowed: frozenset[str], shown: tuple[str, ...]) -> Check:
    def check(value: object) -> object:
        if value in allowed:
            return value
        raise PropError(f"is {value!r}; allowed: {', '.join(shown)}")

    return check


def _text_check(max_len: int | None) -> Check:
    def check(value: object) -> object:
        if not isinstance(value, str):
            raise PropError(f"is {type(value).__name__}; it must be text")
        if max_len is not None and len(value) > max_len:
            raise PropError(f"has {len(value)} characters; at most {max_len}")
        return value

    return check


def _typed(kinds: tuple[type, ...], said: str) -> Check:
    def check(value: object) -> object:
        # bool is an int to Python, but "True" is never a count.
        if isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)):
            return value
        raise PropError(f"is {type(value).__name__}; it must be {said}")

    return check


def _check_url(value: object) -> object:
    if isinstance(value, str) and (value == "" or value.startswith(SAFE_URL_STARTS)):
        return value
    starts = ", ".join(SAFE_URL_STARTS)
    raise PropError(f"is {value!r}; a link begins with one of {starts}")


def _check_map(value: object) -> object:
    if isinstance(value, Mapping):
        return value
    raise PropError(f"is {type(value).__name__}; it must be a mapping of names to text")


def _check_field(value: object) -> object:
    if all(hasattr(value, name) for name in ("name", "label", "type", "errors")):
        return value
    raise PropError(f"is {type(value).__name__}; it must be a WTForms field")


_PLAIN: Final[dict[str, Check]] = {
    "any": lambda value: value,
    "bool": _typed((bool,), "true or false"),
    "int": _typed((int,), "a whole number"),
    "number": _typed((int, float), "a number"),
    "text": _typed((str, int, float), "text or a number"),
    "url": _check_url,
    "map": _check_map,
    "props": _check_map,
    "field": _check_field,
}


def _list_check(prop: Prop, icons: frozenset[str]) -> Check:
    if prop.fields:
        item_check = _object_check(prop, icons)
    elif prop.type == "props_list":
        item_check = _check_map
    elif prop.of:
        item_check = _build_by_type(Prop(name=prop.name, type=prop.of), icons)
    else:
        item_check = _PLAIN["any"]

    def check(value: object) -> object:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise PropError(f"is {type(value).__name__}; it must be a list")
        laid_out = []
        for index, item in enumerate(value):
            try:
                laid_out.append(item_check(item))
            except PropError as wrong:
                raise wrong.inside(f"[{index}]") from None
        return laid_out

    return check


def _object_check(prop: Prop, icons: frozenset[str]) -> Check:
    if not prop.fields:
        return _PLAIN["any"]
    checks = tuple(
        (field.name, field.required, field.default, build_check(field, icons))
        for field in prop.fields
    )
    known = frozenset(field.name for field in prop.fields)

    def check(value: object) -> object:
        given = _read(value, known)
        laid_out = SimpleNamespace()
        for name, required, default, field_check in checks:
            if name not in given:
                if required:
                    raise PropError("is missing", f".{name}")
                setattr(laid_out, name, default)
                continue
            try:
                setattr(laid_out, name, field_check(given[name]))
            except PropError as wrong:
                raise wrong.inside(f".{name}") from None
        return laid_out

    return check


def _read(value: object, known: frozenset[str]) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        for key in value:
            if key not in known:
                names = ", ".join(sorted(known))
                raise PropError(f"is not a field;{suggest(key, known)} allowed: {names}", f".{key}")
        return value
    if isinstance(value, (str, int, float, list, tuple)) or value is None:
        names = ", ".join(sorted(known))
        raise PropError(f"is {type(value).__name__}; it must be an object with {names}")
    return {name: getattr(value, name) for name in known if hasattr(value, name)}
