"""Putting the verifier into one file: the very modules that Ballast runs, one after the other.

There is one implementation, so that the file which somebody downloads cannot drift from what
`flask audit verify` does. Names have to be unique among the modules; assembling says when not.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[4]
FIRST = "app.audit.proof.verifier.program"
FILE = Path(__file__).with_name("ballast_verify.py")

_OURS = "app."
_HEAD = '''\
"""Check evidence from an audit log of Ballast, without Ballast and without a network.

    python3 ballast_verify.py EVIDENCE [--key KEY] [--kept CHECKPOINTS] [--proof PROOF]

Needs Python 3.11 or newer and the package `cryptography`. Apache License 2.0.

Assembled from the modules of Ballast that do the same there; each section names its module.
What the formats are is in docs/audit-proof.md of Ballast.
"""
'''
_FOOT = """

if __name__ == "__main__":
    sys.exit(main())
"""
# Exit code 1 would say that the evidence is wrong.
_WITHOUT = (
    "except ImportError:",
    '    sys.stdout.write("It needs a package: python3 -m pip install cryptography\\n")',
    "    raise SystemExit(2) from None",
)


class NamesCollide(Exception):
    """Two modules give one name to different things."""


def assembled() -> str:
    """Return the text of the file; raises `NamesCollide`."""
    modules: dict[str, ast.Module] = {}
    _collect(FIRST, modules)
    _demand_unique_names(modules)
    imports: dict[str, set[str]] = {}
    for tree in modules.values():
        _note_imports(tree, imports)
    sections = [_section(name, tree) for name, tree in modules.items()]
    return _HEAD + "\n" + "\n".join(_import_lines(imports)) + "\n" + "\n".join(sections) + _FOOT


def _collect(name: str, modules: dict[str, ast.Module]) -> None:
    """Read a module and all of ours that it imports, those first."""
    if name in modules:
        return
    tree = ast.parse(_source(name))
    for statement in tree.body:
        if _is_ours(statement) and isinstance(statement, ast.ImportFrom):
            _collect(str(statement.module), modules)
    modules[name] = tree


def _source(name: str) -> str:
    return (ROOT / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")


def _is_ours(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and str(statement.module).startswith(_OURS)


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _demand_unique_names(modules: dict[str, ast.Module]) -> None:
    homes: dict[str, str] = {}
    for module, tree in modules.items():
        for name in _names(tree):
            if homes.setdefault(name, module) != module:
                raise NamesCollide(f"{homes[name]} and {module} both have a {name}.")


def _names(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from (name.id for name in names if isinstance(name, ast.Name))


def _note_imports(tree: ast.Module, imports: dict[str, set[str]]) -> None:
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                imports.setdefault(alias.name, set())
        elif isinstance(statement, ast.ImportFrom) and not _is_ours(statement):
            names = imports.setdefault(f"from {statement.module}", set())
            names |= {alias.name for alias in statement.names}


def _import_lines(imports: dict[str, set[str]]) -> list[str]:
    """Return the import statements: of the standard library first, then `cryptography`."""
    plain = sorted(f"import {name}" for name in imports if not name.startswith("from "))
    of_names = {
        module: ", ".join(sorted(names, key=lambda name: (not name.isupper(), name)))
        for module, names in imports.items()
        if names
    }
    standard = [f"{m} import {of_names[m]}" for m in sorted(of_names) if "cryptography" not in m]
    foreign = [f"{m} import {of_names[m]}" for m in sorted(of_names) if "cryptography" in m]
    return [*plain, *standard, "", "try:", *(f"    {line}" for line in foreign), *_WITHOUT]


def _section(name: str, tree: ast.Module) -> str:
    """Return a module without its imports, its docstring as a comment above it."""
    lines = _source(name).splitlines()
    dropped = {
        line
        for statement in tree.body
        if _is_import(statement) or statement is tree.body[0]
        for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    }
    kept = [line for number, line in enumerate(lines, start=1) if number not in dropped]
    words = "\n".join(f"# {line}".rstrip() for line in str(ast.get_docstring(tree)).splitlines())
    title = f"# --- {name} ".ljust(100, "-")
    body = "\n".join(kept).strip("\n")
    between = "\n\n" if body.startswith(("class ", "def ", "@")) else "\n"
    return f"\n{title}\n#\n{words}\n{between}{body}\n"
