"""Turns a text into another language. What a person has translated comes first; an engine's text says that it is one."""

from .base import Failed, Translated, Translator
from .chain import Chain
from .glossary import Glossary
from .libre import Libre

__all__ = ["Chain", "Failed", "Glossary", "Libre", "Translated", "Translator"]
