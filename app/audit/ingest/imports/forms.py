"""Forms of imports."""

from dataclasses import replace
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FileField,
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.fields.core import Field
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.audit.importers.mapping.asking import known_zone
from app.audit.importers.mapping.mapping import AS_IT_IS, FIELDS, MAPPED, MappedField, Mapping
from app.audit.importers.mapping.sources import MAX_SOURCES, SourcesUnreadable, read_sources
from app.audit.importers.plan import Plan
from app.audit.importers.reading.transcoding import ENCODINGS
from app.audit.importers.registry import FORMATS
from app.audit.ingest.imports.mappings import find_mapping, list_mappings
from app.kernel.form_rules import one_line, storable, stripped

SAVED = "saved:"
MAX_NAME = 60
_DAY, _MONTH = "day", "month"


class UploadForm(FlaskForm):
    """Which file."""

    file = FileField("File", [InputRequired("Choose a file.")])


def _sources(_form: Form, field: Field) -> None:
    try:
        read_sources(field.data or "")
    except SourcesUnreadable as error:
        raise ValidationError(error.detail) from None


def _zone(_form: Form, field: Field) -> None:
    try:
        field.data = known_zone(field.data or "UTC")
    except ValueError as error:
        raise ValidationError(str(error)) from None


def _source_field(one: MappedField) -> StringField:
    how = "" if one.how == AS_IT_IS else one.how.replace("`", "")
    needed = "Every event has one. " if one.is_required else ""
    return StringField(
        one.label,
        [Length(max=MAX_SOURCES), storable, one_line, _sources],
        [stripped],
        description=f"{needed}{how[:1].upper()}{how[1:]}." if how else "",
    )


def _fields() -> dict[str, Field]:
    """Return the fields of the form in the order in which it shows them."""
    return {
        "format_name": SelectField("Read as", [InputRequired()]),
        "encoding": SelectField(
            "Encoding",
            [InputRequired()],
            choices=[SelectChoice(*one) for one in ENCODINGS.items()],
        ),
        **{_key(one.name): _source_field(one) for one in FIELDS},
        "zone": StringField(
            "Time zone",
            [Length(max=60), one_line, _zone],
            [stripped],
            description="Of times that name none, such as Europe/Berlin.",
        ),
        "order": RadioField(
            "03/04/2026 is",
            choices=[
                SelectChoice(_DAY, "the third of April"),
                SelectChoice(_MONTH, "the fourth of March"),
            ],
        ),
        "keeps_rest": BooleanField("Keep what is not mapped, as metadata"),
        "save_as": StringField(
            "Save this mapping as",
            [Optional(), Length(max=MAX_NAME), storable, one_line],
            [stripped],
            description="A name, to use it for the next file of this kind.",
        ),
    }


def _key(name: str) -> str:
    return f"from_{name.replace('.', '_')}"


class _Base(FlaskForm):
    """How a file is read: a format, or a mapping of its fields."""

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms has it
        """Demand what an event cannot be without, where the mapping is what counts."""
        fits: bool = super().validate(extra_validators)
        if self["format_name"].data == MAPPED:
            for one in FIELDS:
                field = self[_key(one.name)]
                if one.is_required and not field.data:
                    field.errors = [*field.errors, "Every event has one; say where it comes from."]
                    fits = False
        return fits


# WTForms orders fields by when they were made, and these follow the parts of an event.
_PlanForm: type[_Base] = type("PlanForm", (_Base,), _fields())


def plan_form(plan: Plan) -> FlaskForm:
    """Return the form of how a file is read, filled with how it is now."""
    mapping = plan.mapping
    form = _PlanForm(
        data={
            "format_name": plan.format_name,
            "encoding": plan.layout.encoding,
            **{_key(name): str(sources) for name, sources in mapping.fields.items()},
            "zone": mapping.zone,
            "order": _DAY if mapping.day_first else _MONTH,
            "keeps_rest": mapping.keeps_rest,
        }
    )
    form["format_name"].choices = [
        *(SelectChoice(found.name, found.title) for found in FORMATS.values()),
        SelectChoice(MAPPED, "Other: by the fields below"),
        *(SelectChoice(f"{SAVED}{one.name}", f"Other: as “{one.name}”") for one in list_mappings()),
    ]
    return form


def plan_of(form: FlaskForm, plan: Plan) -> Plan:
    """Return the plan that a valid form asks for; the layout stays as it is but for `encoding`."""
    chosen = form["format_name"].data
    layout = replace(plan.layout, encoding=form["encoding"].data)
    if chosen.startswith(SAVED):
        saved = find_mapping(chosen.removeprefix(SAVED))
        return Plan(layout, MAPPED, saved or plan.mapping)
    return Plan(layout, chosen, _mapping_of(form))


def _mapping_of(form: FlaskForm) -> Mapping:
    written = {one.name: form[_key(one.name)].data for one in FIELDS}
    return Mapping(
        {name: read_sources(sources) for name, sources in written.items() if sources},
        form["zone"].data,
        form["order"].data != _MONTH,
        form["keeps_rest"].data,
    )
