"""The form that asks for an export."""

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import Length, Optional

from app.audit.exports.models import ExportForm
from app.kernel.form_rules import storable, stripped
from app.kernel.query_language.query import MAX_CHARACTERS

_WORDS = {
    ExportForm.CSV: "CSV, for a spreadsheet",
    ExportForm.JSONL: "JSON Lines, an event a line, for programs",
}


class NewExportForm(FlaskForm):
    """Which events, and how they are written."""

    q = StringField(
        "Filter",
        [Optional(), Length(max=MAX_CHARACTERS), storable],
        [stripped],
        description="As in the audit log; empty is the whole log.",
    )
    form = SelectField(
        "Format", choices=[SelectChoice(one.value, _WORDS[one]) for one in ExportForm]
    )
