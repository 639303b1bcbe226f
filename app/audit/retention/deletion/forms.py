"""The form that begins a deletion."""

from flask_wtf import FlaskForm


class BeginForm(FlaskForm):
    """Nothing to fill in: the page says what goes."""
