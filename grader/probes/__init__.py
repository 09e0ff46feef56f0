"""What a probe is made of: it turns whatever a notebook has into a plain value, which is then compared.

A probe is a function `(lab, *arguments)` of the course's file probes/LAB.py. `lab` has the names of the student's
notebook, or those of the reference: the same probe asks both. In the student's kernel it runs beside the student's
code, so it holds no answer. `printed`, `figure` and `file` of this package are probes by themselves, and parts to make
one of:

    from grader.probes import figure

    def heights(lab, values):
        return figure(lambda: lab.histogram(values))[0]["bars"]
"""

from grader.probes.figure import figure
from grader.probes.file import file
from grader.probes.printed import printed

__all__ = ["figure", "file", "printed"]
