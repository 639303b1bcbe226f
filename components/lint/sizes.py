"""The net of sizes: what every page loads stays small, and each script within its own budget."""

import gzip
from collections.abc import Iterator, Mapping
from typing import Final

from components.assets import BrowserFilesMissingError, build_assets
from components.budgets import BUDGETS, BudgetFileError, FileBudget, read_budgets
from components.lint.findings import Finding
from components.registry import Registry
from components.tokens.read import Token

BUDGET_FILE: Final = f"components/{BUDGETS.name}"
_KINDS: Final = {
    "js": "the script of all pages",
    "css": "the stylesheet of all pages",
    "sprite": "the sprite of icons",
}


def check_sizes(registry: Registry, tokens: Mapping[str, Token] | None = None) -> list[Finding]:
    """Findings about files over their budgets, in bytes after gzip; reads `tokens` unless given."""
    try:
        budgets = read_budgets()
        sizes = build_assets(registry, registry.icons, tokens=tokens).manifest.sizes_gz
    except BudgetFileError as wrong:
        return [Finding(BUDGET_FILE, 0, "budgets", str(wrong).rstrip("."), "Mend the file.")]
    except BrowserFilesMissingError as missing:
        mend = "Run `make assets`."
        return [Finding("components/vendor", 0, "size", str(missing).rstrip("."), mend)]
    return [*_check_files(sizes, budgets.files), *_check_scripts(registry)]


def _check_files(sizes: Mapping[str, int], budget: FileBudget) -> Iterator[Finding]:
    limits = {"js": budget.js_gz, "css": budget.css_gz, "sprite": budget.sprite_gz}
    for kind, limit in limits.items():
        if sizes[kind] > limit:
            problem = f"{_KINDS[kind]} has {sizes[kind]:,} bytes after gzip; at most {limit:,}"
            mend = "Take something out; every page of every person pays for it."
            yield Finding(BUDGET_FILE, 0, "size", problem, mend)


def _check_scripts(registry: Registry) -> Iterator[Finding]:
    for contract in registry:
        if not contract.script.exists():
            continue
        size = len(gzip.compress(contract.script.read_bytes(), 9, mtime=0))
        if size > contract.js_budget_gz:
            problem = f"has {size:,} bytes after gzip; its contract says {contract.js_budget_gz:,}"
            mend = f"Shorten it, or raise js.budget_gz in {contract.id}.yaml and say why."
            yield Finding(contract.script.name, 0, "script-size", problem, mend)
