"""Checks the values a page gives to a component, and lays out objects the way templates expect.

A mapping becomes an object with every declared field present (absent ones hold their default), so
component templates read `item.count` without asking first.
"""

import difflib
import html
from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Final, cast

from components.contract import Prop

# Where no contract describes a value, this key of a mapping holds an address all the same.
ADDRESS: Final = "href"
SAFE_URL_STARTS: Final = ("/", "#", "?", "./", "https://", "http://", "mailto:")

MARKUP_REFUSED: Final = "is markup; give plain words, and components write the markup"

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
        value = _as_words(value)
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


def _check_text(value: object) -> object:
    return _NUMBER_OR_WORDS(_as_words(value))


def _as_words(value: object) -> object:
    """Markup as the words that it shows; refused where it holds more than words.

    A block of a template is markup to Jinja though it holds words only. What views form by hand
    is not: it would go to the page unescaped.
    """
    if type(value) is not str and isinstance(value, str) and hasattr(value, "__html__"):
        if "<" in value:
            raise PropError(MARKUP_REFUSED)
        return html.unescape(str(value))
    return value


def _demand_plain(value: object) -> object:
    """What no contract describes is plain all the same: no markup, and no address that runs."""
    if not _is_plain(value):
        _refuse_markup(value)
    return value


def _is_plain(value: object) -> bool:
    """Whether a value is plain at first sight; a whole table is looked at this way."""
    kind = type(value)
    if kind is dict:
        mapping = cast("dict[object, object]", value)
        for key, item in mapping.items():
            if type(key) is not str or (type(item) not in _SIMPLE and not _is_plain(item)):
                return False
        link = mapping.get(ADDRESS)
        return not link or (type(link) is str and link.startswith(SAFE_URL_STARTS))
    if kind is list:
        return all(type(item) in _SIMPLE or _is_plain(item) for item in cast("list[object]", value))
    return kind in _SIMPLE


def _refuse_markup(value: object) -> None:
    """Find what is not plain, and say where it is."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_markup(key)
            _at(f".{key}", _check_url if key == ADDRESS and item else _demand_plain, item)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _at(f"[{index}]", _demand_plain, item)
    elif hasattr(value, "__html__"):
        raise PropError(MARKUP_REFUSED)


def _at(step: str, check: Check, value: object) -> None:
    try:
        check(value)
    except PropError as wrong:
        raise wrong.inside(step) from None


def _check_url(value: object) -> object:
    value = _as_words(value)
    if isinstance(value, str) and (value == "" or value.startswith(SAFE_URL_STARTS)):
        return value
    starts = ", ".join(SAFE_URL_STARTS)
    raise PropError(f"is {value!r}; a link begins with one of {starts}")


def _check_map(value: object) -> object:
    if isinstance(value, Mapping):
        return _demand_plain(value)
    raise PropError(f"is {type(value).__name__}; it must be a mapping of names to text")


def _check_props(value: object) -> object:
    if isinstance(value, Mapping):
        return value  # the component that takes them checks them
    raise PropError(f"is {type(value).__name__}; it must be a mapping of props")


def _check_field(value: object) -> object:
    if all(hasattr(value, name) for name in ("name", "label", "type", "errors")):
        _at(".label", _demand_plain, getattr(getattr(value, "label", None), "text", ""))
        for name in ("data", "description", "errors"):
            _at(f".{name}", _demand_plain, getattr(value, name, None))
        choices = [getattr(one, "label", one) for one in getattr(value, "choices", None) or ()]
        _at(".choices", _demand_plain, choices)
        return value
    raise PropError(f"is {type(value).__name__}; it must be a WTForms field")


_SIMPLE: Final = frozenset({str, int, bool, float, type(None)})
_NUMBER_OR_WORDS: Final = _typed((str, int, float), "text or a number")
_PLAIN: Final[dict[str, Check]] = {
    "any": _demand_plain,
    "bool": _typed((bool,), "true or false"),
    "int": _typed((int,), "a whole number"),
    "number": _typed((int, float), "a number"),
    "text": _check_text,
    "url": _check_url,
    "map": _check_map,
    "props": _check_props,
    "field": _check_field,
}


def _list_check(prop: Prop, icons: frozenset[str]) -> Check:
    if prop.fields:
        item_check = _object_check(prop, icons)
    elif prop.type == "props_list":
        item_check = _check_props
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
