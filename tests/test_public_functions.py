"""What survey_flows offers is explained, and its examples run."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import survey_flows
from survey_flows import expressions

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(survey_flows.__path__, "survey_flows.")
    if not module.name.startswith("survey_flows.xlsform.")
)
OFFERED = [(survey_flows, name) for name in survey_flows.__all__] + [
    (expressions, name) for name in expressions.__all__
]


def made_here(thing):
    return (inspect.isclass(thing) or inspect.isroutine(inspect.unwrap(thing))) if callable(thing) else False


def explained(thing):
    """Whether there are words about a thing; what dataclasses write of themselves does not count."""
    words = inspect.getdoc(thing) or ""
    return len(words.split()) >= 3 and not (inspect.isclass(thing) and words.startswith(f"{thing.__name__}("))


@pytest.mark.parametrize(("home", "name"), OFFERED, ids=[name for _, name in OFFERED])
def test_what_is_offered_is_explained(home, name):
    thing = getattr(home, name)
    assert explained(thing) or not made_here(thing)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_opens_with_its_promise_and_explains_what_is_public_in_it(name):
    module = importlib.import_module(name)
    silent = [
        of
        for of, thing in vars(module).items()
        if not of.startswith("_")
        and made_here(thing)
        and getattr(thing, "__module__", "") == name
        and not explained(thing)
    ]

    assert (module.__doc__ or "").count(" ") > 4
    assert silent == []


@pytest.mark.parametrize(
    "name", [name for name in survey_flows.__all__ if made_here(getattr(survey_flows, name))]
)
def test_what_is_offered_has_an_example_that_runs(name):
    thing = inspect.unwrap(getattr(survey_flows, name))
    tests = doctest.DocTestFinder(recurse=True).find(thing, name, module=inspect.getmodule(thing))
    examples = [test for test in tests if test.examples]
    assert examples, f"{name} has no example"
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in examples:
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def test_survey_flows_brings_no_other_package_of_ours_along():
    program = "import sys, survey_flows, survey_flows.talk, survey_flows.transcripts; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )

    assert "survey_flows.engine" in done.stdout.split()
    assert {name.partition(".")[0] for name in done.stdout.split()} & {
        "bot",
        "channels",
        "analysis",
        "sqlalchemy",
    } == set()


def test_and_a_contract_holds_it():
    pyproject = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    contracts = pyproject["tool"]["importlinter"]["contracts"]

    assert any(
        c["type"] == "forbidden" and "survey_flows" in c["source_modules"] and "bot" in c["forbidden_modules"]
        for c in contracts
    )
    assert any(
        c["type"] == "independence" and {"survey_flows", "channels", "analysis"} <= set(c["modules"])
        for c in contracts
    )
