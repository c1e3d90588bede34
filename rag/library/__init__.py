"""The library: the catalog, which is the truth, and the projections derived from it."""
