"""Opens a projection and reads all of it, in a process of its own: damage may end the process that reads.

    python -m rag.library.probe vectors|keywords FOLDER CATALOG ENCODING

Ends with 0 when it could be read and every vector it holds is the catalog's; what it lacks or has beyond the
catalog is no damage, for that is mended at the opening.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from rag.library import inventory
from rag.library.catalog import Catalog
from rag.library.keywords import TantivyKeywords
from rag.library.projections import Era
from rag.library.shelf import VECTORS, wrong_vectors
from rag.library.vectors import ChromaVectors


def is_readable(name: str, folder: Path, catalog: Catalog, encoding: int) -> bool:
    """Whether all that the projection holds of the catalog's passages is right."""
    if name != VECTORS:
        with closing(TantivyKeywords(folder)) as keywords:
            return all(len(keywords.ids(era)) == keywords.count(era) for era in Era)
    with closing(ChromaVectors(folder)) as vectors, catalog.reading() as connection:
        for era in Era:
            held = sorted(vectors.ids(era))
            for entries in inventory.entries(connection, held, encoding):
                if wrong_vectors(vectors, entries, era):
                    return False
    return True


if __name__ == "__main__":
    with closing(Catalog(Path(sys.argv[3]))) as opened:
        sys.exit(0 if is_readable(sys.argv[1], Path(sys.argv[2]), opened, int(sys.argv[4])) else 1)
