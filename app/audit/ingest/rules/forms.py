"""The form of the rules of ingestion."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.audit.ingest.rules.service import DAYS, PER_DAY, PER_MINUTE, Rules


def _span(bounds: tuple[int, int]) -> str:
    return f"{bounds[0]:,} to {bounds[1]:,}"


class RulesForm(FlaskForm):
    """Which events are taken, how many, and how long refused ones wait."""

    registered_types_only = BooleanField(
        "Only events of registered types",
        description="Others are refused and wait in quarantine; without this they are stored and"
        " marked as unregistered.",
    )
    events_per_minute = IntegerField(
        "Events a minute, for each key",
        [InputRequired("Write a number."), NumberRange(*PER_MINUTE)],
        description=f"{_span(PER_MINUTE)}. Beyond it the key is told to come back the next minute.",
    )
    events_per_day = IntegerField(
        "Events a day, for each key",
        [InputRequired("Write a number."), NumberRange(*PER_DAY)],
        description=f"{_span(PER_DAY)}. The day begins at midnight UTC.",
    )
    quarantine_days = IntegerField(
        "Days that refused events wait",
        [InputRequired("Write a number."), NumberRange(*DAYS)],
        description=f"{_span(DAYS)}. Then they are deleted, replayed or not.",
    )

    @property
    def rules(self) -> Rules:
        """What was typed, once it is valid."""
        return Rules(
            bool(self.registered_types_only.data),
            self.events_per_minute.data,
            self.events_per_day.data,
            self.quarantine_days.data,
        )
