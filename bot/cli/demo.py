"""demo: the whole thing on this computer, with made-up families."""

from __future__ import annotations
