"""What a component promises: the frozen values behind a component's YAML file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

PROP_TYPES: Final = (
    "any",  # handed to the template as it is
    "bool",
    "enum",
    "field",  # a WTForms field
    "icon",  # a name from the icon component's list
    "int",
    "list",
    "map",  # string to text
    "number",
    "object",
    "props",  # all props of the component that `of` names, checked when it is called
    "props_list",  # a list of such
    "str",
    "text",  # a string or a number
    "url",  # a path, a fragment, a query, http(s) or mailto
)
# From the lowest layer to the highest; a node may use what is below it, or beside it in its own
# layer. Tokens lie below all of them and page templates above.
KINDS: Final = ("component", "pattern", "content_block")
STATUSES: Final = ("experimental", "beta", "stable", "deprecated", "removed")


class ContractError(ValueError):
    """A component's YAML is not a contract: which file, which field, and how to mend it."""

    def __init__(self, file: Path, where: str, problem: str, mend: str) -> None:
        super().__init__(f"{file.name}: {where}: {problem}. {mend}")
        self.file = file
        self.where = where
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since which release something is on its way out, and what to do instead.

    Until the release `remove_in` its use is noted; from that release on it is a failure. One of
    `replaced_by` (a name) and `guide` (what to do, in a sentence) is given.
    """

    since: str
    remove_in: str
    reason: str
    replaced_by: str = ""
    guide: str = ""

    @property
    def mend(self) -> str:
        """What to do instead, as a sentence."""
        return f"Use {self.replaced_by}." if self.replaced_by else self.guide


@dataclass(frozen=True, slots=True)
class Prop:
    """One prop of a component, or one field of an object a prop holds.

    `fields` names the fields of an `object`, or of each object of a `list`; a list without them
    holds values of the type `of`. For the types `props` and `props_list`, `of` names a component.
    `max_len` counts characters; `retiring` are the values of an enum that are on their way out.
    """

    name: str
    type: str
    required: bool = False
    default: object = None
    values: tuple[str, ...] = ()
    max_len: int | None = None
    fields: tuple["Prop", ...] = ()
    of: str | None = None
    note: str = ""
    deprecated: Deprecation | None = None
    retiring: Mapping[str, Deprecation] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Accessibility:
    """What a component promises to people who use a keyboard or a screen reader."""

    criteria: tuple[str, ...]
    keyboard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A named call of the component; `body` lists the components that fill its slot.

    `axe_debt` holds, by rule of axe, why that rule cannot decide about this example by itself.
    """

    name: str
    props: Mapping[str, object]
    body: tuple[tuple[str, Mapping[str, object]], ...] = ()
    whole_page: bool = False
    axe_debt: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything a component promises, read from its YAML file.

    `changelog` says for each released version what changed, newest first.
    """

    id: str
    version: str
    kind: str
    status: str
    since: str
    owner: str
    summary: str
    folder: Path
    props: tuple[Prop, ...]
    slots: tuple[str, ...]
    states: tuple[str, ...]
    classes: tuple[str, ...]
    depends_on: tuple[str, ...]
    js_budget_gz: int
    a11y: Accessibility
    examples: tuple[Example, ...]
    changelog: Mapping[str, str]
    deprecated: Deprecation | None = None
    by_name: Mapping[str, Prop] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def template(self) -> Path:
        return self.folder / f"{self.id}.html"

    @property
    def stylesheet(self) -> Path:
        return self.folder / f"{self.id}.css"

    @property
    def script(self) -> Path:
        return self.folder / f"{self.id}.js"
