"""The ``key: value`` lines between two ``---`` at the head of a Markdown or text file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.drafts import Facts

_KEYS = {
    "id": ("id",),
    "title": ("title", "headline"),
    "published": ("published", "date"),
    "updated": ("updated", "modified"),
    "source": ("source", "publisher"),
    "author": ("author", "authors"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
}
_NOTHING = {"", "~", "null"}
_OPENING = re.compile(r"-{3,}[ \t]*\n+[\w-]+[ \t]*:")


def split_front_matter(text: str) -> tuple[Facts, str]:
    """What the front matter says, and the text after it; all of the text if there is no front matter.

    Raises ValueError if there is front matter that cannot be read.
    """
    text = text.lstrip()
    if not _OPENING.match(text):
        return Facts(), text
    values, body = _load(text)
    found = {field: _first(values, names) for field, names in _KEYS.items()}
    return Facts(**found), body.lstrip("\n")


def _load(text: str) -> tuple[Mapping[str, object], str]:
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    try:
        head, body = handler.split(text)
    except ValueError as error:
        raise ValueError("has front matter that is never closed with ---") from error
    try:
        # Values stay as written: by YAML's rules the id 007 would be 7, and the language no False.
        values = handler.load(head, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"has broken front matter{_place(error)}") from error
    if isinstance(values, Mapping):
        return values, body
    raise ValueError("has broken front matter: it is not made of key: value lines")


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}: {getattr(error, 'problem', '')}" if mark else ""


def _first(values: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = values.get(name)
        if isinstance(value, list):
            value = ", ".join(part for part in value if isinstance(part, str))
        if isinstance(value, str) and value.strip() not in _NOTHING:
            return value
    return None
