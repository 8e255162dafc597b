"""What tests start doesn't outlive them."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.leash import leashed

ROOT = Path(__file__).parents[1]
PARENT = """
import subprocess, sys
from tests.leash import leashed
sleep = "import time; print(1, flush=True); time.sleep(600)"
child = subprocess.Popen(leashed(sys.executable, "-c", sleep), stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children")
def test_a_process_ends_with_the_run_that_started_it_though_that_is_killed() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()

    deadline = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.02)


def test_a_command_on_a_leash_does_what_it_does_alone() -> None:
    done = subprocess.run(
        leashed(sys.executable, "-c", "import sys; sys.exit(7)"), check=False, cwd=ROOT
    )
    assert done.returncode == 7
