"""What to ask next, given what was said. Pure: no clock, no network, no database; the caller keeps the state.

>>> from survey_flows import begin, hear, library
>>> survey, values = library("getting-to-school"), {"school": "Lincoln School"}
>>> step = begin(survey, "es", values)
>>> step = hear(survey, step.place, "mui dificil", values)
>>> step.answer.value, step.prompt.question
('very', 'what_hard')
"""

from . import phrases, words
from .engine import ask, begin, hear, left, named_language, switch
from .files.tree import SurveyError
from .hearing import is_choice
from .loading import LIBRARY, library, load, loads
from .place import MENU, Answer, Place, Prompt, Step
from .questions import KINDS, Choice, Question, Value
from .survey import Survey
from .words import Word

__all__ = [
    "KINDS",
    "LIBRARY",
    "MENU",
    "Answer",
    "Choice",
    "Place",
    "Prompt",
    "Question",
    "Step",
    "Survey",
    "SurveyError",
    "Value",
    "Word",
    "ask",
    "begin",
    "hear",
    "is_choice",
    "left",
    "library",
    "load",
    "loads",
    "named_language",
    "phrases",
    "switch",
    "words",
]
