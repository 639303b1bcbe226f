"""The gallery shows everything of the design system; each of its pages passes the nets."""

import pytest

from app.boot.page_templates import find_page_templates
from app.design.naming import slug_of, title_of
from components.registry import Registry

REGISTRY = Registry.load()
SECTIONS = (
    "",
    "/components",
    "/patterns",
    "/content-blocks",
    "/tokens",
    "/graph",
    "/deprecations",
    "/speed",
)
# Who asks, in which tenants, and as what; a page of the gallery asks for nothing else.
MOST_STATEMENTS = 8


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_answers_and_passes_the_nets(editor, section):
    page = editor.get(f"/design{section}")
    assert page.title == f"{page.heading} · Ballast"


@pytest.mark.parametrize("kind", ["component", "pattern", "content_block"])
def test_page_of_every_contract_answers_and_passes_the_nets(editor, kind):
    for contract in REGISTRY.of_kind(kind):
        page = editor.get(f"/design/{slug_of(contract.id)}")
        assert page.heading == title_of(contract.id)
        assert contract.summary in page.words
        assert f"version {contract.version}" in page.words


def test_index_lists_every_contract_with_a_link_to_its_page(editor):
    page = editor.get("/design")
    for contract in REGISTRY:
        words = f"{title_of(contract.id)} {contract.summary}"
        assert page.links[words] == f"/design/{slug_of(contract.id)}"


def test_page_of_a_component_holds_its_whole_contract(editor):
    badge = REGISTRY.contracts["badge"]
    page = editor.get("/design/badge")
    for words in (*badge.a11y.criteria, *badge.classes, *badge.by_name["tone"].values):
        assert words in page.words
    props = {row[0]: row for row in page.rows}
    assert props["text"][1:] == ["text", "required", "–"]
    assert props["tone"][1:3] == ["enum", '"neutral"']
    assert '{{ ui.badge(text="draft") }}' in page.words


def test_fields_of_objects_are_listed_under_their_prop(editor):
    names = [row[0].split()[0] for row in editor.get("/design/data-table").rows]
    assert "columns[].key" in names
    assert names.index("columns") < names.index("columns[].key") < names.index("rows")


def test_page_names_who_uses_a_component_and_what_it_uses(app, editor):
    page = editor.get("/design/data-table")
    assert page.links["Record page"] == "/design/record-page"
    assert "people.show" in page.words
    assert page.links["Icon"] == "/design/icon"
    assert page.links["--color-fg-muted"] == "/design/tokens#color-fg"
    template = editor.get("/design/record-page")
    assert "record.html" in template.words
    assert "record.html" in find_page_templates(app)["people.show"]


def test_graph_page_names_the_pages_that_show_a_template(editor):
    rows = {row[0]: row for row in editor.get("/design/graph").rows}
    assert "people.show" in rows["record.html"][-1]
    assert "record.html" in rows["people.show"][1]


def test_content_block_shows_the_schema_of_what_is_stored(editor):
    page = editor.get("/design/callout")
    assert '"const": "callout"' in page.words
    assert "Schema of stored content" not in editor.get("/design/badge").words


def test_unknown_names_are_not_found(editor):
    for path in ("/design/bagde", "/design/badge/examples/purple", "/design/tokens/taste.svg"):
        assert editor.get(path, expect=404).heading == "There is nothing here"


def test_width_that_is_none_of_ours_gives_a_notice(editor):
    page = editor.get("/design/badge?width=12")
    assert "Frames are 320, 768, 1280 px wide; 768 px are shown." in page.words


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_example_has_a_frame_in_both_themes_at_each_width(editor, width):
    page = editor.get(f"/design/badge?width={width}")
    frames = list(page.tree.iter("iframe"))
    examples = REGISTRY.contracts["badge"].examples
    assert len(frames) == 2 * len(examples)
    assert {frame.get("width") for frame in frames} == {str(width)}
    assert {frame.get("loading") for frame in frames} == {"lazy"}
    titles = [frame.get("title") for frame in frames]
    assert len(set(titles)) == len(titles)
    for example in examples:
        for theme in ("light", "dark"):
            address = f"/design/badge/examples/{slug_of(example.name)}?theme={theme}"
            assert address in page.links.values()


def test_gallery_asks_the_database_only_who_is_there(editor, count_statements):
    for path in ("/design", "/design/data-table", "/design/tokens", "/design/graph"):
        with count_statements() as statements:
            editor.get(path)
        asked = [one for one in statements if "set_config" not in one]
        assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)


def test_no_contract_is_called_like_a_section():
    taken = {section.strip("/") for section in SECTIONS}
    assert not taken & {slug_of(contract.id) for contract in REGISTRY}


def test_addresses_of_examples_are_different_and_short_enough():
    for contract in REGISTRY:
        slugs = [slug_of(example.name) for example in contract.examples]
        assert len(set(slugs)) == len(slugs), contract.id
        assert all(0 < len(slug) <= 40 for slug in slugs), contract.id
