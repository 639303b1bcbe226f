"""The tokens are shown as what they are: colours as swatches, the rest drawn to scale."""

from xml.etree import ElementTree as ET

import pytest

from app.design.token_pictures import PICTURES
from components.registry import Registry
from components.tokens.contrast import list_pairs
from components.tokens.emit import to_css
from components.tokens.read import load_tokens

TOKENS = load_tokens()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def page(editor):
    return editor.get("/design/tokens")


def row_of(page, start):
    return next(row for row in page.rows if row[0].startswith(start))


def test_every_token_is_shown_with_its_meaning_and_its_value(page):
    for token in TOKENS.values():
        row = row_of(page, f"{token.css_name} ")
        assert token.description in row[0]
        assert to_css(token.type, token.value) in row[1]


def test_swatch_shows_the_colour_of_both_themes(page):
    paints = {rect.get("fill") for rect in page.tree.iter(f"{SVG}rect")}
    for token in TOKENS.values():
        if token.type == "color":
            light, dark = token.value["hex"], token.dark["hex"]
            assert row_of(page, f"{token.css_name} ")[1] == f"{light} {dark}"
            assert {light, dark} <= paints


def test_every_promised_contrast_is_measured_in_both_themes(page):
    for pair in list_pairs(TOKENS):
        front, ground = TOKENS[pair.foreground].css_name, TOKENS[pair.background].css_name
        row = row_of(page, f"{front} on {ground}")
        assert row[1] == f"{pair.minimum:g}"
        assert f"{pair.ratio:.2f}" in (row[2] if pair.theme == "light" else row[3])
        assert row[4] == "kept"
        reported = f"{pair.lightness_contrast:.0f}".replace("-", "−")
        assert reported == (row[5] if pair.theme == "light" else row[6])


def test_token_names_who_uses_it(page):
    assert "Page shell" in row_of(page, "--size-sidebar")[-1]


def test_what_all_tokens_of_a_group_may_serve_is_said_once(page):
    assert page.words.count("for padding, margin, gap, row-gap") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("group", sorted(PICTURES))
def test_group_is_drawn_in_both_themes(editor, group, theme):
    response = editor.client.get(f"/design/tokens/{group}.svg?theme={theme}")
    assert response.mimetype == "image/svg+xml"
    root = ET.fromstring(response.text)  # noqa: S314 - our own answer
    names = " ".join(text.text for text in root.iter(f"{SVG}text"))
    for token in TOKENS.values():
        if token.path.startswith(f"{group}."):
            assert token.path.removeprefix(f"{group}.") in names


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_icon_is_on_the_sheet_of_its_page(editor, theme):
    assert "/design/icons.svg?theme=light" in editor.get("/design/icon").text
    root = ET.fromstring(editor.client.get(f"/design/icons.svg?theme={theme}").text)  # noqa: S314
    shown = {use.get("href") for use in root.iter(f"{SVG}use")}
    drawn = {f"#{symbol.get('id')}" for symbol in root.iter(f"{SVG}symbol")}
    assert shown == drawn == {f"#{name}" for name in Registry.load().icons}


def test_spaces_are_drawn_to_scale(editor):
    response = editor.client.get("/design/tokens/space.svg")
    root = ET.fromstring(response.text)  # noqa: S314 - our own answer
    bars = [rect.get("width") for rect in root.iter(f"{SVG}rect") if rect.get("height") == "12"]
    spaces = [token.value["value"] for path, token in TOKENS.items() if path.startswith("space.")]
    assert list(map(float, bars)) == spaces
