"""How the weights that ship with Byline were made. Nothing here is imported by the program."""
