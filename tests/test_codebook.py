import re
from pathlib import Path

import pytest
import yaml

from analysis import codebook
from analysis.codebook import CodebookError

LANGUAGES = {"en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr"}

ROAD = {
    "id": "road",
    "label": "The road",
    "definition": "Getting here.",
    "kind": "barrier",
    "drafted": ["es"],
    "themes": [
        {
            "id": "road.mud",
            "label": "Mud",
            "definition": "The road is mud.",
            "examples": {"en": ["mud to the knees"], "es": ["puro lodo"]},
            "cues": {"en": ["mud"]},
        }
    ],
}
OTHER = {
    "id": "x",
    "label": "Other",
    "definition": "No barrier.",
    "kind": "other",
    "themes": [
        {"id": code, "label": code, "definition": code, "examples": {"en": [f"example of {code}"]}}
        for code in ("x.no_barrier", "x.unclear")
    ],
}


def write(folder: Path, head: object = None, **files: object) -> Path:
    head = head or {"id": "roads", "version": "1", "title": "Roads", "order": ["road", "x"]}
    for name, content in {"codebook": head, "road": ROAD, "x": OTHER, **files}.items():
        if content is not None:
            text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def changed(**sub: object) -> dict[str, object]:
    return {**ROAD, "themes": [{**ROAD["themes"][0], **sub}]}


def test_a_codebook_is_read_in_its_order_with_top_themes_before_their_own(tmp_path):
    head = {"id": "roads", "version": "1", "title": "Roads", "order": ["x", "road"]}

    book = codebook.load(write(tmp_path, head))

    assert [theme.id for theme in book] == ["x", "x.no_barrier", "x.unclear", "road", "road.mud"]
    assert (book.id, book.version, book.title) == ("roads", "1", "Roads")


def test_a_sub_theme_keeps_its_examples_by_language_and_its_top_theme_s_drafts(tmp_path):
    mud = codebook.load(write(tmp_path))["road.mud"]

    assert mud.examples == {"en": ("mud to the knees",), "es": ("puro lodo",)}
    assert mud.cues == {"en": ("mud",)}
    assert (mud.parent, mud.kind, mud.drafted, mud.flag) == ("road", "barrier", frozenset({"es"}), None)


def test_a_barrier_counts_under_its_top_theme_and_other_codes_for_themselves(tmp_path):
    book = codebook.load(write(tmp_path))

    assert book.top("road.mud") == "road"
    assert book.top("road") == "road"
    assert book.top("x.unclear") == "x.unclear"
    assert book.codes == ("road.mud", "x.no_barrier", "x.unclear")
    assert book.barriers == ("road.mud",)


def test_the_digest_changes_with_what_a_coder_learns_from(tmp_path):
    before = codebook.load(write(tmp_path)).digest

    again = codebook.load(write(tmp_path)).digest
    after = codebook.load(write(tmp_path, road=changed(cues={"en": ["deep mud"]}))).digest

    assert before == again
    assert before != after


