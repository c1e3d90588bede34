"""The HTTP API under /v1, health and OpenAPI."""
