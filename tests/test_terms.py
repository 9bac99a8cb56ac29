"""The glossary of school terms: found in a text, and said as families know them."""

import pytest

from bot.translation.masking import Span
from bot.translation.terms import FOLDER, TERMS
from survey_flows.wording import gaps

LANGUAGES = ("en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")


def keys(text, language="en"):
    return [found.key for found in TERMS.in_(text, language)]


def test_every_language_has_every_term():
    assert set(TERMS.languages) == set(LANGUAGES)
    for language, terms in TERMS.languages.items():
        assert set(terms) == set(TERMS.languages["en"]), language


def test_every_term_is_found_by_each_of_its_own_forms():
    for language, terms in TERMS.languages.items():
        for term in terms.values():
            for form in (term.say, *term.forms):
                (found,) = TERMS.in_(form, language)
                same = {found.key, term.key} == {
                    "preschool",
                    "kindergarten",
                }  # one word for both in some languages
                assert found.key == term.key or same, (language, form)


def test_no_language_says_what_it_avoids():
    for language, terms in TERMS.languages.items():
        for term in terms.values():
            assert not {term.say, *term.forms} & set(term.avoid), (language, term.key)


def test_whatever_was_drafted_by_a_machine_says_so():
    for path in FOLDER.glob("*.yaml"):
        assert path.stem == "en" or "Machine-drafted" in path.read_text("utf-8").splitlines()[0]


def test_a_term_put_in_whole_keeps_its_number_and_opens_no_gap():
    for terms in TERMS.languages.values():
        assert "504" in terms["plan_504"].say
        assert not any(gaps(term.say) for term in terms.values())
        assert terms["stop_word"].say == "STOP"


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Two bus stops, and BUS PASSES", "en", ["bus_stop", "bus_pass"]),
        (
            "Parent‑teacher conference, parent-teacher  conferences",
            "en",
            ["teacher", "parent_teacher_conference"],
        ),
        ("a business, a gradesheet", "en", []),
        ("His IEPs; the iep", "en", ["iep"]),
        ("the bus does not stop here", "en", ["bus"]),
        ("las paradas de autobús", "es", ["bus_stop"]),
        ("les arrêts de bus, l'absence", "fr", ["bus_stop", "absence"]),
        ("您的孩子坐校车吗", "zh-Hans", ["bus"]),
        ("您的孩子坐校车吗", "zh-CN", ["bus"]),
        ("孩子的IEP计划", "zh-Hans", ["iep"]),
        ("هل تأخرت الحافلة وبالمدرسة المتوسطة", "ar", ["bus", "middle_school"]),
        ("xe buýt của trường", "vi", ["bus"]),
        ("bus", "so", []),
    ],
)
def test_terms_are_found_whatever_their_number_and_case(text, language, found):
    assert keys(text, language) == found


def test_of_two_terms_the_longer_is_found_where_it_stands():
    (found,) = TERMS.in_("an unexcused absence", "en")

    assert (found.key, found.start, found.end, found.said) == (
        "unexcused_absence",
        3,
        20,
        "unexcused absence",
    )


def test_only_names_and_letters_are_kept_from_an_engine():
    spans = TERMS.spans("Ask a teacher about the IEP. Reply STOP.", "en", "vi")

    assert spans == [Span(24, 27, "IEP", "term"), Span(35, 39, "STOP", "term")]


def test_a_false_friend_is_told_with_what_to_say_instead():
    (amiss,) = TERMS.amiss("Detention is on Friday.", "en", "La detención es el viernes.", "es")

    assert (amiss.said, amiss.say) == ("detención", "quedarse después de clases")


def test_a_word_to_avoid_is_nothing_amiss_beside_the_right_one_or_without_its_term():
    right = "El director, que es la figura principal, llama."

    assert TERMS.amiss("The principal, the main figure, calls.", "en", right, "es") == []
    assert TERMS.amiss("The main reason", "en", "La razón principal", "es") == []
