"""Runs every net that reads files: `python -m components.lint.check [template folder …]`.

It runs without the app, because the app does not start on a broken registry. The net over rendered
pages needs html5lib, which only development installs; tests run it over every example and every
response.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from components.change.lock import check_lock
from components.contract import ContractError
from components.lint.css import check_stylesheets
from components.lint.findings import Finding
from components.lint.graph import check_graph
from components.lint.templates import check_templates
from components.registry import Registry
from components.tokens.contrast import list_pairs
from components.tokens.read import Token, TokenError, load_tokens


def check_all(template_folders: Iterable[Path] = ()) -> list[Finding]:
    """Findings of the graph, the lock, the stylesheets, the tokens, and the page templates."""
    try:
        registry, tokens = Registry.load(), load_tokens()
    except ContractError as broken:
        return [Finding(broken.file.name, 0, "contract", str(broken), broken.mend)]
    except TokenError as broken:
        return [Finding("tokens.json", 0, "token", str(broken), "Mend the token.")]
    return [
        *check_graph(registry),
        *check_lock(registry),
        *check_stylesheets(registry, tokens),
        *check_contrast(tokens),
        *check_templates(template_folders, registry),
    ]


def check_contrast(tokens: Mapping[str, Token]) -> list[Finding]:
    """Findings for pairs of colours that miss the contrast their token promises."""
    return [
        Finding(
            "tokens.json",
            0,
            "contrast",
            f"{pair.foreground} on {pair.background} is {pair.ratio:.2f} in {pair.theme}",
            f"It must reach {pair.minimum}.",
        )
        for pair in list_pairs(tokens)
        if not pair.kept
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
