"""openline translate as somebody at a school types it: from English only to approved, by machines and by hand."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

import survey_flows
from bot.cli import app, translating
from bot.cli.root import Problem
from bot.outreach import campaign_file
from survey_flows import load

SURVEY = """\
# Ours.
survey: mornings
title: Mornings
intro: "{school} asks two questions about mornings. Reply STOP to end."
thanks: Thank you.
questions:
  - key: hard
    kind: scale
    text: Was it hard to get here in the last 2 weeks?
    choices:
      - {key: no_, en: Not hard, also: {en: [easy, fine]}}
      - {key: very, en: Very hard}
  - {key: why, kind: open, ask_if: {hard: [very]}, text: "What, if anything, made it hard?"}
  - {key: again, kind: open, text: Thank you.}
"""
SPANISH = {
    "title": "Mañanas",
    "intro": "{school} hace dos preguntas sobre las mañanas. Responda STOP para terminar.",
    "thanks": "Gracias.",
    "hard/ask": "En las últimas 2 semanas, ¿fue difícil llegar?",
    "hard/choice/no_": "Nada difícil",
    "hard/choice/very": "Muy difícil",
    "why/ask": "¿Qué lo hizo difícil, si hubo algo?",
    "again/ask": "Gracias.",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(translating.results, "_width", 200)  # it has read COLUMNS when it was made
    monkeypatch.setenv("OPENLINE_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/openline.db")
    (tmp_path / "mornings.yaml").write_text(SURVEY, "utf-8")
    return tmp_path


def openline(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def done(*arguments):
    """A command that has to succeed; what it said."""
    said = openline(*arguments)
    assert said.exit_code == 0, (said.output, said.exception)
    return said.output


def problem(*arguments) -> str:
    said = openline(*arguments)
    assert isinstance(said.exception, Problem), said.output
    return str(said.exception)


def filled_in(workbook: Path, texts: dict[str, str]) -> Path:
    """The workbook as a volunteer sends it back."""
    book = openpyxl.load_workbook(workbook)
    for row in book["Translate"].iter_rows(min_row=4):
        where = str(row[7].value).partition("/")[2]
        if where in texts:
            row[2].value = texts[where]
    back = workbook.with_name(f"back-{workbook.name}")
    book.save(back)
    return back


def by_hand(texts=SPANISH, *more: str) -> str:
    """Out to a volunteer and in again."""
    done("translate", "export", "mornings.yaml", "--to", "es", "--out", "es.xlsx")
    return done(
        "translate", "import", "mornings.yaml", filled_in(Path("es.xlsx"), texts), "--by", "Ana Pérez", *more
    )


# Status


def test_a_survey_in_one_language_is_told_what_comes_next(folder):
    said = done("translate", "status", "mornings.yaml")

    assert "8 texts in English" in said
    assert "openline translate fill mornings.yaml --to es" in said
    assert "openline translate export mornings.yaml --to es" in said


def test_all_that_comes_with_openline_is_counted_without_a_database(folder):
    found = json.loads(done("translate", "status", "--json"))

    names = {one["document"] for one in found}
    assert names == {*survey_flows.LIBRARY, *campaign_file.LIBRARY, "phrases"}
    assert all(one["texts"] == one["draft"] for one in found)  # nobody has approved any
    assert {one["language"] for one in found if one["document"] == "check-in"} == {
        "es",
        "ht",
        "pt",
        "vi",
        "zh-Hans",
        "ar",
        "fr",
    }


def test_the_states_of_texts_are_told_apart_without_colours(folder):
    by_hand({where: said for where, said in SPANISH.items() if where != "why/ask"})

    said = done("translate", "status", "mornings.yaml")

    assert "▓▓" in said
    assert "░░" in said
    assert "██" not in said
    (row,) = json.loads(done("translate", "status", "mornings.yaml", "--json"))
    assert (row["draft"], row["missing"], row["approved"], row["by"]) == (7, 1, 0, "")


def test_in_a_narrow_window_every_heading_and_name_can_be_read(folder, monkeypatch):
    by_hand(SPANISH, "--approve")
    monkeypatch.setattr("bot.cli.translate_status.results.width", 80)

    said = done("translate", "status", "mornings.yaml")

    heading = "Texts  Approved  Drafts  Stale  Missing"
    assert heading in said
    assert "\nes: Ana Pérez, 20" in said
    assert all(len(line) <= 80 for line in said.splitlines() if "█" in line)


# By hand, without a database


def test_from_english_only_to_approved_by_hand(folder):
    said = by_hand()
    assert "8 new" in said
    assert (
        "Not kept in the translation memory"
        in openline("translate", "approve", "mornings.yaml", "es", "--by", "Ana Pérez").output
    )

    made = load("mornings.yaml")

    assert (made.languages, made.drafts, made.approved["es"].by) == (("en", "es"), frozenset(), "Ana Pérez")
    assert made.intro["es"] == SPANISH["intro"]
    assert Path("mornings.yaml").read_text("utf-8").startswith("# Ours.\n")
    assert "Every language has been approved" in done("translate", "status", "mornings.yaml")


def test_whoever_translates_may_approve_at_once(folder):
    by_hand(SPANISH, "--approve")

    assert load("mornings.yaml").approved["es"].by == "Ana Pérez"


def test_words_that_are_heard_go_out_and_come_back_with_the_choice(folder):
    by_hand({**SPANISH, "hard/choice/no_:heard": "fácil | bien"})

    assert "also: {en: [easy, fine], es: [fácil, bien]}" in Path("mornings.yaml").read_text("utf-8")


@pytest.mark.parametrize("kind", ["xliff", "po", "xlsx"])
def test_every_kind_of_file_goes_out_and_comes_back(folder, kind):
    by_hand()
    done("translate", "export", "mornings.yaml", "--to", "es", "--format", kind, "--out", "again")

    said = done("translate", "import", "mornings.yaml", "again", "--by", "Ana")

    assert "8 unchanged" in said


def test_what_would_do_harm_stays_out_and_is_told_with_why(folder):
    bad = {**SPANISH, "intro": "La escuela pregunta. Responda ALTO.", "hard/choice/no_": "Muy difícil"}

    said = by_hand(bad)

    assert "{school} is missing" in said
    assert "La escuela pregunta. Responda ALTO." in said  # nobody has to look for it
    assert "reads the same" in said
    assert "3 refused" in said
    made = load("mornings.yaml")
    assert (made.intro["es"], made.thanks["es"]) == (made.intro["en"], "Gracias.")
    assert "ALTO" not in made.text


def test_a_choice_that_the_file_itself_does_not_take_is_refused_alone(folder):
    said = by_hand({**SPANISH, "hard/choice/no_": "Basta"})  # it means STOP

    assert "1 refused" in said
    assert load("mornings.yaml").thanks["es"] == "Gracias."


def test_two_volunteers_who_say_different_things_are_not_decided_between(folder):
    done("translate", "export", "mornings.yaml", "--to", "es", "--out", "es.xlsx")
    one = filled_in(Path("es.xlsx"), SPANISH).rename("one.xlsx")
    other = filled_in(Path("es.xlsx"), {**SPANISH, "title": "Las mañanas"})

    said = done("translate", "import", "mornings.yaml", one, other, "--by", "Ana")

    assert "the files say different things: Las mañanas / Mañanas" in said
    assert load("mornings.yaml").title["es"] == "Mornings"
    assert load("mornings.yaml").thanks["es"] == "Gracias."


def test_a_dry_run_writes_nothing(folder):
    assert "8 new" in by_hand(SPANISH, "--dry-run")

    assert Path("mornings.yaml").read_text("utf-8") == SURVEY


def test_a_workbook_that_is_in_somebodys_hands_is_not_written_over(folder):
    done("translate", "export", "mornings.yaml", "--to", "es")

    assert "mornings.es.xlsx is there already" in problem(
        "translate", "export", "mornings.yaml", "--to", "es"
    )


def test_a_row_whose_source_has_changed_meanwhile_is_not_taken(folder):
    done("translate", "export", "mornings.yaml", "--to", "es", "--out", "es.xlsx")
    Path("mornings.yaml").write_text(SURVEY.replace("2 weeks", "3 weeks"), "utf-8")

    said = done("translate", "import", "mornings.yaml", filled_in(Path("es.xlsx"), SPANISH), "--by", "Ana")

    assert "the source text has changed" in said
    assert load("mornings.yaml").question("hard").texts[None]["es"].startswith("Was it hard")


def test_all_that_is_wrong_with_a_text_is_told_at_once(folder):
    said = by_hand({**SPANISH, "intro": "La escuela hace dos preguntas. Responda ALTO para terminar."})

    assert "{school} is missing. STOP is not there" in said


def test_what_a_translator_remarks_and_what_is_odd_about_a_row_is_told(folder):
    done("translate", "export", "mornings.yaml", "--to", "es", "--out", "es.xlsx")
    back = filled_in(Path("es.xlsx"), SPANISH)
    book = openpyxl.load_workbook(back)
    for row in book["Translate"].iter_rows(min_row=4):
        row[5].value = "seguro"
        if str(row[7].value).endswith("/hard/ask"):
            row[1].value = "Was it very hard to get here?"
            row[6].value = "Or: venir"
    book.save(back)

    said = done("translate", "import", "mornings.yaml", back, "--by", "Ana")

    assert "8 new" in said
    assert re.search(r"comment +hard/ask +Or: venir", said)
    assert re.search(r"look +hard/ask +the text to be translated is not the one that was sent", said)
    assert re.search(r"look +title and 7 more +the State is neither draft nor approved", said)
    assert "not read" not in said


def test_a_row_without_its_key_is_told_though_its_number_begins_like_anothers(folder):
    done("translate", "export", "mornings.yaml", "--to", "es", "--out", "es.xlsx")
    back = filled_in(Path("es.xlsx"), SPANISH)
    book = openpyxl.load_workbook(back)
    book["Translate"]["C40"] = "¿Y esto?"
    book.save(back)

    assert re.search(
        r"not read +row 40 +this row has lost its hidden key",
        done("translate", "import", "mornings.yaml", back, "--by", "Ana"),
    )


def test_a_clash_shows_both_texts(folder):
    by_hand()
    done("translate", "export", "mornings.yaml", "--to", "es", "--out", "again.xlsx")
    back = filled_in(Path("again.xlsx"), {"title": "Por la mañana"})
    text = Path("mornings.yaml").read_text("utf-8")
    Path("mornings.yaml").write_text(text.replace("es: Mañanas", "es: Las mañanas"), "utf-8")

    said = done("translate", "import", "mornings.yaml", back, "--by", "Ana")

    assert "Decide which is right. It said: Por la mañana Here stands: Las mañanas" in said


# Approving


def test_a_language_is_not_approved_while_something_is_missing(folder):
    by_hand({"title": "Mañanas"})

    said = openline("translate", "approve", "mornings.yaml", "es", "--by", "Ana")

    assert "7 texts" in said.output
    assert "cannot be approved" in str(said.exception)
    assert "approved" not in Path("mornings.yaml").read_text("utf-8")


def test_a_language_is_not_approved_while_the_gate_blocks(folder):
    by_hand()
    text = Path("mornings.yaml").read_text("utf-8").replace("últimas 2 semanas", "últimas 3 semanas")
    Path("mornings.yaml").write_text(text, "utf-8")

    said = openline("translate", "approve", "mornings.yaml", "es", "--by", "Ana")

    assert "hard/ask" in said.output
    assert said.exit_code == 1
    assert load("mornings.yaml").drafts == {"es"}
    assert openline("translate", "check", "mornings.yaml").exit_code == 1
    found = json.loads(openline("translate", "check", "mornings.yaml", "--json").output)
    assert [one["severity"] for one in found["es"]["findings"]] == ["block"]


def test_what_is_sound_passes_the_check(folder):
    by_hand()

    assert "nothing found" in done("translate", "check", "mornings.yaml", "--to", "es")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("approve", "mornings.yaml", "es", "--by", "Ana"), "mornings.yaml is in en and no other"),
        (("approve", "getting-to-school", "es", "--by", "Ana"), "--out getting-to-school.yaml"),
        (("approve", "mornings.yaml", "klingonisch", "--by", "Ana"), "is no language tag"),
        (("approve", "mornings.yaml", "en", "--by", "Ana"), "the language that the texts are written in"),
        (("approve", "mornings.yaml", "es", "--by", " "), "Say who"),
        (("export", "mornings.yaml", "--to", "en"), "the language that the texts are written in"),
        (("status", "nowhere"), "There is no file nowhere"),
        (("fill", "mornings.yaml"), "--to es,ht"),
        (("fill", "mornings.yaml", "--to", "es"), "No translation engine is set up"),
        (("fill", "phrases", "--to", "es"), "in no file of yours"),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_do(folder, arguments, told):
    assert told in problem("translate", *arguments)


def test_a_file_that_is_no_survey_is_named(folder):
    Path("list.yaml").write_text("a: 1\n", "utf-8")
    Path("form.xlsx").write_bytes(b"")

    assert "title" in problem("translate", "status", "list.yaml")
    assert "openline survey import form.xlsx" in problem("translate", "status", "form.xlsx")


def test_a_survey_of_the_library_is_approved_in_a_copy(folder):
    done("translate", "approve", "ideas-all", "fr", "--by", "Luc", "--out", "ideas-all.yaml")

    made = load("ideas-all.yaml")
    assert ("fr" in made.drafts, made.approved["fr"].by) == (False, "Luc")


def test_a_campaign_is_approved_too_and_is_a_draft_again_when_its_words_change(folder):
    Path("thanks.yaml").write_text(campaign_file.starter("on-time-thanks"), "utf-8")
    done("translate", "approve", "thanks.yaml", "es", "--by", "Ana Pérez")
    text = Path("thanks.yaml").read_text("utf-8")

    approved = campaign_file.loads(text, "thanks.yaml")
    changed = campaign_file.loads(text.replace("preparar la mochila", "llenar la mochila"), "thanks.yaml")

    assert (approved.approved["es"].by, "es" in approved.drafts) == ("Ana Pérez", False)
    assert (changed.stale, "es" in changed.drafts) == ({"es"}, True)
    Path("thanks.yaml").write_text(changed.text, "utf-8")
    rows = json.loads(done("translate", "status", "thanks.yaml", "--json"))
    assert next(row["stale"] for row in rows if row["language"] == "es") == 3


def test_a_survey_that_includes_another_is_translated_file_by_file(folder):
    outer = SURVEY[: SURVEY.index("questions:")].replace("survey: mornings", "survey: outer")
    Path("outer.yaml").write_text(f"{outer}questions:\n  - include: mornings\n", "utf-8")
    done("translate", "export", "outer.yaml", "--to", "es", "--out", "outer.xlsx")
    back = filled_in(Path("outer.xlsx"), SPANISH)

    told = problem("translate", "import", "outer.yaml", back, "--by", "Ana")
    assert "includes mornings, which is not all there in es" in told
    by_hand()
    assert "3 new" in done("translate", "import", "outer.yaml", back, "--by", "Ana")
    assert json.loads(done("translate", "status", "outer.yaml", "--json"))[0]["draft"] == 8


def test_a_form_from_elsewhere_may_be_filled_bit_by_bit(folder):
    form = "survey: mornings\nfrom: xlsform\n" + SURVEY.partition("survey: mornings\n")[2].replace(
        "key: hard", "key: Q1"
    )
    Path("mornings.yaml").write_text(form.replace("{hard: [very]}", "{Q1: [very]}"), "utf-8")

    by_hand({".q1/ask": SPANISH["hard/ask"], "thanks": "Gracias."})

    made = load("mornings.yaml")
    assert made.question("Q1").texts[None]["es"] == SPANISH["hard/ask"]
    assert made.languages == ("en", "es")


def test_a_file_with_a_byte_order_mark_and_windows_lines_keeps_both(folder):
    Path("mornings.yaml").write_bytes(SURVEY.replace("\n", "\r\n").encode("utf-8-sig"))

    by_hand(SPANISH, "--approve")

    data = Path("mornings.yaml").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# Ours.\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert load("mornings.yaml").approved["es"].by == "Ana Pérez"


def test_a_database_that_is_down_is_no_crash(folder, monkeypatch):
    monkeypatch.setenv("OPENLINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    by_hand(SPANISH, "--approve")

    assert "49 texts" in done("translate", "status", "phrases")
    assert "The database cannot be reached" in problem("translate", "fill", "mornings.yaml", "--only-memory")


# With a database and an engine


WORDS = {
    "was": "fue", "it": "esto", "hard": "difícil", "to": "para", "get": "llegar", "here": "aquí", "in": "en", "the": "las",
    "last": "últimas", "weeks": "semanas", "not": "no", "very": "muy", "what": "qué", "if": "si", "anything": "algo",
    "made": "hizo", "thank": "muchas", "you": "gracias", "asks": "pregunta", "two": "dos", "questions": "preguntas",
    "about": "sobre", "mornings": "mañanas", "reply": "responda", "end": "terminar", "question": "pregunta",
    "number": "número", "please": "por favor",
}  # fmt: skip


def word_by_word(text: str) -> str:
    """Spanish as an engine of the first days would have said it."""
    return re.sub(
        r"[a-z]+", lambda word: WORDS.get(word[0].lower(), word[0]), text, flags=re.IGNORECASE | re.ASCII
    )


class Server:
    """A translation server that writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.said: dict[str, str] = {}
        self.wait = threading.Event()
        self.wait.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer([{"code": "en", "targets": ["es", "ht"]}])

            def do_POST(self) -> None:
                given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked += given["q"]
                if len(outer.asked) > 1:
                    outer.wait.wait(30)
                self.answer(
                    {"translatedText": [outer.said.get(text, word_by_word(text)) for text in given["q"]]}
                )

            def answer(self, value: object) -> None:
                data = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server(folder, monkeypatch):
    made = Server()
    monkeypatch.setenv("OPENLINE_TRANSLATORS", "libre")
    monkeypatch.setenv("OPENLINE_LIBRETRANSLATE_URL", made.url)
    done("migrate")
    yield made
    made.http.shutdown()
    made.http.server_close()


