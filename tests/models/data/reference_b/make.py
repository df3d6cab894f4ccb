#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the rest of this folder: what scikit-learn and Python's XGBoost make of a small table.

Debian 12: apt-get install python3-sklearn python3-xgboost (1.2.1 and 1.7.4), then run this file.

table.csv          400 rows x 12 columns x 4 classes that overlap, drawn with seed 7; each value is a
                   float32. The first 280 rows are learnt from, the other 120 predicted.
answers.json       the models' parameters and their probabilities for the 120 rows
boosted/ forest/   xgboost.json: the model files of Python's XGBoost
"""
import json
import os
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from xgboost import XGBClassifier, XGBRFClassifier

warnings.simplefilter("ignore", ConvergenceWarning)  # some fits are stopped early on purpose
os.chdir(os.path.dirname(os.path.abspath(__file__)))
ROWS, LEARN, WIDTH, CLASSES = 400, 280, 12, 4

random = np.random.RandomState(7)
labels = random.randint(CLASSES, size=ROWS)
centres = random.normal(size=(CLASSES, WIDTH))
values = (0.7 * centres[labels] + random.normal(size=(ROWS, WIDTH))).astype(np.float32)
values[:, 0] *= np.where(labels % 2, 1, -1)  # not all that tells the classes apart is linear

with open("table.csv", "w") as out:
    out.write(",".join(f"x{j}" for j in range(WIDTH)) + ",label\n")
    for row, label in zip(values, labels):
        out.write(",".join(str(v) for v in row) + f",class{label}\n")

x, y, unseen = values[:LEARN], labels[:LEARN], values[LEARN:]


def answer(model, parameters):
    """Parameters as Fugato names them, and what the model says of the unseen rows."""
    return {
        "parameters": parameters,
        "probabilities": [float(p) for p in model.predict_proba(unseen).ravel()],
        "accuracy": float(np.mean(model.predict(unseen) == labels[LEARN:])),
    }


def perceptron(**parameters):
    model = MLPClassifier(solver="lbfgs", random_state=1, **parameters).fit(x.astype(np.float64), y)
    return {**answer(model, parameters), "loss": float(model.loss_), "iterations": int(model.n_iter_)}


def perceptrons(starts, **parameters):
    """The mean accuracy over so many starts: what roundings do to each of them nearly cancels out."""
    learnt = [MLPClassifier(solver="lbfgs", random_state=s, **parameters).fit(x.astype(np.float64), y)
              for s in range(1, starts + 1)]
    accuracies = [np.mean(model.predict(unseen) == labels[LEARN:]) for model in learnt]
    return {"parameters": parameters, "starts": starts, "accuracy": float(np.mean(accuracies))}


def trees(model, folder, **parameters):
    model = model(random_state=3, n_jobs=1, **parameters).fit(x, y)
    os.makedirs(folder, exist_ok=True)
    model.get_booster().save_model(f"{folder}/xgboost.json")
    return answer(model, parameters)


answers = {
    "mlp_start": perceptron(hidden_layer_sizes=[20, 10], alpha=1e-5, max_iter=10),
    "mlp_smooth": perceptron(hidden_layer_sizes=[20, 10], alpha=40),
    "mlp": perceptron(hidden_layer_sizes=[20, 10], alpha=1e-5),
    "mlp_starts": perceptrons(20, hidden_layer_sizes=[20, 10], alpha=1e-5),
    "xgboost": trees(XGBClassifier, "boosted", n_estimators=12, learning_rate=0.05, max_depth=3, tree_method="hist"),
    "xgboost-forest": trees(XGBRFClassifier, "forest", n_estimators=12, max_depth=3, tree_method="hist"),
}
with open("answers.json", "w") as out:
    json.dump(answers, out, indent=1)
    out.write("\n")
