"""The page for families: plain, in their language and its direction, true to the numbers, and never a draft unawares."""

import io
import re
from dataclasses import replace
from functools import cache
from gettext import c2py

import made_up
import pytest
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from conftest import missing
from hypothesis import given
from hypothesis import strategies as st

from analysis import codebook
from analysis.findings import GroupFinding
from bot.outreach import campaign_file
from bot.reports import campaign, families, page, paper, plan, words
from bot.reports.families import Plan
from survey_flows import library, reading_level, segments
from survey_flows.wording import gaps

LANGUAGES = words.LANGUAGES
SCHOOL = "Riverbend School District"
PLAN = Plan(
    will_do={
        "en": "Two more buses for Lincoln, from November 2.",
        "ar": "حافلتان إضافيتان ابتداءً من 2 نوفمبر.",
    },
    contact={"en": "Call or text 617-555-0100"},
)
summary = cache(made_up.summary)


def made(language, found=None, plan=PLAN, folder=None, titles=None):
    return families.page(found or summary(), words.read(language, folder), plan, SCHOOL, titles or {})


def soup(language, **changes):
    return BeautifulSoup(page.for_families(made(language, **changes)), "html.parser")


def plain(node):
    return " ".join(node.get_text(" ").split())


def catalogue(language):
    with (words.FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), abort_invalid=True)


def parts(text):
    return (text,) if isinstance(text, str) else tuple(text)


def with_shares(*shares):
    """The made-up findings with other shares of the first themes."""
    found = summary()
    changed = [
        replace(theme, share=share, count=round(share * found.heard))
        for theme, share in zip(found.themes, shares, strict=False)
    ]
    return replace(found, themes=(*changed, *found.themes[len(changed) :]))


def test_the_page_is_there_in_all_languages_of_the_surveys_that_come_with_openline():
    assert set(LANGUAGES) == set(library("getting-to-school").languages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_phrase_for_the_english_of_today(language):
    english = {m.context: parts(m.id) for m in catalogue("en") if m.context}

    assert {m.context: parts(m.id) for m in catalogue(language) if m.context} == english
    assert words.read(language).lacking == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_has_the_gaps_of_the_english_and_the_plural_forms_of_its_language(language):
    rules = get_plural(language.replace("-", "_"))
    for message in (m for m in catalogue(language) if m.context):
        said, english = parts(message.string), parts(message.id)
        assert all(text == text.strip() and text for text in said), message.context
        if len(english) == 1:
            assert gaps(said[0]) == gaps(english[0]), message.context
            continue
        assert len(said) == rules.num_plurals, message.context
        form = c2py(rules.plural_expr)
        assert all("{count}" in said[form(n)] for n in range(3, 1000)), message.context


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_but_the_source_says_that_it_is_a_draft(language):
    text = (words.FOLDER / f"{language}.po").read_text("utf-8")

    assert words.read(language).draft == (language != "en")
    assert ("Machine-drafted; nobody has approved it yet." in text) == (language != "en")


def test_all_barriers_of_the_codebook_have_a_name_for_families():
    named = {m.context for m in catalogue("en")}

    assert {f"theme:{top.id}" for top in codebook.load().tops if top.kind == "barrier"} <= named


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_its_language_and_direction(language):
    told = soup(language)
    direction = "rtl" if language == "ar" else "ltr"

    assert (told.html["lang"], told.html["dir"]) == (language, direction)
    first = [float(dot["cx"]) for dot in told.select_one("svg").select(".on, .off")]
    assert first == sorted(first, reverse=direction == "rtl")
    assert [plain(head) for head in told.select("h1, h2")] == [
        words.read(language).say(name) for name in ("title", "you_said", "we_heard", "next", "talk")
    ]
    assert "{" not in plain(told.body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_holds_nobodys_words_no_groups_and_no_other_address(language):
    told = soup(language)
    text = plain(told.body)

    assert all(original not in text for original, _, _ in made_up.WORDS.values())
    assert all(school not in text for school in made_up.SCHOOLS)
    assert told.select("script, link, a, img") == []
    assert not re.search(r"https?:|url\(|@import|data:", str(told))


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_the_summarys_in_tenths(language):
    found = summary()
    told = soup(language)
    for away in told.select("style, .promise, .contact, title"):
        away.decompose()

    allowed = {str(found.heard), str(found.minimum), "10"}
    allowed |= {str(families.tenths(theme.share)) for theme in (*found.themes, found.apart) if theme.share}

    assert set(re.findall(r"\d+", plain(told.body))) <= allowed


def test_the_dots_are_the_words():
    for row in soup("en").select(".heard li"):
        on = len(row.select(".on"))
        assert f"About {on} in 10 families" in plain(row)
        assert len(row.select(".on, .off")) == 10


def test_themes_that_are_hidden_are_not_on_the_page():
    found = summary()
    shown = [theme for theme in found.themes if theme.count is not None]

    assert len(soup("en").select(".heard li:not(.apart)")) == len(shown) < len(found.themes)


@given(st.floats(0, 1))
def test_tenths_are_the_nearest_that_can_be_said(share):
    many = families.tenths(share)

    assert 1 <= many <= 9
    assert abs(many / 10 - share) <= 0.05 + 1e-9 or many in (1, 9)


def test_very_few_and_nearly_all_are_said_in_words():
    told = soup("en", found=with_shares(0.97, 0.03))

    assert [plain(one) for one in told.select(".many")][:2] == ["Almost all families Almost all families", "A few families A few families"]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"student": 1}, "students"), ({"family": 1, "staff": 1}, "people"), ({"family": 1}, "families")],
)
def test_whoever_was_asked_is_called_what_they_are(asked, said):
    found = summary()
    groups = {**found.groups, "respondent": {one: GroupFinding(300, 300, {}) for one in asked}}

    text = plain(soup("en", found=replace(found, groups=groups)).body)

    assert f"{found.heard} {said} told us" in text
    assert f"in 10 {said}" in text


