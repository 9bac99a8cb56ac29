"""A campaign file's text to its parts, every complaint with its line."""