def test_missing_texts_are_drafted_by_the_engine_and_no_text_is_sent_twice(server):
    said = done("translate", "fill", "mornings.yaml", "--to", "es")

    assert "8 texts written" in said
    assert len(server.asked) == len(set(server.asked)) == 7  # "Thank you." stands there twice
    made = load("mornings.yaml")
    assert (made.drafts, made.thanks["es"]) == ({"es"}, "muchas gracias.")

    Path("mornings.yaml").write_text(SURVEY, "utf-8")
    again = done("translate", "fill", "mornings.yaml", "--to", "es")
    assert "8 from the memory" in again
    assert len(server.asked) == 7
    assert load("mornings.yaml").text == made.text


def test_what_people_have_approved_is_taken_in_another_document(server):
    by_hand(SPANISH, "--approve")
    Path("other.yaml").write_text(SURVEY.replace("survey: mornings", "survey: other"), "utf-8")

    said = done("translate", "fill", "other.yaml", "--to", "es", "--only-memory")

    assert "8 from the memory" in said
    assert server.asked == []
    assert load("other.yaml").drafts == {"es"}  # whoever asks it says so anew
    assert load("other.yaml").thanks["es"] == "Gracias."


def test_what_the_engine_damages_stays_out_and_is_told(server):
    server.said["Very hard"] = "no difícil"

    said = done("translate", "fill", "mornings.yaml", "--to", "es")

    assert "refused" in said
    assert "hard/choice/very" in said
    assert 'es: !missing ""' in Path("mornings.yaml").read_text("utf-8")


