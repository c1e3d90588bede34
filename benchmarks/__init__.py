"""Measures Byline's speed, size and quality, alone and beside its peers. Run by hand; see README.md here."""
