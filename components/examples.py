"""Renders the examples of contracts: for tests, for the gallery, for screenshots."""

from collections.abc import Mapping
from typing import cast

import wtforms
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import Field

from components.contract import Contract, Example


def render_example(ui: object, contract: Contract, example: Example) -> str:
    """The HTML of one example; raises ComponentError when it breaks its own contract.

    `ui` answers to the names of contracts with what renders them.
    """
    props = prepare(example.props)
    if example.body:
        props["caller"] = lambda: render_body(ui, example)
    elif "body" in contract.slots:
        props["caller"] = lambda: ""
    call = getattr(ui, contract.id)
    return cast("str", call(**props))


def render_body(ui: object, example: Example) -> str:
    """What fills the example's slot, rendered by components and joined without escaping again."""
    parts = [getattr(ui, name)(**prepare(props)) for name, props in example.body]
    return cast("str", type(parts[0])("\n").join(parts))


def prepare(props: Mapping[str, object]) -> dict[str, object]:
    """An example's props; the description of a field becomes a real WTForms field."""
    return {name: _prepared(name, value) for name, value in props.items()}


def _prepared(name: str, value: object) -> object:
    if isinstance(value, list):
        return [_prepared("", item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if name == "field" and {"type", "name", "label"} <= value.keys():
        return build_field(value)
    return prepare(value)


def build_field(described: Mapping[str, object]) -> Field:
    """A bound WTForms field from `{type, name, label, data, choices, errors, required}`."""
    name = str(described["name"])
    options: dict[str, object] = {"label": described["label"]}
    if described.get("required"):
        options["validators"] = [wtforms.validators.InputRequired()]
    if "choices" in described:
        pairs = cast("list[tuple[str, str]]", described["choices"])
        options["choices"] = [SelectChoice(value=value, label=label) for value, label in pairs]
    unbound = getattr(wtforms, str(described["type"]))(**options)
    form_class = type("ExampleForm", (wtforms.Form,), {name: unbound})
    form = form_class(data={name: described.get("data")})
    field = cast("Field", form[name])
    field.errors = tuple(cast("list[str]", described.get("errors", [])))
    return field