def test_a_language_that_no_engine_has_is_told_and_the_file_stays(server):
    said = done("translate", "fill", "mornings.yaml", "--to", "so")

    assert "0 texts written" in said
    assert said.count("missing") == 8
    assert Path("mornings.yaml").read_text("utf-8") == SURVEY


def test_only_what_has_changed_is_filled_and_handed_out_again(server):
    by_hand(SPANISH, "--approve")
    text = Path("mornings.yaml").read_text("utf-8").replace("in the last 2 weeks", "in the last 3 weeks")
    Path("mornings.yaml").write_text(text, "utf-8")

    (row,) = json.loads(done("translate", "status", "mornings.yaml", "--json"))
    assert (row["approved"], row["stale"]) == (7, 1)
    done("translate", "export", "mornings.yaml", "--to", "es", "--out", "open.xlsx")
    rows = openpyxl.load_workbook("open.xlsx")["Translate"].iter_rows(min_row=4, values_only=True)
    assert next(row[7] for row in rows if row[7]) == "survey:mornings/hard/ask"

    done("translate", "fill", "mornings.yaml", "--to", "es")

    made = load("mornings.yaml")
    assert (
        server.asked == ["Was it hard to get here in the last 3 weeks?"]
        or "3" in made.question("hard").texts[None]["es"]
    )
    assert (
        made.question("hard").texts[None]["es"]
        == "fue esto difícil para llegar aquí en las últimas 3 semanas?"
    )
    assert (made.thanks["es"], made.stale) == ("Gracias.", {"es"})


