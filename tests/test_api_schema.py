"""The API against its own description: whatever is sent, nothing fails inside, and what comes back is as described."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis import checks
from schemathesis.config import SchemathesisConfig
from sqlalchemy import insert

from bot import staff, tokens
from bot.app import opened
from bot.outreach import audience, control
from bot.settings import Settings
from bot.store.tables import people
from bot.web.api import application, document, talk
from bot.web.app import create
from channels.doubles import serve

EXAMPLES = 12
BEYOND = [
    checks.ignored_auth,  # has tests of its own below
    checks.positive_data_acceptance,  # no schema says what a campaign, a filter or a list of people is
]
DESCRIBED: dict[str, Any] = application.create(None).openapi()  # type: ignore[arg-type]  # it asks nothing of the app
SCHEMA = schemathesis.openapi.from_dict(DESCRIBED, config=SchemathesisConfig(seed=20261014))


class Served:
    """The whole web side on a port, in a loop and thread of its own, and a token that may do everything."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.address = ""
        self.session = requests.Session()
        self.token = ""

    def __enter__(self) -> Served:
        self._thread.start()
        self._wait(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self._wait(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _open(self) -> None:
        given = Settings(_env_file=None, database_url=self._url)
        app = await self._stack.enter_async_context(opened(given, channels={}))
        async with app.database.begin() as db:
            await staff.add(db, app.clock(), "ines@riverbend.example", "Ines Muster")
            everything = list(tokens.SCOPES)
            self.token = await tokens.create(db, app.clock(), "all", everything, 9, "ines@riverbend.example")
            # What the examples of the description name is there, so that they lead somewhere.
            row = {
                "id": UUID(talk.EXAMPLE),
                "external_id": "G-20114",
                "respondent": "family",
                "language": "es",
            }
            more = {"language_by": "import", "school": "Lincoln", "groups": {}, "created_at": app.clock()}
            await db.execute(insert(people).values(**row, **more))
            await audience.save(db, "lincoln-families", "school = Lincoln", app.clock())
        await control.write(app, document.EXAMPLE, "ngozi@riverbend.example")
        self.address = await self._stack.enter_async_context(serve(create(app)))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("api") / "openline.db"
        shutil.copy(request.getfixturevalue("migrated"), path)
        url = f"sqlite:///{path}"
    else:
        template, name = request.getfixturevalue("template"), f"api_{uuid4().hex[:12]}"
        asyncio.run(_copy(template("postgres"), name))
        url = template(name)
    with Served(url) as made:
        yield made


async def _copy(address: str, name: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template_openline")
    await connection.close()


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_the_answer_is_as_described(case: schemathesis.Case, served: Served) -> None:
    sent = case.as_transport_kwargs(
        base_url=served.address + application.ABOVE, headers={"Authorization": f"Bearer {served.token}"}
    )

    answer = served.session.request(**sent, timeout=20)

    case.validate_response(answer, excluded_checks=BEYOND)


def test_the_description_is_valid_openapi() -> None:
    validate(DESCRIBED)

    assert DESCRIBED["openapi"].startswith("3.1")


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in DESCRIBED["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize(("method", "path", "operation"), operations())
def test_each_operation_names_its_scope_and_says_how_it_can_fail(method, path, operation) -> None:
    (needed,) = operation["security"]
    refused = {"401", "403", "429", "500"} | ({"422"} if operation.get("parameters") else set())

    assert needed["token"]
    assert set(needed["token"]) <= tokens.SCOPES.keys()
    assert len(operation["summary"].split()) > 1
    assert operation["operationId"].isidentifier()
    for status in refused:
        assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(names) == len(set(names))


async def test_the_description_is_open_and_says_nothing_of_anybody(served: Served) -> None:
    answer = await asyncio.to_thread(requests.get, f"{served.address}/api/v1/openapi.json", timeout=20)

    assert answer.json() == DESCRIBED


def test_nothing_else_of_it_is_reached_without_a_token(served: Served) -> None:
    for method, path, _ in operations():
        address = served.address + application.ABOVE + path.replace("{", "").replace("}", "")
        answer = served.session.request(method, address, timeout=20)

        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json"
