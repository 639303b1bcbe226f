"""Forms of a tenant's settings."""

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from app.kernel.form_rules import one_line, storable, stripped
from app.tenancy.time_zones import TIME_ZONES

_ZONES = ("UTC", *sorted(zone for zone in TIME_ZONES if "/" in zone))


class SettingsForm(FlaskForm):
    """What the tenant is called, and in which zone its pages show times."""

    name = StringField(
        "Name", [DataRequired("Write a name."), Length(max=80), storable, one_line], [stripped]
    )
    time_zone = SelectField(
        "Time zone",
        choices=[SelectChoice(zone) for zone in _ZONES],
        description="Pages show times in it and name it; stored times are always UTC.",
    )
