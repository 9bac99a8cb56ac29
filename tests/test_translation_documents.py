"""What can be translated in a file is all that people are shown, and what is written back leaves the rest as it was."""

import difflib
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import survey_flows
from bot.outreach import campaign_file
from bot.translation.documents import (
    HEARD,
    Unwritable,
    campaign_units,
    phrase_units,
    survey_units,
    write,
)
from bot.translation.documents.scalars import scalar
from bot.translation.documents.writing import places
from survey_flows import LIBRARY, library, phrases
from survey_flows.choices import One
from survey_flows.items import Block, Note, Quota
from survey_flows.program import walked
from survey_flows.questions import Question

SURVEYS = [Path(survey_flows.__file__).parent / "library" / f"{key}.yaml" for key in LIBRARY]
CAMPAIGNS = [campaign_file.FOLDER / f"{key}.yaml" for key in campaign_file.LIBRARY]
ODD = (
    "¿Qué: tal? # no es un comentario", "no", "1.0", "- uno", "'", '"', "a\nb", "a\n\nb: c", "{school} ${first_name}",
    "نعم: لا، شكرًا", "👩‍👧 sí", "\\n", "* x", "& y", "% z", "[1, 2]", "key: [a", "~", "null", "2026-11-22", "!x", "x #y",
    "a\n  b", "ends with:", "👍", "e\u0301", "\u200fمرحبا", "a\tb", "a\u00a0b", "?", "a, b", "a\u2028b", "\ufeffa", "0x1F", "=",
)  # fmt: skip


def units_of(text: str):
    """The units of a file, whatever it is."""
    if "\ncampaign:" in f"\n{text}":
        return campaign_units(campaign_file.loads(text, "test"))
    return survey_units(survey_flows.loads(text, "test"), heard=True)


def kept_gaps(unit, said: str) -> str:
    """A text with the gaps of the source, and with what a first message needs."""
    needed = re.findall(r"\$?\{[^}]*\}", unit.text) + (["STOP"] if "STOP" in unit.text else [])
    return f"{said} {' '.join(needed)}".strip()


# What is offered


def shown(survey) -> Counter:
    """Every text of a survey, as people are shown it."""
    found = [survey.title, survey.intro, *survey.fields.values(), *survey.contact.values()]
    if re.search(r"(?m)^thanks:", survey.text):
        found.append(survey.thanks)
    for item, _, _ in walked(survey.items):
        if isinstance(item, Quota) and item.texts:
            found.append(item.texts)
        if isinstance(item, Note | Question):
            found += item.texts.values()
        if isinstance(item, Question):
            limit = item.constraint.texts if item.constraint else None
            found += [texts for texts in (item.hints, item.required_texts, limit) if texts]
        if isinstance(item, One):
            ours = {phrases.say("none", tag) for tag in survey.languages}
            found += [option.labels for option in item.options if not set(option.labels.values()) <= ours]
        assert not isinstance(item, Block) or item.repeat is None  # the library has none: see below
    return Counter(tuple(sorted(texts.items())) for texts in found)


@pytest.mark.parametrize("key", LIBRARY)
def test_each_text_of_a_survey_that_is_shown_is_exactly_one_unit(key):
    survey = library(key)

    units = survey_units(survey)

    offered = Counter(tuple(sorted({unit.source: unit.text, **unit.texts}.items())) for unit in units)
    assert offered == shown(survey)
    assert len({unit.context for unit in units}) == len(units)


@pytest.mark.parametrize("key", campaign_file.LIBRARY)
def test_each_text_of_a_campaign_that_is_sent_is_exactly_one_unit(key):
    campaign = campaign_file.loads(campaign_file.starter(key), key)

    units = campaign_units(campaign)

    texts = [texts for step in campaign.steps for texts in step.texts.values()]
    texts += [*campaign.fields.values(), *campaign.fallback.values()]
    offered = Counter(tuple(sorted({unit.source: unit.text, **unit.texts}.items())) for unit in units)
    assert offered == Counter(tuple(sorted(each.items())) for each in texts)
    assert len({unit.context for unit in units}) == len(units)


def test_every_phrase_is_a_unit_but_those_that_count_and_what_is_about_consent_or_danger_is_critical():
    units = {unit.context.removeprefix("phrase:"): unit for unit in phrase_units()}

    assert units.keys() == phrases.PHRASES.keys() - phrases.COUNTED
    critical = {name for name, unit in units.items() if unit.critical}
    assert critical == {"consent", "anonymous", "stopped", "started", "help", "person", "crisis"}
    assert all(set(unit.texts) == set(phrases.LANGUAGES) - {"en"} for unit in units.values())
    assert not any(unit.approved for unit in units.values())  # nobody has approved any so far


