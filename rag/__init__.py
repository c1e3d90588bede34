"""The engine: ask, search. Knows nothing of files, HTTP or screens."""
