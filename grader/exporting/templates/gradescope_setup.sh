#!/usr/bin/env bash
# Runs once, when the image is built: finds or installs a Python of at least 3.11, and installs what grading needs.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}

find_python() {
  for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$name" -I -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
}

python=$root/venv/bin/python
if [ ! -x "$python" ]; then
  if [ -z "$(find_python)" ]; then
    apt-get update
    apt-get install -y python3.11 python3.11-venv || apt-get install -y python3 python3-venv
  fi
  "$(find_python)" -I -m venv "$root/venv"
fi
"$python" -P -m pip install --disable-pip-version-check -r "$root/source/requirements.txt"

# A .pth file, and not PYTHONPATH, because the grader starts its own processes without PYTHON* variables.
packages=$("$python" -P -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$root/source" > "$packages/labgrader.pth"
"$python" -P -c 'import grader.workflow.marking'
# Told in the log of the build: how strong the wall is in this image, on the machine that built it.
"$python" -P -c 'import sys; from grader.cli import main; sys.exit(main(["doctor"]))' || true
