"""The report for organizers: every number is the Summary's, nothing hidden is told, words are safe, and the PDF can be read aloud."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from random import Random

import made_up
import pytest
from bs4 import BeautifulSoup
from conftest import missing

from analysis import codebook, gaps, views
from analysis.agreement import Hits, Quality, measure
from analysis.findings import Corrected, GroupFinding, Release, Weighting
from analysis.quotes import Quote
from analysis.summary import summarize
from bot.reports import page, paper
from bot.reports.lenses import points
from bot.reports.organizers import Material, report
from bot.web.view.figures import likely, percent, thousands
from bot.web.view.groups import group_name
from bot.web.view.tongues import name

NOW = datetime(2026, 10, 14, 10, 8, tzinfo=UTC)
BOOK = codebook.load()


summary = cache(made_up.summary)


def given(**changes):
    return replace(Material(made_up.TITLE, "Riverbend School District", NOW, summary(), BOOK), **changes)


def html(**changes):
    return page.for_organizers(report(given(**changes)))


def soup(**changes):
    return BeautifulSoup(html(**changes), "html.parser")


def plain(node):
    return " ".join(node.get_text(" ").split())


def with_first(**changes):
    """The made-up findings with another first barrier."""
    found = summary()
    return replace(found, themes=(replace(found.themes[0], **changes), *found.themes[1:]))


NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")


def numbers(text):
    return set(NUMBER.findall(text))


def of_summary(found):
    """Every number that may stand in a report, as pages write numbers."""
    said = {thousands(n) for n in (found.asked, found.answered, found.heard, found.uncoded, found.minimum)}
    said |= {thousands(found.asked - found.answered), thousands(found.answered - found.heard)}
    said |= numbers(percent(found.answered / found.asked)) | numbers(
        percent(1 - found.answered / found.asked)
    )
    for finding in [one for top in (*found.themes, found.apart) for one in (top, *top.subs)]:
        if finding.count is not None:
            said |= {thousands(finding.count)} | numbers(likely(finding.low, finding.high))
            for share in (finding.share, finding.low, finding.high):
                said |= numbers(percent(share))
        said |= {thousands(count) for count in finding.tones.values() if count is not None}
    for groups in found.groups.values():
        for value, group in groups.items():
            said |= {thousands(group.heard or 0)} | numbers(value)
            said |= {
                one for share in group.themes.values() if share is not None for one in numbers(percent(share))
            }
    for groups in found.unheard.response.values():
        for response in groups.values():
            for share in (response.rate, response.at_most):
                said |= numbers(percent(share)) if share is not None else set()
    for tongue in found.tongues.values():
        said |= numbers(percent(tongue.certain)) | numbers(percent(tongue.readable))
    return said | {thousands(count) for count in found.unheard.outcomes.values()}


def of_templates():
    """The numbers that stand in the fixed text."""
    text = (page.HERE / "templates" / "report.html").read_text("utf-8")
    return numbers(re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", text, flags=re.DOTALL))


def test_every_number_is_the_summarys():
    found = summary()
    told = soup()
    for away in told.select("style, .quote, .scale, svg, .key, title, .lens"):
        away.decompose()

    allowed = of_summary(found) | of_templates() | {"14", "2026", "504", "95%"}
    strange = numbers(plain(told.body)) - allowed

    assert strange == set()


def test_a_drawing_says_no_more_than_its_row():
    for row in soup(results=made_up.results()).select(".ranked tbody tr"):
        if row.svg is None:
            assert plain(row.select_one(".withheld")) == "hidden"
            continue
        assert numbers(row.svg.title.string) <= numbers(
            plain(row.th) + " " + " ".join(plain(cell) for cell in row.select("td") if not cell.svg)
        )


def test_what_is_hidden_stands_as_hidden_and_nothing_else():
    found = summary()
    labels = {finding.label: finding for finding in (*found.themes, found.apart)}

    cells = {}
    for table in soup().select(".heat"):
        groups = [
            cell.find(string=True, recursive=False).strip()
            for cell in table.select("thead tr")[1].select("th")[1:]
        ]
        for row in table.select("tbody tr"):
            told = [cell for cell in row.select("td") if cell.get("class")]
            for group, cell in zip(groups, told, strict=True):
                cells[plain(row.th), group] = plain(cell)

    expected = {
        (label, group_name(dimension, value)): percent(share) if share is not None else "hidden"
        for dimension, groups in found.groups.items()
        for value, group in groups.items()
        for label, finding in labels.items()
        if (share := group.themes[finding.theme]) is not None
        or any(
            other.themes[finding.theme] is not None
            for _, others in found.groups.items()
            for other in others.values()
        )
    }
    assert cells == expected
    assert "hidden" in cells.values()
    ranked = {plain(head) for head in soup().select(".ranked tbody th")}
    assert ranked == {label for label, finding in labels.items() if finding.count is not None}


def test_a_barrier_that_few_named_is_named_as_hidden_without_a_number():
    asked, voices = made_up.people()
    few = [replace(voice, themes={"safety.bullying": 0.9}) for voice in voices[:7]]
    found = summarize("few", asked, [*few, *voices[7:]], BOOK)

    told = soup(found=found)

    assert plain(told.select_one("#ranked").find_parent("section")).count("Safety and school building") == 1
    assert "Safety and school building" not in {
        plain(head) for head in told.select(".ranked th, .barrier h3, .heat th")
    }
    assert "Bullying or harassment" in plain(told.select_one(".roles"))


def test_a_report_is_one_file_without_script_and_address():
    told = soup(results=made_up.results())

    assert told.select("script, link, img, iframe, object, embed, form, base") == []
    assert not [node for node in told.find_all(True) for name in node.attrs if name.startswith("on")]
    assert {link["href"][0] for link in told.select("[href]")} == {"#"}
    assert not re.search(r"https?:|url\(|@import|data:", str(told))


def test_the_page_has_its_landmarks_headings_and_tables():
    told = soup(results=made_up.results(), found=crossed())

    assert told.html["lang"] == "en"
    assert [len(told.select(mark)) for mark in ("main", "body > header", "nav", "body > footer", "h1")] == [
        1
    ] * 5
    levels = [int(heading.name[1]) for heading in told.select("h1, h2, h3, h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    names = [node["id"] for node in told.select("[id]")]
    assert len(names) == len(set(names))
    for link in told.select("a[href]"):
        assert link["href"][1:] in names, link
    for label in told.select("[aria-labelledby]"):
        assert label["aria-labelledby"] in names
    for table in told.select("table"):
        assert table.caption or table.find_parent(attrs={"aria-label": True}), plain(table)[:60]
        assert all(cell.get("scope") in ("col", "row", "colgroup") for cell in table.select("th"))


def test_each_part_of_the_contents_is_there_once():
    told = soup(results=made_up.results())

    linked = [link["href"][1:] for link in told.select(".contents a")]

    assert linked == [heading["id"] for heading in told.select("main > section > h2")]


HOSTILE = "<script>alert(1)</script> \u202ebus {{ 7 * 7 }} & [name]"


def test_words_are_words_whatever_they_look_like():
    quote = Quote(HOSTILE, "en", None, None, {"school": "<b>Lincoln</b>"})
    told = soup(
        found=with_first(quotes=(quote,), label="Bus <i>late</i>"),
        title='"><img src=x>',
        organization="A & B",
    )

    assert told.select("script, i, img") == []
    assert told.select_one(".quote blockquote").get_text() == HOSTILE
    assert "<b>Lincoln</b>" in told.select_one(".quote figcaption").get_text()
    assert told.select_one(".quote .taken-out").get_text() == "[name]"
    assert told.title.string.endswith('"><img src=x>')


@pytest.mark.parametrize("language", made_up.LANGUAGES)
def test_quotes_keep_their_language_and_its_direction(language):
    original, english, origin = made_up.WORDS[language]
    told = soup(found=with_first(quotes=(Quote(original, language, english, origin, {}),)))

    figure = told.select_one(".quote")
    first, *others = figure.select("blockquote")

    assert (first["lang"], first["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert first.get_text() == original
    assert name(language) in plain(figure.figcaption)
    assert [(one["lang"], one["dir"], one.get_text()) for one in others] == (
        [("en", "ltr", english)] if english else []
    )


def test_only_the_quotes_of_the_summary_stand_there():
    found = summary()

    assert len(soup().select(".quote")) == sum(len(finding.quotes) for finding in found.themes)


def test_a_corrected_share_stands_beside_the_counted_one_with_its_wider_range():
    found = with_first(corrected=Corrected(0.41, 0.345, 0.472, 130))

    told = soup(found=found)
    row = told.select_one(".ranked tbody tr")

    assert plain(row.select_one(".corrected")) == "41% (34–47%)"
    assert plain(told.select(".ranked tbody tr")[1].select_one(".corrected")) == "not known"
    assert "130 families drawn by lot" in plain(told.select_one("#ranked").parent)
    assert not soup().select(".corrected, .weighted")


def test_weighted_shares_say_what_they_cost():
    weighting = Weighting(("language", "school"), 1.37, 3.2, {"language": ("ar", "so")})
    found = replace(with_first(weighted=0.39), weighting=weighting)

    told = soup(found=found)

    assert plain(told.select_one(".ranked .weighted[role=cell]")) == "39%"
    assert "language and school" in plain(told.select_one("#ranked").parent)
    assert "1.4 times fewer" in plain(told.select_one("#ranked").parent)
    assert "language: Arabic and Somali" in plain(told.select_one("#ranked").parent)


def test_the_state_of_the_numbers_is_said():
    release = Release(3, datetime(2026, 10, 12, 23, 0, tzinfo=UTC), 14)

    said = plain(soup(found=replace(summary(), release=release)).select_one(".head"))

    assert "State 3 of the numbers, of Monday, October 12, 2026. 14 families have answered since" in said
    hidden = replace(summary(), release=replace(release, since=None))
    assert "since" not in plain(soup(found=hidden).select_one(".head"))


def test_what_the_school_can_change_comes_before_what_takes_partners():
    section = soup().select_one("#reach").parent
    rows = [[plain(cell) for cell in row.select("th, td")] for row in section.select("tbody tr")]
    ranking = views.ranked(summary(), BOOK, "within_reach")

    assert [row[0] for row in rows] == [one.label for one in ranking.rows if one.count is not None]
    assert [row[2] for row in rows] == [percent(one.share) for one in ranking.rows if one.share is not None]
    assert [row[1].lower() for row in rows] == [
        one.reason.lower() for one in ranking.rows if one.count is not None
    ]


def test_the_gaps_are_those_that_chance_does_not_explain_and_only_of_shown_cells():
    section = soup().select_one("#gaps").parent
    certain = [gap for gap in gaps.gaps(summary(), BOOK) if gap.verdict == "certain"]
    rows = [[plain(cell) for cell in row.select("th, td")] for row in section.select("tbody tr")]

    assert rows == [
        [gap.label, f"{group_name(gap.dimension, gap.group)} ({gap.dimension})", percent(gap.share), percent(gap.others),
         points(gap.difference, gap.low, gap.high)]
        for gap in certain
    ]  # fmt: skip
    assert rows[0][:2] == ["Getting there", "Spanish (language)"]


def test_a_survey_without_certain_gaps_says_that_they_may_be_chance():
    # Only grades: by language the made-up families do differ.
    told = soup(by=("grade",)).select_one("#gaps").parent

    assert 0 < len(told.select("tbody tr")) <= 3
    assert "may be chance" in plain(told)


def test_what_has_changed_stands_there_only_when_there_is_something_to_compare_with():
    assert soup().select_one("#change") is None

    before = made_up.summary(700)
    section = soup(before=before, before_called="Spring 2026").select_one("#change").parent
    rows = [[plain(cell) for cell in row.select("th, td")] for row in section.select("tbody tr")]

    then = {one.label: percent(one.share) for one in before.themes if one.share is not None}
    now = {one.label: percent(one.share) for one in summary().themes if one.share is not None}
    assert {row[0]: (row[1], row[2]) for row in rows} == {
        label: (then[label], now[label]) for label in now if label in then
    }
    assert "Since Spring 2026" in plain(section)
    assert "heard both times" in plain(section)


def crossed():
    """The made-up findings with schools and languages crossed: one cell of each barrier is hidden."""
    found = summary()
    first = found.themes[0].theme
    cells = {
        ("Lincoln Elementary", "en"): GroupFinding(80, 80, {first: 0.4}),
        ("Lincoln Elementary", "es"): GroupFinding(60, 60, {first: 0.6}),
        ("Harbor High", "en"): GroupFinding(50, 50, {first: 0.3}),
        ("Harbor High", "es"): GroupFinding(None, None, {first: None}),
    }
    return replace(found, pairs={("school", "language"): cells})


def test_pairs_of_groups_are_a_table_for_each_barrier_that_has_something_to_show():
    told = soup(found=crossed())
    (table,) = told.select(".crossed")

    assert plain(table.caption) == "Getting there"
    assert [plain(cell) for cell in table.select("thead th")] == ["School", "English", "Spanish"]
    rows = {plain(row.th): [plain(cell) for cell in row.select("td")] for row in table.select("tbody tr")}
    assert rows == {"Lincoln Elementary": ["40%", "60%"], "Harbor High": ["30%", "hidden"]}


def test_legal_duties_are_told_whatever_their_rank_and_the_rest_without_a_number():
    told = soup()

    rows = [[plain(cell) for cell in row.select("th, td")] for row in told.select("#duties ~ table tbody tr")]
    rest = plain(told.select_one(".roles"))

    assert ["Housing", "Basic needs", BOOK["needs.housing"].flag, "21"] in rows
    flagged = {theme.label for theme in BOOK if views.role_of(theme)}
    assert flagged == {row[0] for row in rows} | {label for label in flagged if label in rest}
    assert numbers(rest) <= {"504"}


def test_only_the_groups_asked_for_are_compared():
    told = soup(by=("language",))

    assert {plain(head) for head in told.select(".dimension")} == {"By language"}
    with pytest.raises(LookupError):
        report(given(by=("shoe size",)))


def test_the_coders_quality_is_told_in_percents_and_only_of_what_is_shown():
    quality = Quality(
        200,
        {
            "transport.bus_service": Hits(60, 50, 45),
            "health.chronic": Hits(4, 3, 2),
            "safety.bullying": Hits(40, 40, 30),
        },
    )
    readings = {f"a{n}": {"ana": {"transport.bus_service"} if n % 2 else set(), "bo": {"transport.bus_service"} if n % 2 else set()} for n in range(60)}  # fmt: skip
    told = soup(quality=quality, agreement=measure(readings, chance=Random(1)), machine=("1",), people=True)

    section = told.select_one("#coded").parent
    rows = [
        [plain(cell) for cell in row.select("th, td")]
        for row in section.select("table")[0].select("tbody tr")
    ]

    assert [row[0] for row in rows] == ["Bus service does not work"]
    assert rows[0][1].startswith("75%")
    assert rows[0][2].startswith("90%")
    assert rows[0][3] == "1.00"
    assert "People read 200 replies" in plain(section)
    assert "reliable" in plain(section)


def test_a_survey_that_nobody_has_answered_is_no_error():
    told = soup(found=made_up.nobody_yet())

    assert plain(told.h1) == "No replies yet"
    assert told.select(".ranked, .heat") == []


@cache
def pdf():
    try:
        return paper.pdf(html(results=made_up.results(), found=crossed()))
    except paper.NoPaper:
        missing("no Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")


def read(written):
    pypdf = pytest.importorskip("pypdf")
    return pypdf.PdfReader(io.BytesIO(written))


def tags(node, found):
    """How often each tag stands in the structure, and the figures."""
    node = node.get_object()
    if not isinstance(node, dict):
        return
    if "/S" in node:
        found.setdefault(node["/S"], []).append(node)
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int):
            tags(kid, found)


def test_the_pdf_can_be_read_aloud():
    book = read(pdf())
    root = book.trailer["/Root"]
    found = {}
    tags(root["/StructTreeRoot"], found)

    assert book.metadata.title == f"Getting there is the barrier families name most. {made_up.TITLE}"
    assert book.metadata.author == "Riverbend School District"
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert len(found["/H1"]) == 1
    assert {"/H2", "/H3", "/Table", "/TH", "/TD", "/Caption", "/L", "/BlockQuote"} <= found.keys()
    assert all(figure.get("/Alt") for figure in found["/Figure"])


def test_the_pdf_says_what_the_page_says_with_page_numbers_and_a_running_head():
    book = read(pdf())
    pages = [" ".join(sheet.extract_text().split()) for sheet in book.pages]

    assert all(f"Page {n} of {len(pages)}" in text for n, text in enumerate(pages, 1))
    assert all("Riverbend School District" in text for text in pages)
    for said in (
        "What families say makes it hard",
        "Bis la pa vini",
        "Who was not heard",
        "What is hidden, and why",
    ):
        assert any(said in text for text in pages), said
    assert next(entry.title for entry in book.outline if not isinstance(entry, list)).startswith(
        "Getting there"
    )


def test_no_heading_stands_alone_at_the_foot_of_a_page():
    headings = {plain(node) for node in soup(results=made_up.results(), found=crossed()).select("h2, h3")}
    for sheet in read(pdf()).pages:
        lines = [" ".join(line.split()) for line in sheet.extract_text().splitlines() if line.strip()]
        body = [line for line in lines if not re.match(r"Page \d+ of \d+$", line)]
        assert body[-1] not in headings


def test_without_pango_the_error_says_what_to_install(monkeypatch):
    def nothing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(paper, "import_module", nothing)

    with pytest.raises(paper.NoPaper) as told:
        paper.pdf("<p>x</p>")

    for system in ("Debian", "macOS", "Windows", "libpango-1.0-0", "brew install pango"):
        assert system in str(told.value)


def test_a_pdf_fetches_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for you")
    try:
        written = paper.pdf(f'<html lang="en"><title>x</title><p>y<img alt="z" src="file://{secret}"></p>')
    except paper.NoPaper:
        missing("no Pango")

    assert "not for you" not in read(written).pages[0].extract_text()
