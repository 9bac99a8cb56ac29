import pytest

from analysis import codebook
from analysis.aid import GLOSSES, Aid
from analysis.coder import aid_of
from analysis.cues import fold

VIETNAMESE = ["xe buýt trễ hoài", "con không có xe", "con đi học trễ", "cô giáo không nói", "cỏ"]


@pytest.fixture(scope="module")
def aid():
    return aid_of(codebook.load())


def test_creole_is_read_beside_what_its_words_mean(aid):
    helped = aid.help("Bis lekòl la an reta", "ht")

    assert helped.startswith("Bis lekòl la an reta. ")
    assert "bus" in helped
    assert "school" in helped
    assert "late" in helped


def test_a_phrase_is_found_before_its_words_with_or_without_accents(aid):
    with_accents, without = aid.help("mwen pa gen machin", "ht"), aid.help("LÈ YO LAGE", "ht")

    assert with_accents.endswith("no car")
    assert without.endswith(aid.help("le yo lage", "ht").split(". ")[1])
    assert "dismissal" in without


def test_words_that_no_list_has_stay_in_their_place_and_particles_go(aid):
    assert aid.help("Wilner pa gen zzz xx machin", "ht").endswith(". wilner no zzz car")


def test_vietnamese_without_accents_gets_them_back_by_the_word_before():
    aid = Aid({"vi": VIETNAMESE})

    assert aid.help("Xe buyt tre, con khong di hoc", "vi") == "xe buýt trễ, con không đi học"
    # "co" alone is most often "có" or "cô"; after "không" it is "có", before "giáo" "cô".
    assert aid.help("khong co", "vi") == "không có"
    assert aid.help("co giao", "vi") == "cô giáo"


def test_vietnamese_with_accents_is_read_as_it_came(aid):
    assert aid.help("Xe buýt tre", "vi") == "Xe buýt tre"


def test_words_never_seen_with_accents_stay(aid):
    assert aid.help("zoom 7h15!", "vi") == "zoom 7h15!"
    assert aid.help("", "vi") == ""


@pytest.mark.parametrize("language", ["en", "es", "zh-Hans", "so", "../ht"])
def test_other_languages_are_read_as_they_came(aid, language):
    assert aid.help("bis la an reta, no hay bus", language) == "bis la an reta, no hay bus"


def test_only_the_codebook_s_own_language_lends_its_accents(aid):
    helped = aid.help("khong co xe hoi", "vi")

    assert helped == "không có xe hơi"
    assert fold(helped) == "khong co xe hoi"


def test_each_word_list_says_that_no_speaker_has_approved_it():
    for path in GLOSSES.glob("*.yaml"):
        assert "drafted: true" in path.read_text(encoding="utf-8")
