"""A wrong call of a component says which template, which line, which prop, and what is allowed."""

from types import SimpleNamespace

import pytest

from components.calling import ComponentError

COLUMNS = [{"key": "name", "label": "Name"}]


def wrong(render, source, **values):
    with pytest.raises(ComponentError) as raised:
        render(source, **values)
    return str(raised.value)


def test_value_outside_the_enum_names_template_line_prop_and_values(render):
    said = wrong(render, "\n\n{{ ui.badge(text='late', tone='red') }}")
    assert said.startswith("page.html:3: ui.badge prop tone is 'red'; allowed: neutral, info")


def test_unknown_prop_is_answered_with_the_nearest_one(render):
    said = wrong(render, "{{ ui.badge(text='late', tnoe='info') }}")
    assert "no prop 'tnoe'" in said
    assert "Did you mean 'tone'?" in said


def test_missing_prop_is_named(render):
    assert "prop text is required" in wrong(render, "{{ ui.badge() }}")


def test_unknown_component_is_answered_with_the_nearest_one(render):
    assert "Did you mean 'badge'?" in wrong(render, "{{ ui.bagde(text='late') }}")


def test_text_that_is_too_long_says_by_how_much(render):
    said = wrong(render, "{{ ui.action(label=words, href='/') }}", words="x" * 61)
    assert "has 61 characters; at most 60" in said


def test_fault_inside_a_list_names_the_item(render):
    said = wrong(render, "{{ ui.tabs(label='Views', items=items) }}", items=[{"label": "All"}])
    assert "prop items[0].href is missing" in said


def test_misspelt_field_of_an_item_is_named(render):
    items = [{"label": "All", "href": "/", "curent": True}]
    said = wrong(render, "{{ ui.tabs(label='Views', items=items) }}", items=items)
    assert "items[0].curent" in said
    assert "'current'" in said


def test_link_that_runs_a_script_is_refused(render):
    said = wrong(render, "{{ ui.action(label='Go', href='javascript:alert(1)') }}")
    assert "a link begins with one of" in said


def test_positional_prop_is_refused(render):
    assert "by name only" in wrong(render, "{{ ui.badge('late') }}")


def test_component_without_a_slot_refuses_a_body(render):
    said = wrong(render, "{% call ui.badge(text='x') %}y{% endcall %}")
    assert "has no slot" in said


def test_slot_receives_what_the_page_writes_into_it(render):
    html = render("{% call ui.panel(title='Keys') %}{{ ui.badge(text='new') }}{% endcall %}")
    assert "<span" in html
    assert "new" in html


def test_block_inside_a_slot_can_be_overridden_by_a_child_page(render, pages):
    pages["base.html"] = (
        "{% call ui.panel(title='Keys') %}{% block page %}{% endblock %}{% endcall %}"
    )
    html = render(
        "{% extends 'base.html' %}{% block page %}{{ ui.badge(text='in') }}{% endblock %}"
    )
    assert html.index("<section") < html.index(">in<") < html.index("</section")


def test_items_may_be_objects_with_attributes(render):
    items = [SimpleNamespace(label="All", href="/all", current=True)]
    html = render("{{ ui.tabs(label='Views', items=items) }}", items=items)
    assert 'href="/all" aria-current="page"' in html


def test_undefined_name_in_a_page_is_an_error_and_not_a_gap(render):
    with pytest.raises(Exception, match=r"prop text got nothing: 'nothing' is undefined"):
        render("{{ ui.badge(text=nothing) }}")


def test_values_are_escaped_whatever_the_template_is_called(host, pages):
    pages["letter.txt"] = "{{ words }}"
    with host.test_request_context():
        text = host.jinja_env.get_template("letter.txt").render(words="<b>")
    assert text == "&lt;b&gt;"
