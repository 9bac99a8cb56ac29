"""What the surveys of the library are for, and in which grades: words of their files that the pages say in other languages."""

from __future__ import annotations

from ...tongue import to_say

PURPOSES = frozenset(
    (
        to_say("Hear students' own reasons for missing school, which differ from what adults think."),
        to_say(
            "Offer help with food, clothes, housing and other basics to those who want it, and find needs that many share."
        ),
        to_say("Follow belonging and the tie to an adult over time and across groups."),
        to_say(
            "Learn whether child care or work hours keep children late or away, and what stands between families and care."
        ),
        to_say("Find who wants advanced work, and what stops them."),
        to_say(
            "Size the gap in internet and devices at home, and its reasons, in codes that a district's systems can load."
        ),
        to_say("Learn from staff who leave what made them go and what would have kept them."),
        to_say("Hear how fair rules and discipline feel, to set beside the records."),
        to_say("Watch early whether a change is wanted, fits, is doable and is done."),
        to_say("Invite people to a small group and learn when they can come and what they need for it."),
        to_say(
            "Find out what makes it hard to come to school every day, and what helps, before choosing any remedy."
        ),
        to_say("Learn whether unclear sick-day rules or care that is hard to get cause absence."),
        to_say("Check a finding with people, let them pick what comes first, and invite planners."),
        to_say("Gather ideas from each person alone, before anybody has heard the others."),
        to_say(
            "See whether families get what the school says in a language they understand, and who interprets for them."
        ),
        to_say("Check that help is there when work is hard, and that work feels worth doing."),
        to_say("A short pulse on strain that can be repeated, with what gives energy and one task to lift."),
        to_say(
            "Find what the questions so far left out, what should stay as it is, and who has not been heard."
        ),
        to_say("Hear every few weeks how the year is going for children, what works, and what to change."),
        to_say(
            "Learn which of the ideas that people sent matter most, out of five that are drawn by lot for each person."
        ),
        to_say(
            "Tell people what was heard, what will be done and what will not, and ask whether it is right."
        ),
        to_say("Find where students feel unsafe, so that adults can act on places, not on people."),
        to_say("Hear whether families are partners, and whether the agreed help is given."),
        to_say(
            "Find out which part of the trip keeps children late or away, no ride, the bus, the way, distance or cost, before choosing a remedy."
        ),
        to_say(
            "Learn whether families feel welcome, can reach somebody, and see their ideas lead to something."
        ),
        to_say(
            "Learn what people understand by three words of ours, and which word we should say more simply."
        ),
    )
)
"""What each survey says of itself (``about: purpose``)."""

GRADES = frozenset(
    (
        to_say("all grades"),
        to_say("all grades; students only with a caregiver's permission"),
        to_say("grades 6-12 where students are asked"),
        to_say("families of students with an IEP or 504 plan"),
    )
)
"""Those that are more than numbers."""
