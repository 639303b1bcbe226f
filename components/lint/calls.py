"""Checks a call of a component in a template against the component's contract, before it runs."""

from collections.abc import Iterator

from jinja2 import nodes

from components.contract import Contract, Deprecation
from components.lint.findings import Finding
from components.props import PropError, build_check, suggest
from components.registry import Registry
from components.release import parse_version, read_release

# `ui.content` renders blocks that only the request knows; it checks them itself.
CONTENT = "content"


def find_component(node: nodes.Node) -> str | None:
    """The component's name when the node is a call `ui.name(…)`, else None."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Getattr):
        return None
    owner = node.node.node
    return node.node.attr if isinstance(owner, nodes.Name) and owner.name == "ui" else None


def check_call(
    call: nodes.Call, registry: Registry, file: str, inside: Contract | None = None
) -> Iterator[Finding]:
    """Findings for one call: unknown component or prop, missing prop, value outside the enum.

    `inside` is the pattern or content block whose template this is. It may pass on a prop of its
    own that holds all props of another component: `ui.tabs(**tabs)`.
    """
    name = find_component(call) or ""
    if name == CONTENT:
        if _unnamed(call) or [keyword.key for keyword in call.kwargs] != ["blocks"]:
            mend = "Write {{ ui.content(blocks=…) }}."
            yield Finding(file, call.lineno, "props", "ui.content takes blocks alone", mend)
        return
    contract = registry.contracts.get(name)
    if contract is None:
        near = suggest(name, registry.contracts)
        mend = f"Known: {', '.join(sorted(registry.contracts))}."
        yield Finding(file, call.lineno, "component", f"there is no ui.{name}.{near}", mend)
        return
    passed_on = _passes_on(call, name, inside)
    if _unnamed(call, spread_is_known=passed_on):
        mend = "Write each prop by name, so that it can be checked."
        yield Finding(file, call.lineno, "props", f"ui.{name} takes props by name", mend)
    given = {keyword.key: keyword.value for keyword in call.kwargs}
    yield from _check_names(contract, given, call.lineno, file, passed_on=passed_on)
    for key, value in given.items():
        for choice in _branches(value):
            yield from _check_value(contract, key, choice, registry, file)
    yield from _check_deprecated(contract, given, call.lineno, file)


def _unnamed(call: nodes.Call, *, spread_is_known: bool = False) -> bool:
    """Whether the call hands over something without its name, where no contract knows it."""
    spread = call.dyn_kwargs is not None and not spread_is_known
    return bool(call.args) or call.dyn_args is not None or spread


def _passes_on(call: nodes.Call, name: str, inside: Contract | None) -> bool:
    """Whether `**source` holds all props of the called component, by the contract around it.

    A source is a prop of the type `props`, a field of that type in an object, or the variable of a
    loop over a `props_list`.
    """
    source = call.dyn_kwargs
    if inside is None or source is None:
        return False
    if isinstance(source, nodes.Getattr):
        return (source.attr, name) in {
            (field.name, field.of) for prop in inside.props for field in prop.fields
        }
    if not isinstance(source, nodes.Name):
        return False
    prop = inside.by_name.get(source.name)
    if prop is not None:
        return prop.type == "props" and prop.of == name
    return any(prop.type == "props_list" and prop.of == name for prop in inside.props)


def _check_names(
    contract: Contract, given: dict[str, nodes.Expr], line: int, file: str, *, passed_on: bool
) -> Iterator[Finding]:
    known = contract.by_name
    for key in given:
        if key not in known:
            mend = f"Allowed: {', '.join(known)}."
            problem = f"ui.{contract.id} has no prop {key!r}.{suggest(key, known)}"
            yield Finding(file, line, "props", problem, mend)
    for prop in contract.props:
        if prop.required and prop.name not in given and not passed_on:
            problem = f"ui.{contract.id} misses the prop {prop.name!r}"
            yield Finding(file, line, "props", problem, f"Write {prop.name}=….")


def _branches(value: nodes.Expr) -> Iterator[nodes.Expr]:
    """What a conditional value may turn out to be: both of its sides."""
    if isinstance(value, nodes.CondExpr):
        yield from _branches(value.expr1)
        if value.expr2 is not None:
            yield from _branches(value.expr2)
    else:
        yield value


def _check_value(
    contract: Contract, key: str, value: nodes.Expr, registry: Registry, file: str
) -> Iterator[Finding]:
    """What a template writes out is checked here; the rest when the page is rendered."""
    prop = contract.by_name.get(key)
    try:
        written = value.as_const()
    except nodes.Impossible:
        return
    if prop is None:
        return
    retiring = prop.retiring.get(str(written))
    if retiring is not None:
        what = f"ui.{contract.id} prop {key}={written!r}"
        yield deprecation_finding(retiring, what, file, value.lineno)
    try:
        build_check(prop, registry.icons)(written)
    except PropError as wrong:
        problem, _, allowed = wrong.problem.partition("; ")
        problem = f"ui.{contract.id} prop {key}{wrong.path} {problem}"
        mend = f"{allowed[:1].upper()}{allowed[1:]}." if allowed else "Write it otherwise."
        yield Finding(file, value.lineno, "props", problem, mend)


def _check_deprecated(
    contract: Contract, given: dict[str, nodes.Expr], line: int, file: str
) -> Iterator[Finding]:
    if contract.deprecated is not None:
        yield deprecation_finding(contract.deprecated, f"ui.{contract.id}", file, line)
    for key in given:
        prop = contract.by_name.get(key)
        if prop is not None and prop.deprecated is not None:
            yield deprecation_finding(prop.deprecated, f"ui.{contract.id} prop {key}", file, line)


def deprecation_finding(deprecated: Deprecation, what: str, file: str, line: int) -> Finding:
    """A note while the deprecation runs, a failure from the release of the removal on."""
    due = parse_version(deprecated.remove_in) <= parse_version(read_release())
    problem = f"{what} is deprecated and goes in {deprecated.remove_in}: {deprecated.reason}"
    return Finding(file, line, "deprecated", problem, deprecated.mend, fails=due)
