"""What stands in the frames: each example alone, in both themes, and framed by us only."""

import json

import pytest

from app.design.example_pages import HEIGHTS_FILE, WIDTHS
from app.design.naming import slug_of
from components.registry import Registry

REGISTRY = Registry.load()
POLICY = "Content-Security-Policy"


def directives(headers):
    parts = (part.split(maxsplit=1) for part in headers[POLICY].split(";"))
    return dict(parts)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_document_of_every_example_answers_in_its_theme_and_passes_the_nets(editor, theme):
    for contract in REGISTRY:
        for example in contract.examples:
            place = f"/design/{slug_of(contract.id)}/examples/{slug_of(example.name)}"
            page = editor.get(f"{place}?theme={theme}")
            assert page.tree.get("data-theme") == theme, place


def test_document_holds_the_example_and_nothing_around_it(editor):
    page = editor.get("/design/badge/examples/success")
    assert page.heading == "Badge: success"
    assert page.words == "Badge: success success"
    assert list(page.tree.iter("nav")) == []
    assert page.tree.get("data-theme") is None


def test_example_with_a_heading_of_its_own_gets_no_other(editor):
    assert editor.get("/design/page-header/examples/plain").heading == "People"


def test_example_that_asks_for_itself_gets_itself_without_a_page(editor):
    part = editor.part("/design/state/examples/loading", "state")
    assert "<html" not in part.text
    assert "Reading 214 events" in part.words


def test_gallery_may_show_frames_of_our_own_and_may_not_be_framed(editor):
    found = directives(editor.get("/design/badge").headers)
    assert found["frame-src"] == "'self'"
    assert found["frame-ancestors"] == "'none'"


def test_documents_of_examples_may_be_framed_by_us_and_send_no_form(editor):
    found = directives(editor.get("/design/badge/examples/neutral").headers)
    assert found["frame-ancestors"] == "'self'"
    assert found["form-action"] == "'none'"
    assert "frame-src" not in found
    framing = directives(editor.get("/design/specimen/examples/frame").headers)
    assert framing["frame-src"] == "'self'"


def test_no_other_page_has_frames_or_is_shown_in_one(alder, editor):
    owner = alder.as_person("owner")
    usual = directives(owner.get(f"{alder.path}/people").headers)
    assert "frame-src" not in usual
    assert usual["frame-ancestors"] == "'none'"
    others = ("/design", "/design/tokens", "/design/graph", "/design/speed", "/account/sessions")
    for path in others:
        assert directives(editor.get(path).headers) == usual, path
    picture = editor.client.get("/design/graph.svg")
    assert directives(picture.headers) == usual
    wrong = editor.get("/design/badge/examples/purple", expect=404)
    assert directives(wrong.headers) == usual


def test_no_directive_is_looser_than_ours_beside_the_frames(alder, editor):
    usual = directives(alder.as_person("owner").get(f"{alder.path}/people").headers)
    for path in ("/design/badge", "/design/badge/examples/neutral"):
        found = directives(editor.get(path).headers)
        changed = {name for name in found if found[name] != usual.get(name)}
        assert changed <= {"frame-src", "frame-ancestors", "form-action"}


def test_measured_heights_belong_to_examples_that_exist(app):
    known = {(contract.id, example.name) for contract in REGISTRY for example in contract.examples}
    measured = json.loads(HEIGHTS_FILE.read_text("utf-8"))
    stale = {(name, one) for name, found in measured.items() for one in found} - known
    assert not stale, "Measure again: .venv/bin/python -m tests.design.write_heights"
    widths = {width for found in measured.values() for one in found.values() for width in one}
    assert widths == set(map(str, WIDTHS))
