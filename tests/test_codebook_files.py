"""A codebook as one file: YAML, a table, REFI-QDA. What goes out comes back; what others wrote is read sensibly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import codebook, qda
from analysis.codebook import Codebook, CodebookError, Theme, files
from analysis.codebook.fields import slug
from analysis.codebook.files.codes import code_guid

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "files/refi/Codebook.xsd"))
KINDS = ("yaml", "csv", "qdc")
REAL = Path(os.environ.get("OPENLINE_REFI_FILES", Path(__file__).parents[2] / "shared/data/refi-qda"))


def theme(code: str, label: str = "", **more: object) -> Theme:
    parent = code.partition(".")[0] if "." in code else None
    given = {"definition": "what it means", "include": "", "exclude": "", "kind": "barrier", **more}
    return Theme(code, parent, label or code, **given)


def same(one: Codebook, other: Codebook) -> bool:
    return (one.id, one.version, one.title, one.themes) == (
        other.id,
        other.version,
        other.title,
        other.themes,
    )


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n=-@:'\"#↳,;"), min_size=1, max_size=30
).map(lambda text: text.replace("\n", "\nx").strip().strip("\x85\u2028\u2029\ufeff") or "word")
WORDINGS = st.dictionaries(
    st.sampled_from(["en", "es", "zh-Hans"]), st.lists(WORDS, min_size=1, max_size=3).map(tuple), max_size=2
)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    themes = []
    for top in draw(st.lists(st.sampled_from(["road", "care", "x"]), min_size=1, unique=True)):
        subs = draw(st.lists(st.sampled_from(["a", "b_2"]), min_size=0, max_size=2, unique=True))
        for code in (top, *(f"{top}.{sub}" for sub in subs)):
            themes.append(
                theme(
                    code,
                    draw(WORDS),
                    definition=draw(WORDS),
                    include=draw(WORDS | st.just("")),
                    exclude=draw(WORDS | st.just("")),
                    kind=draw(st.sampled_from(["barrier", "other"])),
                    flag=draw(WORDS | st.none()),
                    examples=draw(WORDINGS),
                    cues=draw(WORDINGS),
                    map=draw(
                        st.dictionaries(st.sampled_from(["ceds", "was"]), st.sampled_from(["1", "a: b"]))
                    ),
                    drafted=draw(st.frozensets(st.sampled_from(["es", "ht"]))),
                    reach=draw(st.sampled_from([None, *codebook.REACHES])),
                )
            )
    return Codebook("book", draw(st.sampled_from(["1", "2.0"])), draw(WORDS), tuple(themes))


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=60)
@given(book=codebooks())
def test_any_codebook_comes_back_as_it_went(kind, book):
    data = files.write(book, kind)

    back = files.read(data, "book" + files.SUFFIXES[kind])

    assert same(back.codebook, book)
    assert files.write(back.codebook, kind) == data


@pytest.mark.parametrize("kind", KINDS)
def test_the_bundled_codebook_comes_back_from_every_form(kind):
    book = codebook.load()

    back = files.read(files.write(book, kind), "whatever")

    assert same(back.codebook, book)
    assert back.codebook.digest == book.digest
    assert back.notices == ()


@settings(deadline=None, max_examples=30)
@given(book=codebooks())
def test_a_qdc_is_what_the_schema_wants(book):
    SCHEMA.validate(files.write(book, "qdc").decode())


def test_control_characters_that_xml_cannot_hold_survive_a_qdc():
    book = Codebook(
        "b", "1", "T", (theme("a", "bell\x07", definition="a\x01b", examples={"en": ("x\x02",)}),)
    )

    assert same(files.read(files.write(book, "qdc"), "b.qdc").codebook, book)


def test_a_theme_has_the_same_guid_in_every_version_and_under_every_label():
    before = Codebook("b", "1", "T", (theme("a"), theme("a.x", "Old")))
    after = Codebook("b", "2", "U", (theme("c"), theme("a"), theme("a.x", "New")))

    assert code_guid(before, "a.x") == code_guid(after, "a.x")
    assert code_guid(before, "a.x") != code_guid(Codebook("other", "1", "T", before.themes), "a.x")


def test_what_people_change_in_a_description_comes_back_changed():
    book = Codebook("b", "1", "T", (theme("a"), theme("a.x", examples={"en": ("old wording",)})))
    text = files.write(book, "qdc").decode()
    text = text.replace("- old wording", "- old wording\n- another").replace(
        ">what it means", ">in new words", 1
    )

    back = files.read(text.encode(), "b.qdc").codebook

    assert back["a"].definition == "in new words"
    assert back["a.x"].examples == {"en": ("old wording", "another")}


def qdc(codes: str, more: str = "") -> bytes:
    head = '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo">'
    return f"{head}<Codes>{codes}</Codes>{more}</CodeBook>".encode()


def code(name: str, inside: str = "", number: int = 1, codable: str = "true") -> str:
    guid = f"{number:08d}-0000-4000-8000-000000000000"
    return f'<Code guid="{{{guid.upper()}}}" name="{name}" isCodable="{codable}">{inside}</Code>'


def test_codes_deeper_than_two_levels_are_flattened_and_said_so():
    deep = code("Bus", code("Late", code("Winter", number=3), 2) + code("Full", number=4), 1)

    back = files.read(qdc(deep), "their codes.qdc")

    assert [(each.id, each.label) for each in back.codebook] == [
        ("bus", "Bus"),
        ("bus.late", "Late"),
        ("bus.late_winter", "Late: Winter"),
        ("bus.full", "Full"),
    ]
    assert "'Late' has codes below it" in str(back.notices[0])
    assert back.guids["00000003-0000-4000-8000-000000000000"] == "bus.late_winter"


def test_a_folder_that_nothing_is_coded_to_becomes_no_theme_of_its_own():
    folder = code("Bus", code("Folder", code("Late", number=3), 2, codable="false"), 1)

    assert [each.id for each in files.read(qdc(folder), "x.qdc").codebook] == ["bus", "bus.folder_late"]


def test_codes_that_stand_alone_get_a_top_theme_and_names_are_unique():
    back = files.read(qdc(code("Été!") + code("ete", number=2) + code("交通", number=3)), "x.qdc")

    assert [each.id for each in back.codebook] == [
        "themes",
        "themes.ete",
        "themes.ete_2",
        f"themes.{slug('交通')}",
    ]
    assert back.codebook.codes == ("themes.ete", "themes.ete_2", f"themes.{slug('交通')}")


def test_a_foreign_description_is_read_for_what_it_says():
    said = "<Description>The bus.&#13;&#10;Include: school bus&#10;When not to use: walking&#10;Examples: it never came</Description>"

    bus = files.read(qdc(code("Top", code("Bus", said, 2))), "x.qdc", "fr").codebook["top.bus"]

    assert (bus.definition, bus.include, bus.exclude) == ("The bus.", "school bus", "walking")
    assert bus.examples == {"fr": ("it never came",)}


def test_a_theme_that_was_copied_in_another_tool_gets_an_id_of_its_own():
    book = Codebook("b", "1", "T", (theme("a"), theme("a.x", "Mud")))
    text = files.write(book, "qdc").decode()
    start = text.index('<Code guid="' + code_guid(book, "a.x"))
    end = text.index("</Code>", start) + len("</Code>")

    back = files.read(
        (text[:end] + text[start:end].replace('"Mud"', '"Mud copy"') + text[end:]).encode(), "b.qdc"
    )

    assert [each.id for each in back.codebook] == ["a", "a.x", "a.x_2"]
    assert "a.x is a.x_2 here" in str(back.notices[-1])


def test_a_theme_that_was_moved_and_one_that_was_added_in_another_tool_fit_in():
    book = Codebook(
        "b", "1", "T", (theme("a", kind="other"), theme("a.x", kind="other"), theme("c"), theme("c.y"))
    )
    text = files.write(book, "qdc").decode()
    start = text.index('<Code guid="' + code_guid(book, "c.y"))
    end = text.index("</Code>", start) + len("</Code>")
    moved = text[:start] + text[end:]
    inside = moved.index('<Code guid="' + code_guid(book, "a.x"))
    moved = moved[:inside] + text[start:end] + code("New one") + moved[inside:]

    back = files.read(moved.encode(), "b.qdc")

    assert [(each.id, each.kind) for each in back.codebook] == [
        ("a", "other"), ("a.y", "other"), ("a.new_one", "other"), ("a.x", "other"), ("c", "barrier"),
    ]  # fmt: skip
    assert "c.y is a.y here" in str(back.notices[-1])


def test_ten_thousand_codes_of_one_name_take_no_time():
    back = files.read(qdc(code("Top", code("A") * 10_000)), "x.qdc")

    assert back.codebook.codes[-1] == "top.a_10000"


def test_sets_of_another_tool_are_left_out_and_said_so():
    sets = '<Sets><Set guid="00000009-0000-4000-8000-000000000000" name="s"/></Sets>'

    notices = files.read(qdc(code("A", code("B", number=2)), sets), "x.qdc").notices

    assert [str(each) for each in notices] == ["line 1: <Sets> is left out: Openline has no place for it"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><CodeBook/>', "document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><CodeBook/>', "document type"),
        (b"<CodeBook><Codes></CodeBook>", "damaged"),
        (b"<CodeBook>" + b"<Code>" * 200, "deep in one another"),
        (b"<Other/>", "not <CodeBook>"),
        (b"<Project/>", "inside of a project"),
        (qdc(""), "no codes"),
        (b'<?xml version="1.0" encoding="nonsense"?><CodeBook/>', "encoding"),
        (b"", "empty"),
        (b"PK\x03\x04", "workbook"),
        (b"PK\x03\x04....project.qde", "whole project"),
        (b"%PDF-1.4", "PDF"),
        (b" " * 20_000_001, "MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_file_and_a_cure(data, told):
    with pytest.raises(CodebookError, match=told) as refused:
        files.read(data, "their.qdc")

    assert str(refused.value).startswith("their.qdc")
    assert refused.value.cure


HEAD = "id: b\nversion: 1\ntitle: T\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id: b\n", "'version' is missing"),
        (HEAD, "no themes"),
        (HEAD + "themes: [{label: A}]", "top theme 1.*no id"),
        (HEAD + "themes: [{id: a, label: A, definition: d}]", "kind"),
        (HEAD + "themes: [{id: a.b, kind: other}]", "not one word"),
        (
            HEAD + "themes: [{id: a, label: A, definition: d, kind: other, themes: [{id: b.c}]}]",
            "does not lie under a",
        ),
        (
            HEAD + "themes: [{id: a, label: A, definition: d, kind: other, exampels: 1}]",
            "unknown key 'exampels'",
        ),
        (HEAD + "themes: &a [1]\nmore: *a", "line 5.*another place"),
        (HEAD + "themes: " + "[" * 50, "deep"),
        (HEAD + "themes: [", "line 4.*not readable|not readable"),
        (HEAD + "themes: !!python/object:os.system [a]", "not readable"),
        (HEAD + "themes:\n" + "- {id: a, label: A, definition: d, kind: other}\n" * 2, "used twice"),
    ],
)
def test_a_mistake_in_yaml_is_named_with_its_place(text, told):
    with pytest.raises(CodebookError, match=told):
        files.read(text.encode(), "book.yaml")


def test_a_theme_without_examples_is_told():
    text = (
        HEAD
        + "themes: [{id: a, label: A, definition: d, kind: other, themes: [{id: a.b, label: B, definition: d}]}]"
    )

    assert [str(each) for each in files.read(text.encode(), "b.yaml").notices] == ["no examples: a.b"]


def test_a_table_written_by_hand_is_read_by_its_headings():
    text = 'Code name;Parent code;Description;When to use;Examples (es);Colour\nTransporte;;Viaje;;;red\nAutobús;Transporte;No llega;tarde;"no vino\nllegó tarde";\n'

    back = files.read(text.encode("cp1252"), "Mis temas.csv")

    bus = back.codebook["transporte.autobus"]
    assert (bus.label, bus.definition, bus.include) == ("Autobús", "No llega", "tarde")
    assert bus.examples == {"es": ("no vino", "llegó tarde")}
    assert (back.codebook.id, back.codebook.title) == ("mis_temas", "Mis temas")
    assert "Colour" in str(back.notices)
    assert "UTF-8" in str(back.notices)


def test_rows_of_a_table_may_be_sorted_in_any_way():
    book = codebook.load()
    head, *rows = (
        files.write(Codebook("b", "1", "T", book.themes[:6]), "csv").decode("utf-8-sig").split("\r\n")
    )

    # the cells hold no line ends of their own as \r\n, so a row is a line here
    back = files.read("\r\n".join([head, *reversed([row for row in rows if row])]).encode(), "x.csv").codebook

    assert {each.id: each for each in back} == {each.id: each for each in book.themes[:6]}


def test_a_parent_without_a_row_is_added():
    back = files.read(b"id,label\nbus.late,Late\n", "x.csv")

    assert [each.id for each in back.codebook] == ["bus", "bus.late"]
    assert "'bus' has no row" in str(back.notices[0])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour,size\nred,1\n", "row 1.*no column"),
        ("id,label\n", "no themes"),
        ("id,label\na.b,B\na.b,C\n", "row 3.*used twice"),
        ("label,parent\nA,B\nB,A\n", "under itself"),
        ("label,kind\nA,bad\n", "row 2.*'bad'"),
        ("label,version\nA,1\nB,2\n", "row 3.*'version'"),
        ('label\n"' + "x" * 200_000 + "\n", "cannot be read"),
    ],
)
def test_a_mistake_in_a_table_is_named_with_its_row(text, told):
    with pytest.raises(CodebookError, match=told):
        files.read(text.encode(), "book.csv")


def test_no_cell_of_a_table_is_a_formula():
    book = Codebook(
        "b", "1", "T", (theme("a"), theme("a.x", "=1+1", definition="-cmd", examples={"en": ("@x", "'=y")}))
    )

    text = files.write(book, "csv").decode("utf-8-sig")

    assert ",'=1+1,'-cmd," in text
    assert same(files.read(text.encode(), "x.csv").codebook, book)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"id: b\nversion: 1", "x", "yaml"),
        (b"\xef\xbb\xbfid,label\n", "x", "csv"),
        (b"id,label\n", "x.csv", "csv"),
        (b"<CodeBook/>", "x.csv", "qdc"),
        (b'# T\n::: {.callout-note title="A"}\n', "x.qmd", "qmd"),
        ("id,label\n".encode("utf-16"), "x.txt", "csv"),
        (b"id: b\n", "x.csv", "yaml"),
    ],
)
def test_a_file_is_known_by_what_is_in_it(data, name, kind):
    assert files.sniff(data, name) == kind


@pytest.mark.data
@pytest.mark.skipif(not REAL.exists(), reason="needs real projects in OPENLINE_REFI_FILES")
def test_the_codes_of_real_projects_make_codebooks_that_come_back():
    for path in sorted(REAL.glob("*.qdpx")):
        book = qda.read(path.read_bytes(), path.name).codebook
        for kind in KINDS:
            assert same(files.read(files.write(book, kind), "x" + files.SUFFIXES[kind]).codebook, book)


def test_a_mistake_in_yaml_is_told_with_its_line():
    text = files.write(codebook.load(), "yaml").decode()
    line = next(n for n, each in enumerate(text.splitlines(), 1) if each.strip() == "- id: care.student_job")

    with pytest.raises(CodebookError, match=f"line {line}, theme care.student_job: unknown key 'labels'"):
        files.read(text.replace("    label: Student works", "    labels: Student works").encode(), "a.yaml")


@pytest.mark.parametrize("row", ["a.b,B,town\n", "a.b,B,  Schools\n"])
def test_a_reach_in_a_table_that_is_none_is_told_with_its_row(row):
    with pytest.raises(CodebookError, match=r"row 2, theme a\.b: 'reach' is"):
        files.read(f"id,label,who can change it\n{row}".encode(), "a.csv")


def test_names_that_are_made_into_ids_fit_every_store():
    labels = [
        "A name that goes on and on until nobody knows any more what it was that it began with" + "!" * n
        for n in (1, 2)
    ]
    rows = "".join(f"{label},{label} below\n" for label in labels)
    table = files.read(f"parent,label\n{rows}".encode(), "a.csv").codebook
    page = "".join(
        f'\n## {label}\n::: {{title="{label}"}}\nWhat.\n:::\n::: {{title="{label}"}}\nWhat.\n:::\n'
        for label in labels
    )
    told = files.read(page.encode(), "a.qmd")

    for book in (table, told.codebook):
        assert len({each.id for each in book}) == len(book.themes)
        assert all(len(each.id) <= 80 for each in book), [each.id for each in book]
    assert not told.stated


def test_a_file_says_whether_it_knows_its_version():
    book = codebook.load()

    assert all(files.read(files.write(book, kind), "a").stated for kind in KINDS)
    assert not files.read(b"id,label\na.b,B\n", "a.csv").stated
