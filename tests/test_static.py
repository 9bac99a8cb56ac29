"""Static files: what others wrote is unchanged, what we wrote keeps to the pages' policy."""

import base64
import gzip
import hashlib
import json
import re

import pytest

from bot.web.assets import FOLDER, FOREVER, load, router
from bot.web.page import FOLDER as TEMPLATES

VENDOR = FOLDER / "vendor"
SET_BY_SCRIPTS = {"htmx-request"}
"""Classes that htmx gives an element while it waits for an answer."""
LICENCES = {"MIT": "The MIT License", "BSD-0-Clause": "Zero-Clause BSD"}
LOCK = json.loads((VENDOR / "LOCK.json").read_text(encoding="utf-8"))


def locked():
    return {name: entry["sha384"] for package in LOCK for name, entry in package["files"].items()}


def test_every_vendored_file_is_as_it_was_published():
    found = {
        file.name: "sha384-" + base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()
        for file in VENDOR.iterdir()
        if file.name != "LOCK.json"
    }

    assert found == locked()


def test_every_vendored_package_names_its_version_and_keeps_its_licence():
    for package in LOCK:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["licence"] in LICENCES
        text = (VENDOR / f"{package['package']}.LICENSE.txt").read_text()
        assert text.startswith(LICENCES[package["licence"]])


def test_the_lock_holds_no_address():
    assert "://" not in (VENDOR / "LOCK.json").read_text(encoding="utf-8")


def test_the_address_of_a_file_changes_with_its_content(tmp_path):
    (tmp_path / "a.css").write_text("a{}")
    before = load(tmp_path)["a.css"]
    (tmp_path / "a.css").write_text("b{}")
    after = load(tmp_path)["a.css"]

    assert before.url != after.url
    assert before.url.endswith("/a.css")


def test_only_known_kinds_of_file_are_served(tmp_path):
    (tmp_path / "a.css").write_text("a{}")
    (tmp_path / "secrets.env").write_text("x")

    assert set(load(tmp_path)) == {"a.css"}
    assert "vendor/LOCK.json" not in load()


@pytest.fixture
async def client():
    import httpx
    from fastapi import FastAPI

    app = FastAPI()
    app.include_router(router(load()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


async def test_a_file_may_be_kept_for_ever_and_comes_packed(client):
    asset = load()["openline.css"]

    packed = await client.get(asset.url)
    plain = await client.get(asset.url, headers={"Accept-Encoding": "identity"})

    assert packed.headers["cache-control"] == FOREVER
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content == asset.content
    assert gzip.decompress(asset.packed) == asset.content


@pytest.mark.parametrize(
    "path",
    [
        "/static/openline.css",
        "/static/0000000000000000/openline.css",
        "/static/../app.py",
        "/static/%2e%2e/%2e%2e/app.py",
        "/static/vendor/LOCK.json",
    ],
)
async def test_nothing_else_is_served(client, path):
    assert (await client.get(path)).status_code == 404


STYLES = [FOLDER / "openline.css", *sorted((FOLDER / "rooms").glob("*.css"))]


def named(file):
    return file.name


@pytest.mark.parametrize("file", STYLES, ids=named)
def test_a_style_sheet_loads_nothing_and_names_no_side(file):
    plain = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.S)

    assert "url(" not in plain
    assert "@import" not in plain
    sides = re.findall(
        r"(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)|[;{\s](?:left|right):", plain
    )
    assert sides == []


@pytest.mark.parametrize("file", STYLES, ids=named)
def test_every_colour_is_a_token(file):
    outside = re.sub(r":root\s*{.*?}", "", file.read_text(encoding="utf-8"), flags=re.S)

    assert re.findall(r"#[0-9a-f]{3,8}\b", outside) == []


@pytest.mark.parametrize("file", STYLES, ids=named)
def test_every_class_in_a_style_sheet_is_used_by_a_page(file):
    style = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.S)
    classes = set(re.findall(r"\.([a-z][a-z0-9-]+)", style)) - SET_BY_SCRIPTS
    pages = "\n".join(file.read_text(encoding="utf-8") for file in TEMPLATES.rglob("*.html"))
    code = "\n".join(file.read_text(encoding="utf-8") for file in TEMPLATES.parent.rglob("*.py"))

    # A template may put a word behind the beginning of a class: check-{{ how }}.
    begun = tuple(re.findall(r"([a-z]+-)\{\{", pages))
    unused = {name for name in classes if not re.search(rf"\b{name}\b", pages + code)}

    assert {name for name in unused if not name.startswith(begun)} == set()


def test_no_template_has_a_script_or_a_style_of_its_own():
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text(encoding="utf-8")

        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|hx-on|[\"']js:", text), file.name
        for script in re.findall(r"<script[^>]*>.*?</script>", text, flags=re.S):
            assert re.fullmatch(r"""<script src="{{ asset\('[\w./-]+'\) }}"( defer)?></script>""", script), (
                file.name
            )


def test_no_template_has_a_link_that_leads_nowhere():
    for file in TEMPLATES.rglob("*.html"):
        assert not re.search(r'href="#?"', file.read_text(encoding="utf-8")), file.name
