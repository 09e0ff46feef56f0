"""docs/cluster.md and the files beside it: commands that Dask knows, and a Slurm job that grades."""

from __future__ import annotations

import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.workflow.cluster.certificates import CERTIFICATE
from grader.workflow.cluster.connection import ANSWER_SECONDS, CONNECT_SECONDS
from tests.cluster import make_certificates, records_in

if sys.platform == "win32":
    pytest.skip("the files are for Linux machines", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/cluster.md").read_text("utf-8")
FILES = ROOT / "docs/cluster"
BIN = Path(sys.executable).parent
COURSE = ROOT / "tests/another_course"


def kubernetes() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FILES / "kubernetes.yaml").read_text("utf-8")))


def pods() -> list[dict[str, Any]]:
    return [one["spec"]["template"]["spec"] for one in kubernetes() if "template" in one["spec"]]


def dask_commands() -> list[str]:
    """Return every command of Dask's in the page and the files beside it."""
    texts = [PAGE, *(path.read_text("utf-8") for path in sorted(FILES.iterdir()))]
    plain = [match for text in texts for match in re.findall(r"dask (?:worker|scheduler) [^\n`]*(?:\\\n[^\n]*)?", text)]
    listed = [shlex.join(box["command"]) for pod in pods() for box in pod["containers"] if box["command"][0] == "dask"]
    return [*(one for one in plain if "--" in one), *listed]


def test_the_page_has_the_certificate_that_a_sentence_names() -> None:
    assert CERTIFICATE in PAGE


def test_the_times_of_the_page_are_those_that_hold() -> None:
    from grader.workflow.cluster.hosts import HOSTS_SECONDS, READY_SECONDS  # noqa: PLC0415 (imports Dask)

    for seconds in (CONNECT_SECONDS, ANSWER_SECONDS, HOSTS_SECONDS, READY_SECONDS):
        assert f"{seconds:.0f} s" in PAGE


@pytest.mark.kernel
@pytest.mark.slow
def test_dask_knows_every_option_of_its_commands() -> None:
    commands = dask_commands()
    assert len(commands) >= 7
    known = {}
    for kind in ("worker", "scheduler"):
        said = subprocess.run([BIN / "dask", kind, "--help"], capture_output=True, text=True, check=True)
        known[kind] = set(re.findall(r"--[\w-]+", said.stdout))
    for command in commands:
        kind = command.split()[1]
        assert set(re.findall(r"(?<!\S)--[a-z-]+", command)) <= known[kind], command


def test_no_command_opens_pages_about_the_cluster_to_other_computers() -> None:
    for command in dask_commands():
        assert "--no-dashboard" in command
        assert "--dashboard-address 127.0.0.1:0" in command, command
    settings = yaml.safe_load((FILES / "dask.yaml").read_text("utf-8"))["distributed"]
    assert settings["scheduler"]["http"]["routes"] == settings["worker"]["http"]["routes"] == []


def test_no_pod_has_a_token_and_every_one_has_the_certificates_to_read_alone() -> None:
    assert len(pods()) == 3
    for pod in pods():
        assert pod["automountServiceAccountToken"] is False
        [box] = pod["containers"]
        assert {"name": "tls", "mountPath": "/etc/grade", "readOnly": True} in box["volumeMounts"]
        assert {"name": "DASK_CONFIG", "value": "/etc/grade/dask.yaml"} in box["env"]


@pytest.mark.kernel
@pytest.mark.slow
def test_the_settings_name_certificates_that_dask_takes(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    make_certificates(tmp_path)
    settings = (FILES / "dask.yaml").read_text("utf-8").replace("/etc/grade", str(tmp_path))
    (tmp_path / "dask.yaml").write_text(settings, "utf-8")
    code = (
        "from distributed import Security\n"
        "security = Security()\n"
        "assert security.require_encryption\n"
        "for role in ('client', 'scheduler', 'worker'):\n"
        "    assert security.get_connection_args(role)['ssl_context'] is not None"
    )
    environment = {"PATH": str(BIN), "DASK_CONFIG": str(tmp_path / "dask.yaml")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


@pytest.mark.kernel
@pytest.mark.slow
def test_the_slurm_job_grades_a_class(tmp_path: Path) -> None:
    """`srun`, which starts a command on every node, starts two here."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    place = tmp_path / "course"
    shutil.copytree(COURSE, place)
    make_certificates(place)
    (place / ".venv/bin").mkdir(parents=True)
    (place / ".venv/bin/grade").symlink_to(BIN / "grade")
    (place / ".venv/bin/dask").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dask "$@"\n', "utf-8")
    (place / ".venv/bin/dask").chmod(0o755)  # of this interpreter, whichever one the installed script names
    (place / "submissions").mkdir()
    for student in ("s001", "s002", "s003"):
        shutil.copy(place / "labs/warmup.ipynb", place / f"submissions/{student}.ipynb")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "srun").write_text('#!/bin/sh\n"$@" --name node1 & "$@" --name node2 & wait\n', "utf-8")
    (programs / "hostname").write_text("#!/bin/sh\necho 127.0.0.1\n", "utf-8")
    for program in programs.iterdir():
        program.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = subprocess.run(
        ["bash", FILES / "grade.sbatch", "warmup", "submissions/", "--output", "results/"],  # noqa: S607 (as Slurm does)
        cwd=place,
        env={
            "PATH": f"{programs}:/usr/bin:/bin:/usr/sbin",
            "SLURM_CPUS_PER_TASK": "1",
            "GRADE_PORT": str(port),
            "TMPDIR": str(tmp_path),
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(records_in(place / "results")) == ["s001", "s002", "s003"]
