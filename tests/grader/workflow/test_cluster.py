"""A class on a Dask cluster: the same records as on one machine, whoever dies, and nothing left behind."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import re
import shutil
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

import psutil
import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.errors import LabError, SandboxError, SubmissionError
from grader.gradebook.book import open_book
from grader.messages.sentences import quote
from grader.submission.folders import helpers_digest
from grader.submission.notebooks import read_submission
from grader.workflow.cluster.carried import outcome_of, packed, result_of, unpacked
from grader.workflow.cluster.connection import check_address
from grader.workflow.cluster.host import Forget, HostPlugin
from grader.workflow.cluster.order import Order, order_of, put_files
from grader.workflow.cluster.versions import difference_text
from grader.workflow.log import HostError
from grader.workflow.options import Options
from tests.cluster import NETWORK, ROOT, Cluster, left_of, machines, make_certificates, records_in, wait_until

if sys.platform == "win32":
    pytest.skip("hosts are Linux machines", allow_module_level=True)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.records.record import Record
    from tests.conftest import Said

COURSE = ROOT / "tests" / "another_course"
DOUBLE, TOTAL = "def double(x):\n    return 2 * x", "def total(x):\n    return sum(x)"
IDEA = "# my own secret idea number 4711"
SLOW = "import time\ntime.sleep(0.5)"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the settings that name certificates, made as the documents say."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return make_certificates(tmp_path_factory.mktemp("tls") / "certificates")


@pytest.fixture
def cluster(tmp_path: Path, certificates: dict[str, str]) -> Iterator[Cluster]:
    """Give a scheduler whose hosts a test starts."""
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster", environment=certificates)
    try:
        made.scheduler()
        yield made
    finally:
        made.close()


@pytest.fixture
def folder(tmp_path: Path, notebook: Callable[..., Path]) -> Path:
    """Return a class of every kind: right, wrong, unfinished, with a helper file, another lab's, and no notebook."""
    place = tmp_path / "in"
    notebook(DOUBLE, TOTAL, IDEA, name="s001", folder=place)
    notebook(DOUBLE, "def total(x):\n    return sum(x) + 1", name="s002", folder=place)
    notebook("raise ValueError(1)", DOUBLE, name="s003", folder=place)
    notebook("from tables import TWO\ndef double(x):\n    return TWO * x", TOTAL, name="warmup", folder=place / "s004")
    (place / "s004" / "tables.py").write_text("TWO = 2", "utf-8")
    (place / "s005.ipynb").write_text("no notebook", "utf-8")
    notebook("import os\nos.kill(os.getpid(), 9)", DOUBLE, TOTAL, name="s006", folder=place)
    return place


@pytest.fixture
def many(tmp_path: Path, notebook: Callable[..., Path]) -> Path:
    """Return a class of sixteen, half a second each."""
    for number in range(1, 17):
        notebook(SLOW, DOUBLE, TOTAL, f"# {number}", name=f"s{number:03}", folder=tmp_path / "many")
    return tmp_path / "many"


def fake_version(folder: Path, package: str, version: str) -> dict[str, str]:
    """Return an environment in which a package seems to have another version."""
    made = folder / "fake" / f"{package}-{version}.dist-info"
    made.mkdir(parents=True)
    (made / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", "utf-8")
    return {"PYTHONPATH": str(folder / "fake")}


# What needs no cluster ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["local:", "local:0", "local:x", "local:1000", "tls://", "tls://host", "tls://h:x", "tls://h:0"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(LabError, match=r"address|local:2"):
        check_address(address)


@pytest.mark.parametrize(("address", "limit"), [("local:1000", "from 1 to 256"), ("tls://h:70000", "from 1 to 65535")])
def test_a_number_that_is_too_large_is_answered_with_the_limit(address: str, limit: str) -> None:
    with pytest.raises(LabError, match=limit):
        check_address(address)


@pytest.mark.parametrize("address", ["tcp://10.1.2.3:8786", "tcp://lab-pc-1:8786", "tcp://[2001:db8::1]:8786"])
def test_nothing_but_this_computer_is_spoken_with_unencrypted(address: str) -> None:
    with pytest.raises(LabError, match="not encrypted"):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786", "tls://lab-pc-1:8786", "local:2"]
)
def test_this_computer_and_what_is_encrypted_may_be_named(address: str) -> None:
    check_address(address)


