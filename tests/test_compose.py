"""The compose file starts everything in order, watches it, and holds no secret."""

import re
from pathlib import Path

import pytest
import typer
import yaml

from bot.cli import app as cli
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = {"app", "work", "migrate"}
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def documented():
    """Every variable in .env.example, also those that are commented out."""
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"migrate"}))
def test_every_service_that_stays_up_is_watched_and_started_again(name):
    health = SERVICES[name]["healthcheck"]

    assert health["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries", "start_period"} <= health.keys()
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_the_database_is_watched_with_its_own_tool():
    assert "pg_isready" in SERVICES["store"]["healthcheck"]["test"][1]


def test_the_migration_runs_once():
    migrate = SERVICES["migrate"]

    assert migrate["restart"] == "no"
    assert migrate["healthcheck"] == {"disable": True}
    assert migrate["depends_on"] == {"store": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", ["app", "work"])
def test_nothing_starts_before_the_database_is_there_and_migrated(name):
    assert SERVICES[name]["depends_on"] == {
        "store": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_services_run_commands_that_exist(name):
    program, command, *_ = SERVICES[name]["command"]

    assert program == "openline"
    assert command in typer.main.get_command(cli).commands


@pytest.mark.parametrize("name", sorted(OURS))
def test_all_our_services_use_one_database_and_one_image(name):
    service = SERVICES[name]

    assert service["image"] == SERVICES["app"]["image"]
    assert service["environment"]["OPENLINE_DATABASE_URL"].endswith("@store:5432/openline")
    assert service["env_file"] == ".env"


def test_only_the_pages_are_reached_from_outside_and_only_through_the_web_server_in_front():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"app": ["127.0.0.1:8000:8000"]}


def test_the_database_keeps_its_data_where_version_18_looks_for_them():
    assert SERVICES["store"]["image"].startswith("postgres:18")
    assert SERVICES["store"]["volumes"] == ["store:/var/lib/postgresql"]


def test_every_volume_that_is_mounted_is_declared():
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}

    assert mounted == COMPOSE["volumes"].keys()


def test_every_image_of_others_has_a_version():
    images = {service["image"] for name, service in SERVICES.items() if name not in OURS}

    assert all(re.fullmatch(r"[\w/-]+:v?\d[\w.]*", image) for image in images)


def test_no_secret_stands_in_the_file():
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if re.search(r"PASSWORD|SECRET|TOKEN|KEY", name):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), name
            assert not re.search(r"://[^/@{]+:[^${@]+@", value), name


def test_what_the_file_asks_of_the_environment_is_explained():
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT))

    assert asked
    assert asked <= documented()


def test_the_example_names_only_settings_that_exist():
    known = {f"OPENLINE_{name.upper()}" for name in Settings.model_fields}
    only_compose = {"POSTGRES_PASSWORD", "LIBRETRANSLATE_LANGUAGES"}

    assert documented() - only_compose <= known


def test_the_example_holds_no_secret():
    given = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", EXAMPLE, re.MULTILINE))

    assert not any(
        value for name, value in given.items() if re.search(r"PASSWORD|SECRET|TOKEN|KEY|SID", name)
    )
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_image_is_installed_from_the_lock_and_does_not_run_as_root():
    assert "--require-hashes -r /build/requirements.lock" in DOCKERFILE
    assert re.search(r"^USER (?!0|root)\S+$", DOCKERFILE, re.MULTILINE)


def test_the_image_and_the_compose_file_look_at_the_same_health():
    look = "http://127.0.0.1:8000/healthz"

    assert look in DOCKERFILE
    assert look in SERVICES["app"]["healthcheck"]["test"][-1]


def test_the_image_is_given_all_our_packages_and_no_more():
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()

    assert allowed[0] == "*"
    for folder in ("analysis", "bot", "channels", "survey_flows"):
        assert f"!{folder}" in allowed
        assert f"COPY {folder} /build/{folder}" in DOCKERFILE
