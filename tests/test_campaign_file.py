"""A campaign's file is read whole, or refused with every fault: its line, what is wrong, how to mend it."""

import contextlib
import re
import time as clock
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outreach.accounting import STATES
from bot.outreach.audience import parse
from bot.outreach.campaign import DEFAULT_HOURS, TRY_FOR, Campaign, CampaignError, When
from bot.outreach.campaign_file import LIBRARY, MAY, NEEDED, loads, starter
from bot.outreach.checks import translations, wording
from bot.outreach.rendering import Child, Reader, render
from bot.settings import Settings
from survey_flows.files.approvals import approve
from survey_flows.reading_level import grade
from survey_flows.segments import count
from survey_flows.wording import fill

GUIDE = (Path(__file__).parent.parent / "docs/outreach.md").read_text(encoding="utf-8")
FIGURES = {
    "approve_above": 500,
    "outreach_per_week": 3,
    "surveys_per_fortnight": 1,
    "pause_failures": 0.2,
    "pause_stops": 0.05,
}
GOOD = """\
campaign: on-time-thanks
title: Thank you for two weeks on time
source: en
drafted: [ht]
audience: school = "Lincoln" and respondent = family
channels: [sms, telegram]
to: person
when:
  at: 2026-10-15 16:30
hours: 12:00-18:00 mon-fri
try_for: 36 hours
untranslated: source
variants: {a: 50, b: 50}
holdout: 10
fields: {help: {en: "The early bus has room.", es: "Hay lugar en el bus.", ht: "Gen plas."}}
fallback: {name: {en: there, es: familia, ht: fanmi}}
steps:
  - message:
      a: {en: "Hi {name}. {help}", es: "Hola {name}. {help}", ht: "Bonjou {name}. {help}"}
      b: {en: "{school}: {help}", es: "{school}: {help}", ht: "{school}: {help}"}
  - after: 2 days
    unless: replied
    survey: fit-staff
    set: {change: "the early bus"}
"""
PLAIN = """\
campaign: thanks
title: Thank you
audience: respondent = family
when: now
steps:
  - message: {en: "{school} thanks you."}
"""


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(CampaignError) as caught:
        loads(text, "thanks.yaml")
    return caught.value.complaints


def with_when(when: str) -> str:
    return PLAIN.replace("when: now", f"when: {when}")


def test_a_good_file_is_read_whole():
    made = loads(GOOD, "on-time-thanks.yaml")

    assert made == Campaign(
        key="on-time-thanks",
        title="Thank you for two weeks on time",
        text=GOOD,
        source="en",
        languages=("en", "es", "ht"),
        drafted=frozenset({"ht"}),
        audience='school = "Lincoln" and respondent = family',
        when=When("at", at=datetime(2026, 10, 15, 16, 30)),
        steps=made.steps,
        channels=("sms", "telegram"),
        per="person",
        hours=DEFAULT_HOURS,
        try_for=timedelta(hours=36),
        fields=made.fields,
        fallback=made.fallback,
        variants={"a": 50, "b": 50},
        holdout=10,
        untranslated="source",
    )
    first, second = made.steps
    assert first.after == timedelta()
    assert first.said("b")["es"] == "{school}: {help}"
    assert (second.after, second.survey, second.unless) == (timedelta(days=2), "fit-staff", {"replied"})
    assert second.given == {"change": "the early bus"}
    assert made.fields["help"]["ht"] == "Gen plas."


def test_what_is_left_out_is_as_the_guide_says():
    made = loads(PLAIN, "thanks.yaml")

    assert (made.source, made.languages, made.drafted) == ("en", ("en",), frozenset())
    assert (made.per, made.channels, made.hours, made.try_for) == ("household", (), DEFAULT_HOURS, TRY_FOR)
    assert (made.variants, made.holdout, made.untranslated) == ({}, 0, "wait")


