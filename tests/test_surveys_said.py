"""What is found in a survey, and what keeps a file from being one, is there in the words of whoever reads the page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from office import office, plain
from test_lint import APPROVED, HARD, HEAD, NEVER, STUDENTS, approved, asked, survey
from test_lint import plain as one_language
from test_survey_files import GOOD, MISTAKES, refused

from bot import publishing
from bot.web import tongue
from bot.web.rooms.listen.purposes import GRADES, PURPOSES
from bot.writing import beginning
from survey_flows import LIBRARY, SurveyError, library, loads
from survey_flows.expressions import ExpressionError, parse
from survey_flows.lint import RULES, check
from survey_flows.told import Told
from survey_flows.xlsform import FormError, read_form

ROOT = Path(__file__).parent.parent
LANGUAGES = ("es", "ar")
_GAP = re.compile(r"\{\w+\}")
_FLAT = re.compile(r"\b(question|choice|group|note|label|hint|row|the|of|is|are) '")
"""Words of a sentence that was put together before it was told."""


def english_in(text, language):
    """What of a text a reader of this language would still read in English."""
    if not isinstance(text, Told):
        return [text] if _FLAT.search(text) else []
    known, left = tongue.catalogue(language), []
    words = known.gettext(text.one) if text.many is None else known.ngettext(text.one, text.many, text.number)
    if words in (text.one, text.many) and re.search(r"[A-Za-z]{3}", _GAP.sub("", words)):
        left.append(text.one)
    for value in text.values.values():
        left += english_in(value, language) if isinstance(value, str) else []
    return left


def surveys_with_every_finding():
    long = "á" * 450
    branches = "".join(f"  - {{key: q{n}, kind: open, text: Q}}\n" for n in range(9))
    many = ", ".join(f"{{key: k{n}, en: Thing {chr(97 + n) * 4}}}" for n in range(11))
    for last, never in NEVER:
        if never:
            yield one_language(
                f"  - {{key: hard, kind: scale, text: Hard?, choices: [{{key: easy, en: Easy}}, {{key: so, en: So}}, {{key: hard, en: Hard}}]}}\n"
                "  - {key: days, kind: number, min: 0, max: 28, text: How many days?}\n"
                "  - {key: half, kind: number, min: 0, max: 28, decimals: yes, text: Miles?}\n"
                "  - {key: late, kind: yesno, text: Late?}\n"
                "  - {key: why, kind: one, ask_if: {hard: [hard]}, text: What?, choices: [{key: a, en: Bus}, {key: b, en: Car}]}\n"
                "  - {key: ways, kind: many, text: Which?, choices: [{key: bus, en: Bus}, {key: car, en: Car}]}\n"
                "  - {key: top, kind: many, pick: 1, text: Which?, choices: [{key: bus, en: Bus}, {key: car, en: Car}]}\n"
                "  - {split: lot, arms: {a: 1, b: 1}}\n"
                f"  - {{group: each, repeat: 2, questions: [{{key: age, kind: number, text: Age?}}]}}\n{last}\n"
            )
    yield one_language(
        "  - {group: g, order: random, questions: [{key: late, kind: yesno, text: Late?},"
        " {key: why, kind: open, ask_if: {late: [yes]}, text: What?}]}\n"
    )
    yield one_language(branches)
    yield one_language(
        branches + "  - {group: g, repeat: 2, questions: [{key: age, kind: number, text: Age?}]}\n"
    )
    yield one_language(asked("A?"), intro="Hi.", form=True)
    yield one_language(asked("Did you see a doctor, vote, pray or vape?"), top=STUDENTS % 2)
    yield one_language(asked("What is your name?"), top="anonymous: yes")
    for label in ("Help", "Unsubscribe", "Spanish", "Call me", "Go back", "Skip", "Yes", "Walking"):
        choices = f", choices: [{{key: a, en: {label}}}, {{key: b, en: Walking}}]"
        yield one_language(asked("A?", "one", choices), form=True)
    yield one_language(
        asked("A?", "one", ", choices: [{key: a, en: '2 buses'}, {key: b, en: Walking}]"), form=True
    )
    yield one_language(asked("A?", "many", f", none: no, choices: [{many}]"))
    yield one_language(asked("A?", "rank", f", choices: [{many}]"))
    yield one_language(asked("A?", "one", f", choices: [{{key: a, en: {'so ' * 20}}}, {{key: b, en: B}}]"))
    for labels in (("Always", "Sometimes", "Never"), ("Sometimes", "Never", "Always"), ("I agree", "No")):
        rows = ", ".join(f"{{key: k{n}, en: '{label}'}}" for n, label in enumerate(labels))
        yield one_language(asked("A?", "scale", f", shuffle: yes, choices: [{rows}]"))
    for text, kind in (
        ("Why was she late?", "open"), ("What makes it hard to get to school?", "open"), ("Was it not on time?", "yesno"),
        ("How many days?", "number"), ("Look at bit.ly/abc.", "open"), ("ANSWER THIS TODAY.", "open"),
        ("What is your immigration status?", "open"), ("It’s right.", "open"),
        ("Institutional transportation accommodations deteriorated considerably?", "open"),
    ):  # fmt: skip
        yield one_language(f"{asked(text, kind)}  - {{key: t, kind: yesno, text: Late?}}\n")
    yield one_language(asked("How many?", "number", ", min: 1"))
    yield one_language(asked("How many?", "number", ", max: 1"))
    yield survey(f"{HARD}  - {{key: q, kind: open, text: {{en: Short?, es: {long} {'una ' * 30}}}}}")
    yield survey(f"{HARD}  - {{key: q, kind: open, text: {{en: Short?, es: !missing ''}}}}")
    lacking = "".join(f"  - {{key: a{n}, kind: open, text: {{en: One?}}}}\n" for n in range(5))
    yield survey(lacking, HEAD.replace("survey: test", "survey: test\nfrom: xlsform"))
    yield loads(approved(APPROVED).replace("Regular", "Más o menos"), "test.yaml")
    yield loads(APPROVED.replace(" es:", " is:").replace("[es]", "[is]"), "test.yaml")


def test_every_rule_says_what_it_finds_in_the_language_of_the_reader():
    seen = set()
    for made in surveys_with_every_finding():
        for finding in check(made):
            seen.add(finding.rule)
            for text in (finding.what, finding.cure):
                assert isinstance(text, Told), (finding.rule, text)
                for language in LANGUAGES:
                    assert english_in(text, language) == [], (finding.rule, language, text)
                    with tongue.speaking(language):
                        assert tongue.say(text) != text, (finding.rule, text)
    assert seen == {rule.name for rule in RULES}


MISTAKEN = [
    *(GOOD.replace(old, new, 1) for old, new, _, _ in MISTAKES),
    "",
    "- a\n- b",
    "survey: [unclosed\ntitle: x",
    "survey: a\nnotes: \x00",
    "[" * 5000,
    "survey: a\ntitle: 'never closed",
    GOOD.replace("source: en", "source: en\nabout: {ppra: [9], audience: cats}"),
    GOOD.replace("source: en", "source: en\nkeywords: [HELP, '12', two words]"),
    GOOD.replace("source: en", "source: en\napproved: {es: {by: Ana}}"),
    GOOD.replace("source: en", "source: en\nfrom: word\nfields: {School: x}"),
    GOOD.replace("    kind: many", "    kind: many\n    none: {en: Stop, es: Alto}"),
    GOOD.replace("    max: 28", "    max: 28\n    constraint: {say: No}\n    default: selectd(1"),
    GOOD.replace("en: How many days?", "en: 'Days ${nobody}?'"),
    *(
        GOOD.replace("  - key: days", f"  - {item}\n  - key: days")
        for item in (
            "{note: {en: A}, key: n}",
            "{split: s}",
            "{split: s, arms: {a: 0}}",
            "{quota: u, ask_if: '1 +'}",
            "{group: g, order: odd}",
            "{group: g, order: odd, repeat: 200, questions: no}",
            "{include: nothing}",
            "{compute: '$x', key: c}",
            "{compute: 'selectd(1)', key: c, most: 2}",
            "{key: x, kind: open, seeks: gold, text: {en: A, es: B}}",
            "{key: x, kind: range, text: {en: A, es: B}, required: maybe}",
            "{key: x, kind: date, order: up, text: {en: A, es: B}}",
            "{key: x, kind: many, pick: 0, choices: [{key: a, en: A, es: A}], text: {en: A, es: B}}",
            "{key: x, kind: one, choices: none_such, choice_filter: 'x', text: {en: A, es: B}}",
            "{key: x, kind: one, text: {en: A, es: B}}",
        )
    ),
]


@pytest.mark.parametrize("text", MISTAKEN)
def test_what_is_wrong_with_a_file_is_said_in_the_language_of_the_reader(text):
    error = refused(text)
    for one in (error, *error.others):
        for said in (one.problem, one.cure, str(one)):
            assert isinstance(said, Told), said
            for language in LANGUAGES:
                assert english_in(said, language) == []


@pytest.mark.parametrize(
    "source",
    ["", " ", "1 +", "'open", "(1", "[1", "${ }", "$x", "selectd(1)", "round(1, 2, 3)", "substr()", "a = ‘b’", "1 == 2",
     "1 <> 2", "1 && 2", "1 || 2", "1 ≥ 2", "1 => 2", "1 OR 2", "5 % 2", "1,5 = 2", "if(1)", "regex(., '(')", "jr:choice-name(1, 2)",
     "indexed-repeat(1, 2, 3)", "instance(1)/root/item", "current(1)/a", "x" * 40_000, "(" * 500 + "1" + ")" * 500],
)  # fmt: skip
def test_what_is_wrong_with_an_expression_is_said_in_the_language_of_the_reader(source):
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    for said in (caught.value.problem, caught.value.cure, str(caught.value)):
        assert isinstance(said, Told)
        assert [english_in(said, language) for language in LANGUAGES] == [[], []]


def form(rows, more="", heads="| type | name | label | relevant |"):
    table = "\n".join(f"| {line}" for line in (heads, *rows.splitlines()))
    return f"| survey |{'|' * heads.count('|')}\n{table}\n{more}".encode()


CHOICES = "| choices |\n| | list_name | name | label |\n| | yes | yes | Yes |\n| | yes | no | No |\n| | yes | no | No |\n| | yes | x | |"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0\1" * 50, b"PK\3\4 no zip", b"Dear families, ...", b"| a | b |\n| 1 | 2 |", b"| survey |\n| | type | name |",
        form("| selct_one yn | a | A? | |"), form("| select_one yess | a | A? | |", CHOICES),
        form("| text | a | A? | |\n| text | b | B? | ${aa} = 1 |"), form("| begin group | g | G | |\n| text | a | A? | |"),
        form("| text | a | A? | |\n| end repeat | | | |"), form("| text | | A? | |"), form("| | a | A? | |"),
        form("| text | a | A? | 1 + |"), form("| text | a | A? | selectd(., 'x') |"), form("| select_one | a | A? | |"),
        form("| note | a | | |"), form("| text | a | ${x} | |\n| begin group | g | G | |\n| text | x | X | |\n| end group | | | |\n| begin group | h | H | |\n| text | x | X | |\n| end group | | | |"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_said_in_the_language_of_the_reader(data):
    with pytest.raises(FormError) as caught:
        read_form(data, "form.md", "en")
    for one in (caught.value, *caught.value.others):
        for said in (one.problem, one.cure, str(one)):
            assert isinstance(said, Told)
            assert [english_in(said, language) for language in LANGUAGES] == [[], []]


OTHERWISE = [
    {"type": "text", "name": "why", "label": "so " * 600},
    {"type": "geopoint", "name": "where", "label": "Where?"},
    {"type": "image", "name": "drawing", "label": "Draw", "appearance": "draw"},
    {"type": "date", "name": "when", "label": "When?", "appearance": "month-year"},
    {"type": "barcode", "name": "code", "label": "Code?"},
    {"type": "file", "name": "letter", "label": "Letter?"},
    {"type": "audit", "name": "audit"},
    {"type": "deviceid", "name": "device"},
    {"type": "text", "name": "asked", "relevant": "pulldata('a', 'b', 'c', 'd') = 1"},
    {"type": "select_one yes", "name": "yn", "label": "Late?", "relevant": "${why} = 1 or /data/nobody = 2"},
    {"type": "begin repeat", "name": "kids", "label": "Children", "repeat_count": "120"},
    {"type": "integer", "name": "age", "label": "Age?", "required": "${why} = 1"},
    {"type": "end repeat"},
    {"type": "calculate", "name": "later", "calculation": "${last} + 1"},
    {"type": "integer", "name": "last", "label": "Last?", "relevant": "${later} > 1"},
    {"type": "text", "name": "fixed", "label": "Fixed", "read_only": "yes"},
    {"type": "text", "name": "was", "label": "Was", "default": "${last-saved#fixed}"},
    {"type": "text", "name": "no name", "label": "A name?"},
    {"type": "select_one_from_file a.csv", "name": "away", "label": "Which?"},
]


def test_what_a_form_does_otherwise_is_said_in_the_language_of_the_reader():
    heads = list(dict.fromkeys(head for row in OTHERWISE for head in row))
    rows = ["| " + " | ".join(row.get(head, "") for head in heads) + " |" for row in OTHERWISE]
    made = read_form(form("\n".join(rows), CHOICES, "| " + " | ".join(heads) + " |"), "form.md", None)
    assert len(made.findings) > 15
    for finding in made.findings:
        for said in (finding.what, finding.instead):
            assert isinstance(said, Told)
            assert [english_in(said, language) for language in LANGUAGES] == [[], []]


def test_what_cannot_be_brought_or_published_is_said_in_the_language_of_the_reader():
    said = []
    for name, data in (
        ("list.pdf", b"x"),
        ("x.yaml", b"\xff"),
        ("x.yaml", b"- a"),
        ("x.yaml", b"survey: import"),
    ):
        with pytest.raises(beginning.Unusable) as caught:
            beginning.from_file(name, data)
        said += [text for row in caught.value.rows for text in row[1:]]
    made = loads(
        GOOD.replace("source: en", "source: en\nkeywords: [BUS]\nfields: {change: {en: A, es: B}}"), "x"
    )
    with pytest.raises(publishing.Unpublishable) as refusal:
        publishing.fillable(made)
    said += [str(refusal.value), str(publishing.Taken({"bus": "one", "car": "two"}))]
    for text in said:
        assert isinstance(text, Told)
        assert [english_in(text, language) for language in LANGUAGES] == [[], []]


SAID_BY = {
    "Finding": (1, 2, 3), "FormError": (2, 3), "SurveyError": (2, 3), "ExpressionError": (0, 1), "wrong": (1, 2), "fail": (1, 2),
    "once": (2, 3),
}  # fmt: skip
FOLDERS = (
    "survey_flows/lint",
    "survey_flows/files",
    "survey_flows/expressions",
    "survey_flows/xlsform",
    "bot/writing",
)
ELSEWHERE = {"survey_flows/xlsform/writing.py", "survey_flows/expressions/clock.py"}
"""No page prints what these say."""
SHORT = {"error", "warning", "note", "survey", "settings", "choices", "intro", ""}


def test_nothing_is_found_or_refused_in_plain_english():
    """Whoever adds a finding says it by ``told``: else pages in other languages show it in English."""
    for file in sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.py")):
        where = str(file.relative_to(ROOT))
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or where in ELSEWHERE:
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            for at in SAID_BY.get(name, ()):
                given = call.args[at] if at < len(call.args) else None
                flat = isinstance(given, ast.JoinedStr | ast.BinOp) or (
                    isinstance(given, ast.Constant)
                    and isinstance(given.value, str)
                    and given.value not in SHORT
                )
                assert not flat, f"{where}:{call.lineno}: {ast.unparse(given)}"


async def test_the_pages_of_a_survey_say_in_spanish_what_is_to_be_mended(sqlite_url, clock):
    async with office(sqlite_url, clock, start_survey="getting-to-school", allow_drafts=False) as here:
        ines = await here.sign_in("organizer")
        await ines.see("/surveys?pages_in=es")

        page = await ines.do(
            "/surveys/import", status=422, files={"file": ("x.md", form("| text | a | A? | 1 + |"))}
        )
        assert "En «relevant»: La expresión no se puede leer cerca de «" in plain(page)
        bad = GOOD.replace("kind: scale", "kind: scael")
        page = await ines.do("/surveys/import", files={"file": ("mornings.yaml", bad.encode())})
        assert "No hay un tipo de pregunta llamado «scael»." in plain(page)
        assert "¿Quiso decir «scale»?" in plain(page)
        assert page.select(".found [lang=en]") == []
        page = await ines.do("/surveys/mornings/edit/file", {"text": "survey: [", "stamp": ""}, status=422)
        assert "Línea 2: Esto no es YAML bien formado:" in plain(page)
        good = GOOD.replace("¿Fue difícil?", "¿Fue difícil? " + "Muy " * 90)
        page = await ines.do("/surveys/mornings/edit/file", {"text": good, "stamp": ""}, status=409)
        assert "Ocupa 8 SMS (474 caracteres, Unicode por í), con sus opciones." in plain(page)
        page = await ines.see("/surveys/mornings/publish?pages_in=ar")
        assert "لا يوجد نوع سؤال اسمه «scael»." in plain(page)


def test_the_library_says_what_each_survey_is_for_in_every_language_of_the_pages():
    for key in LIBRARY:
        about = library(key).about
        assert about.purpose in PURPOSES, "bot/web/rooms/listen/purposes.py has the words for translators"
        assert about.grades in GRADES or not re.search("[a-z]{3}", about.grades)
        for language in LANGUAGES:
            with tongue.speaking(language):
                assert tongue.say(about.purpose) != about.purpose


async def test_the_library_and_the_drawing_speak_to_the_reader(sqlite_url, clock):
    async with office(sqlite_url, clock, start_survey="getting-to-school", allow_drafts=False) as here:
        ines = await here.sign_in("organizer")

        card = (await ines.see("/surveys/library?q=seguridad&pages_in=es")).select_one(".library-card")
        assert card.h2.get_text() == "Sentirse a salvo"
        assert "Encontrar dónde los estudiantes no se sienten a salvo" in plain(card)
        drawn = plain((await ines.see("/surveys/getting-to-school/flow?pages_in=ar")).select_one(".drawing"))
        assert "بكلماتهم" in drawn
        assert "first of all" not in drawn


def test_a_command_still_says_it_in_english():
    with tongue.speaking("es"), pytest.raises(SurveyError) as caught:
        loads(GOOD.replace("kind: scale", "kind: scael"), "mornings.yaml")
    assert (
        f"{caught.value}"
        == "mornings.yaml:12: There is no kind of question called 'scael'. Did you mean 'scale'?"
    )
