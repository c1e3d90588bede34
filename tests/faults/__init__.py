"""Does harm to Byline from outside, and tells by figures what became of the library: ``python -m tests.faults``."""
