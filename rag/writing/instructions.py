"""Sentences of articles that speak to a language model instead of a reader."""

from __future__ import annotations

import re

_MODEL = r"(?:AIs?|LLMs?|assistants?|language\ models?|chatbots?)"
_REPLYING = r"(?:answer|reply|respond|say|tell|state|write|output|print|repeat|cite|ignore)"
_INSTRUCTION = re.compile(
    rf"""
    \b(?:ignore|disregard|forget|override|bypass|do\ not\ follow)\b .{{0,40}}
        \b(?:previous|prior|above|earlier|preceding|these|those|all|any|your|the|other)\b .{{0,30}}
        \b(?:instructions?|prompts?|rules?|directions?|guidelines?|commands?|passages?|messages?|text)\b
    | \b(?:system|developer|hidden|initial|new)\ (?:prompt|instructions?|message|override)\b
    | \byou\ (?:are\ now|must\ now|will\ now|are\ an?\ {_MODEL})\b
    | \bas\ an?\ {_MODEL}\b
    | \b(?:dear|attention|note\ to|hey|hello)\ (?:any\ |all\ |the\ )?{_MODEL}\b
    | \b{_MODEL}\b .{{0,30}} \b(?:must|should|shall|are\ to|please|have\ to)\b .{{0,30}} \b{_REPLYING}\b
    | \b(?:{_REPLYING}|begin|start|end)\b .{{0,15}}
        \b(?:only|exactly|instead|verbatim|with\ the\ (?:words?|phrase|sentence)|the\ following
            |your\ (?:answer|reply|response))\b
        .{{0,60}} (?:["“':]|\b(?:question|answer|words?)\b)
    | \b(?:to|when)\ (?:this|the|any|every|all)\ questions?\b .{{0,30}} \b{_REPLYING}\b
    | \bif\ (?:you\ are|asked|anyone\ asks|someone\ asks|the\ user\ asks|a\ user\ asks)\b .{{0,80}} \b{_REPLYING}\b
    | \b(?:tell|inform|convince|remind)\ the\ (?:user|reader|asker)\b
    | \b(?:reveal|print|show|send|leak|exfiltrate|include)\b .{{0,30}}
        \b(?:system\ prompt|api\ key|password|secrets?|your\ key)\b
    | <\|[a-z_]+\|> | \[/?INST\] | <</?SYS>> | \#{{2,}}\s*(?:instruction|system|assistant|response|user)\b
    | ^\s*(?:system|assistant|user|human)\s*:
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL | re.MULTILINE,
)


def gives_instructions(sentence: str) -> bool:
    """Whether a sentence reads like an instruction to a language model; some that only report one do too."""
    return _INSTRUCTION.search(sentence) is not None
