"""The registry: every contract of the design system, checked as a whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.contract import Contract
from components.contract_file import load_contract
from components.release import read_release
from components.structure import BrokenRegistryError, find_breaks

HERE: Final = Path(__file__).parent
# Where the contracts of each kind lie.
ROOTS: Final = {
    "component": HERE / "ui",
    "pattern": HERE / "patterns",
    "content_block": HERE / "blocks",
}


@dataclass(frozen=True, slots=True)
class Registry:
    """All contracts by name, in the order their files are bundled."""

    contracts: Mapping[str, Contract]

    @classmethod
    def load(cls, roots: Mapping[str, Path] = ROOTS) -> "Registry":
        """Read every `<name>/<name>.yaml` below the roots; the shell comes first, then by name.

        Raises ContractError for the first file that is not a contract, and BrokenRegistryError
        when the contracts do not fit together: the app does not start on them.
        """
        found = [
            _in_its_room(load_contract(path), kind)
            for kind, root in roots.items()
            for path in sorted(root.glob("*/*.yaml"))
        ]
        found.sort(key=lambda contract: (contract.id != "page_shell", contract.id))
        contracts = {contract.id: contract for contract in found}
        breaks = find_breaks(contracts, read_release())
        if len(contracts) < len(found):
            breaks.append("name: two folders share one name")
        if breaks:
            raise BrokenRegistryError(breaks)
        return cls(contracts)

    def __iter__(self) -> Iterator[Contract]:
        return iter(self.contracts.values())

    def of_kind(self, kind: str) -> list[Contract]:
        """The contracts of one kind, by name."""
        return sorted((c for c in self if c.kind == kind), key=lambda contract: contract.id)

    @property
    def icons(self) -> frozenset[str]:
        """The names of icons a page may ask for: the icon component's own enum."""
        return frozenset(self.contracts["icon"].by_name["name"].values)

    @property
    def classes(self) -> Mapping[str, str]:
        """Each CSS class with the component that owns it."""
        return {name: contract.id for contract in self for name in contract.classes}


def _in_its_room(contract: Contract, kind: str) -> Contract:
    if contract.kind != kind:
        room = f"components/{ROOTS[contract.kind].name}/"
        raise BrokenRegistryError([f"room: {contract.id} is a {contract.kind}; move it to {room}"])
    return contract
