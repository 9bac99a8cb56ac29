"""REFI-QDA projects: what goes out comes back; positions point at exactly the reply; strange files do no harm."""

from __future__ import annotations

import contextlib
import io
import os
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import qda
from analysis.codebook import Codebook, Theme
from analysis.qda import Case, Coder, CodeSet, Coding, Note, Project, QdaError, Question, Reply, packing
from analysis.qda.layout import in_order

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "files/refi/Project.xsd"))
REAL = Path(os.environ.get("OPENLINE_REFI_FILES", Path(__file__).parents[2] / "shared/data/refi-qda"))
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BOOK = Codebook(
    "roads",
    "1",
    "Roads",
    (
        Theme("road", None, "The road", "Getting here.", "", "", "barrier"),
        Theme("road.mud", "road", "Mud", "Mud.", "rain", "dust", "barrier", {"en": ("mud to the knees",)}),
        Theme("road.dust", "road", "Dust", "Dust.", "", "", "barrier", {"en": ("dust",)}),
    ),
)
ANA, MACHINE = Coder("Ana"), Coder("Openline 3f2a", machine=True)


def project(*replies: Reply, **more: object) -> Project:
    given = {
        "coders": (ANA, MACHINE),
        "questions": (Question("hard", "What makes it hard?", replies),),
        "at": NOON,
        **more,
    }
    return Project("autumn", "Autumn survey", BOOK, **given)


