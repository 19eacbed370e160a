"""docker-compose.yml: valid, without secrets, and in the right order."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from service.config import READERS
from service.database.migrate import ROOT

FILE = ROOT / "docker-compose.yml"
SECRETS = ("MYSQL_OWNER_PASSWORD", "MYSQL_SERVICE_PASSWORD", "SECRET_KEY")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(FILE))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"])


def test_it_follows_the_schema_of_compose_files() -> None:
    tool = Path(sys.executable).parent / "check-jsonschema"
    command = [tool, "--builtin-schema", "vendor.compose-spec", FILE]

    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout


def test_no_secret_has_a_default() -> None:
    variables = re.findall(r"\$\{(\w+)(:?[-?]?)", FILE.read_text())

    assert {name for name, how in variables if how == ":?"} == set(SECRETS)
    assert {name for name, how in variables if how != ":?"} == {"HOST", "PORT"}


def test_only_migrate_has_the_owners_password(services: dict[str, Any]) -> None:
    holders = {
        name
        for name, service in services.items()
        if "MYSQL_OWNER_PASSWORD" in str(service.get("environment"))
    }

    assert holders == {"mysql", "migrate"}
    assert not [name for name in ("service", "worker") if "DATABASE_URL" in services[name]["environment"]]


def test_each_waits_for_what_it_needs(services: dict[str, Any]) -> None:
    def waits(name: str) -> dict[str, str]:
        return {other: how["condition"] for other, how in services[name]["depends_on"].items()}

    assert waits("migrate") == {"mysql": "service_healthy"}
    assert waits("service") == {"migrate": "service_completed_successfully", "redis": "service_healthy"}
    assert waits("worker") == waits("service")
    assert all("healthcheck" in services[name] for name in ("mysql", "redis", "migrate", "worker"))


def test_data_outlives_the_containers(compose: dict[str, Any]) -> None:
    volumes = compose["services"]["mysql"]["volumes"]

    assert [volume for volume in volumes if volume.split(":")[0] in compose["volumes"]]
    assert all((ROOT / volume.split(":")[0]).exists() for volume in volumes if volume.startswith("./"))


def test_triggers_may_be_made_where_there_is_a_binary_log(services: dict[str, Any]) -> None:
    assert "--log-bin-trust-function-creators=1" in services["mysql"]["command"]


def test_the_service_is_given_settings_that_exist(services: dict[str, Any]) -> None:
    for name in ("service", "worker"):
        assert set(services[name]["environment"]) <= {name.upper() for name in READERS}


@pytest.mark.parametrize("missing", [None, *SECRETS])
def test_docker_compose_reads_it(missing: str | None, tmp_path: Path) -> None:
    if not (tool := shutil.which("docker-compose")):
        pytest.skip("docker-compose is not installed here")
    shutil.copy(FILE, tmp_path)
    environment = {name: "x" * 40 for name in SECRETS if name != missing} | {"PATH": os.environ["PATH"]}

    told = subprocess.run(
        [tool, "config"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert told.returncode == (1 if missing else 0), told.stderr
