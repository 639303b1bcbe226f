"""What must hold of all contracts together before a single page may be rendered.

The app does not start on a set of contracts that breaks one of these rules: a page would find
out later, in front of a person.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from components.contract import KINDS, Contract, ContractError, Deprecation, Prop
from components.release import parse_version

# How many there may be of each kind. One more means that two become one.
CAPS: Final = {"component": 25, "pattern": 8, "content_block": 8}
# Names that `ui` uses itself.
TAKEN: Final = frozenset({"assets", "content"})
# By this the graph finds in a template whose classes it writes.
CLASS_PREFIX: Final = "ds-"
# What a block of stored content may hold: what a JSON Schema can promise to the renderer.
CONTENT_TYPES: Final = frozenset({"bool", "enum", "int", "list", "str", "url"})


class BrokenRegistryError(ContractError):
    """The contracts do not fit together; the message lists every break."""

    def __init__(self, breaks: list[str]) -> None:
        mend = "Run `flask components check` after mending."
        super().__init__(Path("components"), "registry", "; ".join(breaks), mend)
        self.breaks = breaks


def find_breaks(contracts: Mapping[str, Contract], release: str) -> list[str]:
    """Every reason not to start, in words; empty when the contracts fit together."""
    return [
        *_count(contracts),
        *_names(contracts),
        *_layers(contracts),
        *_passed_on(contracts),
        *_cycles(contracts),
        *_classes(contracts),
        *_looks(contracts),
        *_content(contracts),
        *_deprecations(contracts),
        *_overdue(contracts, release),
    ]


def _count(contracts: Mapping[str, Contract]) -> Iterator[str]:
    for kind, cap in CAPS.items():
        count = sum(contract.kind == kind for contract in contracts.values())
        if count > cap:
            yield f"cap: {count} of the kind {kind}, and the cap is {cap}; fold one into another"


def _names(contracts: Mapping[str, Contract]) -> Iterator[str]:
    for contract in contracts.values():
        if contract.id in TAKEN:
            yield f"name: {contract.id} is a word that `ui` keeps for itself"
        if not contract.template.exists():
            yield f"files: {contract.id} has no {contract.template.name}"


def _layers(contracts: Mapping[str, Contract]) -> Iterator[str]:
    for contract in contracts.values():
        for name in contract.depends_on:
            below = contracts.get(name)
            if below is None:
                yield f"edge: {contract.id} depends on {name}, which does not exist"
            elif KINDS.index(below.kind) > KINDS.index(contract.kind):
                yield f"layer: {contract.id}, a {contract.kind}, uses {name}, a {below.kind}"


def _passed_on(contracts: Mapping[str, Contract]) -> Iterator[str]:
    for contract in contracts.values():
        for prop in _all_props(contract.props):
            if prop.type in {"props", "props_list"} and prop.of not in contracts:
                yield (
                    f"edge: {contract.id} takes the props of {prop.of} as {prop.name}, and there "
                    f"is no {prop.of}"
                )


def _all_props(props: Iterable[Prop]) -> Iterator[Prop]:
    for prop in props:
        yield prop
        yield from _all_props(prop.fields)


def _cycles(contracts: Mapping[str, Contract]) -> Iterator[str]:
    settled: set[str] = set()
    waiting = {
        name: {below for below in contract.depends_on if below in contracts}
        for name, contract in contracts.items()
    }
    while ready := [name for name, needs in waiting.items() if needs <= settled]:
        settled.update(ready)
        for name in ready:
            del waiting[name]
    if waiting:
        yield f"cycle: {', '.join(sorted(waiting))} depend on each other"


def _classes(contracts: Mapping[str, Contract]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for contract in contracts.values():
        for name in contract.classes:
            owner = owners.setdefault(name, contract.id)
            if owner != contract.id:
                yield f"owner: .{name} belongs to {owner} and to {contract.id}"
            if not name.startswith(CLASS_PREFIX):
                yield f"owner: .{name} of {contract.id} does not begin with {CLASS_PREFIX}"


def _looks(contracts: Mapping[str, Contract]) -> Iterator[str]:
    for contract in contracts.values():
        if contract.kind == "component":
            continue
        own = [f".{name}" for name in contract.classes]
        own += [path.name for path in (contract.stylesheet, contract.script) if path.exists()]
        if own:
            yield f"looks: {contract.id}, a {contract.kind}, has {', '.join(own)} of its own"


def _content(contracts: Mapping[str, Contract]) -> Iterator[str]:
    for contract in contracts.values():
        for prop in contract.props if contract.kind == "content_block" else ():
            held = {prop.type, prop.of or prop.type} if prop.type == "list" else {prop.type}
            if not held <= CONTENT_TYPES or (prop.type == "list" and prop.of is None):
                yield f"content: {contract.id} holds {prop.name}, which no schema can describe"


def _deprecations(contracts: Mapping[str, Contract]) -> Iterator[str]:
    for contract in contracts.values():
        for what, said in _all_deprecations(contract):
            if parse_version(said.remove_in) <= parse_version(said.since):
                yield (
                    f"deprecation: {what} goes in {said.remove_in}, which gives nobody time: it "
                    f"is deprecated since {said.since}"
                )


def _all_deprecations(contract: Contract) -> Iterator[tuple[str, Deprecation]]:
    if contract.deprecated is not None:
        yield contract.id, contract.deprecated
    for prop in _all_props(contract.props):
        if prop.deprecated is not None:
            yield f"{contract.id} {prop.name}", prop.deprecated
        for value, said in prop.retiring.items():
            yield f"{contract.id} {prop.name}={value}", said


def _overdue(contracts: Mapping[str, Contract], release: str) -> Iterator[str]:
    now = parse_version(release)
    for contract in contracts.values():
        if contract.status in {"deprecated", "removed"} and contract.deprecated is None:
            yield f"deprecation: {contract.id} is {contract.status} and does not say for what"
        if contract.deprecated is None or parse_version(contract.deprecated.remove_in) > now:
            continue
        users = sorted(c.id for c in contracts.values() if contract.id in c.depends_on)
        if users:
            yield (
                f"overdue: {contract.id} was to be gone in {contract.deprecated.remove_in}, and "
                f"{', '.join(users)} still depend on it"
            )