def test_what_is_sent_to_every_host_is_names_and_plain_data() -> None:
    """Plain pickle carries functions and classes by their names alone."""
    order = Order(lab="lab02", files={"rubrics/lab02.yaml": b"x"})
    assert pickle.loads(pickle.dumps(HostPlugin("a", order)))._order == order  # noqa: S301, SLF001 (made a moment ago)
    assert pickle.loads(pickle.dumps(Forget("b", "a", "c"))).name == "b"  # noqa: S301 (same)


WANTED = {"python": "3.11.7", "labgrader": "0.1.0", "numpy": "2.4.6", "torch": "-", "source": "a"}


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({}, None),
        ({"torch": "2.9"}, None),
        ({"numpy": "2.4.5"}, "numpy 2.4.5 (2.4.6). Install there: pip install 'numpy==2.4.6'"),
        ({"numpy": None}, "numpy - (2.4.6). Install there: pip install 'numpy==2.4.6'"),
        ({"python": "3.12.1"}, "python 3.12.1 (3.11.7). Install there: Python 3.11.7"),
        ({"python": "3.12.1", "numpy": "2.5"}, "Python 3.11.7; pip install 'numpy==2.4.6'"),
        ({"source": "b"}, "not the same files of it"),
    ],
)
def test_a_difference_says_what_to_install_where(there: dict[str, str | None], said: str | None) -> None:
    text = difference_text(WANTED, {**WANTED, **there}, "lab-pc-1")
    assert (text is None) if said is None else (text is not None and "lab-pc-1" in text.en and said in text.en)


def test_a_host_gets_the_course_s_own_files_of_the_lab_and_no_solution(root: Path, tmp_path: Path) -> None:
    lab = load_lab(Course(root), "lab02")
    options = Options(lab="lab02")
    order = order_of(lab, 7, course=Course(root), options=options, packages=(), scratch=tmp_path)
    assert {"rubrics/lab02.yaml", "rubrics/lab01.yaml", "reference/lab02.py", "labs/lab02.ipynb"} <= {*order.files}
    assert not any("solutions" in name or "__pycache__" in name for name in order.files)
    put_files(order.files, tmp_path / "there")
    assert load_lab(Course(tmp_path / "there"), "lab02").sha256 == lab.sha256 == order.sha256


@pytest.mark.parametrize("lab", ["lab01", "lab02", "lab03", "corelab"])
def test_every_lab_is_the_same_one_where_only_what_is_sent_is(root: Path, tmp_path: Path, lab: str) -> None:
    here = load_lab(Course(root), lab)
    order = order_of(here, 7, course=Course(root), options=Options(lab=lab), packages=(), scratch=tmp_path)
    put_files(order.files, tmp_path / "there")
    there = load_lab(Course(tmp_path / "there"), lab)
    assert (there.sha256, there.given, there.languages) == (here.sha256, here.given, here.languages)
    assert (order.mnist is None) == (here.rubric.data is None)


def test_a_submission_arrives_as_it_was_read_with_its_helper_files(folder: Path, tmp_path: Path) -> None:
    read = read_submission(folder / "s004/warmup.ipynb", student="s004", helpers=folder / "s004", handed_in=True)
    come = unpacked(packed(read), tmp_path / "there")
    assert (come.student, come.cells, come.texts) == (read.student, read.cells, read.texts)
    assert (come.sha256, come.helpers_sha256) == (read.sha256, read.helpers_sha256)
    assert come.path.name == read.path.name
    assert helpers_digest(tmp_path / "there") == read.helpers_sha256


def failing(error: Exception) -> Callable[[], Record]:
    def grade() -> Record:
        raise error

    return grade


def test_what_fails_there_fails_here_in_the_same_way() -> None:
    text = quote("no notebook")
    come = result_of(outcome_of(failing(SubmissionError(text))))
    assert isinstance(come, SubmissionError)
    assert come.text == text
    broken = SandboxError(text)
    broken.add_note("a worker's traceback")
    come = result_of(outcome_of(failing(broken)))
    assert isinstance(come, SandboxError)
    assert (come.text, come.__notes__) == (text, ["a worker's traceback"])
    come = result_of(outcome_of(failing(KeyError("x"))))
    assert isinstance(come, HostError)
    assert come.kind == "KeyError"
    assert "Traceback" in str(come)


