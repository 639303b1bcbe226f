"""A field draws its control from the WTForms field's own data, tied to its words."""

import pytest

from components.examples import build_field


def described(**more):
    return build_field({"type": "StringField", "name": "title", "label": "Title", **more})


def test_hint_and_error_are_tied_to_the_control(ui):
    html = ui.field(field=described(errors=["Write a title."]), hint="Shown in lists.")
    assert 'aria-describedby="title-hint title-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="title-error"' in html
    assert 'id="title-hint"' in html


def test_field_that_is_not_required_says_so(ui):
    assert "(optional)" in ui.field(field=described())
    assert "(optional)" not in ui.field(field=described(required=True))


def test_password_is_never_sent_back(ui):
    field = described(type="PasswordField", data="secret")
    assert "secret" not in ui.field(field=field)


def test_render_kw_is_ignored(ui):
    field = described()
    field.render_kw = {"class": "mine", "style": "color:red", "onclick": "go()"}
    html = ui.field(field=field)
    assert "mine" not in html
    assert "style" not in html
    assert "onclick" not in html


@pytest.mark.parametrize(
    ("kind", "drawn"),
    [
        ("EmailField", 'type="email"'),
        ("PasswordField", 'type="password"'),
        ("DateTimeLocalField", 'type="datetime-local"'),
        ("TextAreaField", "<textarea"),
        ("HiddenField", 'type="hidden"'),
        ("BooleanField", 'type="checkbox"'),
        ("FileField", 'type="file"'),
        ("IntegerField", 'type="number"'),
    ],
)
def test_control_follows_the_type_of_the_field(ui, kind, drawn):
    assert drawn in ui.field(field=described(type=kind))


def test_chosen_options_are_marked(ui):
    choices = [("a", "Read"), ("b", "Write")]
    one = ui.field(field=described(type="SelectField", choices=choices, data="b"))
    some = ui.field(field=described(type="SelectMultipleField", choices=choices, data=["b"]))
    assert '<option value="b" selected>' in one
    assert 'value="b" checked' in some
    assert "<legend" in some


def test_attack_in_a_value_stays_text(ui):
    assert "<script" not in ui.field(field=described(data='"><script>'))
