"""Checks a call of a component in a template against the component's contract, before it runs."""

from collections.abc import Iterator

from jinja2 import nodes

from components.contract import Contract
from components.lint.findings import Finding
from components.props import suggest
from components.registry import Registry


def find_component(node: nodes.Node) -> str | None:
    """The component's name when the node is a call `ui.name(…)`, else None."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Getattr):
        return None
    owner = node.node.node
    return node.node.attr if isinstance(owner, nodes.Name) and owner.name == "ui" else None


def check_call(call: nodes.Call, registry: Registry, file: str) -> Iterator[Finding]:
    """Findings for one call: unknown component or prop, missing prop, value outside the enum."""
    name = find_component(call) or ""
    contract = registry.contracts.get(name)
    if contract is None:
        near = suggest(name, registry.contracts)
        mend = f"Known: {', '.join(sorted(registry.contracts))}."
        yield Finding(file, call.lineno, "component", f"there is no ui.{name}.{near}", mend)
        return
    if call.args or call.dyn_args is not None or call.dyn_kwargs is not None:
        mend = "Write each prop by name, so that it can be checked."
        yield Finding(file, call.lineno, "props", f"ui.{name} takes props by name", mend)
    given = {keyword.key: keyword.value for keyword in call.kwargs}
    yield from _check_names(contract, given, call.lineno, file)
    for key, value in given.items():
        yield from _check_value(contract, key, value, file)
    if contract.status in {"deprecated", "removed"} and contract.deprecated is not None:
        mend = f"Use {contract.deprecated.replaced_by}."
        yield Finding(file, call.lineno, "deprecated", f"ui.{name} is {contract.status}", mend)


def _check_names(
    contract: Contract, given: dict[str, nodes.Expr], line: int, file: str
) -> Iterator[Finding]:
    known = contract.by_name
    for key in given:
        if key not in known:
            mend = f"Allowed: {', '.join(known)}."
            problem = f"ui.{contract.id} has no prop {key!r}.{suggest(key, known)}"
            yield Finding(file, line, "props", problem, mend)
    for prop in contract.props:
        if prop.required and prop.name not in given:
            problem = f"ui.{contract.id} misses the prop {prop.name!r}"
            yield Finding(file, line, "props", problem, f"Write {prop.name}=….")


def _check_value(contract: Contract, key: str, value: nodes.Expr, file: str) -> Iterator[Finding]:
    prop = contract.by_name.get(key)
    if prop is None or prop.type != "enum" or not isinstance(value, nodes.Const):
        return
    if value.value is not None and value.value not in prop.values:
        problem = f"ui.{contract.id} prop {key} is {value.value!r}"
        mend = f"Allowed: {', '.join(prop.values)}."
        yield Finding(file, value.lineno, "props", problem, mend)
