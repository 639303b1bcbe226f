"""Each net catches what it is there to catch, and says where and how to mend it."""

import pytest

from components.lint.css import check_css
from components.lint.rendered import check_html
from components.lint.templates import check_template
from components.tokens.read import load_tokens

GOOD_PAGE = """{% extends "base.html" %}
{% block title %}People{% endblock %}
{% block page %}
{% set tone = "info" %}
{% if people %}{{ ui.badge(text=people|length, tone=tone) }}{% endif %}
{% for person in people %}
{% call ui.panel(title=person.name) %}{{ ui.text(blocks=[person.note]) }}{% endcall %}
{% endfor %}
{{ ui.record_page(header={"title": "People"}) }}
{{ super() }}
{% endblock %}
"""


def rules_of(findings):
    return {finding.rule for finding in findings}


def test_template_net_lets_a_page_of_components_pass(registry):
    assert check_template(GOOD_PAGE, "page.html", registry) == []


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("<div>", "raw-element"),
        ('<p class="x">', "raw-class"),
        ('<p style="color:red">', "raw-style"),
        ('<p onclick="go()">', "raw-handler"),
        ('<p hx-on:click="go()">', "raw-handler"),
        ("Hello", "bare-text"),
        ("{{ name }}", "bare-output"),
        ("{{ ui.badge(text=name|safe) }}", "unsafe"),
        ("{% include name %}", "flow"),
        ("{% include 'x.html' %}", "flow"),
        ("{% extends name %}", "dynamic-template"),
        ("{% filter upper %}{% endfilter %}", "flow"),
        ("{% autoescape false %}{% endautoescape %}", "flow"),
        ("{% with a=1 %}{% endwith %}", "flow"),
        ("{{ ui.bagde(text='x') }}", "component"),
        ("{{ ui.badge('x') }}", "props"),
        ("{{ ui.badge(**all) }}", "props"),
        ("{{ ui.badge(txt='x') }}", "props"),
        ("{{ ui.badge(tone='info') }}", "props"),
        ("{{ ui.badge(text='x', tone='red') }}", "props"),
        ("{% set b = ui.badge %}", "alias"),
        ("{% set b = ui %}", "alias"),
        ("{{ ui.badge(text='<b>x</b>') }}", "string-markup"),
        ("{{ ui.badge(text='12px') }}", "string-pixels"),
        ("{{ ui.badge(text='#ff0000') }}", "string-colour"),
        ("{% block title %}<b>People</b>{% endblock %}", "raw-element"),
        ("{% call thing() %}{% endcall %}", "flow"),
        ("{% if x %}", "syntax"),
    ],
)
def test_template_net_catches(source, rule, registry):
    found = check_template(source, "page.html", registry)
    assert rule in rules_of(found)
    assert all(finding.mend and finding.line for finding in found)


def test_template_net_names_the_line(registry):
    found = check_template("{% block page %}\n\n<b>\n{% endblock %}", "page.html", registry)
    assert [finding.line for finding in found] == [3]


@pytest.mark.parametrize(
    ("css", "rule"),
    [
        (".ds-badge { color: #ff0000; }", "raw-colour"),
        (".ds-badge { color: red; }", "raw-colour"),
        (".ds-badge { color: rgb(1 2 3); }", "value"),
        (".ds-badge { padding: 4px; }", "raw-length"),
        (".ds-badge { margin: 1rem; }", "raw-length"),
        (".ds-badge { z-index: 10; }", "raw-number"),
        (".ds-badge { padding: var(--space-9); }", "token"),
        (".ds-badge { padding: var(--color-fg-default); }", "scope"),
        (".ds-badge { --mine: 0; }", "token"),
        (".ds-badge { color: var(--color-fg-default) !important; }", "important"),
        (".ds-badge { background: url(x.png); }", "value"),
        (".ds-badge { background: Canvas; }", "raw-colour"),
        ("span { margin: 0; }", "selector"),
        ("#badge { margin: 0; }", "selector"),
        (".ds-table { margin: 0; }", "selector"),
        (".ds-badge .ds-table { margin: 0; }", "selector"),
        ("@media (min-width: 40rem) { .ds-badge { margin: 0; } }", "place"),
        ("@media print { .ds-badge { margin: 1px; } }", "raw-length"),
        ("@import 'x.css';", "place"),
        ("@keyframes turn { to { opacity: 0; } }", "place"),
    ],
)
def test_css_net_catches(css, rule, registry):
    found = check_css(css, registry.contracts["badge"], registry, load_tokens())
    assert rule in rules_of(found)
    assert all(finding.mend and finding.line for finding in found)


def test_css_net_lets_tokens_and_relative_lengths_pass(registry):
    css = """:where(.ds-badge):hover, .ds-badge--info::before {
      padding: calc(var(--space-2) - var(--border-width-thin)) 0; inline-size: 50%;
      flex: 1 1 20ch; opacity: 0.5; color: currentColor; background: transparent;
    }"""
    assert check_css(css, registry.contracts["badge"], registry, load_tokens()) == []


def page(body, head="<title>People</title>"):
    return (
        f"<!doctype html>\n<html><head>{head}</head><body>\n<h1>People</h1>\n{body}</body></html>"
    )


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<div><p></div></p>", "well-formed"),
        ("<marquee>x</marquee>", "element"),
        ("<iframe></iframe>", "element"),
        ('<p class="mine">x</p>', "class"),
        ('<p style="color:red">x</p>', "style"),
        ('<p onclick="go()">x</p>', "handler"),
        ('<p id="a">x</p><p id="a">y</p>', "unique-id"),
        ('<script src="/elsewhere.js"></script>', "script"),
        ("<script>go()</script>", "script"),
        ('<link rel="stylesheet" href="/elsewhere.css">', "link"),
        ('<a href="javascript:go()">x</a>', "address"),
        ('<a href="/x" hx-get="/x" hx-target="#nowhere">x</a>', "hx-target"),
        ("<h1>Again</h1>", "one-h1"),
        ('<input name="q">', "label"),
        ('<label for="other">Q</label><input id="q" name="q">', "label"),
        ('<p aria-describedby="hint">x</p>', "reference"),
        ('<form method="post" action="/x"></form>', "post-token"),
        ('<svg><use href="/static/other.svg#x"></use></svg>', "icon"),
    ],
)
def test_rendered_net_catches(body, rule, registry, manifest):
    found = check_html(page(body), registry, manifest)
    assert rule in rules_of(found)
    assert all(finding.mend for finding in found)


def test_rendered_net_wants_a_title(registry, manifest):
    assert "title" in rules_of(check_html(page("", head=""), registry, manifest))


def test_rendered_net_names_the_line(registry, manifest):
    found = check_html(page('<p class="mine">x</p>'), registry, manifest)
    assert [finding.line for finding in found] == [4]


def test_rendered_net_asks_less_of_a_fragment(registry, manifest):
    html = '<a href="/x" hx-get="/x" hx-target="#results">x</a>'
    assert check_html(html, registry, manifest) == []
