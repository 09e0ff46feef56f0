"""How the lab about classes is asked: an object is made, and its methods are called in a chain."""


def weights(lab, x, y, epochs):
    model = lab.Perceptron(epochs)
    model.fit(x, y)
    return {"w": model.w, "b": model.b}


def answers(lab, x, y, new):
    return lab.Perceptron(20).fit(x, y).predict(new)


def clusters(lab, points, start):
    model = lab.KMeans(len(start))
    model.fit(points, start)
    return {"centers": model.centers, "labels": model.predict(points)}


def stack(lab, items):
    one, other = lab.Stack(), lab.Stack()
    for item in items:
        one.push(item)
    taken = [one.pop() for _ in items]
    return {"taken": taken, "length": len(one), "other": len(other)}
