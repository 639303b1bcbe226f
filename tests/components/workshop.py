"""A copy of the design system in a git repository of its own, where a test may change it."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from click.testing import Result
from flask import Flask

from components.registry import Registry

GIT = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@alder.example"]


@dataclass(frozen=True)
class Workshop:
    """The rooms of the contracts and the lock, in `folder`; commands run against them."""

    app: Flask
    folder: Path

    @property
    def lock(self) -> Path:
        return self.folder / "api.lock.json"

    def registry(self) -> Registry:
        return Registry.load()

    def file(self, name: str) -> Path:
        (found,) = self.folder.glob(f"*/*/{name}")
        return found

    def edit(self, name: str, before: str, after: str) -> None:
        """Replace a text that is there, once."""
        text = self.file(name).read_text("utf-8")
        assert before in text, f"{name} has no {before!r}."
        self.file(name).write_text(text.replace(before, after, 1), "utf-8")

    def set_version(self, name: str, version: str) -> None:
        text = self.file(f"{name}.yaml").read_text("utf-8")
        changed = re.sub(r"(?m)^version: .*$", f"version: {version}", text)
        self.file(f"{name}.yaml").write_text(changed, "utf-8")

    def log(self, name: str, version: str, words: str) -> None:
        """Write a line into the changelog, in place of one about the same version."""
        text = self.file(f"{name}.yaml").read_text("utf-8")
        text = re.sub(rf'(?m)^  "{re.escape(version)}": .*\n', "", text)
        self.file(f"{name}.yaml").write_text(
            text.replace("changelog:\n", f'changelog:\n  "{version}": "{words}"\n'), "utf-8"
        )

    def remove(self, name: str) -> None:
        """Take a contract away, as if it had never been there."""
        shutil.rmtree(self.file(f"{name}.yaml").parent)

    def commit(self) -> None:
        for command in (["add", "--all"], ["commit", "--quiet", "--message", "Next"]):
            subprocess.run([*GIT, *command], cwd=self.folder, check=True)

    def forget_git(self) -> None:
        shutil.rmtree(self.folder.parent / ".git")

    def run(self, *arguments: str) -> Result:
        """Run `flask components …`."""
        return self.app.test_cli_runner().invoke(args=["components", *arguments])


def open_workshop(app: Flask, home: Path, rooms: dict[str, Path], lock: Path) -> Workshop:
    """Copy the rooms and the lock, and commit them as the first commit of a repository."""
    workshop = Workshop(app, home / "components")
    for room in rooms.values():
        shutil.copytree(room, workshop.folder / room.name)
    shutil.copy(lock, workshop.lock)
    subprocess.run([*GIT, "init", "--quiet", home], check=True)
    workshop.commit()
    return workshop
