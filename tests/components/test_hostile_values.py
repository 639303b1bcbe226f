"""What reaches a component from Python or from the database is text, whatever it looks like."""

import pytest
import wtforms
from wtforms.fields.choices import SelectChoice

from components.calling import ComponentError
from components.lint.rendered import check_html

SCRIPT = '"><script>alert(1)</script>'
HANDLER = 'x" onclick="go()" style="color:red'
MAPS = {
    "action": {"label": "Go", "kind": "post", "href": "/x", "csrf_token": "t"},
    "form": {"action": "/x", "submit_label": "Go", "csrf_token": "t", "caller": lambda: ""},
    "filter_bar": {"action": "/x", "q": ""},
}
MAP_PROPS = {"action": "fields", "form": "hidden", "filter_bar": "hidden"}
LINKS = ["javascript:go()", " javascript:go()", "JAVASCRIPT:go()", "java\tscript:go()",
         "data:text/html,<script>go()</script>", "vbscript:go()", "elsewhere.example"]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ ui.badge(text='late', tone=value) }}", "ui.badge prop tone is 'red'"),
        ("{{ ui.action(label=value * 30, href='/') }}", "has 90 characters; at most 60"),
        ("{{ ui.action(label='Go', href='/', icon=value) }}", "prop icon is 'red'"),
        ("{{ ui.badge(text=[value]) }}", "it must be text or a number"),
        ("{{ ui.badge(**{'text': value, 'class': value}) }}", "no prop 'class'"),
        ("{{ ui.tabs(label='Views', items=[{'label': value, 'class': 'x'}]) }}", "items[0].class"),
        ("{{ ui.content(blocks=[{'type': 'html', 'text': value}]) }}", "type is 'html'"),
    ],
)
def test_value_that_only_the_request_knows_is_checked_when_it_is_used(render, source, said):
    with pytest.raises(ComponentError) as refused:
        render(source, value="red")
    assert said in str(refused.value)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize(
    "source",
    [
        "{{ ui.action(label='Go', href=link) }}",
        "{{ ui.action(label='Go', kind='post', href=link, csrf_token='t') }}",
        "{{ ui.tabs(label='Views', items=[{'label': 'All', 'href': link}]) }}",
        "{{ ui.content(blocks=[{'type': 'reference', 'text': 'Go', 'href': link}]) }}",
        "{{ ui.specimen(title='x', src=link, width=320, height=200) }}",
    ],
)
def test_link_that_leads_nowhere_good_is_refused(render, source, link):
    with pytest.raises(ComponentError, match="a link begins with one of"):
        render(source, link=link)


@pytest.mark.parametrize("component", MAPS)
def test_map_cannot_carry_attributes(component, ui, registry, manifest):
    props = {**MAPS[component], MAP_PROPS[component]: {HANDLER: HANDLER, SCRIPT: SCRIPT}}
    html = getattr(ui, component)(**props)
    rules = {finding.rule for finding in check_html(html, registry, manifest)}
    assert not rules & {"handler", "style", "script", "element", "attribute"}
    assert "<script" not in html


@pytest.mark.parametrize(
    "field_type", ["StringField", "SelectField", "RadioField", "TextAreaField", "BooleanField"]
)
def test_field_draws_nothing_that_its_form_smuggles_in(field_type, ui, registry, manifest):
    """WTForms would write `render_kw` as attributes and a label's HTML as it is."""
    listed = field_type in {"SelectField", "RadioField"}
    choices = {"choices": [SelectChoice(value=HANDLER, label=SCRIPT)]} if listed else {}
    unbound = getattr(wtforms, field_type)(
        label=SCRIPT,
        description=SCRIPT,
        render_kw={"class": "mine", "style": "color:red", "onclick": "go()", "autofocus": True},
        **choices,
    )
    form = type("Form", (wtforms.Form,), {"name": unbound})(data={"name": HANDLER})
    form.name.errors = (SCRIPT,)
    html = ui.field(field=form.name, hint=SCRIPT)
    assert "<script" not in html
    assert check_html(html, registry, manifest) == []


def test_tenant_called_like_a_script_is_shown_everywhere_as_text(alder):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/settings/edit")
    owner.submit(page, "Save", name=SCRIPT)
    for place in ("/", "/people", "/audit-log", "/settings", "/people/invitations/new"):
        page = owner.get(alder.path + place)
        assert SCRIPT in page.title
        assert "<script>alert" not in page.text
    assert SCRIPT in owner.get("/tenants").words
