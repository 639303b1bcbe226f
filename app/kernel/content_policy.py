"""The content security policy: what a browser may load and run for a page of ours.

No inline script or style, no evaluation, nothing from elsewhere: what components emit needs none
of it, and what an attacker smuggles into a page cannot run. No page is shown in a frame.
"""

from types import MappingProxyType
from typing import Final

_DIRECTIVES: Final = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
)


def write_policy(**changed: str) -> str:
    """Return the value of the header; `frame_src="'self'"` sets the directive `frame-src`."""
    own = {name.replace("_", "-"): sources for name, sources in changed.items()}
    return "; ".join(f"{name} {sources}" for name, sources in (_DIRECTIVES | own).items())


CONTENT_SECURITY_POLICY: Final = write_policy()
