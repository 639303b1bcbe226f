"""A mapping as somebody asks for it: by options of a command, or by the fields of a form."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.audit.importers.mapping.mapping import FIELD_NAMES, Mapping
from app.audit.importers.mapping.sources import Sources, SourcesUnreadable, read_sources


def mapping_of_options(start: Mapping, options: Sequence[str], zone: str | None) -> Mapping:
    """Return a mapping with some fields changed by `field=sources`; raises `ValueError`.

    Nothing behind the sign takes a field out.
    """
    fields: dict[str, Sources] = dict(start.fields)
    for option in options:
        name, sign, written = option.partition("=")
        name = name.strip()
        if not sign or name not in FIELD_NAMES:
            known = ", ".join(sorted(FIELD_NAMES))
            raise ValueError(f"--map takes field=sources; the fields are {known}.")
        fields |= mapped_fields({name: written})
        if not written.strip():
            del fields[name]
    return replace(start, fields=fields, zone=known_zone(zone) if zone else start.zone)


def mapped_fields(written: AnyMapping[str, str]) -> dict[str, Sources]:
    """Return the sources of fields as they were written; raises `ValueError` naming the field."""
    fields = {}
    for name, sources in written.items():
        try:
            fields[name] = read_sources(sources)
        except SourcesUnreadable as error:
            raise ValueError(f"{name}: {error.detail}") from None
    return fields


def known_zone(name: str) -> str:
    """Return the name of a time zone; raises `ValueError` for an unknown one."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name[:40]} is no time zone; write one like Europe/Berlin.") from None
