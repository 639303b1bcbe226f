"""What must hold of all contracts together before a single page may be rendered.

The app does not start on a set of contracts that breaks one of these rules: a page would find
out later, in front of a person.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from components.contract import KINDS, Contract, ContractError
from components.release import parse_version

# How many there may be of each kind. One more means that two become one.
CAPS: Final = {"component": 25, "pattern": 8, "content_block": 8}
# Names that `ui` uses itself.
TAKEN: Final = frozenset({"assets", "content"})


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
        *_cycles(contracts),
        *_classes(contracts),
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
