"""What goes out to translators comes back as it was, through any kind of file; and what each row then means."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import survey_flows
from bot.translation import exchange
from bot.translation.documents import phrase_units, survey_units
from bot.translation.exchange import Returned, base
from bot.translation.units import Unit

KINDS = ("xliff", "po", "xlsx")
LANGUAGES = ("es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")
SIGNS = st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufffe\uffff")
NASTY = st.sampled_from(
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "]]>", "<!--", "&amp;", "&lt;b&gt;", '"quoted"', "'", "\\n", "\\", "\n", "\r\n",
        "\r", "\t", " ", "  ", "\u00a0", "\u2028", "\x85", "\x0b", "\x1f", "{school}", "${first_name}", "{school}{school}",
        "{", "}", "{}", "%s", "100% d", "👩‍👧‍👦", "🇭🇹", "مدرسة", "\u200f", "\u202e", "学校", "é", "e\u0301", "_x000D_", "_x0041_",
        "_x", "msgid", "#, fuzzy", "openline:key", "a,b;c", "<ph id='1'/>", "STOP", "x" * 300, "0", "007", "1e5", "TRUE",
    ]
)  # fmt: skip
TEXTS = (
    st.lists(st.one_of(st.text(SIGNS, max_size=12), NASTY), min_size=1, max_size=6).map("".join).filter(bool)
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_unit(text="Was it hard?", spanish="", context="survey:mornings/hard/ask", **more):
    return Unit(context, "en", text, texts={"es": spanish} if spanish else {}, **more)


def there_and_back(units, kind, target="es", **how):
    return exchange.read(exchange.write(units, target, kind, **how), f"back{exchange.ENDINGS[kind]}")


def what_counts(returned):
    return [(row.context, row.text, row.translation, row.state, row.digest) for row in returned.rows]


def as_it_was(units, target, **how):
    rows = exchange.sheet_of(units, target, **how).rows
    return [(row.context, row.text, row.translation, row.state, row.digest) for row in rows]


def verdicts(returned, units, target="es"):
    matches, complaints = exchange.match(returned, units, target)
    return [match.verdict for match in matches], [complaint.word for complaint in complaints]


def changed(returned, **how):
    return replace(returned, rows=tuple(replace(row, **how) for row in returned.rows))


@st.composite
def many_units(draw):
    texts = draw(st.lists(st.tuples(TEXTS, st.one_of(st.just(""), TEXTS)), min_size=1, max_size=5))
    units = [
        Unit(
            f"survey:s/q{number}/ask",
            "en",
            text,
            note=draw(TEXTS),
            texts={"ar": translation},
            approved=draw(st.sampled_from([frozenset(), frozenset({"ar"})])),
        )
        for number, (text, translation) in enumerate(texts)
    ]
    return units, draw(st.sets(st.sampled_from([unit.context for unit in units])))


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(many_units())
def test_any_text_comes_back_as_it_was(kind, drawn):
    units, stale = drawn

    back = there_and_back(units, kind, "ar", stale=stale)

    assert what_counts(back) == as_it_was(units, "ar", stale=stale)
    assert back.complaints == ()
    assert (back.kind, back.source, back.target) == (kind, "en", "ar")


@FEW
@given(many_units())
def test_from_one_kind_of_file_to_the_next_nothing_is_lost(drawn):
    units, stale = drawn
    now = units
    for kind in KINDS:
        rows = there_and_back(now, kind, "ar", stale=stale).rows
        now = [
            Unit(
                row.context,
                "en",
                row.text,
                texts={"ar": row.translation},
                approved=frozenset({"ar"} if row.state == "approved" else ()),
            )
            for row in rows
        ]

    assert as_it_was(now, "ar", stale=stale) == as_it_was(units, "ar", stale=stale)


HELD = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""All but NUL, which no database holds either: whoever sends it back is told so."""


@FEW
@given(st.text(HELD, min_size=1), st.text(HELD))
def test_xliff_holds_even_what_xml_does_not(text, translation):
    units = [a_unit(text, translation)]

    assert what_counts(there_and_back(units, "xliff")) == as_it_was(units, "es")


