#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes table.csv and answers.json: a small table, and what scikit-learn says about it.

Run by hand, with Debian 12's python3-sklearn (1.2.1); the tests only read the files.

table.csv: 400 rows of 40 tracks of 4 classes; 12 columns. Values are multiples of 1/64,
so that float32 holds them exactly and rows may be equally far from each other. The
column `constant` is what it says, `rare` is 0 in most rows: trees meet columns that are
constant in a whole node. Models learn from the rows i with i % 10 < 7, counted from 0,
as they stand (no standardisation), and answer for the others.

answers.json: for each model a list of cases: its parameters by Fugato's names, the seed,
and for the tested rows in their order
  classes        predict
  probabilities  predict_proba (knn, random-forest)
  decisions      decision_function of shape "ovr" (svm)
  importance     feature_importances_ (random-forest)
"""
import csv
import json
import pathlib

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

HERE = pathlib.Path(__file__).parent
CLASSES = ["blues", "disco", "jazz", "metal"]


def make_table(random):
    """Tracks scatter around their class, rows around their track."""
    rows = []
    centres = random.normal(0, 0.6, (len(CLASSES), 10))
    for c, name in enumerate(CLASSES):
        for track in range(10):
            middle = centres[c] + random.normal(0, 0.7, 10)
            for chunk in range(10):
                x = middle + random.normal(0, 0.7, 10)
                x = np.round(np.append(x, [1.5, float(random.random() < 0.1 + 0.1 * c)]) * 64) / 64
                rows.append((f"{name}.{track:05}.wav.{chunk}", x, name))
    return rows


def short(values, digits):
    return [[float(f"{x:.{digits}g}") for x in row] for row in values]


def knn_case(train, test, y, k):
    model = KNeighborsClassifier(k, algorithm="brute").fit(train, y)
    distances = np.sort(((test[:, None, :] - train[None, :, :]) ** 2).sum(axis=2), axis=1)
    assert (distances[:, k - 1] < distances[:, k]).all(), "the answer would depend on the order of equally far rows"
    return {"parameters": {"n_neighbors": k}, "seed": 0, "classes": model.predict(test).tolist(),
            "probabilities": short(model.predict_proba(test), 8)}


def svm_case(train, test, y, c, gamma, break_ties):
    model = SVC(C=c, gamma=gamma or "scale", break_ties=break_ties).fit(train, y)
    return {"parameters": {"C": c, "gamma": gamma, "break_ties": break_ties}, "seed": 0,
            "classes": model.predict(test).tolist(), "decisions": short(model.decision_function(test), 12)}


def forest_case(train, test, y, seed, trees, depth, features, leaf):
    model = RandomForestClassifier(trees, max_depth=depth, max_features=features or "sqrt", min_samples_leaf=leaf,
                                   random_state=seed).fit(train, y)
    probabilities = model.predict_proba(test)
    return {"parameters": {"n_estimators": trees, "max_depth": depth, "max_features": features,
                           "min_samples_leaf": leaf},
            "seed": seed, "classes": probabilities.argmax(axis=1).tolist(), "probabilities": short(probabilities, 9),
            "importance": model.feature_importances_.tolist()}


def main():
    rows = make_table(np.random.RandomState(3))
    with open(HERE / "table.csv", "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["file_name"] + [f"x{j}" for j in range(10)] + ["constant", "rare", "label"])
        for name, x, label in rows:
            writer.writerow([name] + [f"{v:g}" if v == int(v) else repr(float(v)) for v in x] + [label])

    x = np.array([row[1] for row in rows])
    y = np.array([CLASSES.index(row[2]) for row in rows])
    learnt = np.arange(len(rows)) % 10 < 7
    data = x[learnt], x[~learnt], y[learnt]
    answers = {
        "knn": [knn_case(*data, k) for k in (19, 1, 4)],
        "svm": [svm_case(*data, c, gamma, ties)
                for c, gamma, ties in ((1, 0, False), (1, 0, True), (20, 0.05, False))],
        "random-forest": [forest_case(*data, *case)
                          for case in ((0, 100, 10, 0, 1), (2147483648, 20, 3, 12, 1), (7, 20, 100, 2, 5),
                                       (8, 50, 1, 1, 1))],
    }
    text = json.dumps(answers, separators=(",", ":"))
    (HERE / "answers.json").write_text(text.replace("},{", "},\n{").replace(']],"', ']],\n"') + "\n")
    for name, cases in answers.items():
        for case in cases:
            print(name, case["parameters"], "accuracy", (np.array(case["classes"]) == y[~learnt]).mean())


main()
