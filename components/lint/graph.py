"""The graph of contracts: the edges found in templates are the edges declared, and files are there.

That layers, caps and cycles are right is checked whenever the contracts are read
(`components.structure`); this net looks into the templates besides.
"""

import re
from collections.abc import Iterator
from typing import Final

from jinja2 import nodes

from components.contract import Contract
from components.lint.calls import find_component
from components.lint.findings import Finding
from components.lint.markup import check_markup
from components.lint.templates import check_template
from components.lint.trees import parse_template
from components.registry import Registry

CLASS: Final = re.compile(r"\bds-[a-z0-9_-]*[a-z0-9]")


def check_graph(registry: Registry) -> list[Finding]:
    """Findings about the whole set of contracts and the templates beside them."""
    found: list[Finding] = []
    for contract in registry:
        found += _check_files(contract)
        source, file = contract.template.read_text("utf-8"), contract.template.name
        # Only components write HTML; what is built of them is held to the rules of pages.
        found += (
            check_markup(source, file)
            if contract.kind == "component"
            else check_template(source, file, registry, contract)
        )
        if not any(finding.rule == "syntax" and finding.file == file for finding in found):
            found += _check_edges(contract, registry)
            found += _check_macro(contract)
    return sorted(found)


def find_edges(contract: Contract, registry: Registry) -> frozenset[str]:
    """The contracts that a contract's template calls, or whose classes it writes."""
    source = contract.template.read_text("utf-8")
    tree = parse_template(source)
    called = {find_component(call) for call in tree.find_all(nodes.Call)}
    owners = registry.classes
    written = {owners[name] for name in CLASS.findall(source) if name in owners}
    return frozenset({name for name in called | written if name} - {contract.id})


def _check_edges(contract: Contract, registry: Registry) -> Iterator[Finding]:
    found = find_edges(contract, registry)
    if found != frozenset(contract.depends_on):
        problem = f"uses {sorted(found)}, declares {sorted(contract.depends_on)}"
        mend = "Write depends_on as it is used."
        yield Finding(f"{contract.id}.yaml", 0, "edges", problem, mend)


def _check_files(contract: Contract) -> Iterator[Finding]:
    wanted = [contract.folder / "README.md"]
    if contract.kind == "component":
        wanted.append(contract.stylesheet)
    for path in wanted:
        if not path.exists():
            yield Finding(contract.id, 0, "files", f"{path.name} is missing", "Write it.")


def _check_macro(contract: Contract) -> Iterator[Finding]:
    tree = parse_template(contract.template.read_text("utf-8"))
    macro = next((m for m in tree.find_all(nodes.Macro) if m.name == contract.id), None)
    taken = [argument.name for argument in macro.args] if macro else []
    if set(taken) != set(contract.by_name):
        problem = f"the macro takes {taken}, the contract says {list(contract.by_name)}"
        mend = f"Write `{{% macro {contract.id}({', '.join(contract.by_name)}) %}}`."
        yield Finding(contract.template.name, macro.lineno if macro else 0, "macro", problem, mend)
