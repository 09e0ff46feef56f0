"""What the lab about drawing, printing and files answers. The notebook reads rain.csv; here stands what it reads."""

import csv

rain = {"jan": 83.1, "feb": 170.3, "mar": 180.4, "apr": 177.8}
wettest = "mar"


def plot_losses(losses):
    """Draw the losses against the epochs, from 1."""
    import matplotlib.pyplot as plt

    plt.plot(range(1, len(losses) + 1), losses)
    plt.xlabel("epoch")
    plt.ylabel("loss")


def draw_bars(names, values):
    """Draw a bar for each name."""
    import matplotlib.pyplot as plt

    plt.bar(names, values)
    plt.ylabel("mm")


def report(values):
    """Print how many values there are, and their mean with two digits."""
    print(f"{len(values)} values, mean {sum(values) / len(values):.2f}")


def save(path, rows):
    """Write rows of numbers as CSV, below the names of the columns."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["x", "y"])
        writer.writerows(rows)


def losses(rng):
    """Make losses that fall."""
    return {"losses": sorted(rng.uniform(0.1, 3, 5).round(4).tolist(), reverse=True)}


def values(rng):
    """Make some values."""
    return {"values": rng.uniform(50, 90, 7).round(3).tolist()}
