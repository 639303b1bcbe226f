"""The registry of components, and `ui`, the object through which pages call them."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import jinja2

from components.assets import AssetManifest
from components.contract import Contract
from components.contract_file import load_contract
from components.props import Check, PropError, build_check, suggest

if TYPE_CHECKING:
    from types import FrameType

UI_ROOT: Final = Path(__file__).parent / "ui"
TEMPLATE_PREFIX: Final = "components"


class ComponentError(ValueError):
    """A page calls a component wrongly; the message names template, component, prop and mend."""


class Macro(Protocol):
    """A compiled Jinja macro."""

    def __call__(self, **props: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Registry:
    """All contracts by component name, in the order their files are bundled."""

    contracts: Mapping[str, Contract]

    @classmethod
    def load(cls, root: Path = UI_ROOT) -> "Registry":
        """Read every `<name>/<name>.yaml` below `root`; the shell comes first, then by name.

        Raises ContractError for the first file that is not a contract.
        """
        found = [load_contract(path) for path in sorted(root.glob("*/*.yaml"))]
        found.sort(key=lambda contract: (contract.id != "page_shell", contract.id))
        return cls({contract.id: contract for contract in found})

    def __iter__(self) -> Iterator[Contract]:
        return iter(self.contracts.values())

    @property
    def icons(self) -> frozenset[str]:
        """The names of icons a page may ask for: the icon component's own enum."""
        return frozenset(self.contracts["icon"].by_name["name"].values)

    @property
    def classes(self) -> Mapping[str, str]:
        """Each CSS class with the component that owns it."""
        return {name: contract.id for contract in self for name in contract.classes}


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


class Ui:
    """What templates know as `ui`: one attribute a component, and the asset manifest."""

    def __init__(
        self, registry: Registry, environment: jinja2.Environment, assets: AssetManifest
    ) -> None:
        self.assets = assets
        icons = registry.icons
        for contract in registry:
            setattr(self, contract.id, ComponentCall(contract, environment, icons))

    def __getattr__(self, name: str) -> ComponentCall:
        if name.startswith("_"):
            raise AttributeError(name)
        known = [key for key in vars(self) if key != "assets"]
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
