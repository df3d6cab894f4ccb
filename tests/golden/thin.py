#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs librosa's golden values into what the tests read, and thins the large ones.

usage: thin.py REFERENCE DESTINATION      (needs numpy, and flac on the PATH)

REFERENCE has a folder for each signal, with input.wav, scalars.json and one .npy
file a quantity, a folder `constants` and a folder `e2e`. DESTINATION gets what
README.md beside this file describes. Values are copied bit by bit; thinning
leaves out columns (frames or samples) and says which it kept.
"""
import json
import pathlib
import shutil
import subprocess
import sys

import numpy as np

SCALARS = ["tuning", "tempo_beat_track", "zero_crossings", "harmonic_mean", "percussive_mean", "harmonic_var",
           "percussive_var"]


def spread(n, step, ends):
    """Every step-th of n, and the first and last few."""
    return sorted(set(range(0, n, step)) | set(range(min(ends, n))) | set(range(max(0, n - ends), n)))


# The step and the ends of a thinned quantity with n columns.
THINNED = {
    "stft_mag": lambda n: (max(1, n // 2), 1),
    "mel": lambda n: (16, 2),
    "mel_pdb": lambda n: (16, 2),
    "hpss_harmonic": lambda n: (16, 256),
    "hpss_percussive": lambda n: (16, 256),
}


class Blob:
    """Arrays one after the other in a file, and the index entries that find them."""

    def __init__(self):
        self.bytes = b""
        self.index = {}

    def add(self, name, values, thinned=None):
        assert values.dtype in (np.float32, np.float64), (name, values.dtype)
        entry = {"offset": len(self.bytes), "type": str(values.dtype), "shape": list(values.shape)}
        if thinned is not None:
            entry["thinned"] = list(thinned)
            values = values[..., spread(values.shape[-1], *thinned)]
        self.index[name] = entry
        self.bytes += np.ascontiguousarray(values).tobytes()
        self.bytes += b"\0" * (-len(self.bytes) % 8)


def flac(source, target):
    subprocess.run(["flac", "-s", "-f", "-8", "-e", "--no-padding", "--no-seektable", "-o", target, source], check=True)


def pack_signal(folder, out, columns):
    scalars = json.loads((folder / "scalars.json").read_text())
    blob = Blob()
    for path in sorted(folder.glob("*.npy")):
        values = np.load(path)
        blob.add(path.stem, values, THINNED[path.stem](values.shape[-1]) if path.stem in THINNED else None)
    if scalars["seed_features"]:
        assert list(scalars["seed_features"]) == columns
        blob.add("columns", np.array(list(scalars["seed_features"].values()), np.float64))
    (out / f"{folder.name}.bin").write_bytes(blob.bytes)
    flac(folder / "input.wav", out / f"{folder.name}.flac")
    return {"samples": scalars["samples"], **{k: scalars.get(k) for k in SCALARS}, "arrays": blob.index}


def pack_constants(folder, out):
    blob = Blob()
    for path in sorted(folder.glob("*.npy")):
        values = np.load(path)
        if path.stem.startswith("mel_basis"):
            band, bin_ = np.nonzero(values)
            blob.add("mel_basis_nonzero", np.stack([band, bin_, values[band, bin_]]).astype(np.float64))
        elif path.stem.startswith("chroma_fb"):
            blob.add(path.stem, values, (8, 4))
        elif path.stem.startswith("hann"):
            blob.add(path.stem, values.astype(np.float64), (8, 8))
        else:
            blob.add(path.stem, values)
    (out / "constants.bin").write_bytes(blob.bytes)
    return blob.index


def main():
    reference, out = map(pathlib.Path, sys.argv[1:3])
    (out / "e2e").mkdir(parents=True, exist_ok=True)
    folders = [p.parent for p in sorted(reference.glob("*/scalars.json"))]
    seeds = (json.loads((f / "scalars.json").read_text())["seed_features"] for f in folders)
    columns = next(list(seed) for seed in seeds if seed)
    index = {"columns": columns, "constants": pack_constants(reference / "constants", out),
             "signals": {f.name: pack_signal(f, out, columns) for f in folders}}
    text = json.dumps(index, separators=(",", ":"))
    (out / "index.json").write_text(text.replace('"signals":{', '"signals":{\n').replace("}}},", "}}},\n") + "\n")
    for wav in sorted(reference.glob("e2e/*/*.wav")):
        flac(wav, out / "e2e" / f"{wav.stem}.flac")
        shutil.copyfile(wav.with_suffix(".csv"), out / "e2e" / f"{wav.stem}.csv")


if __name__ == "__main__":
    main()
