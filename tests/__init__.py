"""Tests mirror rag, ingest and ui path for path."""
