"""What may be written and what is rendered are one contract: both refuse the same blocks."""

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from components.calling import ComponentError
from components.content import content_schema
from components.registry import Registry

VALIDATOR = Draft202012Validator(content_schema(Registry.load()))
GOOD = [
    {"type": "heading", "text": "When somebody asks for a role", "level": "3"},
    {"type": "paragraph", "text": "Two people see it."},
    {"type": "steps", "items": ["Open the draft", "Sign"]},
    {"type": "bullets", "items": ["The author"]},
    {"type": "code", "text": "flask audit verify"},
    {"type": "callout", "title": "Mind this", "tone": "warning"},
    {"type": "reference", "text": "The policy", "href": "https://alder.example/policy"},
]
BAD = {
    "unknown type": {"type": "html", "text": "<b>bold</b>"},
    "no type": {"text": "a paragraph"},
    "unknown field": {"type": "paragraph", "text": "a", "class": "big"},
    "missing field": {"type": "callout", "tone": "info"},
    "outside the enum": {"type": "callout", "title": "a", "tone": "purple"},
    "too long": {"type": "heading", "text": "x" * 161},
    "wrong kind of value": {"type": "paragraph", "text": 7},
    "a script as a link": {"type": "reference", "text": "a", "href": "javascript:alert(1)"},
    "an item that is no text": {"type": "steps", "items": [{"text": "a"}]},
}


def test_every_block_type_is_valid_and_renders(render, registry):
    assert {block["type"] for block in GOOD} == {b.id for b in registry.of_kind("content_block")}
    VALIDATOR.validate(GOOD)
    html = render("{{ ui.content(blocks=blocks) }}", blocks=GOOD)
    for words in ("When somebody asks", "Two people", "Open the draft", "Mind this", "The policy"):
        assert words in html


@pytest.mark.parametrize("block", BAD.values(), ids=BAD)
def test_schema_and_renderer_refuse_the_same_blocks(render, block):
    with pytest.raises(ValidationError):
        VALIDATOR.validate([block])
    with pytest.raises(ComponentError):
        render("{{ ui.content(blocks=[block]) }}", block=block)


def test_markup_in_a_block_is_shown_and_not_obeyed(render):
    block = {"type": "paragraph", "text": "<img src=x onerror=alert(1)>"}
    assert "&lt;img src=x onerror=alert(1)&gt;" in render("{{ ui.content(blocks=[b]) }}", b=block)


def test_examples_of_blocks_are_valid_content(registry):
    examples = [
        {"type": block.id, **example.props}
        for block in registry.of_kind("content_block")
        for example in block.examples
    ]
    VALIDATOR.validate(examples)
