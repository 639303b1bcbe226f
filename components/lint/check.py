"""Runs every net that reads files: `python -m components.lint.check [template folder …]`.

It runs without the app, because the app does not start on a broken registry. The net over rendered
pages needs html5lib, which only development installs; tests run it over every example and every
response.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from components.change.lock import check_lock
from components.contract import ContractError
from components.lint.css import check_stylesheets
from components.lint.findings import Finding
from components.lint.graph import check_graph
from components.lint.sizes import check_sizes
from components.lint.templates import check_templates
from components.registry import Registry
from components.structure import BrokenRegistryError
from components.tokens.check import check_tokens
from components.tokens.problems import TokenError
from components.tokens.read import load_tokens


def check_all(template_folders: Iterable[Path] = ()) -> list[Finding]:
    """Findings of the graph, the lock, the stylesheets, the tokens, the templates, the sizes."""
    try:
        registry, tokens = Registry.load(), load_tokens()
    except BrokenRegistryError as broken:
        return [Finding("components", 0, "contract", one, broken.mend) for one in broken.breaks]
    except ContractError as broken:
        said = str(broken).removeprefix(f"{broken.file.name}: ").removesuffix(f". {broken.mend}")
        return [Finding(broken.file.name, 0, "contract", said, broken.mend)]
    except TokenError as broken:
        return list(broken.findings)
    return [
        *check_graph(registry),
        *check_lock(registry, tokens),
        *check_stylesheets(registry, tokens),
        *check_tokens(tokens, registry),
        *check_templates(template_folders, registry),
        *check_sizes(registry, tokens),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Print each finding on a line; 1 when there is any that fails."""
    parser = argparse.ArgumentParser(prog="python -m components.lint.check", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of page templates")
    found = check_all(parser.parse_args(arguments).folders)
    for finding in found:
        sys.stdout.write(f"{finding}\n")
    failures = sum(finding.fails for finding in found)
    sys.stdout.write(f"{failures} findings\n")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
