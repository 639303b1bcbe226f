"""Bad files, each with the rule that must catch it written in its first line, and their nets."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from components.assets import AssetManifest
from components.change.lock import judge
from components.contract import ContractError
from components.contract_file import load_contract
from components.lint.css import check_css
from components.lint.findings import Finding
from components.lint.graph import check_graph
from components.lint.markup import check_markup
from components.lint.rendered import check_html
from components.lint.templates import check_template
from components.registry import Registry
from components.structure import BrokenRegistryError
from components.tokens.read import load_tokens
from tests.components.contract_sets import patched, write_contract, write_set

FOLDER = Path(__file__).parent / "violations"
PROMISE = re.compile(
    r'caught by"?: "?(?P<rule>[^",]+?)(?:, line (?P<line>\d+))?( ?(\*/|-->|#}|"|$))'
)
RELEASE = "0.3.0"


@dataclass(frozen=True)
class Violation:
    """A bad file: the rule that must catch it, and in which line (None: it has no lines)."""

    path: Path
    rule: str
    line: int | None

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}: {self.path.stem.replace('_', ' ')}"

    @property
    def net(self) -> str:
        return self.path.parent.name

    @property
    def source(self) -> str:
        """The file without the words of its first line, and with that line."""
        _, _, rest = self.path.read_text("utf-8").partition("\n")
        return "\n" + rest


@dataclass(frozen=True)
class Nets:
    """What the nets need: the real design system, and a place to write in."""

    registry: Registry
    manifest: AssetManifest
    folder: Path


def list_violations() -> list[Violation]:
    """Every bad file; fails for one that does not say what must catch it."""
    return [_read(path) for path in sorted(FOLDER.glob("*/*")) if path.is_file()]


def _read(path: Path) -> Violation:
    head = path.read_text("utf-8").split("\n")[0]
    promise = PROMISE.search(head)
    assert promise, f"{path.name}: write `caught by: rule, line 3` into the first line."
    line = promise["line"]
    return Violation(path, promise["rule"], int(line) if line else None)


def _template(one: Violation, nets: Nets) -> Iterable[Finding]:
    return check_template(one.source, one.path.name, nets.registry)


def _pattern(one: Violation, nets: Nets) -> Iterable[Finding]:
    inside = nets.registry.contracts["record_page"]
    return check_template(one.source, one.path.name, nets.registry, inside)


def _markup(one: Violation, nets: Nets) -> Iterable[Finding]:
    return check_markup(one.source, one.path.name)


def _style(one: Violation, nets: Nets) -> Iterable[Finding]:
    badge = nets.registry.contracts["badge"]
    return check_css(one.source, badge, nets.registry, load_tokens())


def _rendered(one: Violation, nets: Nets) -> Iterable[Finding]:
    return check_html(one.source, nets.registry, nets.manifest, one.path.name)


def _contract(one: Violation, nets: Nets) -> Iterable[Finding]:
    try:
        load_contract(write_contract(nets.folder, {"id": "lamp", **yaml.safe_load(one.source)}))
    except ContractError as refused:
        yield Finding(refused.file.name, 0, refused.where, str(refused), refused.mend)


def _set(one: Violation, nets: Nets) -> Iterable[Finding]:
    said = yaml.safe_load(one.source)
    try:
        registry = Registry.load(write_set(nets.folder, said["contracts"]))
    except BrokenRegistryError as refused:
        for broken in refused.breaks:
            yield Finding("components", 0, broken.partition(":")[0], broken, refused.mend)
        return
    yield from check_graph(registry)
    yield from check_template(said.get("page", ""), "page.html", registry)


def _lock(one: Violation, nets: Nets) -> Iterable[Finding]:
    said = json.loads(one.path.read_text("utf-8"))
    old, new = (patched(said.get(side, {})) for side in ("old", "new"))
    logged = {name: {entry["version"]} for name, entry in new.items()}
    changelogs = {name: frozenset(said.get("changelog", logged[name])) for name in logged}
    return judge(old, new, changelogs, RELEASE)


RUN: dict[str, Callable[[Violation, Nets], Iterable[Finding]]] = {
    "contracts": _contract,
    "lock": _lock,
    "markup": _markup,
    "patterns": _pattern,
    "rendered": _rendered,
    "sets": _set,
    "styles": _style,
    "templates": _template,
}
