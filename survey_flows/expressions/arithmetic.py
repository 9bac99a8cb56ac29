"""Sums that never fail: what has no answer is NaN, what is too large is infinite, as IEEE 754 and Java have it.

Source: docs.getodk.org/form-operators-functions, "Math"; JavaRosa, XPathFuncExpr (int, round, pow, log).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

_NAN, _INF = math.nan, math.inf


def ieee(run: Callable[[float], float]) -> Callable[[float], float]:
    """A function of ``math`` without its exceptions."""

    def safe(value: float) -> float:
        try:
            return run(value)
        except OverflowError:
            return _INF
        except ValueError:
            return _NAN

    return safe


def divide(one: float, other: float) -> float:
    """``div``.

    >>> divide(1, 0), divide(-1, 0), divide(0, 0), divide(7, 2)
    (inf, -inf, nan, 3.5)
    """
    try:
        return one / other
    except ZeroDivisionError:
        return _NAN if one != one or one == 0 else math.copysign(_INF, one) * math.copysign(1, other)


def remainder(one: float, other: float) -> float:
    """``mod``: has the sign of what is divided.

    >>> remainder(-7, 3), remainder(7, -3), remainder(1, 0)
    (-1.0, 1.0, nan)
    """
    try:
        return math.fmod(one, other)
    except ValueError:
        return _NAN


def whole(value: float) -> float:
    """``int``: without what follows the point."""
    return float(math.trunc(value)) if math.isfinite(value) else value


def floor(value: float) -> float:
    """The whole number below."""
    return float(math.floor(value)) if math.isfinite(value) else value


def ceiling(value: float) -> float:
    """The whole number above."""
    return float(math.ceil(value)) if math.isfinite(value) else value


def rounded(value: float, places: float = 0.0) -> float:
    """``round``: halves go up; places may be negative.

    >>> rounded(2.5), rounded(-2.5), rounded(2.675, 2), rounded(1234, -2)
    (3.0, -2.0, 2.68, 1200.0)
    """
    if not math.isfinite(value):
        return value
    if not -30 <= places <= 30:
        return _NAN
    exact = Decimal(repr(value)).scaleb(int(places))
    if exact.adjusted() > 25:  # no digit of it is behind the point
        return value
    return float(
        exact.quantize(Decimal(1), ROUND_HALF_UP if value > 0 else ROUND_HALF_DOWN).scaleb(-int(places))
    )


def power(base: float, exponent: float) -> float:
    """``pow``: too much is infinite."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -_INF if base < 0 and exponent % 2 == 1 else _INF
    except ValueError:
        return _INF if base == 0 else _NAN


def log(value: float) -> float:
    """``log``, the natural logarithm."""
    return -_INF if value == 0 else ieee(math.log)(value)


def log10(value: float) -> float:
    """``log10``: of nothing it is minus infinity."""
    return -_INF if value == 0 else ieee(math.log10)(value)


def thousands(value: float) -> str:
    """``thousands-sep``.

    >>> thousands(1234567.5), thousands(_NAN)
    ('1,234,567.5', '')
    """
    if not math.isfinite(value):
        return ""
    return f"{int(value):,}" if value.is_integer() else f"{value:,}"
