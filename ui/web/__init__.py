"""The web page: a chat at the left, the source of each quote at the right."""
