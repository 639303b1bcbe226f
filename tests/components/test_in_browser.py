"""A list page in a real browser: keyboard, focus, announcements, and widths."""

import re
from collections.abc import Iterator

import jinja2
import pytest
from flask import Flask, render_template, request
from playwright.sync_api import Page, expect

from app.kernel.content_policy import CONTENT_SECURITY_POLICY
from components.flask_ui import install
from tests.support.live_app import serving

pytestmark = pytest.mark.browser
LIST = """
{% call ui.page_shell(title='Log', tenant={'name': 'Alder Health'}, person={'name': 'Ann'},
  nav=[{'label': 'Log', 'href': '/list', 'icon': 'house', 'current': true}],
  sign_out_href='/sign-out', csrf_token='token-1') %}
{{ ui.page_header(title='Log', meta='3 events', primary={'label': 'Summarise', 'href': '/list'}) }}
{% call ui.stack(id='results', announce=words) %}
{{ ui.filter_bar(action='/list', q='', label='Filter events', chips=chips, hx_target='#results') }}
{% call ui.stack(direction='split') %}
{{ ui.data_table(caption='Events', columns=columns, rows=rows, detail_target='#detail') }}
{% if detail %}
{% call ui.drawer(title='Event ' ~ detail, close_href='/list') %}
{{ ui.summary_list(items=[{'label': 'Action', 'code': 'member.role_changed'}]) }}
{% endcall %}
{% else %}{{ ui.drawer() }}{% endif %}
{% endcall %}
{% endcall %}
{% endcall %}
"""
COLUMNS = [
    {"key": "time", "label": "Time", "type": "time"},
    {"key": "actor", "label": "Actor"},
    {"key": "action", "label": "Action", "type": "code"},
    {"key": "outcome", "label": "Outcome", "type": "badge"},
]


def make_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.jinja_env.loader = jinja2.DictLoader({"list.html": LIST})
    install(app)

    @app.after_request
    def protect(response):
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    @app.get("/list")
    def events():
        chip = {"key": "actor", "value": "ann", "text": "actor:ann", "remove_href": "/list"}
        query = " ".join(request.args.getlist("q"))
        return render_template(
            "list.html",
            columns=COLUMNS,
            rows=[row(number) for number in range(3)],
            detail=request.args.get("detail"),
            chips=[chip] if query else [],
            words=f"3 events for {query}",
        )

    return app


def row(number: int) -> dict[str, object]:
    return {
        "id": f"e{number}",
        "href": f"/list?detail={number}",
        "cells": {
            "time": {"text": f"14:31:0{number}", "datetime": "2026-11-22T14:31:07Z"},
            "actor": "Tomas Ek",
            "action": "content_release.published",
            "outcome": {"text": "success", "tone": "success"},
        },
    }


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_app()


@pytest.fixture(scope="module")
def address(app) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def page(chromium, address) -> Iterator[Page]:
    """A page at the list; it fails the test when the browser complains."""
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/list")
    yield page
    context.close()
    assert complaints == []


def test_row_opens_its_detail_beside_the_list_and_the_focus_goes_there(page):
    page.get_by_role("link", name="14:31:01").click()
    expect(page.get_by_role("heading", name="Event 1")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/list\?detail=1$"))
    expect(page.locator("tr[data-current]")).to_contain_text("14:31:01")


def test_escape_closes_the_detail_and_gives_the_focus_back_to_the_row(page):
    page.get_by_role("link", name="14:31:01").click()
    expect(page.get_by_role("heading", name="Event 1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="14:31:01")).to_be_focused()
    expect(page.get_by_role("heading", name="Event 1")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/list$"))


def test_back_after_the_detail_shows_the_list_as_it_was(page):
    page.get_by_role("link", name="14:31:01").click()
    expect(page.get_by_role("heading", name="Event 1")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Event 1")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Log")


def test_slash_goes_to_the_filter_and_the_answer_is_announced(page):
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("actor:ann")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text("3 events for actor:ann")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_chips_and_typed_words_become_one_query(page):
    page.goto("/list?q=actor:ann")
    page.get_by_role("searchbox").fill("outcome:failure")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=[^&]*failure$"))
    expect(page.locator("#live")).to_have_text("3 events for actor:ann outcome:failure")


def test_question_mark_lists_the_keys_and_escape_closes_them(page):
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_list_of_keys_goes_when_somebody_moves_on(page):
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_htmx_sends_the_token_of_the_page(page):
    with page.expect_request("**/list?detail=1") as asked:
        page.get_by_role("link", name="14:31:01").click()
    assert asked.value.headers["x-csrftoken"] == "token-1"


def test_first_stop_of_the_keyboard_is_the_way_past_the_navigation(page):
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_list_and_detail_work_without_a_script(chromium, address):
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/list?q=actor:ann")
    page.get_by_role("searchbox").fill("late")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=actor%3Aann&q=late$"))
    page.get_by_role("link", name="14:31:02").click()
    expect(page.get_by_role("heading", name="Event 2")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_nothing_scrolls_sideways(chromium, address, width):
    context = chromium.new_context(base_url=address, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto("/list?detail=1")
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert wide <= width


def test_focus_survives_when_the_thing_that_was_pressed_is_gone(page):
    page.goto("/list?q=actor:ann")
    page.get_by_role("link", name="Remove filter: actor ann").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove filter: actor ann")).to_have_count(0)
    expect(page.locator("#results")).to_be_focused()