@pytest.mark.parametrize("kind", ["po", "xlsx"])
@pytest.mark.parametrize("sign", ["\0", "\ud83d"])
def test_what_a_format_cannot_hold_is_refused_with_the_place(kind, sign):
    with pytest.raises(exchange.ExchangeError, match=r"survey:mornings/hard/ask: .*character.*Take it out"):
        exchange.write([a_unit(f"a{sign}b")], "es", kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_survey_of_the_library_comes_back_in_every_language(kind, language):
    units = [unit for key in survey_flows.LIBRARY for unit in survey_units(survey_flows.library(key))]
    assert len(units) > 400

    back = there_and_back(units, kind, language)

    assert sorted(what_counts(back)) == sorted(as_it_was(units, language))
    assert back.complaints == ()
    assert set(verdicts(back, units, language)[0]) <= {"unchanged", "missing"}


@pytest.mark.parametrize("kind", KINDS)
def test_openlines_own_phrases_come_back_in_every_language(kind):
    units = phrase_units()
    for language in survey_flows.phrases.LANGUAGES:
        if language != "en":
            assert what_counts(there_and_back(units, kind, language)) == as_it_was(units, language)


@pytest.mark.parametrize("kind", KINDS)
def test_a_survey_whose_source_is_not_english_goes_out_as_well(kind):
    units = [Unit("survey:m/ask", "ht", "Èske li difisil?", texts={"en": "Is it hard?"})]

    back = there_and_back(units, kind, "en")

    assert (back.source, back.target) == ("ht", "en")
    assert what_counts(back) == as_it_was(units, "en")


@pytest.mark.parametrize("kind", KINDS)
def test_forms_of_a_text_that_counts_come_back_each(kind):
    arabic = [
        Unit(
            f"phrase:reminder/form/{form}",
            "en",
            "{count} questions are left." if form else "One question is left.",
            texts={"ar": f"{form} {{count}}"},
        )
        for form in range(6)
    ]
    some = arabic[:2]

    assert what_counts(there_and_back(arabic, kind, "ar")) == as_it_was(arabic, "ar")
    assert what_counts(there_and_back(some, kind, "ar")) == as_it_was(some, "ar")
    assert b"msgid_plural" in exchange.write(arabic, "ar", "po")
    assert "Said of 3, 4, 5" in exchange.write(arabic, "ar", "xliff").decode()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_approved_may_be_left_out(kind):
    units = [
        a_unit(spanish="¿Fue difícil?", approved=frozenset({"es"})),
        a_unit("Thanks", context="survey:mornings/thanks"),
    ]

    back = there_and_back(units, kind, approved=False)

    assert [row.context for row in back.rows] == ["survey:mornings/thanks"]
    assert there_and_back(units[:1], kind, approved=False).rows == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_translation_that_was_written_is_new_and_another_is_changed(kind):
    units = [a_unit(), a_unit("Thanks", "Gracias", "survey:mornings/thanks")]
    back = changed(there_and_back(units, kind), translation="Otra cosa", state="draft")

    assert verdicts(back, units) == (["new", "changed"], [])


def test_what_is_only_approved_is_approved():
    units = [a_unit(spanish="¿Fue difícil?")]
    back = changed(there_and_back(units, "xlsx"), state="approved")

    assert verdicts(back, units) == (["approved"], [])
    assert {"new", "changed", "approved"} == exchange.WANTED


@pytest.mark.parametrize("kind", KINDS)
def test_where_the_source_has_changed_meanwhile_the_row_is_stale_and_not_taken(kind):
    back = changed(there_and_back([a_unit()], kind), translation="¿Fue difícil?", state="draft")

    assert verdicts(back, [a_unit("Was it very hard?")]) == (["stale"], ["stale"])


def test_a_source_composed_differently_is_the_same_source():
    back = changed(there_and_back([a_unit("Caf\u00e9?")], "xlsx"), translation="¿Café?")

    assert verdicts(back, [a_unit("Cafe\u0301?")])[0] == ["new"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_translation_that_was_deleted_is_said_to_be_and_one_that_never_was_is_not(kind):
    units = [a_unit(spanish="¿Fue difícil?"), a_unit("Thanks", context="survey:mornings/thanks")]
    back = changed(there_and_back(units, kind), translation="", state="missing")

    assert verdicts(back, units) == (["emptied", "missing"], ["emptied"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_that_nobody_touched_does_not_undo_what_was_mended_since(kind):
    back = there_and_back([a_unit(spanish="¿Fue dificil?")], kind)

    assert verdicts(back, [a_unit(spanish="¿Fue difícil?")]) == (["untouched"], [])


@pytest.mark.parametrize("kind", KINDS)
def test_what_both_have_changed_is_a_clash(kind):
    back = changed(there_and_back([a_unit(spanish="uno")], kind), translation="dos")

    assert verdicts(back, [a_unit(spanish="tres")]) == (["clash"], ["clash"])


def test_a_text_that_is_there_no_longer_is_unknown_and_the_others_stand():
    units = [a_unit(), a_unit("Thanks", context="survey:mornings/thanks")]
    back = changed(there_and_back(units, "po"), translation="Gracias", state="draft")

    assert verdicts(back, units[1:]) == (["unknown", "new"], ["unknown"])


def test_rows_that_stand_twice_are_told_unless_they_say_the_same():
    back = there_and_back([a_unit(), a_unit("Thanks", context="survey:mornings/thanks")], "xlsx")
    first, second = back.rows
    units = [a_unit(), a_unit("Thanks", context="survey:mornings/thanks")]
    other = replace(first, translation="¿Fue difícil?", state="draft", place="row 9")

    assert verdicts(replace(back, rows=(first, second, first)), units)[0] == ["missing", "missing"]
    assert verdicts(replace(back, rows=(first, second, other)), units) == (
        ["duplicate", "missing", "duplicate"],
        ["duplicate", "duplicate"],
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_in_another_language_is_refused_by_name(kind):
    units = [a_unit()]

    with pytest.raises(exchange.ExchangeError, match=r"into fr, and es was asked for\. Import it as fr"):
        exchange.match(there_and_back(units, kind, "fr"), units, "es")


def test_tags_that_tools_write_differently_are_one_language():
    units = [a_unit()]

    for tag in ("zh-CN", "zh-hans", "zh_Hans"):
        assert (
            verdicts(replace(there_and_back(units, "po", "zh-Hans"), target=tag), units, "zh-Hans")[1] == []
        )


def test_a_file_of_another_survey_and_one_from_another_source_are_refused():
    back = there_and_back([a_unit()], "po")

    with pytest.raises(exchange.ExchangeError, match="none of its rows is of these texts"):
        exchange.match(back, [a_unit(context="survey:other/ask")], "es")
    with pytest.raises(exchange.ExchangeError, match="translates from en; these texts are in ht"):
        exchange.match(back, [Unit("survey:mornings/hard/ask", "ht", "Èske li difisil?")], "es")


def test_what_the_readers_complained_of_is_complained_of():
    one = exchange.Complaint("f.po", "line 3", "unreadable", "What.", "Cure.")
    back = replace(there_and_back([a_unit()], "po"), complaints=(one,))

    assert exchange.match(back, [a_unit()], "es")[1] == (one,)
    assert str(one) == "f.po, line 3: What. Cure."


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ([], "one source language"),
        ([a_unit(), a_unit()], "one context"),
        ([a_unit(context="survey:m n")], "contexts that are none"),
        ([Unit("a", "es", "Hola")], "another target"),
        ([Unit("a", "en", "Hi"), Unit("b", "fr", "Salut")], "one source language"),
    ],
)
def test_units_that_cannot_stand_in_one_file_are_refused(units, reason):
    with pytest.raises(ValueError, match=reason):
        exchange.write(units, "es", "po")


@FEW
@given(TEXTS, TEXTS)
def test_digests_differ_where_texts_do(one, other):
    assume(base.unicodedata.normalize("NFC", one) != base.unicodedata.normalize("NFC", other))

    assert base.digest(one) != base.digest(other)


def test_the_same_units_make_the_same_text_files():
    units = survey_units(survey_flows.library("getting-to-school"))

    for kind in ("xliff", "po"):
        assert exchange.write(units, "ar", kind) == exchange.write(units, "ar", kind)


@pytest.mark.parametrize("module", [each.name for each in pkgutil.iter_modules(exchange.__path__)])
def test_examples_run(module):
    assert doctest.testmod(importlib.import_module(f"bot.translation.exchange.{module}")).failed == 0


def test_nothing_comes_back_but_what_is_said_to():
    assert isinstance(there_and_back([a_unit()], "po"), Returned)
