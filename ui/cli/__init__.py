"""The command line: parse input, ask the desk, print. Results go to stdout, everything else to stderr.

Heavy modules are imported where they are used, so that ``--help`` answers at once.
"""