def test_a_draft_is_replaced_only_when_that_is_wanted(server):
    by_hand(SPANISH)
    before = Path("mornings.yaml").read_text("utf-8")
    done("translate", "fill", "mornings.yaml", "--to", "es")
    assert Path("mornings.yaml").read_text("utf-8") == before

    done("translate", "fill", "mornings.yaml", "--to", "es", "--all-drafts")
    assert load("mornings.yaml").thanks["es"] == "Gracias."  # the memory knows what a person wrote


def test_what_openline_says_itself_is_approved_in_the_memory(server):
    assert "approved by Ana Pérez" in done("translate", "approve", "phrases", "es", "--by", "Ana Pérez")

    rows = json.loads(done("translate", "status", "phrases", "--json"))
    assert next(row["approved"] for row in rows if row["language"] == "es") == 49


def test_an_interruption_keeps_what_is_done(server, folder):
    more = "".join(
        f"  - {{key: q{at}, kind: open, text: Question number {'x' * at} please?}}\n" for at in range(30)
    )
    Path("mornings.yaml").write_text(SURVEY + more, "utf-8")
    server.wait.clear()
    clean = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-m", "bot", "translate", "fill", "mornings.yaml", "--to", "es"]
    running = subprocess.Popen(
        command, cwd=folder, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    server.wait.set()
    while len(server.asked) < 9 and time.monotonic() < until:
        time.sleep(0.01)
    server.wait.clear()
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=60)
    server.wait.set()

    assert running.returncode == 130
    assert "Interrupted" in out
    kept = load("mornings.yaml")
    assert kept.thanks["es"] == "muchas gracias."
    asked = len(server.asked)
    done("translate", "fill", "mornings.yaml", "--to", "es")
    assert kept.thanks["es"] not in server.asked[asked:]
    assert load("mornings.yaml").untranslated == frozenset()
