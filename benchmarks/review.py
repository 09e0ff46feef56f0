"""How long it takes from a key to the next student's page in `grade review`, and whether the server's memory stays.

    python -m benchmarks.review --students 600 --clicks 5000

makes a gradebook of that class (nothing is graded), starts `grade review`, and reads in a real browser: an item, the
comment of another one again, and on to the next. The clicks after that are sent without a browser, side by side with
what a browser asks for.
"""
