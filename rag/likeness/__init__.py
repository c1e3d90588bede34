"""Tells near-copies of a story from other stories, and where they disagree."""
