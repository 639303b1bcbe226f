"""`ui`, the object through which pages call components; each call is checked first."""

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

import jinja2
from markupsafe import Markup  # noqa: TID251 - joins what the components have escaped

from components.assets import AssetManifest
from components.contract import Contract
from components.props import Check, PropError, build_check, suggest
from components.registry import Registry
from components.structure import TAKEN

if TYPE_CHECKING:
    from types import FrameType

TEMPLATE_PREFIX: Final = "components"


class ComponentError(ValueError):
    """A page calls a component wrongly; the message names template, component, prop and mend."""


class Macro(Protocol):
    """A compiled Jinja macro."""

    def __call__(self, **props: object) -> str: ...


class ComponentCall:
    """One component, callable from a template; checks its props before its macro runs."""

    __slots__ = ("_checks", "_contract", "_defaults", "_environment", "_macro", "_required")

    def __init__(
        self, contract: Contract, environment: jinja2.Environment, icons: frozenset[str]
    ) -> None:
        self._contract = contract
        self._environment = environment
        self._macro: Macro | None = None
        self._checks: dict[str, Check] = {p.name: build_check(p, icons) for p in contract.props}
        self._required = tuple(prop.name for prop in contract.props if prop.required)
        self._defaults = {p.name: p.default for p in contract.props if not p.required}

    def __call__(self, *positional: object, **props: object) -> str:
        """Render the component; raises ComponentError when a prop does not fit its contract."""
        if positional:
            raise self._error("takes props by name only; write ui.name(prop=value)")
        laid_out = self._defaults.copy()
        checks = self._checks
        for name, value in props.items():
            check = checks.get(name)
            if check is None:
                self._accept_caller(name)
                laid_out[name] = value
                continue
            try:
                laid_out[name] = check(value)
            except PropError as wrong:
                raise self._error(f"prop {name}{wrong.path} {explain(value, wrong)}") from None
        for name in self._required:
            if name not in laid_out:
                raise self._error(f"prop {name} is required and missing")
        return self._find_macro()(**laid_out)

    def _accept_caller(self, name: str) -> None:
        if name == "caller" and self._contract.slots:
            return
        if name == "caller":
            raise self._error("has no slot, so {% call %} has nowhere to put its body")
        allowed = sorted(self._checks)
        near = suggest(name, allowed)
        raise self._error(f"has no prop {name!r}.{near} Allowed: {', '.join(allowed)}")

    def _find_macro(self) -> Macro:
        if self._macro is None or self._environment.auto_reload:
            name = self._contract.id
            template = self._environment.get_template(f"{TEMPLATE_PREFIX}/{name}/{name}.html")
            self._macro = getattr(template.module, name)
        return self._macro

    def _error(self, problem: str) -> ComponentError:
        return ComponentError(f"{find_calling_template()}: ui.{self._contract.id} {problem}")


class ContentCall:
    """`ui.content(blocks=[…])`: what people wrote, as typed blocks, each by its own contract."""

    __slots__ = ("_known", "_ui")

    def __init__(self, ui: "Ui", known: list[str]) -> None:
        self._ui = ui
        self._known = known

    def __call__(self, *, blocks: Iterable[Mapping[str, object]]) -> Markup:
        """Render the blocks; raises ComponentError for an unknown type or a broken contract."""
        return Markup("\n").join(self._render(number, block) for number, block in enumerate(blocks))

    def _render(self, number: int, block: Mapping[str, object]) -> str:
        kind = str(block.get("type"))
        if kind not in self._known:
            known = ", ".join(self._known)
            raise ComponentError(
                f"{find_calling_template()}: ui.content blocks[{number}].type is {kind!r};"
                f"{suggest(kind, self._known)} allowed: {known}"
            )
        call: ComponentCall = getattr(self._ui, kind)
        return call(**{name: value for name, value in block.items() if name != "type"})


class Ui:
    """What templates know as `ui`: one attribute a contract, and the asset manifest."""

    def __init__(
        self, registry: Registry, environment: jinja2.Environment, assets: AssetManifest
    ) -> None:
        self.assets = assets
        icons = registry.icons
        for contract in registry:
            setattr(self, contract.id, ComponentCall(contract, environment, icons))
        self.content = ContentCall(self, [block.id for block in registry.of_kind("content_block")])

    def __getattr__(self, name: str) -> ComponentCall:
        if name.startswith("_"):
            raise AttributeError(name)
        known = [key for key in vars(self) if key not in TAKEN]
        near = suggest(name, known)
        names = ", ".join(sorted(known))
        raise ComponentError(
            f"{find_calling_template()}: there is no component {name!r}.{near} Known: {names}"
        )


def explain(value: object, wrong: PropError) -> str:
    """The problem in words; for an undefined name, which name it was."""
    if not isinstance(value, jinja2.Undefined):
        return wrong.problem
    try:
        str(value)
    except jinja2.UndefinedError as undefined:
        return f"got nothing: {undefined.message}"
    return "got nothing"


def find_calling_template() -> str:
    """The page template and line now rendering, for error messages; a component's own last."""
    nearest = ""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - only the interpreter knows the caller
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if isinstance(template, jinja2.Template):
            line = template.get_corresponding_lineno(frame.f_lineno)
            place = f"{template.name}:{line}"
            if not (template.name or "").startswith(f"{TEMPLATE_PREFIX}/"):
                return place
            nearest = nearest or place
        frame = frame.f_back
    return nearest or "a call from Python"
