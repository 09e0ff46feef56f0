"""How the lab about drawing is asked."""

from grader.probes import figure


def heights(lab, names, values):
    [axes] = figure(lambda: lab.draw_bars(names, values))
    return {"heights": axes["bars"][:, 3], "ylabel": axes["ylabel"]}
