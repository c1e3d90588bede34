"""What a closed library takes on disk: for its vectors, and for its texts with the keyword index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

CATALOG = "catalog.sqlite"
VECTORS = "projections/*/vectors"
KEYWORDS = "projections/*/keywords*"


def measure_size(library: Path, passages: int, text_bytes: int) -> dict[str, Any]:
    """Bytes of the library's parts; a passage for its vector, and a byte of article text for the rest.

    The catalog's tables of vectors, indexes included, count with Chroma; all else of it counts with Tantivy.
    """
    catalog = sum(bytes_of(path) for path in library.glob(f"{CATALOG}*"))
    in_catalog = _vectors_in(library / CATALOG)
    chroma, tantivy = (sum(map(bytes_of, library.glob(pattern))) for pattern in (VECTORS, KEYWORDS))
    vectors, texts = in_catalog + chroma, catalog - in_catalog + tantivy
    return {
        "catalog_vectors": in_catalog,
        "catalog_texts": catalog - in_catalog,
        "chroma": chroma,
        "tantivy": tantivy,
        "library": bytes_of(library),
        "passages": passages,
        "text_bytes": text_bytes,
        "vector_bytes_a_passage": round(vectors / passages),
        "other_bytes_a_text_byte": round(texts / text_bytes, 3),
    }


def bytes_of(path: Path) -> int:
    """The size of a file, or of all files of a folder."""
    return sum(each.stat().st_size for each in (path, *path.rglob("*")) if each.is_file())


def _vectors_in(catalog: Path) -> int:
    """Bytes of the catalog's pages that hold tables of vectors and their indexes."""
    # A closed catalog has no log beside it, so it may be read as if nobody could ever write it.
    with closing(sqlite3.connect(f"{catalog.resolve().as_uri()}?immutable=1", uri=True)) as connection:
        tables = dict(connection.execute("select name, tbl_name from sqlite_master"))
        pages = dict(connection.execute("select name, sum(pgsize) from dbstat group by name"))
    return sum(size for name, size in pages.items() if tables.get(name, name).startswith("vectors"))
