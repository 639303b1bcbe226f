"""Reads a component's YAML into a contract, or says what is wrong with it."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

import yaml

from components.contract import (
    KINDS,
    PROP_TYPES,
    STATUSES,
    Accessibility,
    Contract,
    ContractError,
    Deprecation,
    Example,
    Prop,
)

# These would let a page invent its own variants, so no contract may offer them.
FORBIDDEN_PROPS: Final = frozenset(
    {"attributes", "attrs", "class", "classes", "css", "html", "markup", "style", "styles"}
)
# The fields an author may write; anything else is a typing slip.
KNOWN_FIELDS: Final = frozenset(
    {
        "id", "version", "kind", "status", "since", "deprecated", "owner", "summary", "props",
        "slots", "states", "classes", "depends_on", "js", "a11y", "examples", "changelog",
    }
)  # fmt: skip
PROP_FIELDS: Final = frozenset(
    {
        "name",
        "type",
        "required",
        "default",
        "values",
        "max_len",
        "fields",
        "of",
        "note",
        "deprecated", "retiring",
    }
)  # fmt: skip
DEPRECATION_FIELDS: Final = frozenset({"since", "remove_in", "reason", "replaced_by", "guide"})
EXAMPLE_FIELDS: Final = frozenset({"name", "props", "body", "whole_page", "axe_debt"})
# The safe loader, in C where the machine has it: contracts are read at every start.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SEMVER: Final = re.compile(r"^\d+\.\d+\.\d+$")


def load_contract(path: Path) -> Contract:
    """The contract in `path`; raises ContractError naming file, field and mend."""
    return _Reader(path).contract()


class _Reader:
    """Reads one file; every refusal names the place in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            raw = yaml.load(path.read_text("utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
        except yaml.YAMLError as wrong:
            line = getattr(getattr(wrong, "problem_mark", None), "line", 0) + 1
            mend = "Put words that hold ? : { } , or # in quotes."
            raise ContractError(path, f"line {line}", "is not YAML", mend) from None
        if not isinstance(raw, dict):
            raise ContractError(path, "file", "is not a mapping", "Write `id: …` and the rest.")
        self.raw: dict[str, object] = raw

    def fail(self, where: str, problem: str, mend: str) -> ContractError:
        return ContractError(self.path, where, problem, mend)

    def contract(self) -> Contract:
        self.reject_unknown(self.raw, KNOWN_FIELDS, "file")
        props = tuple(self.prop(item, f"props[{n}]") for n, item in enumerate(self.dicts("props")))
        folder = self.path.parent
        name = self.text("id")
        if name != folder.name:
            raise self.fail("id", f"is {name!r}", f"Name it after its folder, {folder.name!r}.")
        if not SEMVER.match(self.text("version")):
            raise self.fail("version", "is not a semantic version", "Write it as 1.0.0.")
        return Contract(
            id=name,
            version=self.text("version"),
            kind=self.choice("kind", KINDS),
            status=self.choice("status", STATUSES),
            since=self.text("since"),
            owner=self.text("owner"),
            summary=self.text("summary"),
            folder=folder,
            props=props,
            slots=self.words("slots"),
            states=self.words("states"),
            classes=self.words("classes"),
            depends_on=self.words("depends_on"),
            js_budget_gz=self.script_budget(),
            a11y=self.accessibility(),
            examples=self.examples(),
            changelog=self.changelog(),
            deprecated=self.deprecation(self.raw.get("deprecated"), "deprecated"),
            by_name=MappingProxyType({prop.name: prop for prop in props}),
        )

    def reject_unknown(
        self, found: Mapping[str, object], known: frozenset[str], where: str
    ) -> None:
        for key in found:
            if key not in known:
                raise self.fail(where, f"has an unknown field {key!r}", f"Known: {sorted(known)}.")

    def text(self, key: str) -> str:
        value = self.raw.get(key)
        if not isinstance(value, str) or not value:
            raise self.fail(key, "is missing or not text", "Write a text value, in quotes.")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.fail(key, f"is {value!r}", f"Allowed: {', '.join(allowed)}.")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.fail(key, "is not a list of words", "Write `[one, two]`.")
        return tuple(value)

    def dicts(self, key: str) -> list[dict[str, object]]:
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(key, "is not a list of mappings", "Write `- {name: …}` lines.")
        return value

    def prop(self, item: Mapping[str, object], where: str) -> Prop:
        self.reject_unknown(item, PROP_FIELDS, where)
        name, type_ = str(item.get("name", "")), str(item.get("type", ""))
        if not name.isidentifier() or FORBIDDEN_PROPS & set(name.lower().split("_")):
            raise self.fail(f"{where}.name", f"is {name!r}", "Choose a word for what it means.")
        if type_ not in PROP_TYPES:
            raise self.fail(f"{where}.type", f"is {type_!r}", f"Allowed: {', '.join(PROP_TYPES)}.")
        values = tuple(str(value) for value in cast("list[object]", item.get("values", [])))
        default = item.get("default")
        if (type_ == "enum") is not bool(values):
            raise self.fail(f"{where}.values", "belongs to an enum", "List an enum's values.")
        if type_ == "enum" and default is not None and default not in values:
            raise self.fail(f"{where}.default", f"is {default!r}", f"Allowed: {values}.")
        if type_ in {"props", "props_list"} and not item.get("of"):
            raise self.fail(f"{where}.of", "is missing", "Name the component whose props it holds.")
        fields = cast("list[dict[str, object]]", item.get("fields", []))
        return Prop(
            name=name,
            type=type_,
            required=bool(item.get("required", False)),
            default=default,
            values=values,
            max_len=cast("int | None", item.get("max_len")),
            fields=tuple(self.prop(f, f"{where}.fields[{n}]") for n, f in enumerate(fields)),
            of=cast("str | None", item.get("of")),
            note=str(item.get("note", "")),
            deprecated=self.deprecation(item.get("deprecated"), f"{where}.deprecated"),
            retiring=self.retiring(item, values, where),
        )

    def retiring(
        self, item: Mapping[str, object], values: tuple[str, ...], where: str
    ) -> Mapping[str, Deprecation]:
        raw = cast("dict[str, object]", item.get("retiring", {}))
        found = {}
        for value, said in raw.items():
            deprecation = self.deprecation(said, f"{where}.retiring.{value}")
            if value not in values or deprecation is None:
                raise self.fail(f"{where}.retiring", f"names {value!r}", f"Allowed: {values}.")
            found[value] = deprecation
        return MappingProxyType(found)

    def script_budget(self) -> int:
        js = self.raw.get("js")
        budget = js.get("budget_gz") if isinstance(js, dict) else 0
        if not isinstance(budget, int):
            raise self.fail("js.budget_gz", "is not a number of bytes", "Write `budget_gz: 600`.")
        if budget == 0 and self.path.with_suffix(".js").exists():
            raise self.fail("js", "has a script without a budget", "Write `js: {budget_gz: 600}`.")
        return budget

    def accessibility(self) -> Accessibility:
        raw = self.raw.get("a11y")
        if not isinstance(raw, dict) or not raw.get("criteria"):
            raise self.fail("a11y.criteria", "is missing", "Say what the component must keep.")
        return Accessibility(
            criteria=tuple(map(str, raw["criteria"])),
            keyboard=tuple(map(str, raw.get("keyboard", []))),
        )

    def examples(self) -> tuple[Example, ...]:
        found = tuple(
            self.example(item, f"examples[{n}]") for n, item in enumerate(self.dicts("examples"))
        )
        if not found or len({example.name for example in found}) != len(found):
            raise self.fail("examples", "are missing or share a name", "Give each its own name.")
        return found

    def example(self, item: Mapping[str, object], where: str) -> Example:
        self.reject_unknown(item, EXAMPLE_FIELDS, where)
        parts = cast("list[dict[str, dict[str, object]]]", item.get("body") or [])
        debt = cast("list[dict[str, str]]", item.get("axe_debt") or [])
        return Example(
            name=str(item.get("name", "")),
            props=cast("Mapping[str, object]", item.get("props") or {}),
            body=tuple((str(part["component"]), part.get("props") or {}) for part in parts),
            whole_page=bool(item.get("whole_page", False)),
            axe_debt=MappingProxyType({owed["rule"]: owed["reason"] for owed in debt}),
        )

    def changelog(self) -> Mapping[str, str]:
        raw = self.raw.get("changelog", {})
        if not isinstance(raw, dict) or not all(SEMVER.match(str(key)) for key in raw):
            mend = 'Write `"1.0.1": what changed` lines.'
            raise self.fail("changelog", "is not a mapping of versions", mend)
        return MappingProxyType({str(version): str(words) for version, words in raw.items()})

    def deprecation(self, raw: object, where: str) -> Deprecation | None:
        if raw is None:
            return None
        mend = "Write since, remove_in, reason, and replaced_by or guide."
        if not isinstance(raw, dict) or not {"since", "remove_in", "reason"} <= raw.keys():
            raise self.fail(where, "is incomplete", mend)
        self.reject_unknown(raw, DEPRECATION_FIELDS, where)
        found = Deprecation(**{str(key): str(value) for key, value in raw.items()})
        if not (found.replaced_by or found.guide):
            raise self.fail(where, "says nothing about what to do instead", mend)
        if not (SEMVER.match(found.since) and SEMVER.match(found.remove_in)):
            raise self.fail(where, "names no semantic versions", "Write them as 1.0.0.")
        return found
