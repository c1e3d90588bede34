"""The networks that read: their weights, and the runtime that runs them."""
