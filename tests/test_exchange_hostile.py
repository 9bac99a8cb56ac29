"""Files that are no translations, too large, broken, or meant to do harm: one clear error, quickly."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.translation import exchange
from bot.translation.exchange import base, xlsx_reading
from tests.test_exchange import KINDS, a_unit

WHOLE = {
    kind: exchange.write([a_unit(spanish="¿Fue difícil?"), a_unit("Thanks", "", "survey:m/b")], "es", kind)
    for kind in KINDS
}
BROKEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def refused(data, name="back.xlsx"):
    with pytest.raises(exchange.ExchangeError) as caught:
        exchange.read(data, name)
    error = caught.value
    assert error.file == name
    assert error.what
    assert error.cure
    assert str(error).startswith(name)
    return error.what


def a_zip(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n\0", "the file is empty"),
        (b"%PDF-1.7", "a PDF"),
        (b"{\\rtf1}", "a text document"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xde\x12\x04\x95\0", "a MO file"),
        (b"\x89PNG\r\n", "a picture"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"<HTML><body>", "a web page"),
        (b"hello", "no file of translations"),
        (bytes(range(256)), "no file of translations"),
        (a_zip(word__document_xml="<w/>"), "no workbook"),
        (b"PK\x03\x04" + b"\0" * 50, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cannot be read"),
        (b"openline:key", "hidden marks"),
    ],
)
def test_what_is_no_file_of_translations_is_told_what_it_is(data, what):
    assert what in refused(data)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["x.xlf", "x.po", "x.xlsx", "x.pdf", "x"])
def test_the_content_decides_never_the_name(kind, name):
    back = exchange.read(WHOLE[kind], name)

    assert (back.kind, back.file, len(back.rows)) == (kind, name, 2)


def test_a_hundred_megabytes_are_refused_at_once():
    began = time.perf_counter()

    assert "the file is 100 MB; up to 20 MB of its kind are read" in refused(b"<" * 100_000_000)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("row", "start"),
    [(b'msgctxt "a"\nmsgid "a"\nmsgstr "b"\n\n', b""), (b"a,b\n", b"openline:key,openline:translation:es\n")],
    ids=["po", "csv"],
)
def test_more_rows_than_any_survey_has_are_refused_soon(row, start):
    began = time.perf_counter()

    assert "more than 50,000 rows" in refused(start + row * 60_000)
    assert "up to 5 MB of its kind" in refused(start + row * (6_000_000 // len(row)))
    assert time.perf_counter() - began < 30


def test_more_elements_than_any_survey_has_are_refused_before_they_take_memory():
    assert "more than 500,000 elements" in refused(b"<xliff>" + b"<a/>" * 4_000_000)


def test_a_small_zip_that_unpacks_to_gigabytes_is_refused():
    bomb = a_zip(xl__workbook_xml="<x/>", xl__sharedStrings_xml=b"\0" * (xlsx_reading.UNPACKED + 1))
    assert len(bomb) < 200_000

    assert "unpacks to more than 100 MB" in refused(bomb)


def test_a_zip_that_lies_about_what_it_unpacks_to_is_refused():
    size = xlsx_reading.UNPACKED + 1
    bomb = a_zip(xl__workbook_xml="<x/>", xl__sharedStrings_xml=b"\0" * size)
    lying = bomb.replace(struct.pack("<L", size), struct.pack("<L", 100))
    assert lying != bomb

    assert "unpacks to more than 100 MB" in refused(lying)


def test_a_workbook_whose_xml_multiplies_itself_does_nothing_of_the_kind():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE["xlsx"])) as whole, zipfile.ZipFile(out, "w") as bad:
        for member in whole.namelist():
            content = whole.read(member)
            if member == "xl/sharedStrings.xml":
                content = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{laughs}]>'.encode() + content.replace(
                    b"Thanks", b"&l9;"
                )
            bad.writestr(member, content)
    began = time.perf_counter()

    try:
        back = exchange.read(out.getvalue(), "x")
    except exchange.ExchangeError:
        back = None

    assert time.perf_counter() - began < 5
    assert back is None or all(len(row.text) < 100 for row in back.rows)


def test_a_stray_cell_far_away_takes_no_memory():
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(WHOLE["xlsx"]))
    book["Translate"]["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)

    assert "1,048,576 rows" in refused(out.getvalue())


@pytest.mark.parametrize("kind", KINDS)
@BROKEN
@given(data=st.data())
def test_a_file_that_was_damaged_on_the_way_is_read_or_refused_and_nothing_else(kind, data):
    whole = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    with suppress(exchange.ExchangeError):
        exchange.match(exchange.read(bytes(whole), "x"), [a_unit()], "es")


@BROKEN
@given(
    st.sampled_from([b"", b"<xliff ", b'msgid "', b"openline:key,openline:translation:es\n", b"PK\x03\x04"]),
    st.binary(max_size=300),
)
def test_noise_is_read_or_refused_and_nothing_else(start, noise):
    with suppress(exchange.ExchangeError):
        exchange.read(start + noise, "x")


def test_the_largest_that_is_read_is_far_above_what_there_is():
    assert len(WHOLE["xlsx"]) * 100 < base.LARGEST
