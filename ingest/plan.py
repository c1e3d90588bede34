"""Decides what a run changes: which states of which articles become new revisions, in which order.

A run first reads everything and keeps the articles that differ from their live revision in a spool on
disk, so that a corpus larger than memory can be planned before a word of it is embedded.
"""

from __future__ import annotations

import pickle
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.domain import Article
    from rag.library.holdings import Known


@dataclass(frozen=True, slots=True)
class Arrival:
    """A state of an article as a run met it; ``place`` is where the spool keeps it, None if it is live already."""

    moment: str
    digest: str
    place: int | None


class Spool:
    """Articles set aside in an unnamed temporary file."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()

    def add(self, article: Article) -> int:
        """Set an article aside; the number returned finds it again."""
        place = self._file.seek(0, 2)
        pickle.dump(article, self._file)
        return place

    def get(self, place: int) -> Article:
        """The article set aside at ``place``."""
        self._file.seek(place)
        article: Article = pickle.load(self._file)  # noqa: S301 - nobody else can write this unnamed file
        return article

    def close(self) -> None:
        """Forget everything."""
        self._file.close()


class Plan:
    """What a run met, article by article, against what the library knows."""

    def __init__(self) -> None:
        self._spool = Spool()
        self._arrivals: dict[str, list[Arrival]] = defaultdict(list)
        self._known: dict[str, Known | None] = {}
        self._roots: dict[str, str] = {}
        self._passed: set[str] = set()

    def meet(self, article: Article, known: Known | None) -> None:
        """Take an article in."""
        is_live = known is not None and known.digests[-1] == article.digest
        place = None if is_live else self._spool.add(article)
        moment = article.updated or article.published or ""
        self._arrivals[article.id].append(Arrival(moment, article.digest, place))
        self._known[article.id] = known
        self._roots[article.id] = article.root

    def pass_over(self, ids: Iterable[str]) -> None:
        """Take note of articles whose file was not written to since it was read."""
        self._passed.update(ids)

    def has_met(self, id_: str) -> bool:
        """Whether the run met the article at all."""
        return id_ in self._arrivals or id_ in self._passed

    def root_of(self, id_: str) -> str | None:
        """The root below which the run last met the article, if it has."""
        return self._roots.get(id_)

    @property
    def moved(self) -> dict[str, str]:
        """Unchanged articles that are below another root now, with that root."""
        return {
            id_: root
            for id_, root in self._roots.items()
            if (known := self._known[id_]) and known.root != root and not self._pending(id_)
        }

    @property
    def unchanged(self) -> int:
        """How many articles stay as they are."""
        return len(self._passed - self._arrivals.keys()) + sum(not self._pending(id_) for id_ in self._arrivals)

    @property
    def added(self) -> list[str]:
        """Articles that the library has never held."""
        return [id_ for id_ in self._arrivals if self._known[id_] is None]

    @property
    def changed(self) -> list[str]:
        """Articles that get a new revision."""
        return [id_ for id_ in self._arrivals if self._known[id_] is not None and self._pending(id_)]

    def states(self) -> Iterator[Article]:
        """The new states, article by article, each article's in the order in which they become revisions."""
        for id_ in self._arrivals:
            for arrival in self._pending(id_):
                if arrival.place is not None:
                    yield self._spool.get(arrival.place)

    def close(self) -> None:
        """Forget the articles set aside."""
        self._spool.close()

    def _pending(self, id_: str) -> list[Arrival]:
        """The arrivals to commit, oldest first: by date of this state, then by digest."""
        known = self._known[id_]
        ordered = list({each.digest: each for each in sorted(self._arrivals[id_], key=_order)}.values())
        if known is None:
            return ordered
        newest = ordered[-1]
        if newest.digest == known.digests[-1]:
            return []  # an older state that turns up after a newer one went live changes nothing
        return [each for each in ordered[:-1] if each.digest not in known.digests] + [newest]


def _order(arrival: Arrival) -> tuple[str, str]:
    return (arrival.moment, arrival.digest)
