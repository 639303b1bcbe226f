"""What axe cannot decide about a page by itself, and why it is right all the same.

A doubt about a component is explained in its contract (`axe_debt` of an example), and counts for
every page that the component stands on. What is left is explained here, by stop and rule.
"""

from collections.abc import Mapping
from types import MappingProxyType

from components.registry import Registry
from tests.browser.axe import Doubt

EXPLAINED: Mapping[tuple[str, str], str] = MappingProxyType({})


def is_explained(stop: str, doubt: Doubt, registry: Registry) -> bool:
    """Whether somebody said why this doubt is none."""
    contract = registry.contracts.get(registry.classes.get(doubt.owner, ""))
    examples = contract.examples if contract else ()
    return (stop, doubt.rule) in EXPLAINED or any(
        doubt.rule in example.axe_debt for example in examples
    )
