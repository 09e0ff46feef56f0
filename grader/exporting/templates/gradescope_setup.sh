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
# Told in the log of the build: how strong the wall is in this image, on the machine that built it.
grade='import sys; from grader.cli import main; sys.exit(main())'
"$python" -P -c "$grade" doctor --lang @LANGUAGE@ || true

# The lab's own notebook is graded as a submission will be, so that a zip that cannot grade is no autograder. Whether the
# wall is strong enough is left to the machine that grades: this one only builds the image.
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
status=0
"$python" -P -c "$grade" @LAB@ "$root/source/course/labs/@LAB@.ipynb" --course "$root/source/course" \
  --output "$trial" --format gradescope --lang @LANGUAGE@ --require-isolation none || status=$?
if [ "$status" -le 1 ] && [ -s "$trial/@LAB@.gradescope.json" ]; then
  echo "setup.sh: the notebook of @LAB@ that students receive was graded here. Submissions are graded behind a wall of"
  echo "setup.sh: at least the level \"@LEVEL@\", or not at all: the level of this machine stands above."
else
  echo "setup.sh: the notebook of @LAB@ could not be graded here (exit status $status): see above. This is no autograder." >&2
  exit 1
fi
