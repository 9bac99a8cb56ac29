"""Erases a person at their wish: all that they said, all that was made of it, and every number, in one transaction.

What stays is said before (``look``): numbers that have been published, for they are of many; the account of each
campaign, with a stand-in in their place; and, of a number that asked us to stop, a digest by which it is known again.
"""

from .erase import erase, erase_all
from .plan import Blocked, Plan, look

__all__ = ["Blocked", "Plan", "erase", "erase_all", "look"]
