"""The schema of content, made from the contracts of the blocks that render it.

People write content as a list of typed blocks, never as HTML. What a block may hold is said once,
in its contract: the schema refuses what the renderer would refuse, because both read that file.
"""

from collections.abc import Mapping
from typing import Final

from components.contract import Contract, Prop
from components.props import SAFE_URL_STARTS
from components.registry import Registry

MOST_BLOCKS: Final = 200
MOST_ITEMS: Final = 100
MOST_CHARACTERS: Final = 4000
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, object]


def content_schema(registry: Registry) -> Schema:
    """The JSON Schema of a list of blocks, for editors, APIs and checks of stored content."""
    blocks = registry.of_kind("content_block")
    return {
        "$schema": DIALECT,
        "title": "Content",
        "type": "array",
        "maxItems": MOST_BLOCKS,
        "items": {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"enum": [block.id for block in blocks]}},
            "allOf": [_only_if(block) for block in blocks],
        },
    }


def _only_if(block: Contract) -> Schema:
    return {
        "if": {"properties": {"type": {"const": block.id}}, "required": ["type"]},
        "then": block_schema(block),
    }


def block_schema(block: Contract) -> Schema:
    """The JSON Schema of one block; its version is the contract's."""
    return {
        "title": f"{block.id} {block.version}",
        "description": block.summary,
        "type": "object",
        "required": ["type", *(prop.name for prop in block.props if prop.required)],
        "properties": {
            "type": {"const": block.id},
            **{prop.name: _prop_schema(prop) for prop in block.props},
        },
        "additionalProperties": False,
    }


def _prop_schema(prop: Prop) -> Schema:
    if prop.type == "enum":
        return {"enum": list(prop.values)}
    if prop.type == "list":
        item = _prop_schema(Prop(name=prop.name, type=prop.of or "str", max_len=prop.max_len))
        return {"type": "array", "items": item, "minItems": 1, "maxItems": MOST_ITEMS}
    schema: Schema = {**_PLAIN[prop.type]}
    if schema["type"] == "string":
        schema["maxLength"] = prop.max_len or MOST_CHARACTERS
    if prop.required and prop.type == "str":
        schema["minLength"] = 1
    return schema


# The same starts that the renderer accepts, so that no stored link is refused when it is shown.
_URL_PATTERN: Final = "^(" + "|".join(start.replace(".", r"\.").replace("?", r"\?")
                                      for start in SAFE_URL_STARTS) + ")"  # fmt: skip
_PLAIN: Final[Mapping[str, Mapping[str, object]]] = {
    "str": {"type": "string"},
    "url": {"type": "string", "pattern": _URL_PATTERN},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
}
