"""A filter as a condition on rows. Every test is true or false, never NULL: what is missing is like nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, func, not_, or_, select, true

from ...store.tables import absences, guardianships, people, students
from . import columns, past
from .comparing import SIGNS, compared
from .expression import And, Call, Everyone, Expression, Node, Not, Or, Test, of_child
from .fields import Field, attribute

_Met = ColumnElement[bool] | bool
"""A condition, or what is so in any case: what need not be asked makes a faster statement."""
IMPORTED = "answers:%"
"""People who stand for answers that were collected elsewhere, or cut from whoever gave them."""


def everyone() -> ColumnElement[bool]:
    """Who can be in an audience at all: nobody who was removed from the list, no stand-in for answers."""
    known = people.c.external_id
    return and_(people.c.removed_at.is_(None), or_(known.is_(None), known.not_like(IMPORTED)))


def condition(expression: Expression, now: datetime, *, zone: tzinfo) -> ColumnElement[bool]:
    """Whether a row of ``people`` meets the filter: itself, where it has no children, or with any one of its children.

    ``now`` and ``zone`` say what today is. What concerns no child stays a plain condition; the rest is one EXISTS for
    each person. ``everyone`` is not included.
    """
    parts = expression.root.parts if isinstance(expression.root, And) else (expression.root,)
    itself = _View(now, zone)
    plain = [itself.holds(part) for part in parts if not of_child(part)]
    about = And(tuple(part for part in parts if of_child(part)))
    if not about.parts:
        return _sql(_all(plain))
    child, ward = students.alias("child"), guardianships.alias("ward")
    theirs = (
        select(ward.c.student_id)
        .select_from(ward.join(child, child.c.id == ward.c.student_id))
        .where(ward.c.person_id == people.c.id, child.c.removed_at.is_(None))
        .correlate(people)
    )
    with_one = theirs.where(_sql(_View(now, zone, child).holds(about))).exists()
    with_none = _all([itself.holds(about), not_(theirs.exists())])
    return _sql(_all([*plain, _any([with_one, with_none])]))


def children(expression: Expression, now: datetime, *, zone: tzinfo) -> ColumnElement[bool] | None:
    """Whether a joined row of ``people`` and ``students`` is of a child that the message is about.

    None where the filter says nothing of children: then it is about all they have.
    """
    return _sql(_View(now, zone, students).holds(expression.root)) if expression.of_child else None


@dataclass(frozen=True, slots=True)
class _View:
    """Sees one person, with one child of theirs (a row of ``child``), or without any."""

    now: datetime
    zone: tzinfo
    child: FromClause | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def holds(self, node: Node, sought: bool = True) -> _Met:
        """The condition under which a part is true, or false where that is ``sought``."""
        # "not" is carried down to the tests: fewer levels for the database, whose parsers have a limit.
        match node:
            case Not(part):
                return self.holds(part, not sought)
            case And(parts) | Or(parts):
                together = _all if isinstance(node, And) == sought else _any
                return together([self.holds(part, sought) for part in parts])
            case Everyone():
                return sought
            case Call():
                met = self.called(node)
            case Test():
                met = self.tested(node)
        if isinstance(met, bool):
            return met == sought
        return met if sought else not_(met)

    def called(self, call: Call) -> _Met:
        if call.name == "anniversary":
            days = past.anniversaries(self.today)
            born = func.substr(columns.day(self.text(attribute(call.argument.text))), 6, 5)
            return _surely(born.in_(days))
        if call.name == "audience":
            raise LookupError(
                f"audience({call.argument.text}) stands for a filter that only the store has: resolve it"
            )
        return past.FUNCTIONS[call.name](call.argument.text, self.now)

    def tested(self, test: Test) -> _Met:
        field = test.field
        match field.kind:
            case "channel":
                return past.reachable([value.text.lower() for value in test.values])
            case "name":
                return columns.known(people.c.name).is_not(None)
            case "respondent" | "language" if test.op == "known":
                return True
            case "household":
                return _counted(past.household_size(), test)
            case "children":
                return _counted(past.number_of_children(), test)
            case "days":
                return self._days(test)
        text = self.text(field)
        if test.op == "known":
            return text.is_not(None)
        met = [compared(text, field, test.op, value, self.today) for value in test.values]
        # The languages and kinds of people are never missing: the database may use what it knows of them.
        return or_(*met) if field.kind in ("respondent", "language") else _surely(or_(*met))

    def text(self, field: Field) -> ColumnElement[Any]:
        """What is known of the child, and where nothing is, of the person."""
        match field.kind:
            case "respondent" | "language":
                return people.c[field.kind]
            case "school":
                own = columns.known(people.c.school)
                return own if self.child is None else func.coalesce(columns.known(self.child.c.school), own)
        own = columns.attribute(people.c.groups, field.key)
        if self.child is None:
            return own
        return func.coalesce(columns.attribute(self.child.c.attributes, field.key), own)

    def _days(self, test: Test) -> _Met:
        if self.child is None:  # nobody is absent from where they do not go
            return False
        absent = absences.alias("absent")
        counted = (
            select(func.count())
            .select_from(absent)
            .where(absent.c.student_id == self.child.c.id, absent.c.kind == test.field.key)
            .correlate(self.child)
        )
        if test.field.days:
            first = self.today - timedelta(test.field.days)
            counted = counted.where(absent.c.day >= first, absent.c.day < self.today)
        return _counted(counted.scalar_subquery(), test)


def _all(parts: Sequence[_Met]) -> _Met:
    unsure = [part for part in parts if not isinstance(part, bool)]
    if any(part is False for part in parts):
        return False
    return and_(*unsure) if unsure else True


def _any(parts: Sequence[_Met]) -> _Met:
    unsure = [part for part in parts if not isinstance(part, bool)]
    if any(part is True for part in parts):
        return True
    return or_(*unsure) if unsure else False


def _sql(met: _Met) -> ColumnElement[bool]:
    return (true() if met else false()) if isinstance(met, bool) else met


def _counted(count: ColumnElement[int], test: Test) -> ColumnElement[bool]:
    numbers = [int(value.text) for value in test.values]
    return count.in_(numbers) if test.op == "=" else SIGNS[test.op](count, numbers[0])


def _surely(met: ColumnElement[bool]) -> ColumnElement[bool]:
    """False where the database would say that it does not know."""
    return func.coalesce(met, false())
