"""Markup that was not made by a component is refused, wherever in a value it hides."""

import pytest
import wtforms
from markupsafe import Markup  # noqa: TID251 - what a view might hand over
from wtforms.fields.choices import SelectChoice

from components.calling import ComponentError

BOLD = Markup("<b>late</b>")
BREAKOUT = Markup('x" onclick="go()')
RUNS = "javascript:go()"
COLUMNS = [{"key": "name", "label": "Name"}, {"key": "note", "label": "Note"}]


def table(ui, **row):
    rows = [{"id": "1", **row}]
    return ui.data_table(caption="x", columns=COLUMNS, rows=rows)


def post(ui, fields):
    return ui.action(label="Go", kind="post", href="/x", csrf_token="t", fields=fields)


SHOWN = {
    "text": lambda ui, value: ui.badge(text=value),
    "words": lambda ui, value: ui.notice(title=value),
    "items": lambda ui, value: ui.notice(title="x", items=[value]),
    "paragraph": lambda ui, value: ui.text(blocks=[value]),
    "typed block": lambda ui, value: ui.text(blocks=[{"type": "paragraph", "text": value}]),
    "item of a block": lambda ui, value: ui.text(blocks=[{"type": "list", "items": [value]}]),
    "stored block": lambda ui, value: ui.content(blocks=[{"type": "paragraph", "text": value}]),
    "object": lambda ui, value: ui.summary_list(items=[{"label": "x", "value": value}]),
    "cell": lambda ui, value: table(ui, cells={"name": value, "note": "x"}),
    "part of a cell": lambda ui, value: table(ui, cells={"name": "x", "note": {"text": value}}),
    "value of a map": lambda ui, value: post(ui, {"id": value}),
    "name in a map": lambda ui, value: post(ui, {value: "1"}),
}
LINKED = {
    "block": lambda ui, href: ui.text(blocks=[{"type": "link", "text": "x", "href": href}]),
    "span": lambda ui, href: ui.text(
        blocks=[{"type": "paragraph", "spans": [{"text": "x", "href": href}]}]
    ),
    "row": lambda ui, href: table(ui, href=href, cells={"name": "x", "note": "x"}),
    "cell": lambda ui, href: table(ui, cells={"name": "x", "note": {"text": "x", "href": href}}),
}


@pytest.mark.parametrize("draw", SHOWN.values(), ids=SHOWN)
def test_markup_in_a_value_is_refused(ui, draw):
    with pytest.raises(ComponentError, match="is markup"):
        draw(ui, BOLD)


@pytest.mark.parametrize("draw", LINKED.values(), ids=LINKED)
def test_address_that_no_contract_describes_is_an_address_all_the_same(ui, draw):
    with pytest.raises(ComponentError, match="a link begins with one of"):
        draw(ui, RUNS)


def test_words_of_a_set_block_are_words(render):
    source = "{% set words %}{{ name }} &amp; more{% endset %}{{ ui.badge(text=words) }}"
    assert ">A &lt;b&gt; &amp; more<" in render(source, name="A <b>")


def test_words_that_say_they_are_markup_cannot_leave_their_attribute(ui):
    html = ui.action(label="Go", kind="submit", name=BREAKOUT, value=BREAKOUT)
    assert 'onclick="go()"' not in html


@pytest.mark.parametrize("option", ["label", "description", "choices"])
def test_markup_in_a_field_is_refused(ui, option):
    choice = SelectChoice(value="a", label=BOLD if option == "choices" else "A")
    words = {} if option == "choices" else {option: BOLD}
    unbound = wtforms.SelectField(choices=[choice], **words)
    form = type("Form", (wtforms.Form,), {"name": unbound})()
    with pytest.raises(ComponentError, match="is markup"):
        ui.field(field=form.name)


def test_field_called_in_python_is_refused(ui):
    form = type("Form", (wtforms.Form,), {"name": wtforms.StringField()})()
    with pytest.raises(ComponentError, match="is markup"):
        ui.text(blocks=[form.name()])