WHOLE = """\
survey: whole
source: en
drafted: [es]
variants: [student]
fields:
  change: {en: a later bus, es: un autobús más tarde}
contact:
  first_name: {en: friend, es: amigo}
title: {en: Whole, es: Todo}
intro: {en: "{school} asks. Reply STOP to end.", es: "{school} pregunta. Responda STOP para terminar."}
thanks: {en: Thanks for {change}, es: Gracias por {change}}
lists:
  ways:
    - {key: bus, en: By bus, es: En autobús}
    - {key: walk, en: On foot, es: A pie}
questions:
  - {note: {en: In danger call 911., es: "En peligro, llame al 911."}, key: danger}
  - key: how
    kind: one
    choices: ways
    text: {en: "How, ${first_name}?", es: "¿Cómo, ${first_name}?"}
    student: {en: How do you come?, es: ¿Cómo vienes?}
    hint: {en: One of these, es: Uno de estos}
    required: {en: Please choose., es: Elija.}
  - group: child
    label: {en: a child, es: un hijo}
    repeat: yes
    questions:
      - key: age
        kind: number
        units: {en: [years], es: [años]}
        constraint: {that: ". < 20", say: {en: Too old., es: Demasiado.}}
        text: {en: How old?, es: ¿Qué edad?}
  - quota: enough
    most: 10
    full: {en: Enough., es: Basta.}
  - key: which
    kind: many
    text: {en: Which?, es: ¿Cuáles?}
    none: {en: None, es: Nada}
    choices:
      - {key: a, en: One, es: Uno, also: {en: [first, the first], es: [primero]}}
      - {key: b, en: Two, es: Dos}
""".replace("Thanks for {change}", '"Thanks for {change}"').replace("Gracias por {change}", '"Gracias por {change}"')  # fmt: skip


def test_all_that_a_survey_can_hold_is_offered_under_keys_that_stay():
    units = {unit.context: unit for unit in survey_units(survey_flows.loads(WHOLE, "whole"), heard=True)}

    assert list(units) == [
        "survey:whole/title", "survey:whole/intro", "survey:whole/field:change", "survey:whole/contact:first_name",
        "survey:whole/thanks", "survey:whole/list:ways/bus", "survey:whole/list:ways/walk", "survey:whole/danger/note",
        "survey:whole/how/ask", "survey:whole/how/ask/student", "survey:whole/how/hint", "survey:whole/how/required",
        "survey:whole/child/label", "survey:whole/age/ask", "survey:whole/age/constraint",
        f"survey:whole/age/units{HEARD}", "survey:whole/enough/full", "survey:whole/which/ask",
        "survey:whole/which/choice/a", f"survey:whole/which/choice/a{HEARD}", "survey:whole/which/choice/b",
        "survey:whole/which/none",
    ]  # fmt: skip
    assert units["survey:whole/which/none"].group == units["survey:whole/which/choice/a"].group != ""
    assert units["survey:whole/list:ways/bus"].group == units["survey:whole/list:ways/walk"].group
    assert units["survey:whole/danger/note"].critical
    assert not units["survey:whole/intro"].critical
    assert "${first_name} is the person's first name" in units["survey:whole/how/ask"].note
    assert "{change} is words that staff put in, like 'a later bus'" in units["survey:whole/thanks"].note
    assert units[f"survey:whole/which/choice/a{HEARD}"].text == "first | the first"
    assert all(unit.approved == frozenset() for unit in units.values())


def test_a_key_that_another_survey_inserts_before_it_moves_nothing():
    later = WHOLE.replace(
        "  - group: child", "  - {key: new, kind: open, text: {en: New?, es: ¿Nuevo?}}\n  - group: child"
    )
    before, after = (
        {unit.context: unit.text for unit in survey_units(survey_flows.loads(text, "whole"))}
        for text in (WHOLE, later)
    )

    assert after.items() - before.items() == {("survey:whole/new/ask", "New?")}
    assert before.items() <= after.items()


def test_a_survey_that_another_includes_keeps_its_own_keys():
    one = WHOLE.replace("survey: whole", "survey: outer").replace("key: how\n", "key: how_\n")
    one = one[: one.index("questions:")] + "questions:\n  - include: whole\n"

    contexts = [unit.context for unit in survey_units(survey_flows.loads(f"{one}---\n{WHOLE}", "outer"))]

    assert "survey:outer/title" in contexts
    assert "survey:whole/how/ask" in contexts
    assert "survey:whole/title" not in contexts  # it is not shown


def test_whoever_is_approved_is_approved():
    (unit, *_) = survey_units(survey_flows.loads(WHOLE.replace("drafted: [es]\n", ""), "whole"))

    assert unit.approved == {"es"}


# Writing back


def changed_lines(before: str, after: str) -> list[str]:
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in found if line[:1] in "+-" and not line.startswith(("+++", "---"))]


