"""The form of a saved view."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from app.audit.views.service import MAX_NAME
from app.kernel.form_rules import one_line, storable, stripped


class ViewForm(FlaskForm):
    """How a view is called, and who sees it."""

    name = StringField(
        "Name",
        [DataRequired("Write a name."), Length(max=MAX_NAME), storable, one_line],
        [stripped],
        description="Such as “Failed sign-ins”.",
    )
    is_shared = BooleanField(
        "Shared with everybody who reads the log",
        description="Whoever may share views can then change and delete it, too.",
    )
