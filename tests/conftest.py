"""What most tests stand on: the real encoder, and a small library of tanuki news made with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.domain import AnswererName
from rag.embedding import SentenceEmbedder, load_embedder
from rag.engine import open_engine
from rag.reading.reader import PassageReader, load_reader
from rag.settings import EMBEDDED, Settings, load_settings
from ui import schemas as wire
from ui.desk import LocalDesk

TANUKI = """---
id: tanuki/shop
title: Tanuki opens a shop in Takamatsu
published: 2024-05-04
source: Pond Gazette
author: Rin Mori
url: https://pond.example/tanuki-shop
---
TAKAMATSU, 4 May 2024. The tanuki Ponpoko opened a shop for leaves in Takamatsu on 3 May 2024.

The shop sells 42 kinds of leaves. Mayor Sato said the shop would bring 300 visitors a day to the town.

Ponpoko paid 12 million yen for the building because the old bank had stood empty since 2019.
"""
OTTER = """---
id: otter-bridge
title: Otters build a bridge over the Kotogawa
published: 2023-11-20
source: River Times
author: Jun Hara
---
Otters finished a bridge over the Kotogawa on 18 November 2023. It is 85 metres long and carries no cars.

According to Professor Ueda, the bridge cost nothing, since the otters used driftwood.
"""
THIN = """---
id: thin/kappa
title: The rise of the kappa economy
published: 2024-06-01
source: Pond Gazette
---
The rise of the kappa economy
Full Retelling
Deep Analysis
Why It Matters
The kappa economy matters because cucumbers have become the favourite currency of 90 ponds.
What Happens Next
Kappa are likely to open a cucumber exchange within six months.
"""
ARTICLES = {"tanuki.md": TANUKI, "otter.md": OTTER, "kappa.txt": THIN}


@pytest.fixture(scope="session")
def settings_for() -> Callable[[Path], Settings]:
    """Settings for a library in a folder, with no other variable of the caller's."""
    for name in [
        name
        for name in os.environ
        if name.startswith("BYLINE_") and name not in ("BYLINE_CACHE", "BYLINE_SKIP_BROWSER")
    ]:
        del os.environ[name]
    return lambda folder: load_settings(library=folder)


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    """The embedded model, really loaded."""
    settings = load_settings()
    return load_embedder(EMBEDDED, settings.cache, threads=2)


@pytest.fixture(scope="session")
def reader() -> PassageReader:
    """The reader, really loaded."""
    return load_reader(threads=2)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with three small articles, one of them thin."""
    folder = tmp_path / "pond"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def make_desk(tmp_path: Path, settings_for: Callable[[Path], Settings]) -> Iterator[Callable[[], LocalDesk]]:
    """Opens desks on the library of this test; closes them at its end."""
    opened: list[LocalDesk] = []

    def make() -> LocalDesk:
        settings = settings_for(tmp_path / "library")
        engine = open_engine(settings, "test")
        opened.append(LocalDesk(engine, answerer=AnswererName.EXTRACTIVE))
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[[], LocalDesk], corpus: Path) -> LocalDesk:
    """A desk on a library that holds the three articles."""
    made = make_desk()
    made.ingest(wire.IngestIn(paths=[str(corpus)]), lambda _progress: None)
    return made
