"""``python -m bot`` is ``openline``."""

from .cli import main

main()