def test_one_plain_text_is_in_the_source_language():
    made = loads(PLAIN.replace('{en: "{school} thanks you."}', '"{school} thanks you."'), "thanks.yaml")

    assert made.steps[0].said("a") == {"en": "{school} thanks you."}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("trigger", When("trigger")),
        ("{at: 2026-10-15T16:30:00}", When("at", at=datetime(2026, 10, 15, 16, 30))),
        ("{cron: 30 16 * * THU}", When("cron", cron="30 16 * * thu")),
        (
            "{cron: '0 9 last jan-jun *', ends: 2027-06-15}",
            When("cron", cron="0 9 last jan-jun *", ends=date(2027, 6, 15)),
        ),
        ("{date: absence, days: 3, at: '16:30'}", When("date", of="absence", days=3, time=time(16, 30))),
        ("{date: birthday, days: -7, at: 9:05}", When("date", of="birthday", days=-7, time=time(9, 5))),
    ],
)
def test_each_way_to_say_when(written, meant):
    assert loads(with_when(written), "thanks.yaml").when == meant


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("tomorrow", "line 4: 'when' cannot be 'tomorrow'."),
        ("{ends: 2027-06-15}", "'when' does not say when"),
        ("{at: 2026-10-15}", "no day with an hour"),
        ("{at: 2026-02-30 16:30}", "no day with an hour"),
        ("{at: 2026-10-15 16:30+02:00}", "without a zone"),
        ("{at: 2026-10-15 16:30, cron: 30 16 * * thu}", "'at' cannot stand beside 'cron'"),
        ("{cron: 30 16 * *}", "has 5 fields, and this has 4"),
        ("{cron: '*/5 16 * * thu'}", "once a day at most"),
        ("{cron: 30 16 * * mon#1}", "'mon#1' is no"),
        ("{cron: 30 25 * * thu}", "one number from 0 to 23"),
        ("{cron: 30 16 32 * *}", "'30 16 32 * *' is no pattern"),
        ("{cron: 0 9 30 2 *}", "never comes"),
        ("{cron: 30 16 * * thu, ends: June}", "'June' is no day"),
        ("{date: absence, days: 3}", "no 'at' beside 'date'"),
        ("{date: absence, days: some, at: '16:30'}", "no whole number from -366 to 366"),
        ("{date: absence, at: '4pm'}", "'4pm' is no hour"),
        ("{dat: absence, at: '16:30'}", "Did you mean 'date'?"),
    ],
)
def test_a_when_that_is_none_is_told_with_its_cure(written, told):
    assert told in "\n".join(faults(with_when(written)))


