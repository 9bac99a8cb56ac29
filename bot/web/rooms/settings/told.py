"""What was done, in words: "Ines gave Kim the role Coder at Lincoln"."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from ....audit import Entry
from ... import rolewords
from ...tongue import say


def kinds() -> dict[str, str]:
    """What the list can be narrowed to: the beginning of what was done, and its words."""
    return {
        "user": say("Accounts and roles"),
        "token": say("Tokens for programs"),
        "person": say("People on the lists"),
        "people": say("Lists of people"),
        "absences": say("Absences"),
        "household": say("Households"),
        "alert": say("Safety alerts"),
        "conversation": say("Conversations"),
        "reply": say("Answers to families"),
        "survey": say("Surveys"),
        "campaign": say("Campaigns"),
        "audience": say("Saved audiences"),
        "calendar": say("The calendar"),
        "codebook": say("Codebooks"),
        "theme": say("Themes"),
        "statement": say("Problem statements"),
        "duty": say("Legal duties"),
        "wave": say("Rounds"),
        "report": say("Reports"),
        "translation": say("Translations"),
        "term": say("The glossary"),
        "samples": say("Samples"),
    }


def _said(kind: str) -> str | None:
    return {
        "user.add": say("%(by)s made an account for %(who)s."),
        "user.disable": say("%(by)s shut out %(who)s."),
        "user.enable": say("%(by)s let %(who)s in again."),
        "user.link": say("%(by)s made a sign-in link for %(who)s."),
        "user.password": say("%(by)s changed their password."),
        "user.two_step_on": say("%(by)s turned on two-step sign-in."),
        "user.two_step_off": say("%(by)s turned off two-step sign-in for %(who)s."),
        "user.paper_code": say("%(by)s signed in with a recovery code."),
        "user.paper_codes": say("%(by)s made new recovery codes."),
        "user.identity": say("%(by)s connected an account elsewhere to sign in with."),
        "user.identity_removed": say("%(by)s disconnected an account elsewhere."),
        "user.sessions_ended": say("%(by)s ended sessions of %(who)s."),
        "token.create": say("%(by)s made the token %(about)s."),
        "token.revoke": say("%(by)s revoked the token %(about)s."),
        "person.add": say("%(by)s added a person."),
        "people.import": say("%(by)s brought in the list %(about)s."),
        "people.download": say("%(by)s downloaded the list of people."),
        "absences.import": say("%(by)s brought in absences."),
        "person.numbers": say("%(by)s looked at a person's whole number."),
        "person.everything": say("%(by)s handed out all that is held about a person."),
        "person.edit": say("%(by)s changed what is known of a person."),
        "person.number": say("%(by)s changed how a person is reached."),
        "person.number.remove": say("%(by)s gave up a number of a person."),
        "person.stop": say("%(by)s noted that a person asked us to stop."),
        "person.resume": say("%(by)s noted that a person wants messages again."),
        "person.merge": say("%(by)s made two entries of one person into one."),
        "person.erase": say("%(by)s erased a person."),
        "household.join": say("%(by)s put people into one household."),
        "household.part": say("%(by)s took somebody out of a household."),
        "alert.open": say("%(by)s opened a safety alert."),
        "alert.see": say("%(by)s took on a safety alert."),
        "alert.close": say("%(by)s closed a safety alert."),
        "conversation.assign": say("%(by)s gave a conversation to somebody."),
        "conversation.done": say("%(by)s closed a conversation."),
        "reply.send": say("%(by)s answered a family."),
        "reply.save": say("%(by)s kept a saved answer."),
        "reply.remove": say("%(by)s removed a saved answer."),
        "survey.publish": say("%(by)s published the survey %(about)s."),
        "survey.discard": say("%(by)s threw away the draft of the survey %(about)s."),
        "survey.oneself": say("%(by)s sent the survey %(about)s to themselves."),
        "campaign.written": say("%(by)s wrote the campaign %(about)s."),
        "campaign.tested": say("%(by)s sent the campaign %(about)s to themselves."),
        "campaign.approved": say("%(by)s approved the campaign %(about)s."),
        "campaign.returned": say("%(by)s sent the campaign %(about)s back to its writer."),
        "campaign.scheduled": say("%(by)s scheduled the campaign %(about)s."),
        "campaign.triggered": say("%(by)s pressed Send now for the campaign %(about)s."),
        "campaign.paused": say("%(by)s paused the campaign %(about)s."),
        "campaign.resumed": say("%(by)s let the campaign %(about)s go on."),
        "campaign.stopped": say("%(by)s stopped the campaign %(about)s."),
        "audience.save": say("%(by)s saved the audience %(about)s."),
        "audience.delete": say("%(by)s removed the audience %(about)s."),
        "calendar.write": say("%(by)s changed the hours or closed days of a school."),
        "calendar.reset": say("%(by)s removed a school's own calendar."),
        "calendar.file": say("%(by)s brought in a calendar file."),
        "codebook.change": say("%(by)s saved a version of a codebook."),
        "codebook.again": say("%(by)s had replies coded anew."),
        "wave.add": say("%(by)s set a round of the survey %(about)s apart."),
        "wave.remove": say("%(by)s took back a round of the survey %(about)s."),
        "duty.see": say("%(by)s took on a reply that may mean a legal duty."),
        "duty.close": say("%(by)s closed a reply that may mean a legal duty."),
        "duty.reopen": say("%(by)s opened a reply that may mean a legal duty again."),
        "report.make": say("%(by)s made a report on the survey %(about)s."),
        "theme.accept": say("%(by)s took a proposed theme into the codebook."),
        "statement.draft": say("%(by)s drafted a problem statement."),
        "statement.edit": say("%(by)s changed a problem statement."),
        "statement.agree": say("%(by)s agreed on a problem statement."),
        "statement.drop": say("%(by)s put a problem statement aside."),
        "statement.restore": say("%(by)s made a problem statement a draft again."),
        "term.write": say("%(by)s changed the glossary (%(about)s)."),
        "term.remove": say("%(by)s took a word out of the glossary."),
        "term.put-back": say("%(by)s put a word back into the glossary."),
        "term.import": say("%(by)s brought words into the glossary."),
        "translation.draft": say("%(by)s kept a draft of a translation (%(about)s)."),
        "translation.write": say("%(by)s wrote a translation (%(about)s)."),
        "translation.approve": say("%(by)s approved translations (%(about)s)."),
        "translation.correct": say("%(by)s corrected a translation (%(about)s)."),
        "translation.fill": say("%(by)s had missing translations drafted (%(about)s)."),
        "translation.import": say("%(by)s brought in translations (%(about)s)."),
        "translation.undo": say("%(by)s took back approvals (%(about)s)."),
        "translation.use": say("%(by)s used a translation from elsewhere (%(about)s)."),
        "samples.load": say("%(by)s loaded the made-up samples."),
        "samples.remove": say("%(by)s removed the made-up samples."),
    }.get(kind)


def _by_oneself(kind: str) -> str | None:
    return {
        "user.two_step_off": say("%(by)s turned off two-step sign-in."),
        "user.sessions_ended": say("%(by)s ended other sessions of their own."),
    }.get(kind)


def _role(kind: str, everywhere: bool) -> str | None:
    return {
        ("user.role", True): say("%(by)s gave %(who)s the role %(role)s at all schools."),
        ("user.role", False): say("%(by)s gave %(who)s the role %(role)s at %(school)s."),
        ("user.role_taken", True): say("%(by)s took the role %(role)s at all schools from %(who)s."),
        ("user.role_taken", False): say("%(by)s took the role %(role)s at %(school)s from %(who)s."),
    }.get((kind, everywhere))


def told(entry: Entry, names: Mapping[UUID, str]) -> str:
    """One entry as a sentence. ``names`` are those of staff; nobody else is ever named."""
    by, school = entry.by or say("A command on the server"), entry.detail.get("school")
    who = names.get(_id(entry.about), say("somebody")) if entry.did.startswith("user.") else ""
    words = {"by": by, "who": who, "about": entry.about, "did": entry.did, "school": school or ""}
    words["role"] = rolewords.name_of(str(entry.detail.get("role", "")))
    said = _role(entry.did, school is None) or (_by_oneself(entry.did) if who and who == entry.by else None)
    # What a newer version has written, or a room that this list has not met yet, is told by its own name.
    said = said or _said(entry.did) or say("%(by)s: %(did)s %(about)s")
    return (said % words).strip()


def _id(about: str) -> UUID:
    try:
        return UUID(about)
    except ValueError:
        return UUID(int=0)