@pytest.mark.parametrize("file", [*SURVEYS, *CAMPAIGNS], ids=lambda file: file.stem)
def test_every_unit_of_a_language_can_be_written_and_nothing_else_changes(file):
    text = file.read_text(encoding="utf-8")
    units = units_of(text)
    odd = [said for said in ODD if "{" not in said]
    changes = {
        (unit.context, "es"): f"q{at} {kept_gaps(unit, odd[at % len(odd)])}"
        for at, unit in enumerate(units)
        if not unit.context.endswith(HEARD)
    }

    written = write(text, changes)

    again = {unit.context: unit for unit in units_of(written)}
    for unit in units:
        assert again[unit.context].text == unit.text
        wanted = changes.get((unit.context, "es"), unit.texts.get("es"))
        assert again[unit.context].texts == {**unit.texts, "es": wanted}, unit.context
    assert re.findall(r"#.*", "\n".join(removed(text, written))) == []
    expected = re.compile(
        r"^\s*(?:- )?(?:es:|\{.*\bes: |\S)"
    )  # a line of this language, or one in brackets with it
    assert all(expected.match(line) and "es" in line for line in removed(text, written))


def removed(before: str, after: str) -> list[str]:
    return [line[1:] for line in changed_lines(before, after) if line.startswith("-")]


@pytest.mark.parametrize("file", [*SURVEYS, *CAMPAIGNS], ids=lambda file: file.stem)
def test_a_new_language_adds_lines_and_takes_none_away(file):
    text = file.read_text(encoding="utf-8")
    units = [unit for unit in units_of(text) if not unit.context.endswith(HEARD)]
    changes = {
        (unit.context, "so"): f"{kept_gaps(unit, 'Waa maxay: ' + str(at))} # {at}"
        for at, unit in enumerate(units)
    }

    written = write(text, changes)

    again = {unit.context: unit.texts["so"] for unit in units_of(written) if "so" in unit.texts}
    assert again == {context: said for (context, _), said in changes.items()}
    for line in removed(text, written):
        assert line.startswith("drafted:") or "{" in line, (
            line
        )  # a text in brackets has its languages in one line
    assert "so" in survey_or_campaign(written).drafts


def survey_or_campaign(text: str):
    return (
        campaign_file.loads(text, "test")
        if "\ncampaign:" in f"\n{text}"
        else survey_flows.loads(text, "test")
    )


def test_what_is_written_as_it_stands_changes_nothing():
    for file in (*SURVEYS, *CAMPAIGNS):
        text = file.read_text(encoding="utf-8")
        changes = {
            (unit.context, tag): said
            for unit in units_of(text)
            for tag, said in unit.texts.items()
            if not unit.context.endswith(HEARD)
        }
        written = write(text, changes)

        assert {u.context: u.texts for u in units_of(written)} == {u.context: u.texts for u in units_of(text)}
        assert survey_or_campaign(written).drafts == survey_or_campaign(text).drafts


OWN = """\
# Ours alone.
survey: mornings   # the key
title: Mornings

intro: >-
  {school} asks two things
  about mornings. Reply STOP to end.

questions:
  # the first
  - key: hard
    kind: one
    text: Was it hard?  # a remark
    choices:
      - {key: yes_, en: It was}
      - key: no_
        en: "It was not"
  - {key: why, kind: open, text: "Why, or why not?"}
"""


def test_a_survey_in_english_only_gets_a_language_everywhere():
    texts = {
        "title": "Mañanas", "intro": "{school} pregunta dos cosas.\nResponda STOP para terminar.", "hard/ask": "¿Fue difícil?",
        "hard/choice/yes_": "Lo fue", "hard/choice/no_": "No lo fue", "why/ask": "¿Por qué?",
    }  # fmt: skip

    written = write(OWN, {(f"survey:mornings/{where}", "es"): said for where, said in texts.items()})

    assert (
        written
        == """\
# Ours alone.
survey: mornings   # the key
drafted: [es]
title:
  en: Mornings
  es: Mañanas

intro:
  en: >-
    {school} asks two things
    about mornings. Reply STOP to end.
  es: |-
    {school} pregunta dos cosas.
    Responda STOP para terminar.

questions:
  # the first
  - key: hard
    kind: one
    text:
      en: Was it hard?  # a remark
      es: ¿Fue difícil?
    choices:
      - {key: yes_, en: It was, es: Lo fue}
      - key: no_
        en: "It was not"
        es: "No lo fue"
  - {key: why, kind: open, text: {en: "Why, or why not?", es: "¿Por qué?"}}
"""
    )
    made = survey_flows.loads(written, "mornings")
    assert (made.languages, made.drafts, made.intro["en"]) == (
        ("en", "es"),
        {"es"},
        "{school} asks two things about mornings. Reply STOP to end.",
    )


