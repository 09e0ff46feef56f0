"""What the lab about tables answers."""

import pandas as pd

KINDS = ["heron", "otter", "plover"]


def mean_weight(animals):
    """Return the mean weight of each kind, as a Series."""
    return animals.groupby("kind")["weight"].mean()


def filled(animals):
    """Return the table with the mean weight where one is missing."""
    return animals.assign(weight=animals["weight"].fillna(animals["weight"].mean()))


def with_places(animals, places):
    """Return the animals with the place of their kind, without those whose kind has none."""
    return animals.merge(places, on="kind")


def heavy(animals, least):
    """Return the names of the animals of at least a weight."""
    return animals.loc[animals["weight"] >= least, "name"].tolist()


def animals(rng):
    """Make a table of animals."""
    weights = rng.uniform(1, 9, 6).round(3)
    table = {"name": [f"n{number}" for number in range(6)], "kind": rng.choice(KINDS, 6), "weight": weights}
    return {"animals": pd.DataFrame(table)}


def animals_with_gaps(rng):
    """Make a table of animals of which two have no weight."""
    table = animals(rng)["animals"]
    table.loc[rng.permutation(6)[:2], "weight"] = None
    return {"animals": table}


def animals_and_places(rng):
    """Make a table of animals, and one of places."""
    places = pd.DataFrame({"kind": KINDS[:2], "place": ["lagoon", "estuary"]})
    return {**animals(rng), "places": places}


def animals_and_weight(rng):
    """Make a table of animals and a weight."""
    return {**animals(rng), "least": 5.0}
