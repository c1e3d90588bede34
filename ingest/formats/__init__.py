"""The formats articles come in: one module a format, each turning it into drafts."""
