"""ODK expressions: what XLSForm writes into relevant, constraint, calculate, choice_filter, default and repeat_count.

An expression is parsed once and then answers about any world of answers; it looks at nothing else and changes nothing.

>>> expression = parse("selected(${how}, 'bus') and ${minutes} > 30")
>>> sorted(expression.names)
['how', 'minutes']

Meaning follows ODK: https://docs.getodk.org/form-operators-functions and https://getodk.github.io/xforms-spec/.
Where those leave room, JavaRosa decides, the engine of ODK Collect; ``differences.md`` beside this file says where we
differ and why.
"""

from .expression import Expression, parse
from .functions import FUNCTIONS
from .grammar import ExpressionError
from .values import Value
from .world import UNSUPPORTED, World

__all__ = ["FUNCTIONS", "UNSUPPORTED", "Expression", "ExpressionError", "Value", "World", "parse"]
