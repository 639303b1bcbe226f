"""The graph of components: edges found equal edges declared, no cycle, and the caps hold."""

import re
from collections.abc import Iterator
from typing import Final

import jinja2
from jinja2 import nodes

from components.contract import Contract
from components.lint.calls import find_component
from components.lint.findings import Finding
from components.registry import Registry

COMPONENT_CAP: Final = 25
CLASS: Final = re.compile(r"\bds-[a-z0-9_-]*[a-z0-9]")


def check_graph(registry: Registry) -> list[Finding]:
    """Findings about the whole set of components."""
    found = list(_check_caps(registry))
    for contract in registry:
        found += _check_edges(contract, registry)
        found += _check_files(contract)
    found += _check_cycles(registry)
    return sorted(found)


def find_edges(contract: Contract, registry: Registry) -> frozenset[str]:
    """The components that a component's template calls, or whose classes it writes."""
    source = contract.template.read_text("utf-8")
    tree = jinja2.Environment(autoescape=True).parse(source)
    called = {find_component(call) for call in tree.find_all(nodes.Call)}
    owners = registry.classes
    written = {owners[name] for name in CLASS.findall(source) if name in owners}
    return frozenset({name for name in called | written if name} - {contract.id})


def _check_caps(registry: Registry) -> Iterator[Finding]:
    count = len(registry.contracts)
    if count > COMPONENT_CAP:
        problem = f"{count} components; the cap is {COMPONENT_CAP}"
        yield Finding("components/ui", 0, "cap", problem, "Fold one into another.")


def _check_edges(contract: Contract, registry: Registry) -> Iterator[Finding]:
    found = find_edges(contract, registry)
    if found != frozenset(contract.depends_on):
        problem = f"uses {sorted(found)}, declares {sorted(contract.depends_on)}"
        mend = "Write depends_on as it is used."
        yield Finding(f"{contract.id}.yaml", 0, "edges", problem, mend)


def _check_files(contract: Contract) -> Iterator[Finding]:
    for path in (contract.template, contract.stylesheet, contract.folder / "README.md"):
        if not path.exists():
            yield Finding(f"{contract.id}", 0, "files", f"{path.name} is missing", "Write it.")


def _check_cycles(registry: Registry) -> Iterator[Finding]:
    settled: set[str] = set()
    waiting = {contract.id: set(contract.depends_on) for contract in registry}
    while ready := [name for name, needs in waiting.items() if needs <= settled]:
        settled.update(ready)
        for name in ready:
            del waiting[name]
    if waiting:
        problem = f"a cycle, or a stranger, among {sorted(waiting)}"
        yield Finding("components/ui", 0, "cycle", problem, "Let the lower one know nothing.")
