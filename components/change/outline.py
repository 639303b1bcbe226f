"""Renders each example as its own component writes it, with stand-ins for the components inside.

So a change of the badge's HTML is a change of the badge, and not of everything that shows one.
"""

import hashlib
import json
from collections.abc import Callable
from types import SimpleNamespace

import jinja2
from markupsafe import Markup, escape  # noqa: TID251 - stands in for components, escaped as theirs

from components.assets import AssetManifest
from components.calling import ComponentCall
from components.contract import Contract
from components.examples import render_example
from components.flask_ui import prepare_environment
from components.registry import Registry

LENGTH = 16
# Fixed names, so that a new icon or a changed stylesheet leaves every example as it was.
NO_FILES = AssetManifest("/css", "/js", "/sprite", "/mark", {})


class Outlines:
    """Renders examples with one real component at a time; takes the place of `ui`."""

    def __init__(self, registry: Registry) -> None:
        environment = jinja2.Environment(autoescape=True, auto_reload=False)
        prepare_environment(environment)
        environment.globals["ui"] = self
        self.assets = NO_FILES
        self._real = {
            contract.id: ComponentCall(contract, environment, registry.icons)
            for contract in registry
        }
        self._shown = ""

    def __getattr__(self, name: str) -> Callable[..., str]:
        if name == self._shown:
            return self._real[name]
        return lambda **props: _stand_in(name, props)

    def hash_examples(self, contract: Contract) -> dict[str, str]:
        """A short hash of the HTML that the contract itself writes, by example."""
        self._shown = contract.id
        return {
            example.name: short_hash(render_example(self, contract, example))
            for example in contract.examples
        }


def short_hash(text: str) -> str:
    """The first half of a SHA-256 of the text without white space between elements."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:LENGTH]


def _stand_in(name: str, props: dict[str, object]) -> Markup:
    caller = props.pop("caller", None)
    body = caller() if callable(caller) else ""
    values = json.dumps(props, sort_keys=True, default=_plain)
    return Markup("<ui-{0} {1}>{2}</ui-{0}>").format(name, escape(values), body)


def _plain(value: object) -> object:
    return vars(value) if isinstance(value, SimpleNamespace) else type(value).__name__
