"""The code that the gallery shows is code that works, and READMEs are read without HTML."""

import pytest

from app.design.call_text import write_call
from app.design.readme import read_blocks, read_spans
from components.contract import Contract, Example
from components.examples import render_example
from components.registry import Registry

REGISTRY = Registry.load()
EXAMPLES = [
    pytest.param(contract, example, id=f"{contract.id}: {example.name}")
    for contract in REGISTRY
    for example in contract.examples
]


def fields_in(value):
    """Whether an example describes form fields, which its code takes from a form."""
    if isinstance(value, dict):
        described = {"type", "name", "label"} <= value.keys()
        return described or any(map(fields_in, value.values()))
    return isinstance(value, list) and any(map(fields_in, value))


@pytest.mark.parametrize(("contract", "example"), EXAMPLES)
def test_code_of_an_example_draws_the_example(app, contract: Contract, example: Example):
    code = write_call(contract, example)
    if fields_in([dict(example.props), *(props for _name, props in example.body)]):
        assert "form." in code
        return
    ui = app.jinja_env.globals["ui"]
    with app.test_request_context():
        if not example.body and "body" in contract.slots:
            code = f"{{% call {code[3:-3]} %}}{{% endcall %}}"
        drawn = app.jinja_env.from_string(code).render()
        wanted = render_example(ui, contract, example)
    assert drawn.split() == wanted.split()


def test_short_call_stands_on_one_line_and_a_long_one_does_not():
    badge = REGISTRY.contracts["badge"]
    assert write_call(badge, Example("x", {"text": "draft", "tone": "info"})) == (
        '{{ ui.badge(text="draft", tone="info") }}'
    )
    long = write_call(badge, Example("x", {"text": "w" * 90}))
    assert long.splitlines()[0] == "{{ ui.badge("


def test_readme_becomes_blocks():
    text = """# badge

A short state
in words.

## When

- one
- two
  and a half

1. first

```jinja
{{ ui.badge(text='x') }}
```
"""
    assert read_blocks(text) == [
        {"type": "paragraph", "spans": ["A short state in words."]},
        {"type": "heading", "level": 3, "text": "When"},
        {"type": "list", "items": [{"spans": ["one"]}, {"spans": ["two and a half"]}]},
        {"type": "steps", "items": [{"spans": ["first"]}]},
        {"type": "code", "text": "{{ ui.badge(text='x') }}"},
    ]


def test_marks_within_a_line_become_spans():
    assert read_spans("**Use it** for `text`, see [the rules](/rules).") == [
        {"text": "Use it", "strong": True},
        " for ",
        {"text": "text", "code": True},
        ", see ",
        {"text": "the rules", "href": "/rules"},
        ".",
    ]


def test_link_that_leads_nowhere_from_a_page_stays_in_words():
    assert read_spans("[contract](badge.yaml)") == [{"text": "contract (badge.yaml)"}]
    assert read_spans("[run](javascript:go())")[0] == {"text": "run (javascript:go()"}


def test_html_in_a_readme_is_shown_and_never_run(app):
    blocks = read_blocks("<script>go()</script>\n\n**<b>bold</b>**")
    with app.test_request_context():
        html = app.jinja_env.globals["ui"].text(blocks=blocks)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_every_readme_is_read_whole():
    for contract in REGISTRY:
        blocks = read_blocks((contract.folder / "README.md").read_text("utf-8"))
        assert {"paragraph"} <= {block["type"] for block in blocks}, contract.id
