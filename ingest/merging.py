"""Decides which states of an article a library lacks of those in an export, and how they join its history.

A state that stands where it stood keeps its number. Where that cannot be, because the two histories went different
ways, the export's are appended: nothing that is held is renumbered, for citations name revisions by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import dropwhile, pairwise

from rag.library.history import State

States = Sequence[State]


def missing(held: States, exported: States, keep: int | None = None) -> list[State]:
    """The states to file so that a history holds an exported one too, in the order of filing; both come by number.

    At most the last of them goes live. What a library that keeps ``keep`` superseded states would forget at once is
    left out.
    """
    if _holds(held, exported):
        return []
    exported = _with_one_live(exported)
    added = _placed(held, exported) if _fit(held, exported) else _appended(held, exported)
    return added if keep is None else _kept(held, added, keep)


def _with_one_live(exported: States) -> list[State]:
    """The last that is said to be live is it; if that line of the export was lost, the last one."""
    live = max(exported, key=lambda each: (each.is_live, each.number))
    return [replace(each, is_live=each is live) for each in exported]


def _live(states: States) -> State | None:
    return next((each for each in states if each.is_live), None)


def _holds(held: States, exported: States) -> bool:
    """Whether all the exported states are held already, in their order."""
    digests = (each.digest for each in held)
    return all(any(digest == each.digest for digest in digests) for each in exported)


def _fit(held: States, exported: States) -> bool:
    """Whether the two are parts of one history: no number means two states, and no time runs backwards."""
    joined: dict[int, State] = {}
    for each in (*held, *exported):
        if joined.setdefault(each.number, each).digest != each.digest:
            return False
    ordered = [joined[number] for number in sorted(joined)]
    return not held or all(
        earlier.digest != later.digest and earlier.seen <= later.seen for earlier, later in pairwise(ordered)
    )


def _placed(held: States, exported: States) -> list[State]:
    """The lacking states at their own numbers; the live one is that with the higher number."""
    taken = {each.number for each in held}
    seen = {each.number: each.seen for each in (*exported, *held)}
    own = _live(held)
    beside: list[State] = []
    live: list[State] = []
    for each in {each.number: each for each in exported if each.number not in taken}.values():
        if each.is_live and (own is None or each.number > own.number):
            live.append(each)
        else:
            later = min((number for number in seen if number > each.number), default=None)
            ended = each.superseded or (seen[later] if later else None)
            beside.append(replace(each, is_live=False, superseded=ended))
    return beside + live


def _appended(held: States, exported: States) -> list[State]:
    """The exported states from the first one on that was never held, after all others; and then the newest of all.

    As-of questions take the highest number of their days: so the state that is live must be that, too.
    """
    own, newest = _live(held), _newest(held, exported)
    known = {each.digest for each in held}
    rest = list(dropwhile(lambda each: each.digest in known, exported))
    if not rest and own and own.digest == newest.digest:
        return []
    if not rest or rest[-1].digest != newest.digest:
        rest.append(newest)
    number = max((each.number for each in held), default=0)
    added: list[State] = []
    for place, each in enumerate(rest, start=1):
        number = max(number + 1, each.number)
        is_last = place == len(rest)
        ended = None if is_last else each.superseded or max(each.seen, rest[place].seen)
        added.append(replace(each, number=number, is_live=is_last, superseded=ended))
    return added


def _newest(held: States, exported: States) -> State:
    """Which of the two live states is newer: one history may have gone on from the other's; else dates tell."""
    own, other = _live(held), _live(exported)
    if own is None or other is None:
        return own or other or exported[-1]
    knows_own = any(each.digest == own.digest for each in exported)
    knows_other = any(each.digest == other.digest for each in held)
    if knows_own != knows_other:
        return other if knows_own else own
    return max(own, other, key=lambda each: (each.dated, each.seen))


def _kept(held: States, added: States, keep: int) -> list[State]:
    """Those of the added states that stay; none if the live state would only be filed anew among forgotten ones."""
    own, live = _live(held), _live(added)
    if own and live and own.digest == live.digest:
        return []
    former = [replace(each, is_live=False) for each in held] if live else held
    stay = _trimmed([*former, *added], keep)
    return [each for each in added if each in stay]


def _trimmed(states: States, keep: int) -> list[State]:
    """By number, the live state and the newest superseded ones."""
    ordered = sorted(states, key=lambda each: each.number)
    past = [each for each in ordered if not each.is_live]
    forgotten = past[: max(0, len(past) - keep)]
    return [each for each in ordered if each not in forgotten]