@pytest.mark.parametrize(
    ("files", "file", "theme", "says"),
    [
        ({"road": None}, "codebook.yaml", None, "there is no file road.yaml"),
        ({"sea": ROAD}, "sea.yaml", None, "not in the order"),
        ({"head": {"id": "roads", "version": "1", "order": ["road", "x"]}}, "codebook.yaml", None, "'title' is missing"),
        ({"road": "id: road\n label: [oops"}, "road.yaml", None, "at line 2"),
        ({"road": "- just a list"}, "road.yaml", None, "not a mapping"),
        ({"road": {**ROAD, "id": "raod"}}, "road.yaml", "raod", "Write 'id: road'"),
        ({"road": {**ROAD, "kind": "problem"}}, "road.yaml", "road", "kind: barrier"),
        ({"road": {**ROAD, "themes": []}}, "road.yaml", "road", "no sub-themes"),
        ({"road": changed(id="rail.mud")}, "road.yaml", "rail.mud", "does not lie under road"),
        ({"road": changed(id="road.Mud!")}, "road.yaml", "road.Mud!", "lower-case"),
        ({"road": changed(definition=" ")}, "road.yaml", "road.mud", "'definition' is missing"),
        ({"road": changed(exampels={})}, "road.yaml", "road.mud", "unknown key 'exampels'"),
        ({"road": changed(examples={"es": ["lodo"]})}, "road.yaml", "road.mud", "no English examples"),
        ({"road": changed(examples={"en": ["mud", True]})}, "road.yaml", "road.mud", "quotes"),
        ({"road": changed(examples={"en": "mud"})}, "road.yaml", "road.mud", "not a list"),
        ({"road": changed(examples={"en": ["mud"], False: ["gjørme"]})}, "road.yaml", "road.mud", "BCP 47"),
        ({"road": changed(examples={"en": ["Example of x.unclear"]})}, "x.yaml", "x.unclear", "also stands under road.mud"),
        ({"road": {**ROAD, "themes": ROAD["themes"] * 2}}, "road.yaml", "road.mud", "used twice"),
    ],
)  # fmt: skip
def test_a_broken_codebook_says_file_theme_and_cure(tmp_path, files, file, theme, says):
    head = files.pop("head", None)

    with pytest.raises(CodebookError) as raised:
        codebook.load(write(tmp_path, head, **files))

    assert (raised.value.file, raised.value.theme) == (file, theme)
    assert says in str(raised.value)
    assert raised.value.cure


def test_a_folder_without_a_codebook_says_what_to_write(tmp_path):
    with pytest.raises(CodebookError, match=r"codebook\.yaml: the file is missing"):
        codebook.load(tmp_path)


def test_a_codebook_may_do_without_codes_for_what_is_no_barrier(tmp_path):
    head = {"id": "roads", "version": "1", "title": "Roads", "order": ["road"]}

    assert codebook.load(write(tmp_path, head, x=None)).codes == ("road.mud",)


# --- the codebook that ships ---


def test_the_bundled_codebook_teaches_each_code_in_all_eight_languages():
    book = codebook.load()

    assert len(book.tops) == 16
    assert len(book.codes) >= 50
    assert set(book.languages) == LANGUAGES
    for code in book.codes:
        assert set(book[code].examples) == LANGUAGES, code
        assert all(len(texts) >= 4 for texts in book[code].examples.values()), code


def test_every_text_of_the_bundled_codebook_but_english_is_marked_as_drafted():
    book = codebook.load()

    assert all(theme.drafted == LANGUAGES - {"en"} for theme in book)


def test_the_bundled_codebook_says_of_each_barrier_who_can_change_it():
    book = codebook.load()

    for theme in book:
        assert (theme.reach is None) is (theme.kind == "other"), theme.id
    for top in book.tops:
        reaches = [theme.reach for theme in book.children(top.id)]
        most = max(map(reaches.count, reaches))
        nearest = min(
            (reach for reach in reaches if reaches.count(reach) == most),
            key=lambda reach: codebook.REACHES.index(reach) if reach else 0,
        )
        assert top.reach == nearest, top.id


def test_a_reach_that_is_none_is_refused(tmp_path):
    with pytest.raises(CodebookError, match="'reach' is 'town'"):
        codebook.load(write(tmp_path, road=changed(reach="town")))
    assert codebook.load(write(tmp_path, road=changed(reach="district")))["road.mud"].reach == "district"


def test_the_page_gives_a_reason_for_each_reach_as_it_is():
    page = (Path(__file__).parent.parent / "docs/codebooks.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([a-z*_., ]+?)(?: \([^)]*\))? \| (\w+) \|", page, re.MULTILINE))
    told = {code.strip("* "): reach for codes, reach in rows.items() for code in codes.split(",")}

    for theme in codebook.load():
        if theme.kind == "barrier":
            assert theme.reach == (told.get(theme.id) or told[theme.id.partition(".")[0]]), theme.id