@pytest.mark.parametrize(
    ("part", "instead", "told"),
    [
        ("campaign: on-time-thanks", "campaign: On Time", "line 1: A campaign cannot be called 'On Time'."),
        ("title: Thank you for two weeks on time", "titel: Thanks", "Did you mean 'title'?"),
        ("title: Thank", "title: One\ntitle: Thank", "line 3: 'title' is given twice"),
        ("source: en", "source: english", "line 3: 'english' is not a language tag. Did you mean 'en'?"),
        ("es: familia", "es_MX: familia", "'es_MX' is not a language tag."),
        ("es: familia", "ES: familia", "usually written 'es'"),
        ("drafted: [ht]", "drafted: [en]", "The source language, en, cannot be a draft."),
        ("drafted: [ht]", "drafted: [so]", "'so' in 'drafted' is no language of the messages."),
        ('audience: school = "Lincoln" and respondent = family', "audience:", "'audience' is empty."),
        ("channels: [sms, telegram]", "channels: [smss]", "Did you mean 'sms'?"),
        ("channels: [sms, telegram]", "channels: [sms, sms]", "given twice in 'channels'"),
        ("channels: [sms, telegram]", "channels: []", "no channel in 'channels'"),
        ("to: person", "to: everyone", "It is one of: household, person."),
        ("hours: 12:00-18:00 mon-fri", "hours: afternoon", "line 10:"),
        ("try_for: 36 hours", "try_for: long", "Write it like 3 days or 36 hours."),
        ("try_for: 36 hours", "try_for: 5 minutes", "Between 1 hour and 30 days."),
        ("untranslated: source", "untranslated: send", "It is one of: wait, source."),
        ("variants: {a: 50, b: 50}", "variants: {a: 50, b: 40}", "add to 90, not to 100"),
        ("variants: {a: 50, b: 50}", "variants: {a: 50, c: 50}", "'b' in the message of step 1 is no variant."),
        ("variants: {a: 50, b: 50}", "variants: {a: 50, b: half}", "no whole number from 1 to 99"),
        ("variants: {a: 50, b: 50}\n", "", "has variants, and the campaign has none"),
        ("holdout: 10", "holdout: 95", "no whole number from 0 to 90"),
        ("{help: {en:", "{hlep: {en:", "No message has a gap {hlep}. Did you mean 'help'?"),
        (', ht: "Gen plas."', "", "'help' under 'fields' is not given in ht."),
        ("Hay lugar en el bus.", "Hay {lugar}.", "has a gap: {lugar}. It fills a gap itself"),
        ("fields: {help", "fields: {school: {en: x}, help", "Nothing under 'fields' can be called 'school'."),
        ('es: "Hola {name}. {help}"', 'es: "Hola. {help}"', "line 19: The message of step 1 for 'a'|has {name} in en, but not in es"),
        ('es: "Hola {name}. {help}"', 'es: "Hola {Name}. {help}"', "a brace that does not enclose a name"),
        ('es: "Hola {name}. {help}"', 'es: "Hola ${name}. {help}"', "which only surveys fill in"),
        (', es: "{school}: {help}"', "", "for 'b' is not given in es. Variants are compared"),
        ('b: {en: "{school}: {help}", ', "b: {", "is not given in the source language, en"),
        ("after: 2 days", "after: 0 days", "Step 2 does not come after step 1."),
        ("after: 2 days", "after: soon", "no length of time"),
        ("  - message:", "  - after: 1 day\n    message:", "line 18: The first step waits."),
        ("unless: replied", "unless: answered", "What can stand here: replied."),
        ("survey: fit-staff", "survey: Fit Staff", "'Fit Staff' cannot be a survey."),
        ("    survey: fit-staff\n", "", "Step 2 has to have one of 'message' and 'survey'."),
        ("    survey: fit-staff\n", "    survey: fit-staff\n    message: Hi\n", "one of 'message' and 'survey'"),
        ("steps:\n", "steps: []\nrest:\n", "There are 0 steps."),
        ("  - after: 2 days", "\t- after: 2 days", "There is a tab in this line: indent with spaces."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_its_cure(part, instead, told):
    assert part in GOOD

    found = "\n".join(faults(GOOD.replace(part, instead, 1)))

    for words in told.split("|"):
        assert words in found


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    found = faults(
        GOOD.replace("try_for: 36 hours", "try_for: x")
        .replace("to: person", "to: x")
        .replace("en\n", "en\nx: y\n", 1)
    )

    assert [fault.split(":")[0] for fault in found] == ["line 4", "line 8", "line 12"]


def test_what_is_missing_is_told_by_name():
    found = "\n".join(faults("source: en\n"))

    for needed in ("campaign", "title", "audience", "when", "steps"):
        assert f"There is no '{needed}:'." in found


def test_variants_of_which_no_message_speaks_are_a_fault():
    found = faults(PLAIN + "variants: {a: 50, b: 50}\n")

    assert "No message differs between the variants." in found[0]


def test_steps_are_later_and_later():
    steps = '  - {after: 3 days, message: "b"}\n  - {after: 2 days, message: "c"}\n'

    (fault,) = faults(PLAIN + steps)

    assert "line 8: Step 3 does not come after step 2." in fault
    assert "give more than 3 days" in fault


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "A campaign is a list of keys"),
        ("just words", "A campaign is a list of keys"),
        (f"{PLAIN}---\n{PLAIN}", "A second campaign begins here."),
        ("campaign: [", "not well-formed YAML"),
        ("a: &a [*a]", "stands within itself"),
        ("[" * 5000, "levels stand in each other"),
        ("x: " + "y" * 300_000, "larger than any campaign"),
        ("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)), "larger than any campaign"),
        ("".join(f"k{n}: v\n" for n in range(5000)), "more than 100 entries"),
        (PLAIN.replace("Thank you", '"Thank\\0you"'), "a character that no text holds"),
        (PLAIN.replace("Thank you", '"Thank\\ud800you"'), "line 2"),
        (PLAIN.replace("respondent = family", "!!python/object:os.system {}"), "'audience' has to be plain text"),
    ],
)  # fmt: skip
def test_what_is_no_campaign_at_all_is_refused_in_plain_words(text, told):
    begun = clock.monotonic()

    assert told in "\n".join(faults(text))
    assert clock.monotonic() - begun < 3


def test_an_error_says_which_file_and_prints_on_any_terminal():
    with pytest.raises(CampaignError) as caught:
        loads(PLAIN.replace("when: now", 'when: "\\e[2J\\ud800"'), "thanks.yaml")

    assert str(caught.value).startswith("thanks.yaml cannot be used:\n  line 4: ")
    assert "\x1b" not in str(caught.value)
    assert str(caught.value).encode()


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=2000)
def test_any_text_is_a_campaign_or_refused(text):
    with contextlib.suppress(CampaignError):
        loads(text, "x.yaml")


