from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from rag.library.census import Census
from tests.embedders import HashEmbedder
from tests.shelving import make_article, open_for, shelve

EMBEDDER = HashEmbedder()
OTTER = make_article("otter", "Otters plan.", published="2024-03-10T08:00:00Z", source="River Times", language="en")
KAPPA = make_article("kappa", "Kappa trade.", published="2024-06-01", source="Pond Gazette", language="ja")
UNDATED = make_article("undated", "Ponds are old.")


def test_an_empty_library_has_none(tmp_path: Path) -> None:
    with closing(open_for(EMBEDDER, tmp_path)) as library, library.snapshot() as snapshot:
        assert snapshot.census == Census((), (), None)


def test_articles_without_a_date_or_outlet_add_nothing(tmp_path: Path) -> None:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        shelve(library, EMBEDDER, OTTER, KAPPA, UNDATED)
        with library.snapshot() as snapshot:
            assert snapshot.census == Census(
                ("Pond Gazette", "River Times"), ("", "en", "ja"), ("2024-03-10", "2024-06-01")
            )


def test_it_is_that_of_the_snapshots_state(tmp_path: Path) -> None:
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        shelve(library, EMBEDDER, OTTER)
        with library.snapshot() as before:
            shelve(library, EMBEDDER, KAPPA)
            assert before.census.outlets == ("River Times",)
        library.remove(["otter"])
        with library.snapshot() as after:
            assert after.census == Census(("Pond Gazette",), ("ja",), ("2024-06-01", "2024-06-01"))


def test_what_many_articles_share_is_told_once(tmp_path: Path) -> None:
    crowd = [replace(OTTER, id=f"otter-{number}", source=f"Times {number % 3}") for number in range(12)]
    with closing(open_for(EMBEDDER, tmp_path)) as library:
        shelve(library, EMBEDDER, *crowd)
        with library.snapshot() as snapshot:
            assert snapshot.census == Census(("Times 0", "Times 1", "Times 2"), ("en",), ("2024-03-10", "2024-03-10"))
