# mypy: ignore-errors
"""Rewrites and clears outputs, and displays a page of its own.

Expected: full
"""

from IPython.display import HTML, Javascript, clear_output, display

handle = display(HTML("<script>alert(1)</script>"), display_id="1")
for _ in range(200):
    handle.update(HTML("<b>10 / 10</b>"))
    clear_output(wait=True)
display(Javascript("document.title='full marks'"))


def double(x):
    return 2 * x
