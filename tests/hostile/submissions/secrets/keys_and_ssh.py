# mypy: ignore-errors
"""Reads what belongs to the person who grades: keys, settings of git and of the shell.

Expected: full
"""

import os
import pwd

home = os.path.expanduser("~root") if os.getuid() == 0 else "/home"


def act(name):
    def read():
        os.listdir(home)
        open(os.path.join(home, name)).read()
    return read


acts = [act(name) for name in (".ssh/id_rsa", ".bashrc", ".profile", ".gitconfig", ".netrc")]
acts.append(lambda: open("/etc/shadow").read())
acts.append(lambda: open("/etc/passwd").read())

def double(x):
    return 2 * x if refused(*acts) else -1.0
