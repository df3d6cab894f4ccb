# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's 87 columns by librosa and by Fugato, in turns, in CPU seconds: FUGATO CORPUS FILE.json [TRACKS [ROUNDS]]"""
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import time

try:
    import librosa
    import numpy as np
except ImportError as missing:
    sys.exit(f"librosa is not installed ({missing}): nothing to compare with (pip install librosa==0.10.1)")


def row_of(y, rate):
    """One chunk as the report's program measures it: each function is given the samples anew."""
    harmonic, percussive = librosa.effects.hpss(y)
    centroid = librosa.feature.spectral_centroid(y=y, sr=rate)
    level = librosa.amplitude_to_db(np.abs(librosa.stft(y)), ref=np.max)
    mel_level = librosa.amplitude_to_db(librosa.feature.melspectrogram(y=y, sr=rate), ref=np.max)
    tempo, _ = librosa.beat.beat_track(y=y, sr=rate)
    mfcc = librosa.feature.mfcc(y=y, sr=rate, n_mfcc=20)
    row = [librosa.feature.zero_crossing_rate(y).mean(), librosa.zero_crossings(y, pad=False).sum(), level[0].mean(),
           mel_level[0].mean(), harmonic.mean(), percussive.mean(), centroid.mean(),
           librosa.feature.delta(centroid).mean(), librosa.feature.delta(centroid, order=2).mean()]
    row += list(librosa.feature.chroma_stft(y=y, sr=rate).mean(axis=1))
    row += [np.mean(tempo), librosa.feature.spectral_rolloff(y=y, sr=rate).mean(),
            librosa.onset.onset_strength(y=y, sr=rate).mean()]
    row += [librosa.feature.spectral_bandwidth(y=y, sr=rate, p=p).mean() for p in (2, 3, 4)]
    for series in (mfcc, librosa.feature.delta(mfcc), librosa.feature.delta(mfcc, order=2)):
        row += list(series.mean(axis=1))
    return row


def by_librosa(tracks):
    start = time.process_time()
    for path in tracks:
        rate = librosa.get_samplerate(path)
        for y in librosa.stream(path, block_length=11, frame_length=6616, hop_length=6615):
            row_of(y, rate)
    return time.process_time() - start


def by_fugato(program, tracks):
    def spent():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    start = spent()
    subprocess.run([program, "-q", "extract", *tracks, "--set", "dispatch.policy=synchronous", "-o", "/dev/null"],
                   check=True)
    return spent() - start


def main(program, corpus, out, count="10", rounds="3"):
    tracks = [str(x) for x in sorted(pathlib.Path(corpus).rglob("*.wav"))][:int(count)]
    by_librosa(tracks[:1])  # its first call compiles
    slow, fast = [], []
    for _ in range(int(rounds)):
        slow.append(by_librosa(tracks) / len(tracks))
        fast.append(by_fugato(program, tracks) / len(tracks))
    result = {"tracks": len(tracks), "rounds": int(rounds), "librosa": librosa.__version__,
              "librosa_s_per_track": statistics.median(slow), "fugato_s_per_track": statistics.median(fast),
              "ratio": statistics.median(s / f for s, f in zip(slow, fast))}
    print(json.dumps(result, indent=2))
    pathlib.Path(out).write_text(json.dumps(result, indent=2) + "\n")


main(*sys.argv[1:])
