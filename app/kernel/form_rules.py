"""Rules that the forms of every domain share."""

from wtforms import Field, Form
from wtforms.validators import ValidationError

from app.kernel.untrusted_text import is_storable


def stripped(text: str | None) -> str | None:
    """Return the text without the blanks around it; a filter of WTForms fields."""
    return text.strip() if isinstance(text, str) else text


def storable(_form: Form, field: Field) -> None:
    """Refuse text that no database can store."""
    if isinstance(field.data, str) and not is_storable(field.data):
        raise ValidationError("This holds characters that cannot be stored; type it again.")