def back(given: Project, **how: str) -> Project:
    return qda.read(qda.write(given, **how), "out.qdpx")


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def zipped(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def xml(inside: str, origin: str = "Some tool") -> str:
    return f'<Project xmlns="urn:QDA-XML:project:1.0" name="Theirs" origin="{origin}">{inside}</Project>'


def guid(number: int) -> str:
    return f"{number:08d}-0000-4000-8000-000000000000"


CODES = f"""<Users><User guid="{guid(1)}" name="Bo"/></Users><CodeBook><Codes>
<Code guid="{guid(2)}" name="Bus" isCodable="true"><Code guid="{guid(3)}" name="Late" isCodable="true"/></Code>
</Codes></CodeBook>"""


def selection(start: int, end: int, number: int = 9) -> str:
    coding = f'<Coding guid="{guid(number + 50)}" creatingUser="{guid(1)}"><CodeRef targetGUID="{guid(3)}"/></Coding>'
    return f'<PlainTextSelection guid="{guid(number)}" startPosition="{start}" endPosition="{end}">{coding}</PlainTextSelection>'


def theirs(text: str | bytes, *spans: tuple[int, int], origin: str = "Some tool", more: str = "") -> bytes:
    inside = "".join(selection(start, end, 10 + place) for place, (start, end) in enumerate(spans))
    source = f'<TextSource guid="{guid(4)}" name="Talk" plainTextPath="internal://a.txt">{inside}{more}</TextSource>'
    files = {"project.qde": xml(f"{CODES}<Sources>{source}</Sources>", origin), "Sources__a.txt": text}
    return zipped(**files)


def selected(read: Project) -> list[str]:
    return [
        reply.text[coding.start : coding.end]
        for question in read.questions
        for reply in question.replies
        for coding in reply.codings
    ]


# Any Unicode: emoji, right to left, combining marks, all kinds of line ends, and what looks like our own marks.
WORDS = st.text(
    st.characters(exclude_categories=("Cs",))
    | st.sampled_from("🙏👩‍👧😀é\u0301\u200fשלוםمرحبا\n\r\u2028\x85\x0b\ufeff= 7"),
    min_size=1,
    max_size=40,
) | st.sampled_from(
    ["=== 7 ===", "a\n==== 7 ====\n\n=== r1 ===\n", "\n\n", "\r\n\r\n", "\ufeff", "===", "😀" * 20]
)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    questions = []
    for name in draw(st.lists(st.sampled_from(["hard", "helps & more"]), unique=True, min_size=1)):
        replies = []
        for place, text in enumerate(draw(st.lists(WORDS, max_size=6))):
            keys = st.tuples(st.sampled_from(["road.mud", "road.dust"]), st.sampled_from([ANA, MACHINE]))
            codings = [
                Coding(code, coder.name, draw(st.sampled_from([None, NOON])))
                for code, coder in draw(st.lists(keys, unique=True, max_size=3))
            ]
            length = len(qda.plain(text))
            if length > 1 and draw(st.booleans()):
                end = draw(st.integers(1, length - 1))
                codings.append(Coding("road.mud", "Ana", None, draw(st.integers(0, end - 1)), end))
            replies.append(Reply(f"r{place}", text, tuple(codings), draw(st.sampled_from([None, "c1"]))))
        questions.append(Question(name, f"Title of {name}", tuple(replies)))
    return project(
        questions=tuple(questions),
        cases=(Case("c1", {"language": "es", "school": "Lincoln <&> 🙏"}), Case("c2")),
        notes=(Note("On mud", "a\nb", "road.mud"), Note("All", "x")),
        sets=(CodeSet("What the school can change", ("road.mud",)),),
    )


def as_laid_out(given: Project) -> tuple[Question, ...]:
    return tuple(
        replace(
            each,
            replies=tuple(replace(reply, text=qda.plain(reply.text)) for reply in in_order(each.replies)),
        )
        for each in given.questions
    )


@pytest.mark.parametrize("units", ["code points", "utf-16"])
@settings(deadline=None, max_examples=120)
@given(given_=projects())
def test_any_project_of_ours_comes_back_as_it_went(units, given_):
    read = back(given_, units=units)

    assert read.questions == as_laid_out(given_)
    assert read.coders == given_.coders
    assert read.cases == given_.cases
    assert read.notes == given_.notes
    assert read.sets == given_.sets
    assert read.codebook.themes == BOOK.themes
    assert (read.id, read.name, read.at) == ("autumn", "Autumn survey", NOON)
    assert read.notices == ()


@settings(deadline=None, max_examples=60)
@given(given_=projects())
def test_a_project_is_what_the_schema_wants_and_the_same_each_time(given_):
    data = qda.write(given_)

    SCHEMA.validate(opened(data)["project.qde"].decode())
    assert qda.write(given_) == data


@pytest.mark.parametrize(("units", "encoding"), [("code points", "utf-32-le"), ("utf-16", "utf-16-le")])
@settings(deadline=None, max_examples=60)
@given(texts=st.lists(WORDS, min_size=1, max_size=6))
def test_positions_point_at_exactly_the_reply(units, encoding, texts):
    replies = [Reply(f"r{place}", text, (Coding("road.mud", "Ana"),)) for place, text in enumerate(texts)]
    files = opened(qda.write(project(*replies), units))
    root = SCHEMA.to_dict(files.pop("project.qde").decode())
    [text] = [content.decode() for content in files.values()]
    size = 4 if units == "code points" else 2
    raw = text.encode(encoding)

    found = {
        each["@name"]: raw[size * each["@startPosition"] : size * each["@endPosition"]].decode(encoding)
        for each in root["Sources"]["TextSource"][0]["PlainTextSelection"]
    }

    assert found == {reply.id: qda.plain(reply.text) for reply in replies}


def test_positions_of_replies_without_emoji_are_the_same_however_a_tool_counts():
    replies = [Reply("a", "thanks 🙏🙏"), Reply("b", "the bus"), Reply("c", "mud")]
    names = [re.findall(rb'name="([bc])" (start\S+ end\S+)', opened(qda.write(project(*replies), units))["project.qde"])
             for units in ("code points", "utf-16")]  # fmt: skip

    assert names[0] == names[1]
    assert len(names[0]) == 2


def test_a_text_file_has_no_mark_at_its_head_and_no_windows_line_ends():
    files = opened(qda.write(project(Reply("r1", "one\r\ntwo\rthree"))))

    [name] = [each for each in files if each != "project.qde"]
    assert name.startswith("Sources/")
    assert name.endswith(".txt")
    assert files[name] == b"=== r1 ===\none\ntwo\nthree\n\n"


def test_the_machine_is_a_user_named_so():
    text = opened(qda.write(project(Reply("r1", "mud", (Coding("road.mud", MACHINE.name),)))))[
        "project.qde"
    ].decode()

    assert 'name="Openline 3f2a (machine)"' in text


def test_only_groups_that_are_passed_leave_the_house():
    text = opened(qda.write(project(Reply("r1", "mud"))))["project.qde"]

    assert b"Case" not in text
    assert b"Variable" not in text


def test_a_project_that_a_tool_saved_with_windows_line_ends_and_a_mark_still_has_its_replies():
    data = qda.write(project(Reply("r1", "one\ntwo", (Coding("road.mud", "Ana"),)), Reply("r2", "three")))
    files = opened(data)
    name = next(each for each in files if each.startswith("Sources/"))
    files[name] = b"\xef\xbb\xbf" + files[name].replace(b"\n", b"\r\n").rstrip()
    # that tool counts CR LF as one
    read = qda.read(zipped(**files), "their.qdpx")

    assert [(reply.id, reply.text) for reply in read.questions[0].replies] == [
        ("r1", "one\ntwo"),
        ("r2", "three"),
    ]
    assert read.questions[0].replies[0].codings == (Coding("road.mud", "Ana"),)
    assert "line ends as one" in str(read.notices[0])


def test_replies_are_found_by_their_lines_when_a_tool_keeps_neither_descriptions_nor_uncoded_selections():
    data = qda.write(project(Reply("r1", "one"), Reply("r2", "two", (Coding("road.mud", "Ana"),))))
    files = opened(data)
    text = files["project.qde"].decode()
    text = re.sub(r"<Description>Question.*?</Description>", "", text)
    files["project.qde"] = re.sub(r"<PlainTextSelection [^>]*/>", "", text).encode()

    read = qda.read(zipped(**files), "their.qdpx")

    assert [(each.id, each.text, len(each.codings)) for each in read.questions[0].replies] == [
        ("r1", "one", 0),
        ("r2", "two", 1),
    ]
    assert read.questions[0].id == "what_makes_it_hard"
    assert "the id of its question is lost" in str(read.notices[0])


def test_new_codings_of_another_tool_are_found_and_those_over_two_replies_go_to_the_larger():
    text = "=== 1 ===\nthe bus is late\n\n=== 2 ===\nno\n\n"
    start = text.index("bus")

    read = qda.read(
        theirs(text, (start, start + 3), (start, text.index("no") + 1), (0, 3), (10, 26)), "t.qdpx"
    )

    first, second = read.questions[0].replies
    assert [first.text[each.start : each.end] for each in first.codings] == [
        "bus",
        "bus is late",
        "the bus is late",
    ]
    assert first.codings[2].start is None
    assert second.codings == ()
    told = [str(each) for each in read.notices]
    assert any("covers 2 replies; its codings are given to 1" in each for each in told)
    assert any("no reply is there" in each for each in told)


def test_a_text_of_another_tool_is_one_reply_with_parts_coded():
    read = qda.read(theirs("It came late.", (8, 12)), "t.qdpx")

    assert selected(read) == ["late"]
    assert read.questions[0].replies[0].codings == (Coding("bus.late", "Bo", None, 8, 12),)
    assert read.coders == (Coder("Bo"),)


def test_nvivo_is_read_as_it_counts():
    text = "🙏🙏 thank you"

    assert selected(qda.read(theirs(text, (5, 10), origin="NVivo 12"), "t.qdpx")) == ["thank"]
    assert selected(qda.read(theirs(text, (3, 8)), "t.qdpx")) == ["thank"]


def test_a_tool_that_counts_otherwise_than_expected_is_found_out_by_where_its_selections_fall():
    text = "🙏🙏 thank you so much for calling"
    utf16 = [(5, 10), (11, 14), (15, 17), (18, 22)]
    points = [(start - 2, end - 2) for start, end in utf16]

    for origin, spans in (("NVivo 15", points), ("ATLAS.ti", utf16)):
        read = qda.read(theirs(text, *spans, origin=origin), "t.qdpx")
        assert selected(read) == ["thank", "you", "so", "much"]
        assert "fit best" in str(read.notices[-1])


def test_windows_line_ends_count_as_two_unless_that_fits_worse():
    assert selected(qda.read(theirs("one\r\ntwo", (5, 8)), "t.qdpx")) == ["two"]
    assert selected(qda.read(theirs("one\r\ntwo six", (4, 7), (8, 11)), "t.qdpx")) == ["two", "six"]


def test_what_is_not_understood_is_told_and_does_no_harm():
    more = f'<PlainTextSelection guid="{guid(20)}" startPosition="x" endPosition="3"/>'
    source = f'<TextSource guid="{guid(4)}" name="Talk"><PlainTextContent>bus</PlainTextContent>{more}{selection(1, 99)}{selection(3, 3)}</TextSource>'
    film = f'<VideoSource guid="{guid(21)}" name="film"/>'
    lost = f'<TextSource guid="{guid(22)}" name="only rtf" richTextPath="internal://x.docx"/>'
    rest = f'<Links><Link guid="{guid(23)}"/></Links>'
    file = zipped(**{"project.qde": xml(f"{CODES}<Sources>{source}{film}{lost}</Sources>{rest}")})

    read = qda.read(file, "t.qdpx")

    told = " | ".join(str(each) for each in read.notices)
    assert selected(read) == ["us"]
    for part in (
        "without positions",
        "was cut",
        "nothing is selected",
        "VideoSource",
        "formatted text",
        "<Links>",
    ):
        assert part in told


def test_a_coding_by_nobody_or_of_an_unknown_code_is_told():
    codings = f'<Coding guid="{guid(30)}"><CodeRef targetGUID="{guid(3)}"/></Coding><Coding guid="{guid(31)}"><CodeRef targetGUID="{guid(99)}"/></Coding>'

    read = qda.read(theirs("bus", more=codings), "t.qdpx")

    assert read.questions[0].replies[0].codings == (Coding("bus.late", "unknown"),)
    assert Coder("unknown") in read.coders
    assert "does not have" in str(read.notices[-1])


def test_guids_in_braces_and_capitals_are_the_same_guids():
    files = opened(theirs("It came late.", (8, 12)))
    text = files["project.qde"].decode()
    files["project.qde"] = text.replace(
        f'targetGUID="{guid(3)}"', f'targetGUID="{{{guid(3).upper()}}}"'
    ).encode()

    assert selected(qda.read(zipped(**files), "t.qdpx")) == ["late"]


def test_the_project_file_may_have_the_project_s_name_and_the_folder_small_letters():
    files = opened(theirs("late", (0, 4)))

    read = qda.read(zipped(**{"My study.qde": files["project.qde"], "sources__A.TXT": b"late"}), "t.qdpx")

    assert read.questions[0].replies[0].codings == (Coding("bus.late", "Bo"),)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no packed project"),
        (b"<Project/>", "no packed project"),
        (b"PK\x03\x04 broken", "damaged"),
        (zipped(a=b"b"), "no project in it"),
        (zipped(**{"project.qde": "<!DOCTYPE a [<!ENTITY b 'c'>]><Project/>"}), "project.qde, line 1.*document type"),
        (zipped(**{"project.qde": "<Project>"}), "damaged"),
        (zipped(**{"project.qde": "<CodeBook/>"}), "not <Project>"),
        (zipped(**{"project.qde": xml(""), "__etc__passwd": b"x"}), "outside of it"),
        (zipped(**{"project.qde": xml(""), "Sources__..__..__x": b"x"}), "outside of it"),
        (zipped(**{"project.qde": xml(""), "C:x": b"x"}), "outside of it"),
        (zipped(**{"project.qde": xml(""), "PROJECT.qde": xml("")}), "same name"),
        (zipped(**{"project.qde": opened(theirs("x"))["project.qde"]}), "text 'Talk'.*not in the file"),
        (zipped(**{"project.qde": opened(theirs("x"))["project.qde"].replace(b"internal://", b"relative:///../")}), "not in the file"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_file_and_a_cure(data, told):
    with pytest.raises(QdaError, match=told) as refused:
        qda.read(data, "their.qdpx")

    assert str(refused.value).startswith("their.qdpx")
    assert refused.value.cure


def test_a_file_too_large_is_refused_before_it_is_opened():
    with pytest.raises(QdaError, match="100 MB"):
        qda.read(b"PK" + bytes(packing.LARGEST), "t.qdpx")


def test_a_bomb_is_refused_whether_or_not_it_says_how_large_it_is(monkeypatch):
    monkeypatch.setattr(packing, "LARGEST_INSIDE", 10_000)
    bomb = zipped(**{"project.qde": opened(theirs("x"))["project.qde"], "Sources__a.txt": bytes(20_000)})

    with pytest.raises(QdaError, match="more than"):
        qda.read(bomb, "t.qdpx")
    liar = bomb.replace((20_000).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    with pytest.raises(QdaError, match=r"more than|unpacked"):
        qda.read(liar, "t.qdpx")


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(packing, "MOST", 3)

    with pytest.raises(QdaError, match="more than 3 files"):
        qda.read(zipped(a="", b="", c="", d=""), "t.qdpx")


@settings(deadline=None, max_examples=150)
@given(place=st.integers(0, 3000), junk=st.binary(min_size=1, max_size=8))
def test_a_damaged_file_never_does_more_than_say_so(place, junk):
    data = qda.write(project(Reply("r1", "mud 🙏", (Coding("road.mud", "Ana"),))))
    broken = data[: place % len(data)] + junk + data[place % len(data) + len(junk) :]

    with contextlib.suppress(QdaError):
        qda.read(broken, "t.qdpx")


CODED = Reply("r1", "mud", (Coding("road.mud", "Ana"),))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (project(Reply("a b", "mud")), "cannot stand in a text"),
        (project(Reply("r1", "")), "no words"),
        (project(CODED, CODED), "used twice"),
        (project(replace(CODED, codings=(Coding("road.ice", "Ana"),))), "no theme road.ice"),
        (project(replace(CODED, codings=(Coding("road.mud", "Bo"),))), "not among the coders"),
        (project(replace(CODED, codings=(Coding("road.mud", "Ana", None, 1, 4),))), "outside of the reply"),
        (project(replace(CODED, codings=(Coding("road.mud", "Ana", None, 1),))), "outside of the reply"),
        (project(replace(CODED, codings=CODED.codings * 2)), "twice"),
        (project(replace(CODED, case="c9")), "not among the cases"),
        (project(coders=(ANA, ANA)), "used twice"),
        (project(notes=(Note("n", "x", "road.ice"),)), "no theme road.ice"),
        (replace(project(), codebook=Codebook("b", "1", "T", ())), "no themes"),
    ],
)
def test_a_project_that_makes_no_sense_is_not_written(wrong, told):
    with pytest.raises(QdaError, match=told):
        qda.write(wrong)


def test_ten_thousand_replies_go_out_and_come_back_in_seconds():
    replies = [
        Reply(str(n), f"the bus is late {n} 🙏", (Coding("road.mud", MACHINE.name),)) for n in range(10_000)
    ]

    begun = datetime.now(UTC)
    read = back(project(*replies), units="utf-16")

    assert read.questions[0].replies == tuple(replies)
    assert (datetime.now(UTC) - begun).total_seconds() < 30


real = pytest.mark.data
needs_files = pytest.mark.skipif(not REAL.exists(), reason="needs real projects in OPENLINE_REFI_FILES")


@real
@needs_files
def test_a_real_project_gives_its_codes_texts_codings_and_users():
    data = (REAL / "qc-demo-codings.qdpx").read_bytes()

    read = qda.read(data, "qc-demo-codings.qdpx")

    assert read.coders == (Coder("cp"),)
    assert [len(question.replies[0].text) for question in read.questions] == [52543, 31906]
    assert [len(question.replies[0].codings) for question in read.questions] == [205, 0]
    assert len(read.codebook.themes) == 262
    # that tool codes whole lines
    assert all(text.endswith("\n") and "\n" not in text[:-1] for text in selected(read))
    again = back(read)
    assert [set(each.replies[0].codings) for each in again.questions] == [
        set(each.replies[0].codings) for each in read.questions
    ]


@real
@needs_files
def test_a_real_project_of_atlas_ti_without_texts_gives_its_codes_and_users():
    read = qda.read((REAL / "atlas23-codes.qdpx").read_bytes(), "atlas23-codes.qdpx")

    assert len(read.coders) == 2
    assert (len(read.codebook.tops), len(read.codebook.codes)) == (1, 2)
    assert read.questions == ()
    assert read.notices == ()
