"""How a survey goes, as a picture (SVG) that needs nothing else: for staff to look at, and for the docs.

>>> from survey_flows import library
>>> draw(library("getting-to-school")).startswith("<svg")
True
"""

from .picture import draw

__all__ = ["draw"]
