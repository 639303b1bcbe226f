"""Every example of every component renders, and a browser receives only what it should."""

import pytest

from components.examples import render_example
from components.lint.rendered import check_html
from components.registry import Registry

EXAMPLES = [
    pytest.param(contract.id, example.name, id=f"{contract.id}: {example.name}")
    for contract in Registry.load()
    for example in contract.examples
]


@pytest.mark.parametrize(("component", "example_name"), EXAMPLES)
def test_example_renders_and_passes_the_rendered_net(
    component, example_name, ui, registry, manifest
):
    contract = registry.contracts[component]
    example = next(e for e in contract.examples if e.name == example_name)
    html = render_example(ui, contract, example)
    assert html.strip()
    assert check_html(html, registry, manifest, f"{component}: {example_name}") == []


def test_every_example_escapes_what_it_is_given(ui):
    attack = '"><script>alert(1)</script>'
    html = ui.summary_list(items=[{"label": attack, "value": attack}])
    html += ui.badge(text=attack)
    html += ui.data_table(
        caption=attack,
        columns=[{"key": "a", "label": attack}, {"key": "b", "label": attack}],
        rows=[{"id": attack, "href": "/x", "cells": {"a": attack, "b": {"text": attack}}}],
    )
    html += ui.text(blocks=[attack, {"type": "code", "text": attack}])
    assert "<script" not in html
    assert '="">' not in html


def test_every_enum_value_has_classes_that_are_owned(registry, ui, manifest):
    for contract in registry:
        first = contract.examples[0]
        for prop in contract.props:
            for value in prop.values if prop.name in {"tone", "variant", "layout"} else ():
                call = getattr(ui, contract.id)
                props = {**first.props, prop.name: value}
                if "body" in contract.slots:
                    props["caller"] = lambda: ""
                html = call(**props)
                rules = {f.rule for f in check_html(html, registry, manifest)}
                assert "class" not in rules, f"{contract.id} {prop.name}={value}"
