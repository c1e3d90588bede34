"""The faces: command line, HTTP API, web page. No retrieval or answering logic."""
