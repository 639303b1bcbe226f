"""Small design systems, written to a folder: what a bad contract is bad among."""

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

ROOMS = {"component": "ui", "pattern": "patterns", "content_block": "blocks"}
LAMP = {
    "version": "1.0.0",
    "kind": "component",
    "status": "stable",
    "since": "0.1.0",
    "owner": "design-system",
    "summary": "A lamp.",
    "props": [{"name": "text", "type": "str", "required": True}],
    "a11y": {"criteria": ["Says whether it is lit"]},
    "examples": [{"name": "lit", "props": {"text": "On"}}],
    "changelog": {"1.0.0": "First release."},
}
# The icon is what every set has: its values are the icons that props may name.
ICON = {
    "id": "icon",
    "props": [{"name": "name", "type": "enum", "values": ["check"], "required": True}],
    "examples": [{"name": "alone", "props": {"name": "check"}}],
}
# A lock before anything happened to it.
BASE = {
    "tokens": {
        "kind": "tokens",
        "version": "1.0.0",
        "tokens": {
            "--space-1": {"type": "dimension", "light": "4px", "dark": "4px", "scopes": ["gap"]},
        },
    },
    "lamp": {
        "kind": "component",
        "version": "1.2.0",
        "status": "stable",
        "since": "0.1.0",
        "deprecated": None,
        "props": {
            "text": {"type": "str", "required": True, "max_len": 80},
            "tone": {"type": "enum", "values": ["on", "off"], "default": "on"},
            "items": {"type": "list", "fields": {"label": {"type": "str"}}},
        },
        "slots": ["body"],
        "states": ["lit"],
        "classes": ["ds-lamp"],
        "depends_on": [],
        "tokens": ["--space-1"],
        "examples": {"lit": "aaaa"},
        "markup": "bbbb",
        "looks": "cccc",
        "behaviour": None,
    },
}


def patched(changes: Mapping[str, object]) -> dict[str, dict]:
    """The base of all locks with some places changed; null takes a place away."""
    api = copy.deepcopy(BASE)
    for place, value in changes.items():
        *way, last = place.split("/")
        node = api
        for step in way:
            node = node[step]
        if value is None:
            del node[last]
        else:
            node[last] = value
    return api


def write_contract(folder: Path, said: Mapping[str, object]) -> Path:
    """Write one contract and its files below the folder; null leaves a field out.

    `files` holds the text of more files by name, null for one that is not to be there.
    """
    contract = {key: value for key, value in {**LAMP, **said}.items() if value is not None}
    extra = contract.pop("files", {})
    contract.pop("times", None)
    name = str(said["id"])
    home = folder / str(contract.pop("folder", name))
    home.mkdir(parents=True, exist_ok=True)
    own = {f"{home.name}.yaml": yaml.safe_dump(contract, sort_keys=False)}
    files = {**_usual_files(name, contract), **own, **extra}
    for file, text in files.items():
        if text is not None:
            (home / file).write_text(text, "utf-8")
    return home / f"{home.name}.yaml"


def write_set(folder: Path, contracts: Iterable[Mapping[str, object]]) -> dict[str, Path]:
    """Write contracts into their rooms; return the rooms. `room` puts one into another's."""
    roots = {kind: folder / room for kind, room in ROOMS.items()}
    for said in [ICON, *contracts]:
        one = dict(said)
        root = roots[str(one.pop("room", one.get("kind", "component")))]
        times = int(str(one.get("times", 1)))
        for number in range(times):
            name = str(one["id"]) if times == 1 else f"{one['id']}_{number}"
            write_contract(root, {**one, "id": name})
    return roots


def _usual_files(name: str, contract: Mapping[str, object]) -> dict[str, str]:
    props = [prop["name"] for prop in contract.get("props", []) if isinstance(prop, dict)]
    files = {"README.md": f"# {name}\n"}
    if contract.get("kind") == "component":
        files[f"{name}.css"] = ""
    shown = "<p></p>" if contract.get("kind") == "component" else ""
    macro = f"{{% macro {name}({', '.join(props)}) %}}{shown}{{% endmacro %}}\n"
    return {**files, f"{name}.html": macro}
