# mypy: ignore-errors
"""Makes folders and files with every kind of name, and a tree that is deep, but not too deep.

Expected: full
"""

import os

for name in ("-rf", "a\nb", "\x1b[2J", "..." * 80, "CON", "con ", "\u202e", "%s%n", "$(id)", "a" * 255):
    try:
        open(name, "w").write("x")
    except OSError:
        pass
for _ in range(90):  # a hundred would be one too many
    os.mkdir("d")
    os.chdir("d")


def double(x):
    return 2 * x
