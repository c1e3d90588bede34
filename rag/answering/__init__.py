"""From hits to an answer: choose sentences, refuse or compose, check every quote."""
