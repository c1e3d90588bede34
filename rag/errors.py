"""Everything that can go wrong, as one tree.

BylineError
├── SettingsError         a BYLINE_* variable or option holds a value that cannot be used
├── LibraryInUse          another process owns the library
├── StorageError          the disk or a store below the library failed
├── LibraryTooNew         the library was written by a newer Byline
├── ModelError            a model is missing, damaged or cannot be exported
├── ReaderDamaged         the reader that comes with Byline is not the one that belongs to it
├── ArticleNotFound       no article of that id (or no such revision) in the library
├── AnswererNotConfigured an answerer was asked for that has no endpoint
├── EndpointFailed        a language model's endpoint gave no answer that can be used
├── Interrupted           work was broken off because the process is stopping
├── BadRequest            what was asked for cannot be read: names the field, the fault and the remedy
└── Forbidden             a path may not be read on somebody else's behalf

``ingest.errors`` adds CannotRead, for what was given to ingest.

Each keeps its data as attributes and says what happened, to what, and what to do next.
"""

from __future__ import annotations


class BylineError(Exception):
    """Base of all expected failures; its text is fit to be shown to a user."""


class SettingsError(BylineError):
    """A setting holds a value that cannot be used."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        self.name, self.problem, self.remedy = name, problem, remedy
        super().__init__(f"{name}: {problem}. {remedy}")


class LibraryInUse(BylineError):
    """Another process owns the library."""

    def __init__(self, path: str, holder: str) -> None:
        self.path, self.holder = path, holder
        super().__init__(f"The library {path} is in use by {holder}. Wait for it to finish, or stop it.")


class StorageError(BylineError):
    """The disk or a store below the library failed."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(f"{path}: {problem}. {remedy}")


class LibraryTooNew(BylineError):
    """The library was written by a newer Byline."""

    def __init__(self, path: str, found: str, known: str) -> None:
        self.path, self.found, self.known = path, found, known
        super().__init__(
            f"The library {path} has schema {found}; this Byline knows schemas up to {known}. "
            "Use the newer Byline, or another --library."
        )


class ModelError(BylineError):
    """A model is missing, damaged or cannot be exported; ``role`` says what it is for."""

    def __init__(self, model: str, problem: str, remedy: str, role: str = "Embedding model") -> None:
        self.model, self.problem, self.remedy, self.role = model, problem, remedy, role
        super().__init__(f"{role} {model}: {problem}. {remedy}")


class ReaderDamaged(BylineError):
    """The reader that comes with Byline is not the one that belongs to it."""

    def __init__(self, file: str, remedy: str) -> None:
        self.file, self.remedy = file, remedy
        super().__init__(f"{file}, a part of Byline, is damaged or missing. {remedy}")


class ArticleNotFound(BylineError):
    """No article of that id, or no such revision of it, is in the library."""

    def __init__(self, article_id: str, revision: int | None = None) -> None:
        self.article_id, self.revision = article_id, revision
        what = f"revision {revision} of article {article_id!r}" if revision else f"article {article_id!r}"
        listing = f"byline show {article_id!r} --json" if revision else "byline articles"
        super().__init__(f"There is no {what} in the library. List them with: {listing}")


class AnswererNotConfigured(BylineError):
    """An answerer was asked for that this installation has no endpoint for."""

    def __init__(self, answerer: str) -> None:
        self.answerer = answerer
        super().__init__(
            f"The answerer {str(answerer)!r} is not configured: set BYLINE_LLM_URL and BYLINE_LLM_MODEL, "
            'or ask with the answerer "extractive".'
        )


class EndpointFailed(BylineError):
    """A language model's endpoint gave no answer that can be used, or none in time."""

    def __init__(self, endpoint: str, problem: str) -> None:
        self.endpoint, self.problem = endpoint, problem
        super().__init__(f"The language model at {endpoint} {problem}.")


class Interrupted(BylineError):
    """Work was broken off because the process is stopping."""

    def __init__(self) -> None:
        super().__init__("The server is stopping, and broke the work off. Run it again: it goes on where it was.")


class BadRequest(BylineError):
    """What was asked for cannot be read."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        self.field, self.problem, self.remedy = field, problem, remedy
        super().__init__(f"{field}: {problem}. {remedy}")


class Forbidden(BylineError):
    """A path may not be read on somebody else's behalf."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(f"{path}: {problem}. {remedy}")