def test_what_has_no_translation_yet_is_marked_and_the_language_is_a_draft_until_it_has_one():
    written = write(OWN, {("survey:mornings/title", "es"): "Mañanas"})

    made = survey_flows.loads(written, "mornings")

    assert '  es: !missing ""\n' in written
    assert '{en: "Why, or why not?", es: !missing ""}' in written
    assert made.question("why").texts[None]["es"] == "Why, or why not?"
    assert survey_flows.loads(written.replace("drafted: [es]\n", ""), "mornings").drafts == {"es"}
    assert [unit.context for unit in survey_units(made) if "es" in unit.texts] == ["survey:mornings/title"]
    assert write(written, {("survey:mornings/why/ask", "es"): "¿Por qué?"}) == written.replace(
        'es: !missing ""}}', 'es: "¿Por qué?"}}'
    )


def test_a_campaign_marks_what_is_missing_too():
    text = campaign_file.starter("on-time-thanks")
    written = write(text, {("campaign:on-time-thanks/field:tip", "so"): "Hal talo."})

    made = campaign_file.loads(written, "on-time-thanks")

    assert made.lacking == {"so"}
    assert "so" in made.drafts
    assert made.steps[0].said("")["so"] == made.steps[0].said("")["en"]


def test_lines_that_end_as_on_windows_stay_so():
    written = write(OWN.replace("\n", "\r\n"), {("survey:mornings/hard/ask", "es"): "¿Fue\ndifícil?"})

    assert "\n" not in written.replace("\r\n", "")
    assert survey_flows.loads(written, "mornings").question("hard").texts[None]["es"] == "¿Fue\ndifícil?"


def test_words_that_are_heard_are_written_as_a_list_and_need_no_draft():
    text = WHOLE.replace("drafted: [es]\n", "")
    written = write(text, {(f"survey:whole/which/choice/a{HEARD}", "es"): "primero |el 1: ese | uno, sí"})

    assert 'es: [primero, "el 1: ese", "uno, sí"]' in written
    assert "drafted" not in written


def test_a_language_that_was_approved_is_a_draft_again_and_says_why():
    text = WHOLE.replace("drafted: [es]\n", "")
    digest = survey_flows.files.approvals.digest(survey_flows.loads(text, "whole"), "es")
    text = text.replace(
        "source: en\n", f"source: en\napproved: {{es: {{by: Ana, on: 2026-11-22, of: '{digest}'}}}}\n"
    )
    assert survey_flows.loads(text, "whole").drafts == frozenset()

    written = write(text, {("survey:whole/age/ask", "es"): "¿Cuántos años?"})

    assert "drafted" not in written
    assert survey_flows.loads(written, "whole").stale == {"es"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("survey:whole/nowhere", "es"), "survey:whole/nowhere is not in this file"),
        (("survey:whole/title", "en"), "en is the language that the file is written in"),
    ],
)
def test_what_cannot_be_written_says_so(change, told):
    with pytest.raises((LookupError, Unwritable), match=told):
        write(WHOLE, {change: "x"})


def test_no_words_are_no_translation():
    with pytest.raises(Unwritable, match="there are no words"):
        write(WHOLE, {("survey:whole/title", "es"): " \n"})


def test_an_anchor_is_never_written_through_to_what_it_is_not_meant_for():
    text = WHOLE.replace(
        "hint: {en: One of these, es: Uno de estos}", "hint: &h {en: One of these, es: Uno de estos}"
    )
    text = text.replace("required: {en: Please choose., es: Elija.}", "required: *h")
    written = write(text, {("survey:whole/how/hint", "es"): "Uno"})

    question = survey_flows.loads(written, "whole").question("how")

    assert (question.hints["es"], question.required_texts["es"]) == ("Uno", "Uno")  # one text, in two places
    with pytest.raises(Unwritable):
        write(text, {("survey:whole/how/hint", "es"): "Uno", ("survey:whole/how/required", "es"): "Dos"})


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\n:#'\"\\,{}[]-? "),
    min_size=1,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=TEXTS.filter(lambda text: text.strip()), at=st.integers(0, 11))
def test_any_words_are_read_again_as_they_were_written(said, at):
    place = list(places(OWN.replace("title: Mornings", "title: {en: Mornings}")))[at % 6]

    written = write(OWN, {(place.context, "es"): said})

    found = {place.context: place.texts(("en", "es"), "en") for place in places(written)}
    assert found[place.context]["es"] == said.replace("\r\n", "\n").strip()


@pytest.mark.parametrize("said", ODD)
def test_odd_words_are_written_so_that_yaml_gives_them_back(said):
    import yaml

    for flow in (True, False):
        row = scalar(said, flow=flow, indent=2)
        text = f"{{a: {row}, b: x}}" if flow else f"a: {row}\nb: x"
        for loader in (yaml.SafeLoader, yaml.CSafeLoader):
            assert yaml.load(text, loader) == {"a": said, "b": "x"}
