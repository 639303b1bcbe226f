"""The code of an example: the call as a template would hold it, written from its props."""

import json
from collections.abc import Mapping

from components.contract import Contract, Example

WIDTH = 88
_STEP = "  "


def write_call(contract: Contract, example: Example) -> str:
    """Return the Jinja call of an example, with its body when it has one."""
    opened = _call(contract.id, example.props)
    if not example.body:
        return f"{{{{ {opened} }}}}"
    inner = [f"{{{{ {_call(name, props)} }}}}" for name, props in example.body]
    return "\n".join([f"{{% call {opened} %}}", *inner, "{% endcall %}"])


def _call(name: str, props: Mapping[str, object]) -> str:
    written = [f"{key}={_write(value, 1)}" for key, value in props.items()]
    flat = f"ui.{name}({', '.join(written)})"
    if len(flat) <= WIDTH and "\n" not in flat:
        return flat
    return f"ui.{name}(\n" + "".join(f"{_STEP}{one},\n" for one in written) + ")"


def _write(value: object, depth: int) -> str:
    """Return a value as Jinja writes it; what is too long for a line gets one line an item."""
    if isinstance(value, Mapping) and {"type", "name", "label"} <= value.keys():
        # The description of a WTForms field, which a page takes from its form.
        return f"form.{value['name']}"
    if isinstance(value, Mapping):
        items = [f"{_scalar(key)}: {_write(one, depth + 1)}" for key, one in value.items()]
        return _bracketed("{", items, "}", depth)
    if isinstance(value, list):
        return _bracketed("[", [_write(one, depth + 1) for one in value], "]", depth)
    return _scalar(value)


def _bracketed(start: str, items: list[str], end: str, depth: int) -> str:
    flat = f"{start}{', '.join(items)}{end}"
    if len(flat) + len(_STEP) * depth <= WIDTH and "\n" not in flat:
        return flat
    lines = "".join(f"{_STEP * (depth + 1)}{item},\n" for item in items)
    return f"{start}\n{lines}{_STEP * depth}{end}"


def _scalar(value: object) -> str:
    # Jinja spells none, true and false like JSON spells null, true and false, but for the first.
    return "none" if value is None else json.dumps(value, ensure_ascii=False, default=str)
