"""Static files, read once. Each address holds a digest of the content, so a browser may keep it for ever."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
"""The kinds of file that are served. Anything else in the folder stays where it is."""
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its address, media type, and content plain and packed."""

    url: str
    type: str
    content: bytes
    packed: bytes


def load(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """Every file that is served, by its path in the folder: ``vendor/bootstrap.min.css``."""
    assets = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix in TYPES:
            name, content = file.relative_to(folder).as_posix(), file.read_bytes()
            url = f"/static/{hashlib.sha256(content).hexdigest()[:16]}/{name}"
            assets[name] = Asset(url, TYPES[file.suffix], content, gzip.compress(content, 9, mtime=0))
    return assets


def router(assets: Mapping[str, Asset]) -> APIRouter:
    """Serves them. An address with another digest is 404: a stale page must not be dressed in a new style."""
    routes = APIRouter()
    by_url = {asset.url: asset for asset in assets.values()}

    @routes.get("/static/{path:path}")
    async def static(request: Request, path: str) -> Response:
        asset = by_url.get(f"/static/{path}")
        if asset is None:
            raise HTTPException(404)
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                asset.packed, media_type=asset.type, headers=headers | {"Content-Encoding": "gzip"}
            )
        return Response(asset.content, media_type=asset.type, headers=headers)

    return routes
