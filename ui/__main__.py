"""``python -m ui`` is ``byline``."""

from ui.cli import main

if __name__ == "__main__":
    main()
