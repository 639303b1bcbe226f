"""Runs every net that needs no running app: `python -m components.check [template folder …]`."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import jinja2

from components.assets import build_assets
from components.examples import render_example
from components.flask_ui import prepare_environment
from components.lint.css import check_stylesheets
from components.lint.findings import Finding
from components.lint.graph import check_graph
from components.lint.rendered import check_html
from components.lint.templates import check_templates
from components.registry import Registry, Ui
from components.tokens.contrast import list_pairs
from components.tokens.read import load_tokens


def check_all(template_folders: Iterable[Path] = ()) -> list[Finding]:
    """Findings of the graph, the stylesheets, the contrast, the examples and the page templates."""
    registry = Registry.load()
    tokens = load_tokens()
    found = check_graph(registry) + check_stylesheets(registry, tokens)
    found += [
        Finding("tokens.json", 0, "contrast", f"{p.foreground} on {p.background} is {p.ratio:.2f} "
                f"in {p.theme}", f"It must reach {p.minimum}.")
        for p in list_pairs(tokens) if not p.kept
    ]  # fmt: skip
    found += check_examples(registry)
    return found + check_templates(template_folders, registry)


def check_examples(registry: Registry) -> list[Finding]:
    """Findings of the rendered net over every example of every component."""
    manifest = build_assets(registry, registry.icons).manifest
    environment = jinja2.Environment(autoescape=True)
    prepare_environment(environment)
    ui = Ui(registry, environment, manifest)
    environment.globals["ui"] = ui
    found: list[Finding] = []
    for contract in registry:
        for example in contract.examples:
            html = render_example(ui, contract, example)
            found += check_html(html, registry, manifest, f"{contract.id}: {example.name}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print each finding on a line; 1 when there is any."""
    parser = argparse.ArgumentParser(prog="python -m components.check", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of page templates")
    found = check_all(parser.parse_args(arguments).folders)
    for finding in found:
        sys.stdout.write(f"{finding}\n")
    sys.stdout.write(f"{len(found)} findings\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
