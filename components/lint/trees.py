"""Templates as trees: each is parsed once, however many nets look at it."""

import functools

import jinja2
from jinja2 import nodes

_ENVIRONMENT = jinja2.Environment(autoescape=True)


@functools.cache
def parse_template(source: str) -> nodes.Template:
    """The tree of a template's source; raises TemplateSyntaxError. Nobody changes the tree."""
    return _ENVIRONMENT.parse(source)
