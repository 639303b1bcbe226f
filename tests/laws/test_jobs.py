"""Laws of background jobs: whoever queues one knows it, in whichever process."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.law

# A process of its own, because in that of the tests something has imported everything.
PROGRAM = """
import importlib
import pkgutil

import app
import app.boot.factory
from app.kernel.jobs import _jobs

known = set(_jobs)
for module in pkgutil.walk_packages(app.__path__, "app."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(sorted(set(_jobs) - known))
"""


def test_web_server_knows_every_job_that_it_may_queue():
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
