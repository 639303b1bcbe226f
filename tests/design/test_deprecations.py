"""What is on its way out is announced, with who still needs it."""

import dataclasses

import pytest

from app.design.library import LIBRARY, Library
from components.contract import Deprecation
from components.registry import Registry
from components.tokens.read import Deprecation as TokenDeprecation
from components.tokens.read import load_tokens

GOING = Deprecation("0.1.0", "9.0.0", "Nobody reads it.", replaced_by="state")


@pytest.fixture
def books(app, monkeypatch):
    """Let the gallery show another design system than the app's own."""

    def show(contracts=None, tokens=None, dependents=None):
        registry = Registry.load()
        changed = {**registry.contracts, **(contracts or {})}
        library = Library(Registry(changed), {**load_tokens(), **(tokens or {})}, dependents or {})
        monkeypatch.setitem(app.extensions, LIBRARY, library)

    return show


def deprecated_notice():
    notice = Registry.load().contracts["notice"]
    return dataclasses.replace(notice, status="deprecated", deprecated=GOING)


def test_page_says_so_when_nothing_is_deprecated(editor, books):
    books()
    page = editor.get("/design/deprecations")
    assert "Nothing is deprecated" in page.words
    assert page.rows == []


def test_contract_on_its_way_out_is_listed_with_its_users(editor, books):
    books({"notice": deprecated_notice()}, dependents={"notice": ("index_page", "callout")})
    (row,) = editor.get("/design/deprecations").rows
    assert row == [
        "notice", "0.1.0", "9.0.0", "Use state. Nobody reads it.", "Index page, Callout",
    ]  # fmt: skip


def test_its_own_page_warns_and_says_what_to_do(editor, books):
    books({"notice": deprecated_notice()})
    page = editor.get("/design/notice")
    assert "It is on its way out" in page.words
    assert "gone in 9.0.0. Nobody reads it. Use state." in page.words


def test_props_and_values_on_their_way_out_are_listed(editor, books):
    badge = Registry.load().contracts["badge"]
    text, tone = badge.props
    tone = dataclasses.replace(tone, retiring={"ai": GOING})
    text = dataclasses.replace(text, deprecated=GOING)
    books({"badge": dataclasses.replace(badge, props=(text, tone))})
    rows = editor.get("/design/deprecations").rows
    assert [row[0] for row in rows] == ["badge.text", "badge.tone=ai"]
    assert rows[0][-1] == "nobody"


def test_token_on_its_way_out_is_listed_with_its_replacement(editor, books):
    space = load_tokens()["space.7"]
    going = TokenDeprecation(remove_in="9.0.0", replaced_by="space.6")
    token = dataclasses.replace(space, deprecated=going)
    books(tokens={"space.7": token}, dependents={"--space-7": ("stack",)})
    (row,) = editor.get("/design/deprecations").rows
    assert row == ["--space-7", "–", "9.0.0", "Use var(--space-6).", "Stack"]
    assert "Gone in 9.0.0. Use var(--space-6)." in editor.get("/design/tokens").words
