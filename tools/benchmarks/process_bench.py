# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole processes of `fugato`: start-up, and one line's time and memory: FUGATO CORPUS FILE.json [ROUNDS]"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import wave


def spent(command):
    """(wall [s], CPU [s], peak resident memory [MB]) of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(command)}: must succeed, but ended with {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def short_file(folder):
    path = pathlib.Path(folder) / "short.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22050)
        out.writeframes(bytes((i * i // 7) % 256 for i in range(2 * 4 * 22050)))
    return str(path)


def main(program, corpus, out, rounds="15"):
    tracks = len([x for x in pathlib.Path(corpus).rglob("*") if x.suffix == ".wav"])
    with tempfile.TemporaryDirectory() as folder:
        short = short_file(folder)
        extract = [program, "-q", "extract", corpus, "-o", "/dev/null"]
        cases = {
            "version": ([program, "--version"], 1),
            "list": ([program, "list", "policies"], 1),
            "extract, one short file": ([program, "-q", "extract", short, "-o", "/dev/null"], 1),
        }
        for policy in ("synchronous", "threads"):
            for preset in ("report", "extended"):
                cases[f"extract, one line, {policy}, {preset}"] = (
                    extract + ["--set", f"dispatch.policy={policy}", "--set", "dispatch.workers=1",
                               "--set", f"features.preset={preset}"], tracks)
        found = {name: [] for name in cases}
        for _ in range(int(rounds)):
            for name, (command, _) in cases.items():
                found[name].append(spent(command))
    result = {}
    for name, (_, units) in cases.items():
        wall, cpu, memory = zip(*found[name])
        result[name] = {"wall_ms": 1e3 * statistics.median(wall), "cpu_ms": 1e3 * statistics.median(cpu),
                        "peak_mb": max(memory)}
        if units > 1:
            result[name]["cpu_ms_per_track"] = 1e3 * statistics.median(cpu) / units
    print(json.dumps(result, indent=2))
    pathlib.Path(out).write_text(json.dumps(result, indent=2) + "\n")


main(*sys.argv[1:])
