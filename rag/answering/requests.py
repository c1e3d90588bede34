"""Reads what form of answer a question asks for: the latest on a subject, a list, or two things side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.retrieval.mentions import AUXILIARIES

_ON = r"(?:about|around|concerning|from|in|on|regarding|with)"
_NEWS = r"(?:coverage|developments?|headlines|news|reporting|reports|stories|things?|updates?)"
_SUBJECT = r"(?P<subject>[^?]+?)\s*[?.!]*$"
_DIGEST = re.compile(
    rf"^(?:what(?:[’']s| is| are| was| were)? |give me |tell me |show me |is there |any )*(?:the |any |all )?"
    rf"(?:(?:latest|newest|most recent|recent|new)(?: {_NEWS})?|{_NEWS}) {_ON} {_SUBJECT}"
    rf"|^what(?:[’']s| is| has been) (?:happening|going on) {_ON} {_SUBJECT.replace('subject', 'event')}"
    rf"|^(?:bring|catch|keep|get) me up(?: to date| to speed)? {_ON} {_SUBJECT.replace('subject', 'matter')}",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^(?:please )?(?:list|name|enumerate|give (?:me )?(?:a list of|examples of))\b"
    rf"|^(?:what|which) (?:[\w-]+ )?(?!\w+(?:ss|us|is)\b)\w+s (?:{AUXILIARIES})\b"
    r"|^(?:what|which|who) (?:are|were) (?:all |some of )?the [\w -]*?(?!\w+(?:ss|us|is)\b)\w+s\b",
    re.IGNORECASE,
)
_A, _B = r"(?P<a>[^?]+?)", r"(?P<b>[^?,:;]+?)"
_END = r"\s*(?:[?.:;]|, |$)"
_ASKING = "how|what|when|where|which|who|why"
_FEW = {side: rf"(?P<{side}>(?:\S+ ){{0,4}}\S+?)" for side in "ab"}
_COMPARISONS = tuple(
    (re.compile(pattern, re.IGNORECASE), is_open)
    for pattern, is_open in (
        (rf"\bdifferences?\b[^?]*?\bbetween {_A},? and {_B}{_END}", True),
        (rf"\b(?:do|does|did) {_A},? and {_B} (?:compare|differ)\b", True),
        (rf"\b(?:do|does|did|would) {_A} (?:compare|differ) (?:against|from|to|with) {_B}{_END}", True),
        (rf"^(?:please )?compare {_A},? (?:against|and|to|with) {_B}{_END}", True),
        (
            rf"^(?!(?:{AUXILIARIES}|how|what|when|where|which|who|why)\b){_FEW['a']} (?:versus|vs\.?) {_FEW['b']}\W*$",
            True,
        ),
        (rf"(?:[,:]|\bbetween) {_A},? or {_B}\?", False),
    )
)


@dataclass(frozen=True, slots=True)
class Request:
    """The form of answer that is asked for: of the news on ``subject``, of two ``sides``, or of a list.

    It ``is_open`` where no one thing is asked that an answer could be right or wrong about.
    """

    subject: str | None = None
    sides: tuple[str, ...] = ()
    is_list: bool = False
    is_open: bool = False


def read_request(text: str) -> Request:
    """What form of answer the question asks for; none of these, for most."""
    digest = _DIGEST.search(text)
    if digest:
        return Request(subject=next(filter(None, digest.groups())), is_open=True)
    for pattern, is_open in _COMPARISONS:
        compared = pattern.search(text)
        if compared:
            return Request(sides=(compared["a"].strip(), compared["b"].strip()), is_open=is_open)
    return Request(is_list=bool(_LIST.search(text)))