@pytest.mark.parametrize("address", ["cloud:2", "tls", ""])
def test_an_unknown_word_is_answered_with_the_words_that_there_are(
    grade: Callable[..., Said], folder: Path, address: str
) -> None:
    said = grade("warmup", folder, "--course", COURSE, "--cluster", address)
    assert said.status == 2
    assert "tls:, local:, tcp: (" in said.err


def test_a_single_notebook_is_graded_here(grade: Callable[..., Said], folder: Path) -> None:
    one = ("warmup", folder / "s001.ipynb", "--course", COURSE, "--cluster", "local:2")
    assert "leave out --cluster" in grade(*one, "--lang", "en").err
    watched = grade(*one, "--watch", "--lang", "en")
    assert watched.status == 2
    assert "leave out --cluster" in watched.err


# What is graded -----------------------------------------------------------------------------------------------


@pytest.mark.kernel
@pytest.mark.slow
def test_a_class_of_every_kind_has_the_same_records_on_hosts_as_on_one_machine(folder: Path, tmp_path: Path) -> None:
    here = Cluster(tmp_path)
    words = ("warmup", folder, "--course", COURSE, "--seed", 7, "--format", "html", "--lang", "en")
    alone = here.grade(*words, "--output", tmp_path / "alone")
    hosts = here.grade(*words, "--output", tmp_path / "hosts", "--cluster", "local:2")
    assert records_in(tmp_path / "hosts") == records_in(tmp_path / "alone")
    assert hosts.stdout.replace(str(tmp_path / "hosts"), "") == alone.stdout.replace(str(tmp_path / "alone"), "")
    assert (hosts.returncode, alone.returncode, hosts.stderr) == (2, 2, "")
    assert len(records_in(tmp_path / "hosts")) == 6


