"""How well questions with known answers are answered, and whether that got better or worse."""
