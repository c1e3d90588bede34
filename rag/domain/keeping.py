"""What a library says of work done on itself: checked, rebuilt, compacted, articles removed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a library's passages were made: the embedding model and the aim for a passage's length in its tokens.

    ``model`` is what loads it (a setting's value), ``identity`` names model and weights: passages and
    vectors of two encodings never mix.
    """

    model: str
    identity: str
    passage_tokens: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Something a check found wrong: in which part of the library, what, and what to do about it."""

    part: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the whole library found.

    ``digest`` names the live state: equal digests mean the same articles, texts, sections, passages and model.
    """

    digest: str
    articles: int
    revisions: int
    passages: int
    damages: tuple[Damage, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damages


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: the model that is live now, its passages, and how many of them were embedded anew."""

    model: str
    passages: int
    embedded: int


@dataclass(frozen=True, slots=True)
class Compacted:
    """Bytes on disk before and after."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Removed:
    """Articles that were removed, and those asked for that the library does not hold."""

    removed: tuple[str, ...]
    unknown: tuple[str, ...]