@pytest.mark.kernel
@pytest.mark.slow
def test_hosts_that_know_no_course_grade_by_what_is_sent_to_them_and_keep_nothing(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    cluster.host("one", slots=2)
    cluster.host("two")
    result = cluster.grade(
        *("warmup", folder, "--course", COURSE, "--seed", 7, "--output", tmp_path / "out"),
        *("--cluster", cluster.address),
    )
    assert (result.returncode, result.stderr) == (2, "")
    assert len(records_in(tmp_path / "out")) == 6
    assert list(left_of(cluster)) == []
    for log in cluster.folder.glob("*.log"):
        assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.kernel
@pytest.mark.slow
def test_what_fails_on_a_host_costs_that_submission_alone_and_is_told_in_the_log(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.py"
    spoilt.write_text(SPOILT, "utf-8")
    cluster.host("one", "--preload", str(spoilt))
    result = cluster.grade(
        *("warmup", folder, "--course", COURSE, "--output", tmp_path / "out", "--cluster", cluster.address)
    )
    assert result.returncode == 3
    lost = json.loads(records_in(tmp_path / "out")["s002"])
    assert (lost["earned"], lost["fault"]) == (None, "machinery")
    assert "KeyError" in lost["ungraded"]["en"]
    assert "grader.log" in lost["ungraded"]["en"]
    log = (tmp_path / "out" / "grader.log").read_text("utf-8")
    assert "a spoilt judge" in log
    assert json.loads(records_in(tmp_path / "out")["s001"])["earned"] == 10


SPOILT = """
from grader.grading import grade
from grader.grading.recording import make_record as real


def spoilt(lab, key, score, particulars):
    if particulars.student == "s002":
        raise KeyError("a spoilt judge")
    return real(lab, key, score, particulars)


grade.make_record = spoilt
"""


# Who may grade ------------------------------------------------------------------------------------------------


@pytest.mark.kernel
@pytest.mark.slow
def test_a_host_of_another_version_is_refused_before_anything_is_sent(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    cluster.host("same")
    cluster.host("other", environment=fake_version(tmp_path, "numpy", "1.0.1"))
    result = cluster.grade(
        *("warmup", folder, "--course", COURSE, "--output", tmp_path / "out", "--cluster", cluster.address)
    )
    assert result.returncode == 3
    assert "numpy 1.0.1" in result.stderr
    assert "pip install 'numpy==" in result.stderr
    assert records_in(tmp_path / "out").keys() <= {"s005"}  # what is no notebook needs no host


WALL_LESS = """
import grader.sandbox.pool

grader.sandbox.pool.walls_of = lambda: ()
"""


@pytest.mark.kernel
@pytest.mark.slow
def test_a_host_without_a_wall_is_left_out_with_a_sentence_and_the_others_grade(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "wall_less.py"
    spoilt.write_text(WALL_LESS, "utf-8")
    cluster.host("open", "--preload", str(spoilt), slots=4)
    cluster.host("closed")
    words = ("warmup", folder, "--course", COURSE, "--cluster", cluster.address)
    result = cluster.grade(*words, "--output", tmp_path / "out")
    assert "open (127.0.0.1:" in result.stdout
    assert "is left out: its isolation is none" in " ".join(result.stdout.split())
    records = {student: json.loads(text) for student, text in records_in(tmp_path / "out").items()}
    assert {one["isolation"] for student, one in records.items() if student != "s005"} <= {"good", "strong"}
    assert len(records) == 6
    doctor = cluster.grade("doctor", "--cluster", cluster.address)
    assert doctor.returncode == 0
    assert "4 at once\nisolation: none" in doctor.stdout
    assert "1 at once\nisolation: strong" in doctor.stdout or "1 at once\nisolation: good" in doctor.stdout


@pytest.mark.kernel
@pytest.mark.slow
def test_an_eavesdropper_sees_no_word_of_a_notebook(cluster: Cluster, folder: Path, tmp_path: Path) -> None:
    cluster.host("one")
    with eavesdropping(cluster.address) as (address, heard):
        result = cluster.grade(
            *("warmup", folder, "--course", COURSE, "--output", tmp_path / "out", "--cluster", address)
        )
    assert (result.returncode, len(records_in(tmp_path / "out"))) == (2, 6)
    assert len(heard) > 10_000
    for word in (IDEA, "def double", "warmup", "s001", "expected"):
        assert word.encode() not in heard


@pytest.mark.kernel
@pytest.mark.slow
def test_an_eavesdropper_would_see_it_without_encryption(folder: Path, tmp_path: Path) -> None:
    """So the test above can fail; and this computer's own loopback may be spoken with so."""
    plain = Cluster(tmp_path)
    try:
        plain.scheduler(scheme="tcp")
        plain.host("one")
        with eavesdropping(plain.address) as (address, heard):
            plain.grade("warmup", folder, "--course", COURSE, "--output", tmp_path / "out", "--cluster", address)
        assert IDEA.encode() in heard
        assert heard.count(b"The reference of a course that exists for tests") == 1, (
            "the course is sent once for a host"
        )
    finally:
        plain.close()


@pytest.mark.kernel
@pytest.mark.slow
def test_a_scheduler_that_others_reach_unencrypted_is_sent_nothing(folder: Path, tmp_path: Path) -> None:
    plain = Cluster(tmp_path)
    try:
        plain.scheduler(scheme="tcp", host="0.0.0.0")  # noqa: S104 (that is what must be refused)
        port = plain.address.rpartition(":")[2]
        result = plain.grade("warmup", folder, "--course", COURSE, "--cluster", f"tcp://127.0.0.1:{port}")
        assert result.returncode == 2
        assert "unencrypted from other computers" in result.stderr
    finally:
        plain.close()


@pytest.mark.kernel
@pytest.mark.slow
def test_without_certificates_a_sentence_says_how_to_make_them(folder: Path, tmp_path: Path) -> None:
    words = ("warmup", folder, "--course", COURSE, "--cluster", "tls://127.0.0.1:1")
    result = Cluster(tmp_path).grade(*words)
    assert result.returncode == 2
    assert "openssl req" in result.stderr
    named = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": "/nowhere.crt"}
    named |= {f"DASK_DISTRIBUTED__COMM__TLS__CLIENT__{kind}": f"/nowhere.{kind}" for kind in ("CERT", "KEY")}
    result = Cluster(tmp_path, environment=named).grade(*words)
    assert result.returncode == 2
    assert "/nowhere.crt" in result.stderr


@pytest.mark.kernel
@pytest.mark.slow
def test_the_file_that_is_missing_is_named_and_no_other(
    certificates: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    named = {**certificates, "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY": "/nowhere.key"}
    words = ("warmup", folder, "--course", COURSE, "--cluster", "tls://127.0.0.1:1")
    result = Cluster(tmp_path, environment=named).grade(*words)
    assert result.returncode == 2
    assert "/nowhere.key" in result.stderr
    assert "grade.crt" not in result.stderr


@pytest.mark.kernel
@pytest.mark.slow
def test_an_address_without_encryption_is_refused_where_the_settings_demand_it(
    certificates: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    words = ("warmup", folder, "--course", COURSE, "--cluster", "tcp://127.0.0.1:8786")
    result = Cluster(tmp_path, environment=certificates).grade(*words)
    assert result.returncode == 2
    assert "Write tls://127.0.0.1:8786." in result.stderr


@pytest.mark.kernel
@pytest.mark.slow
def test_other_certificates_than_the_scheduler_s_are_said_to_be_so(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    other = Cluster(tmp_path, environment=make_certificates(tmp_path / "other" / "certificates"))
    result = other.grade("warmup", folder, "--course", COURSE, "--cluster", cluster.address)
    assert result.returncode == 3
    assert "do not fit" in result.stderr
    assert "firewall" not in result.stderr


CLUSTERLESS = """
import sys

sys.modules["grader.workflow.cluster"] = None
"""


@pytest.mark.kernel
@pytest.mark.slow
def test_a_host_that_cannot_import_what_grades_is_one_line_and_the_others_answer(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "clusterless.py"
    spoilt.write_text(CLUSTERLESS, "utf-8")
    cluster.host("old", "--preload", str(spoilt))
    cluster.host("new", slots=2)
    doctor = cluster.grade("doctor", "--cluster", cluster.address)
    assert (doctor.returncode, doctor.stderr) == (0, "")
    assert doctor.stdout.count("is left out") == 1
    assert "pip install 'labgrader[cluster]==" in doctor.stdout
    assert "2 at once" in doctor.stdout
    result = cluster.grade(
        *("warmup", folder, "--course", COURSE, "--output", tmp_path / "out", "--cluster", cluster.address)
    )
    assert result.returncode == 3
    assert "pip install 'labgrader[cluster]==" in result.stderr
    assert "itself failed" not in result.stderr


@pytest.mark.kernel
@pytest.mark.slow
def test_a_demand_that_no_host_meets_ends_after_a_minute_with_a_sentence(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    assert "No host of this cluster" in cluster.grade("doctor", "--cluster", cluster.address).stdout
    spoilt = tmp_path / "wall_less.py"
    spoilt.write_text(WALL_LESS, "utf-8")
    cluster.host("open", "--preload", str(spoilt))
    result = cluster.grade("warmup", folder, "--course", COURSE, "--cluster", cluster.address, seconds=150)
    assert result.returncode == 3
    assert "none has joined for 60 s" in result.stderr
    assert "open (127.0.0.1:" in result.stderr
    assert "its isolation is none; good is required" in result.stderr


# Who dies -----------------------------------------------------------------------------------------------------


@pytest.mark.kernel
@pytest.mark.slow
def test_a_host_that_is_killed_is_replaced_and_every_student_has_one_result(
    cluster: Cluster, many: Path, tmp_path: Path
) -> None:
    cluster.host("one", slots=2)
    cluster.host("two", slots=2)
    output = tmp_path / "out"
    words = ("warmup", many, "--course", COURSE, "--seed", 7, "--output", output)
    with cluster.grading(*words, "--cluster", cluster.address) as grading:
        wait_until(lambda: len(records_in(output)) >= 3)
        cluster.kill("one")
        cluster.host("three")  # joins in the middle
        assert grading.wait(180) == 0
        assert grading.stdout is not None
        assert re.search(r"one \(127.0.0.1:\d+\) is lost", grading.stdout.read())
    records = [json.loads(text) for text in records_in(output).values()]
    assert [one["earned"] for one in records] == [10] * 16
    assert results_of_each(output) == {1}
    cluster.host("one")  # in the same place, which is cleaned of what the killed one could not remove
    wait_until(lambda: not list(left_of(cluster)))


DEADLY = """
import os

from grader.workflow.cluster import host
from grader.workflow.cluster.carried import unpacked as real


def deadly(form, folder):
    if form["student"] == "s004":
        os._exit(1)
    return real(form, folder)


host.unpacked = deadly
"""


@pytest.mark.kernel
@pytest.mark.slow
def test_a_submission_with_which_hosts_die_costs_itself_alone(cluster: Cluster, many: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "deadly.py"
    spoilt.write_text(DEADLY, "utf-8")
    for number in range(4):
        cluster.host(f"h{number}", "--preload", str(spoilt), slots=2)
    output = tmp_path / "out"
    result = cluster.grade("warmup", many, "--course", COURSE, "--output", output, "--cluster", cluster.address)
    assert result.returncode == 3
    records = {student: json.loads(text) for student, text in records_in(output).items()}
    assert len(records) == 16
    assert {student for student, one in records.items() if one["earned"] != 10} == {"s004"}
    assert (records["s004"]["earned"], records["s004"]["fault"]) == (None, "machinery")
    assert "3 hosts" in records["s004"]["ungraded"]["en"]


@pytest.mark.kernel
@pytest.mark.slow
def test_machines_with_networks_of_their_own_grade_and_a_whole_one_may_go(
    certificates: dict[str, str], many: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    words = ("warmup", many, "--course", COURSE, "--seed", 7)
    with contextlib.ExitStack() as stack:
        try:
            names = stack.enter_context(machines(2))
        except OSError as error:
            pytest.skip(f"no networks of one's own here: {error}")
        cluster = Cluster(tmp_path, environment=certificates)
        stack.callback(cluster.close)
        cluster.scheduler(host=f"{NETWORK}.1")
        for number, name in enumerate((*names, *names)):
            cluster.host(f"h{number}", machine=name)
        grading = stack.enter_context(cluster.grading(*words, "--output", output, "--cluster", cluster.address))
        wait_until(lambda: len(records_in(output)) >= 3)
        for host in ("h0", "h2"):  # both of the first machine
            cluster.kill(host)
        assert grading.wait(180) == 0
        assert results_of_each(output) == {1}
        Cluster(tmp_path).grade(*words, "--output", tmp_path / "alone")
        assert records_in(output) == records_in(tmp_path / "alone")


@pytest.mark.kernel
@pytest.mark.slow
def test_a_scheduler_that_dies_is_no_zero_and_the_same_command_goes_on(
    cluster: Cluster, many: Path, tmp_path: Path
) -> None:
    cluster.host("one")
    output = tmp_path / "out"
    words = ("warmup", many, "--course", COURSE, "--output", output)
    with cluster.grading(*words, "--cluster", cluster.address) as grading:
        wait_until(lambda: len(records_in(output)) >= 3)
        cluster.kill("scheduler")
        assert grading.wait(120) == 3
    before = {student: json.loads(text) for student, text in records_in(output).items()}
    assert len(before) == 16
    done = {student for student, one in before.items() if one["ungraded"] is None}
    assert 3 <= len(done) < 16
    assert {one["fault"] for student, one in before.items() if student not in done} == {"machinery"}
    assert not any(one["earned"] == 0 for one in before.values())
    files = {student: (output / f"{student}.json").read_bytes() for student in done}
    cluster.close()
    cluster.scheduler()
    cluster.host("two", slots=2)
    assert cluster.grade(*words, "--cluster", cluster.address).returncode == 0
    assert len(records_in(output)) == 16
    assert {student: (output / f"{student}.json").read_bytes() for student in done} == files


SLOW_TO_SAY = """
import os
import time
from pathlib import Path

from grader.workflow.cluster.host import HostGrader


def look(self, packages):
    Path(os.environ["TMPDIR"], "asked").touch()
    time.sleep(60)


HostGrader.look = look
"""


@pytest.mark.kernel
@pytest.mark.slow
def test_a_scheduler_that_dies_early_is_told_and_no_host_is_blamed(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "slow_to_say.py"
    spoilt.write_text(SLOW_TO_SAY, "utf-8")
    cluster.host("one", "--preload", str(spoilt))
    words = ("warmup", folder, "--course", COURSE, "--output", tmp_path / "out", "--cluster", cluster.address)
    with cluster.grading(*words) as grading:
        wait_until((cluster.folder / "one" / "asked").is_file)
        cluster.kill("scheduler")
        out, err = grading.communicate(timeout=120)
    assert grading.returncode == 3
    assert "left out" not in out + err
    assert "is lost" not in out + err
    assert "The scheduler of the cluster cannot be reached" in " ".join(out.split())


@pytest.mark.kernel
@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_the_hosts_forget_the_rest(cluster: Cluster, many: Path, tmp_path: Path) -> None:
    cluster.host("one")
    output = tmp_path / "out"
    words = ("warmup", many, "--course", COURSE, "--output", output, "--cluster", cluster.address)
    with cluster.grading(*words) as grading:
        wait_until(lambda: len(records_in(output)) >= 2)
        grading.send_signal(signal.SIGINT)
        assert grading.wait(60) == 130
        assert grading.stderr is not None
        assert grading.stderr.read().strip().startswith("Stopped. What was finished is kept")
    assert 2 <= len(records_in(output)) < 16
    wait_until(lambda: not list(left_of(cluster)), 20)
    assert cluster.grade(*words).returncode == 0


@pytest.mark.kernel
@pytest.mark.slow
def test_a_grader_that_is_killed_leaves_nothing_on_its_hosts(cluster: Cluster, many: Path, tmp_path: Path) -> None:
    cluster.host("one")
    output = tmp_path / "out"
    words = ("warmup", many, "--course", COURSE, "--output", output, "--cluster", cluster.address)
    with cluster.grading(*words) as grading:
        wait_until(lambda: len(records_in(output)) >= 2)
        grading.kill()
    wait_until(lambda: not list(left_of(cluster)), 20)


@pytest.mark.kernel
@pytest.mark.slow
def test_ctrl_c_ends_the_worker_processes_of_this_computer_as_well(many: Path, tmp_path: Path) -> None:
    """A terminal sends it to all processes of the command."""
    here, own = Cluster(tmp_path), tmp_path / "own"
    own.mkdir()
    words = ("warmup", many, "--course", COURSE, "--output", tmp_path / "out", "--cluster", "local:2")
    with here.grading(*words, environment={"TMPDIR": str(own)}, start_new_session=True) as grading:
        wait_until(lambda: len(records_in(tmp_path / "out")) >= 2)
        family = psutil.Process(grading.pid).children(recursive=True)
        os.killpg(grading.pid, signal.SIGINT)
        assert grading.wait(60) == 130
        assert grading.stderr is not None
        assert grading.stderr.read().strip().startswith("Stopped. What was finished is kept")
    wait_until(lambda: not any(process.is_running() for process in family), 20)
    assert list(own.iterdir()) == []


@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.parametrize("children", [1, 2])
def test_ctrl_c_while_worker_processes_start_shows_one_sentence(many: Path, tmp_path: Path, children: int) -> None:
    words = ("warmup", many, "--course", COURSE, "--cluster", "local:2")
    with Cluster(tmp_path).grading(*words, start_new_session=True) as grading:
        starting = psutil.Process(grading.pid)
        wait_until(lambda: sum("spawn_main" in " ".join(one.cmdline()) for one in starting.children()) >= children)
        os.killpg(grading.pid, signal.SIGINT)
        out, err = grading.communicate(timeout=60)
    assert grading.returncode == 130
    assert err.strip() == "Stopped. What was finished is kept; the same command starts again."
    assert "Traceback" not in out


def results_of_each(output: Path) -> set[int]:
    """Return how many results the gradebook has of a student, for all of them."""
    with open_book(str(output / "gradebook.sqlite"), create=False) as book:
        return {len(book.history(student, "warmup")) for student in book.students()}


@contextlib.contextmanager
def eavesdropping(address: str) -> Iterator[tuple[str, bytearray]]:
    """Give an address that leads to another one, and all that goes through it in either direction."""
    scheme, _, place = address.partition("://")
    host, _, port = place.rpartition(":")
    heard, ends = bytearray(), list[socket.socket]()

    def pass_on(source: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(2**16):
                heard.extend(part)
                to.sendall(part)
            to.shutdown(socket.SHUT_WR)

    def listen(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = server.accept()
                far = socket.create_connection((host, int(port)))
                ends.extend((near, far))
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=pass_on, args=(one, other), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        ends.append(server)
        threading.Thread(target=listen, args=(server,), daemon=True).start()
        yield f"{scheme}://127.0.0.1:{server.getsockname()[1]}", heard
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