@given(st.data())
@settings(max_examples=300, deadline=2000)
def test_a_good_file_with_any_scar_is_a_campaign_or_refused(data):
    at = data.draw(st.integers(0, len(GOOD)))
    to = data.draw(st.integers(at, min(len(GOOD), at + 40)))
    scar = data.draw(st.one_of(st.text(max_size=12), st.text("{}[]:,-&*!'\"\t\n #|>%@ 0129aen", max_size=12)))
    with contextlib.suppress(CampaignError):
        made = loads(GOOD[:at] + scar + GOOD[to:], "x.yaml")
        assert made.steps
        assert all(step.survey or made.source in step.said("a") for step in made.steps)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["en", "now", "a"]),
    lambda held: (
        st.lists(held, max_size=3)
        | st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["en", "message", "at", "cron"]), held, max_size=3
        )
    ),
    max_leaves=6,
)


def places(held, before=()):
    """The way to every part of a tree of lists and mappings."""
    yield before
    inner = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, part in inner:
        yield from places(part, (*before, key))


@given(st.data())
@settings(max_examples=300, deadline=2000)
def test_a_good_file_with_anything_in_any_place_is_a_campaign_or_refused(data):
    tree = {"all": yaml.load(GOOD, yaml.BaseLoader)}
    *way, last = data.draw(st.sampled_from([place for place in places(tree) if place]))
    at = tree
    for key in way:
        at = at[key]
    at[last] = data.draw(ANYTHING)

    with contextlib.suppress(CampaignError):
        made = loads(yaml.safe_dump(tree["all"], allow_unicode=True), "x.yaml")
        assert all(step.survey or made.source in step.said("a") for step in made.steps)


@pytest.mark.parametrize("kind", LIBRARY)
def test_every_campaign_that_comes_along_is_read(kind):
    assert loads(starter(kind), f"{kind}.yaml").key == kind


def test_a_campaign_that_does_not_come_along_is_told_with_those_that_do():
    with pytest.raises(LookupError, match="missed-you"):
        starter("missing-you")


@pytest.mark.parametrize("kind", LIBRARY)
def test_what_comes_along_is_short_names_the_school_and_says_how_to_end(kind):
    made = loads(starter(kind), f"{kind}.yaml")
    two = (Child("Maria"), Child("Luis"))
    said = [(tag, step.said("")[tag]) for step in made.steps if step.texts for tag in made.languages]

    assert said
    for tag, text in said:
        who = Reader(
            UUID(int=1), None, tag, "family", "Lincoln", {"bus_route": "14"}, two, date(2026, 10, 15)
        )
        sent = render(
            {tag: text}, who, language=tag, organization="-", fields=made.fields, fallback=made.fallback
        )
        assert "{school}" in text
        assert "STOP" in text
        assert count(sent).parts <= 2, (tag, count(sent))


@pytest.mark.parametrize("kind", LIBRARY)
def test_what_comes_along_is_drafted_in_all_languages_but_english_and_plain_in_that(kind):
    made = loads(starter(kind), f"{kind}.yaml")

    assert set(made.languages) == {"en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr"}
    assert made.drafted == set(made.languages) - {"en"}
    for step in made.steps:
        if step.texts:
            spoken = fill(
                step.said("")["en"],
                {
                    **{name: texts["en"] for name, texts in made.fields.items()},
                    "school": "Lincoln",
                    "children": "Ana",
                    "day": "Monday",
                    "bus_route": "14",
                },
            )
            assert grade(spoken) <= 6


