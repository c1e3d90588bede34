"""From a corpus to the library: find, parse, clean, chunk, embed, commit."""
