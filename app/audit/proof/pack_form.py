"""The form that asks for a pack."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from app.audit.proof.checkpoints import read_checkpoints
from app.audit.proof.notes import NoteUnreadable
from app.kernel.form_rules import storable, stripped

_MOST_CHARACTERS = 10_000


class PackForm(FlaskForm):
    """Which events, and from which checkpoint on the log has to be shown to have only grown."""

    q = StringField(
        "Filter",
        [Optional(), Length(max=2_000), storable],
        [stripped],
    )
    kept = TextAreaField(
        "Checkpoint that you kept",
        [Optional(), Length(max=_MOST_CHARACTERS), storable],
        description="The pack then proves that the log continues it.",
    )

    def validate_kept(self, field: TextAreaField) -> None:
        """Refuse text that is no checkpoint."""
        try:
            self.sizes()
        except NoteUnreadable as error:
            raise ValidationError(f"This is no checkpoint. {error}") from None
        del field

    def sizes(self) -> tuple[int, ...]:
        """Return the sizes of the checkpoints that were pasted; raises `NoteUnreadable`."""
        text = (self.kept.data or "").replace("\r\n", "\n").strip()
        if not text:
            return ()
        return tuple(one.checkpoint.size for one in read_checkpoints(text + "\n"))
