"""Makes the vectors that ship with the bundled codebook: ``python -m analysis.embed_codebook``.

Run it after the codebook or the tone seeds were changed. Forgetting it costs time only: texts that are not among the
shipped vectors are embedded when a coder is learned.
"""

from __future__ import annotations

import sys

from . import codebook, sentiment
from .coder import aid_of, lessons_of
from .embed import SHIPPED, Embedder, best, write_vectors


def texts() -> list[str]:
    """Every text that learning a coder for the bundled codebook embeds, once."""
    book = codebook.load()
    aid = aid_of(book)
    lessons = [aid.help(text, language) for text, language, *_ in lessons_of(book)]
    seeds = [aid.help(text, language) for text, language, _ in sentiment.seeds_of()]
    return list(dict.fromkeys((*lessons, *seeds)))


def main(embedder: Embedder | None = None) -> None:
    """Embed and write. The file is named after the embedder."""
    embedder = embedder or best()
    path = SHIPPED / f"{embedder.name}.npz"
    write_vectors(path, texts(), embedder.embed(texts()))
    sys.stdout.write(f"{len(texts())} vectors, {path.stat().st_size:,} bytes: {path.name}\n")


if __name__ == "__main__":
    main()
