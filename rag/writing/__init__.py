"""A language model's sentences, written from quotes and shown only where the quotes hold them."""
