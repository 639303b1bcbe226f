"""Begins a new component, pattern or content block: a folder that passes every check as it is."""

import re
from pathlib import Path
from string import Template
from typing import Final

from components.registry import ROOTS, Registry
from components.release import read_release
from components.structure import CAPS, TAKEN

CONTRACT: Final = Template("""\
id: $name
version: 1.0.0
kind: $kind
status: experimental
since: $release
owner: design-system
summary: Say in one sentence what it is for.
depends_on: [$below]
props:
  - {name: text, type: str, required: true, max_len: 160}
${classes}\
a11y:
  criteria: [Say what it keeps for people who use a keyboard or a screen reader]
examples:
  - {name: default, props: {text: $title}}
changelog:
  "1.0.0": First release.
""")
COMPONENT: Final = Template("""\
{% macro $name(text) -%}
<p class="ds-$dashed">{{ text }}</p>
{%- endmacro %}
""")
COMPOSITION: Final = Template("""\
{% macro $name(text) %}
{{ ui.text(blocks=[text]) }}
{% endmacro %}
""")
STYLES: Final = Template("""\
.ds-$dashed { color: var(--color-fg-default); }
""")
README: Final = Template("""\
# $name

Say in one sentence what it is for.

**Use it** for …

**Not** for …

The props, states and promises are in `$name.yaml`.
""")


# A word of Python, of CSS and of an address alike.
NAME: Final = re.compile(r"[a-z]([a-z0-9_]*[a-z0-9])?")


class ScaffoldError(ValueError):
    """There can be no new node of that name; the message says why."""


def create(name: str, kind: str, registry: Registry, root: Path | None = None) -> list[Path]:
    """Write the files of a new node and return them; raises ScaffoldError and writes nothing."""
    folder = (root or ROOTS[kind]) / name
    _refuse(name, folder, kind, registry)
    is_component = kind == "component"
    dashed = name.replace("_", "-")
    values = {
        "name": name,
        "dashed": dashed,
        "kind": kind,
        "release": read_release(),
        "title": name.replace("_", " ").capitalize(),
        "below": "" if is_component else "text",
        "classes": f"classes: [ds-{dashed}]\n" if is_component else "",
    }
    files = {
        f"{name}.yaml": CONTRACT,
        f"{name}.html": COMPONENT if is_component else COMPOSITION,
        "README.md": README,
    }
    if is_component:
        files[f"{name}.css"] = STYLES
    texts = {file: template.substitute(values) for file, template in files.items()}
    folder.mkdir(parents=True)
    for file, text in texts.items():
        (folder / file).write_text(text, "utf-8")
    return [folder / file for file in files]


def _refuse(name: str, folder: Path, kind: str, registry: Registry) -> None:
    if not NAME.fullmatch(name):
        raise ScaffoldError(f"{name!r} is no name: write small letters and underscores.")
    if name in registry.contracts or name in TAKEN or folder.exists():
        raise ScaffoldError(f"There is a {name} already.")
    count = len(registry.of_kind(kind))
    if count >= CAPS[kind]:
        raise ScaffoldError(
            f"There are {count} of the kind {kind}, which is the cap. Fold one into another first."
        )
