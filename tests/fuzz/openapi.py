"""Schemathesis against the API's own description: `python -m tests.fuzz.openapi`.

It is no dependency of the project, since it brings many of its own: install it anywhere (for
instance with `uv tool install schemathesis`) and name it with `--program` unless it is on the path.
"""

import argparse
import shutil
import subprocess
import sys

from app.identity.service.api_keys import KEY_SCOPES, create_api_key
from tests.support.installation import installed
from tests.support.worlds import make_world

ADDRESS = "http://127.0.0.1:{port}/api/v1/openapi.json"
# A key may make 600 calls a minute; being told so is no finding.
RATE = "9/s"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


def main() -> int:
    """Run schemathesis on an installation of its own; return its exit code, 2 without it."""
    parser = argparse.ArgumentParser("tests.fuzz.openapi", description=main.__doc__)
    parser.add_argument("--program", default="schemathesis")
    parser.add_argument("--examples", type=int, default=1_000, help="for each operation")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    program = shutil.which(given.program)
    if program is None:
        sys.stdout.write(f"{given.program} is not installed; nothing was tried.\n")
        return 2
    with installed() as installation:
        app = installation.make_app()
        world = make_world(app, "Alder")
        with world.session():
            key = create_api_key(
                world.system(), name="schemathesis", scopes=tuple(KEY_SCOPES), lifetime_days=1
            )
        installation.start()
        command = [program, "run", ADDRESS.format(port=installation.port)]
        command += ["--header", f"Authorization: Bearer {key.text}", "--rate-limit", RATE]
        command += ["--max-examples", str(given.examples), "--seed", str(given.seed)]
        command += ["--checks", ",".join(CHECKS), "--continue-on-failure", "--no-color"]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