def test_what_will_be_done_stands_there_in_the_languages_it_was_written_in():
    assert PLAN.will_do["en"] in plain(soup("en").select_one(".promise"))
    assert PLAN.will_do["ar"] in plain(soup("ar").select_one(".promise"))
    assert soup("es").select(".promise, .contact") == []


def test_staff_words_are_words_whatever_they_look_like():
    told = soup("en", plan=Plan(will_do={"en": "<script>x</script> & more"}, contact={"en": "<b>me</b>"}))

    assert told.select("script") == []
    assert "<script>x</script> & more" in plain(told.select_one(".promise"))


def test_a_theme_of_ones_own_is_named_by_staff_or_left_out_and_told():
    found = summary()
    own = replace(found.themes[0], theme="wifi", label="Wi-Fi in the gym")
    found = replace(found, themes=(own, *found.themes[1:]))

    assert made("en", found).lines[0].label == "Wi-Fi in the gym"
    assert made("es", found).unsaid == ("Wi-Fi in the gym",)
    named = made("es", found, Plan(themes={"wifi": {"es": "Internet en el gimnasio"}}))
    assert named.lines[0].label == "Internet en el gimnasio"
    assert named.unsaid == ()


def test_our_name_for_a_theme_is_not_put_on_another_one_of_the_same_id():
    found = summary()
    other = replace(found.themes[0], label="Going to the office")

    assert made("es", replace(found, themes=(other, *found.themes[1:]))).unsaid == ("Going to the office",)


def test_a_draft_says_so_in_both_languages_and_an_approved_page_does_not(tmp_path):
    band = soup("ht").select_one(".draft")
    assert plain(band).startswith("Bouyon")
    assert "somebody who speaks this language must read" in plain(band)
    assert soup("en").select(".draft") == []

    text = (words.FOLDER / "ht.po").read_text("utf-8")
    (tmp_path / "ht.po").write_text(
        text.replace('"X-Approved-By: ', '"X-Approved-By: Mirlande Muster'), "utf-8"
    )
    assert words.read("ht", tmp_path).approved_by == "Mirlande Muster"
    assert soup("ht", folder=tmp_path).select(".draft") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('msgctxt "next"', '#, fuzzy\nmsgctxt "next"'),
        ('msgid "What happens next"', 'msgid "What happened next"'),
        ('msgstr "Qué sigue"', 'msgstr ""'),
    ],
)
def test_an_approved_language_with_a_phrase_that_is_not_is_a_draft_again(tmp_path, old, new):
    text = (words.FOLDER / "es.po").read_text("utf-8").replace('"X-Approved-By: ', '"X-Approved-By: Ana')
    assert old in text
    (tmp_path / "es.po").write_text(text.replace(old, new), "utf-8")

    found = words.read("es", tmp_path)

    assert found.draft
    assert found.lacking == ("next",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{minimum}", "{number}", r"es\.po, private: nobody fills {number}"),
        ("si lo dijeron menos de {minimum} personas", "de pocas", r"es\.po, private: {minimum} is missing"),
        ("{minimum}", "{minimum", r"es\.po, private: a brace"),
    ],
)
def test_words_that_could_not_be_said_are_refused_with_the_place(tmp_path, old, new, said):
    text = (words.FOLDER / "es.po").read_text("utf-8")
    head, phrase = text.split('msgctxt "private"')
    english, spanish = phrase.split("msgstr", 1)
    (tmp_path / "es.po").write_text(
        f'{head}msgctxt "private"{english}msgstr{spanish.replace(old, new, 1)}', "utf-8"
    )

    with pytest.raises(words.BadWords, match=said):
        words.read("es", tmp_path)


