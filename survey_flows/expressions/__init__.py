r"""ODK expressions: what XLSForm writes into relevant, constraint, calculate, choice_filter, default and repeat_count.

An expression is parsed once and then answers about any world of answers; it looks at nothing else and changes nothing.

>>> expression = parse("selected(${how}, 'bus') and ${minutes} > 30")
>>> sorted(expression.names)
['how', 'minutes']

Meaning follows ODK: docs.getodk.org/form-operators-functions and the ODK XForms Specification. Where those leave room,
JavaRosa decides, the engine of ODK Collect. Where we knowingly differ:

* Dates and times stay on the clock they were written with: an offset is left aside, so a date is a whole number of
  days wherever the school is. ``today()`` and ``now()`` are on the world's clock. JavaRosa drops the time of day when
  it compares; we do not.
* No number is "" within a text (as in ODK Web Forms), not "NaN"; ``string()`` says NaN.
* A blank answer is not true: ``not(${blank})`` holds, as in JavaRosa. Enketo and Web Forms say the question is there.
* ``sum``, ``min`` and ``max`` pass over blanks, as JavaRosa does. Enketo and Web Forms then have no number.
* ``1,5`` is not a number. JavaRosa reads 1.5; one and a half and fifteen hundred look alike there.
* ``=`` of a repeated question holds if it holds for any of its answers (XPath); JavaRosa stops with an error. Where
  one value is wanted, the first is meant.
* ``regex`` wants the whole answer to fit, as Collect does, and Enketo does not. ``\d`` and ``\w`` know every script.
* What fails in ODK while a form is filled in (a date that is none, an index too high) gives a blank or no number.
* ``random()`` and ``uuid()`` give the same every time for one person, question and place in the expression.
* ``position(..)`` is the turn of the nearest repeat, however many steps up; ``indexed-repeat`` knows one level.
"""

from .expression import Expression, parse
from .functions import FUNCTIONS
from .grammar import ExpressionError
from .values import Value
from .world import UNSUPPORTED, World

__all__ = ["FUNCTIONS", "UNSUPPORTED", "Expression", "ExpressionError", "Value", "World", "parse"]
