"""Contracts are complete, and what is not a contract is refused with the way to mend it."""

import gzip

import pytest

from components.contract import ContractError
from components.contract_file import load_contract
from components.lint.graph import check_graph
from components.structure import CAPS
from components.tokens.check import check_contrast
from components.tokens.read import TOKEN_CAP, load_tokens

VALID = """
id: lamp
version: 1.0.0
kind: component
status: stable
since: 0.1.0
owner: design-system
summary: A lamp.
props:
  - {name: tone, type: enum, values: [on, off], default: "on"}
classes: [ds-lamp]
a11y: {criteria: [Says whether it is lit]}
examples:
  - {name: lit, props: {}}
"""


def load(tmp_path, text):
    folder = tmp_path / "lamp"
    folder.mkdir(exist_ok=True)
    (folder / "lamp.yaml").write_text(text, "utf-8")
    return load_contract(folder / "lamp.yaml")


def test_graph_edges_files_and_caps_hold(registry):
    assert check_graph(registry) == []
    for kind, cap in CAPS.items():
        assert len(registry.of_kind(kind)) <= cap


def test_no_component_lets_a_page_invent_looks(registry):
    names = {prop.name for contract in registry for prop in contract.props}
    assert not names & {"class", "style", "attrs", "html", "classes"}


def test_no_two_components_own_one_class(registry):
    owned = [name for contract in registry for name in contract.classes]
    assert len(owned) == len(set(owned))


def test_scripts_stay_within_their_own_budgets(registry):
    for contract in registry:
        if contract.script.exists():
            size = len(gzip.compress(contract.script.read_bytes(), 9))
            assert size <= contract.js_budget_gz, contract.id


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("type: enum, values: [on, off]", "type: colour", "props[0].type"),
        ("name: tone", "name: class", "props[0].name"),
        ('default: "on"', 'default: "dim"', "props[0].default"),
        ("version: 1.0.0", "version: one", "version"),
        ("id: lamp", "id: torch", "id"),
        ("status: stable", "status: fine", "status"),
        ("summary: A lamp.", "sumary: A lamp.", "file"),
        ("a11y: {criteria: [Says whether it is lit]}", "a11y: {}", "a11y.criteria"),
    ],
)
def test_faulty_contract_is_refused_by_file_field_and_mend(tmp_path, before, after, where):
    values = VALID.replace("[on, off]", '["on", "off"]')
    before = before.replace("[on, off]", '["on", "off"]')
    with pytest.raises(ContractError) as refused:
        load(tmp_path, values.replace(before, after))
    assert refused.value.where == where
    assert "lamp.yaml" in str(refused.value)
    assert refused.value.mend


def test_text_that_is_not_yaml_is_refused_by_its_line(tmp_path):
    with pytest.raises(ContractError, match="line"):
        load(tmp_path, VALID + "\nnote: {what: is it?}: no")


def test_tokens_keep_their_cap_and_their_contrast_in_both_themes():
    tokens = load_tokens()
    assert len(tokens) <= TOKEN_CAP
    assert check_contrast(tokens) == []