def test_a_file_that_is_no_catalogue_is_refused(tmp_path):
    (tmp_path / "es.po").write_bytes(b'msgid "\xff"')

    with pytest.raises(words.BadWords, match=r"es\.po cannot be read as a PO file"):
        words.read("es", tmp_path)


def test_the_english_is_easy_to_read():
    said = " ".join(plain(node) for node in soup("en").select("p:not(.school)"))

    assert reading_level.grade(said) <= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_message_takes_three_sms_and_can_be_stopped(language):
    text = families.text(summary(), words.read(language), PLAN, SCHOOL)

    assert segments.count(text.replace("{school}", SCHOOL)).parts <= 3
    assert "STOP" in text
    assert text.count("{school}") == 1
    assert words.read(language).say("theme:transport") in text


def test_a_text_message_with_a_long_plan_leaves_it_out_rather_than_the_barriers():
    text = families.text(summary(), words.read("en"), Plan(will_do={"en": "We " + "really " * 100}), SCHOOL)

    assert "really" not in text
    assert "Getting to school (5 in 10)" in text
    assert families.text(replace(summary(), themes=()), words.read("en"), PLAN, SCHOOL) == ""


def test_the_message_is_a_campaign_that_can_be_looked_over(tmp_path):
    texts = {tag: families.text(summary(), words.read(tag), PLAN, SCHOOL) for tag in ("en", "es", "ar")}

    made = campaign_file.loads(campaign.file(made_up.SURVEY, texts, {"es", "ar"}), "told.yaml")

    assert set(made.drafted) == {"es", "ar"}
    assert made.key == f"told-{made_up.SURVEY}"


def test_a_plan_is_read(tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text(
        "will_do: {en: 'Two  more   buses', zh-hans: 两辆车}\nthemes: {wifi: {es: Internet}}\n", "utf-8"
    )

    found = plan.read(file)

    assert found.will_do == {"en": "Two more buses", "zh-Hans": "两辆车"}
    assert found.themes == {"wifi": {"es": "Internet"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("will_do: Two buses", "will_do is not a text for each language"),
        ("- en", "the file is not a text for each language"),
        ("promise: {en: x}", "'promise' is not known here. There are: will_do, contact, themes"),
        ("will_do: {english please: x}", "'english please' is no language tag"),
        ("will_do: {en: }", "will_do, en: there is no text"),
        ("contact: {en: 5}", "contact, en: there is no text"),
        ("themes: {wifi: Internet}", "themes, wifi is not a text for each language"),
        ("will_do: {en: 'x", "plan.yaml, line 1: not readable as YAML"),
    ],
)
def test_a_plan_that_cannot_be_read_says_where_and_how_to_mend_it(tmp_path, text, said):
    file = tmp_path / "plan.yaml"
    file.write_text(text, "utf-8")

    with pytest.raises(plan.BadPlan, match=said):
        plan.read(file)


# Letter is the shorter paper, A4 the narrower one.
@pytest.mark.parametrize(
    ("language", "size"), [*((one, "letter") for one in LANGUAGES), ("fr", "a4"), ("ar", "a4")]
)
def test_a_page_is_one_page(language, size):
    pypdf = pytest.importorskip("pypdf")
    long = Plan(will_do={language: "x " * 60}, contact={language: "y " * 25})
    try:
        written = paper.pdf(page.for_families(made(language, with_five(), long), size))
    except paper.NoPaper:
        missing("no Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")

    book = pypdf.PdfReader(io.BytesIO(written))

    assert len(book.pages) == 1
    assert book.trailer["/Root"]["/Lang"] == language
    width = float(book.pages[0].mediabox.width)
    assert width == pytest.approx({"letter": 612, "a4": 595.3}[size], abs=1)


def with_five():
    """Five barriers that are shown, so that the page is as full as it can be."""
    return with_shares(0.4, 0.3, 0.2, 0.15, 0.1)
