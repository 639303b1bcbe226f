"""Builds the browser files in memory: one stylesheet, one script, one sprite of icons, one mark."""

import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.contract import Contract
from components.tokens.emit import emit_css
from components.tokens.read import Token, load_tokens

VENDOR: Final = Path(__file__).parent / "vendor"
MARK: Final = Path(__file__).parent / "ui" / "page_shell" / "mark.svg"
CSS_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_SPACE: Final = re.compile(r"\s*([{};,])\s*|\s*\n\s*")
# Names a file that is not served, which browsers with open developer tools would ask for.
SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=\S+$", re.MULTILINE)
SVG_HEAD: Final = re.compile(r"<!--.*?-->|<svg[^>]*>|</svg>|\n\s*", re.DOTALL)
SYMBOL: Final = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round">{shape}</symbol>'
)


class BrowserFilesMissingError(RuntimeError):
    """The third-party browser files have not been fetched yet."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One browser file; `body_gz` is the same content compressed once, at start-up."""

    name: str
    mime: str
    body: bytes
    body_gz: bytes


@dataclass(frozen=True, slots=True)
class AssetManifest:
    """Where the browser files are; `sizes_gz` holds their compressed sizes in bytes by kind."""

    css_url: str
    js_url: str
    sprite_url: str
    mark_url: str
    sizes_gz: Mapping[str, int]

    @property
    def urls(self) -> frozenset[str]:
        return frozenset({self.css_url, self.js_url, self.sprite_url, self.mark_url})


@dataclass(frozen=True, slots=True)
class AssetStore:
    """The browser files by name, and the manifest that pages link to."""

    manifest: AssetManifest
    files: Mapping[str, Asset]


def build_assets(
    contracts: Iterable[Contract],
    icons: Iterable[str],
    prefix: str = "/static/",
    tokens: Mapping[str, Token] | None = None,
) -> AssetStore:
    """Build every browser file; a name carries its content's hash, so it may be cached for ever.

    Raises BrowserFilesMissingError when a library or an icon has not been fetched.
    """
    ordered = list(contracts)
    built = {
        "css": _asset("ballast", "css", "text/css; charset=utf-8", build_css(ordered, tokens)),
        "js": _asset("ballast", "js", "text/javascript; charset=utf-8", build_js(ordered)),
        "sprite": _asset("icons", "svg", "image/svg+xml", build_sprite(icons)),
        "mark": _asset("mark", "svg", "image/svg+xml", MARK.read_text("utf-8")),
    }
    manifest = AssetManifest(
        css_url=prefix + built["css"].name,
        js_url=prefix + built["js"].name,
        sprite_url=prefix + built["sprite"].name,
        mark_url=prefix + built["mark"].name,
        sizes_gz={kind: len(asset.body_gz) for kind, asset in built.items()},
    )
    return AssetStore(manifest, {asset.name: asset for asset in built.values()})


def build_css(contracts: Iterable[Contract], tokens: Mapping[str, Token] | None = None) -> str:
    """Tokens, then each component's stylesheet, without comments and needless white space."""
    sheets = [emit_css(load_tokens() if tokens is None else tokens)]
    sheets += [c.stylesheet.read_text("utf-8") for c in contracts if c.stylesheet.exists()]
    return minify_css("\n".join(sheets))


def minify_css(text: str) -> str:
    """A stylesheet without comments and needless white space."""
    bare = CSS_COMMENT.sub("", text)
    return CSS_SPACE.sub(lambda match: match.group(1) or " ", bare).replace(";}", "}").strip()


def build_js(contracts: Iterable[Contract]) -> str:
    """The two libraries, then each component's script; `htmx` and `webVitals` are what they use."""
    scripts = [_read_vendor("htmx.min.js"), _read_vendor("web-vitals.js")]
    scripts += [c.script.read_text("utf-8") for c in contracts if c.script.exists()]
    return SOURCE_MAP.sub("", ";\n".join(scripts))


def build_sprite(icons: Iterable[str]) -> str:
    """One SVG with a symbol for each icon; pages refer to `#name` in it."""
    symbols = [
        SYMBOL.format(name=name, shape=SVG_HEAD.sub("", _read_vendor(f"icons/{name}.svg")).strip())
        for name in sorted(icons)
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _read_vendor(name: str) -> str:
    try:
        return (VENDOR / name).read_text("utf-8")
    except FileNotFoundError:
        raise BrowserFilesMissingError(
            f"The browser file {name} is missing. Run `python -m components.vendor` once."
        ) from None


def _asset(stem: str, ending: str, mime: str, text: str) -> Asset:
    body = text.encode()
    digest = hashlib.sha256(body).hexdigest()[:12]
    # mtime=0 keeps the compressed bytes equal from one start to the next.
    return Asset(f"{stem}-{digest}.{ending}", mime, body, gzip.compress(body, 9, mtime=0))