@pytest.mark.parametrize("kind", LIBRARY)
def test_what_comes_along_is_kind(kind):
    found = list(wording.texts(loads(starter(kind), f"{kind}.yaml"), "Riverbend"))

    assert [one for one in found if one.severity != "note"] == []


@pytest.mark.parametrize("kind", LIBRARY)
def test_what_comes_along_names_an_audience_that_can_be_understood(kind):
    assert parse(loads(starter(kind), f"{kind}.yaml").audience)


def test_every_campaign_in_the_guide_is_read():
    shown = re.findall(r"```yaml\n(campaign: .*?)```", GUIDE, re.DOTALL)

    assert [loads(text, "docs/outreach.md").key for text in shown] == ["absent-lincoln", "october-check-in"]


def test_the_guide_has_every_key_every_starter_and_every_state():
    for key in (*NEEDED, *MAY):
        assert f"| `{key}` |" in GUIDE
    for kind in LIBRARY:
        assert f"| `{kind}` |" in GUIDE
    for name, state in STATES.items():
        assert f"| {name} | {state.group} | {state.next} |" in GUIDE


def test_the_guide_has_the_figures_of_the_settings():
    said = " ".join(GUIDE.split())

    for name, words in {
        "approve_above": "more than 500 people",
        "outreach_per_week": "three campaign messages in seven days",
        "surveys_per_fortnight": "one survey in fourteen",
        "pause_failures": "a fifth fail",
        "pause_stops": "a twentieth of the people say STOP",
    }.items():
        assert words in said
        assert f"OPENLINE_{name.upper()}" in said
    assert {name: Settings.model_fields[name].default for name in FIGURES} == FIGURES


# Who approved which language


def approved(text: str = GOOD, language: str = "ht") -> str:
    digest = loads(text, "thanks.yaml").digest(language)
    return approve(text, language, "Marie Jean", date(2026, 11, 22), digest)


def test_an_approval_takes_a_language_off_the_drafts_and_says_who():
    made = loads(approved(), "thanks.yaml")

    assert (made.drafted, made.drafts, made.stale) == (frozenset(), frozenset(), frozenset())
    assert (made.approved["ht"].by, made.approved["ht"].on) == ("Marie Jean", "2026-11-22")


def test_an_approval_holds_for_these_words_and_no_others():
    text = approved(starter("on-time-thanks"), "es")

    def stale(old: str, new: str) -> frozenset[str]:
        assert old in text
        return loads(text.replace(old, new), "thanks.yaml").stale

    assert stale("la semana pasada vimos", "la semana  pasada vimos") == frozenset()  # a space more
    assert stale("la semana pasada vimos", "esta semana vimos") == {"es"}  # the message
    assert stale("we saw {children} every morning", "we saw {children} each morning") == {"es"}  # its source
    assert stale("preparar la mochila", "llenar la mochila") == {"es"}  # a field
    assert stale("su hijo o hija", "su hijo") == {"es"}  # a fallback
    assert stale("semaine dernière, nous", "semaine dernière nous") == frozenset()  # another language
    assert stale("holdout: 10", "holdout: 20") == frozenset()  # a comment


def test_a_language_whose_words_changed_is_a_draft_in_the_eyes_of_the_check():
    text = approved(starter("on-time-thanks"), "es").replace("preparar la mochila", "llenar la mochila")
    changed = loads(text, "thanks.yaml")

    (finding,) = translations.stale(changed)

    assert "Changed since Marie Jean approved it on 2026-11-22" in finding.what
    assert (finding.rule, finding.language, finding.severity) == ("stale", "es", "warn")
    assert "openline translate approve FILE es" in finding.cure


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("approved: {ht: Marie}", "has to be a mapping"),
        ("approved: {ht: {by: Marie}}", "does not say by whom, on which day, and of what"),
        ("approved: {fr: {by: Luc, on: 2026-11-22, of: '0'}}", "has no 'fr'"),
    ],
)
def test_an_approval_that_says_too_little_is_refused(line, complaint):
    with pytest.raises(CampaignError, match=complaint):
        loads(GOOD.replace("drafted: [ht]", line), "thanks.yaml")
