// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.hpp"

namespace fugato {

void describe(visitor& v, repetition& x) {
  v("wall_seconds", x.wall_seconds, anything{}, "of the whole process, from its start to its end [s]");
  v("user_seconds", x.user_seconds, anything{}, "CPU, of the process and the workers it started [s]");
  v("system_seconds", x.system_seconds, anything{}, "the same, inside the kernel [s]");
  v("startup_wall_seconds", x.startup_wall_seconds, anything{}, "until every line was ready [s]");
  v("startup_cpu_seconds", x.startup_cpu_seconds, anything{}, "CPU spent on that [s]");
  v("work_wall_seconds", x.work_wall_seconds, anything{},
    "from the first track's start to the last one's end; stage train: learning, ranks' start included [s]");
  v("compute_cpu_seconds", x.compute_cpu_seconds, anything{}, "CPU for reading and measuring, or for learning [s]");
  v("leader_peak_rss_bytes", x.leader_peak_rss_bytes, anything{}, "the most memory that the process held");
  v("worker_peak_rss_bytes", x.worker_peak_rss_bytes, anything{},
    "the same, summed over the workers that it started; pages that they share count once for each");
  v("wire_bytes", x.wire_bytes, anything{}, "of messages that left a process");
  v("messages", x.messages, anything{},
    "between coordinator, lines and aggregator; not those of ranks among each other, which are XGBoost's");
  v("retries", x.retries, anything{}, "attempts after the first");
  v("tracks_per_line", x.tracks_per_line, anything{}, "how the work was shared");
}

void describe(visitor& v, usage_samples& x) {
  v("seconds", x.seconds, anything{}, "since the run began, at the end of each interval [s]");
  v("cores", x.cores, anything{}, "CPU seconds per second, all processes of the run");
  v("rss_bytes", x.rss_bytes, anything{}, "memory held, summed over the processes of the run");
}

void describe(visitor& v, time_shares& x) {
  v("startup", x.startup, anything{}, "before every line was ready");
  v("compute", x.compute, anything{}, "reading and measuring, or learning");
  v("transfer", x.transfer, anything{},
    "other CPU: messages, copies, loading the program, writing the table; stage train: reading it, judging");
  v("idle", x.idle, anything{}, "no work at hand");
}

void describe(visitor& v, comparison_result& x) {
  v("name", x.name, anything{}, "policy/workers");
  v("policy", x.policy, anything{},
    "how tracks were scheduled; stage train: local (threads) or distributed (ranks), distributed:N with "
    "train.chunk_rows "
    "N");
  v("workers", x.workers, anything{}, "lines, threads or ranks that it was given");
  v("command", x.command, anything{}, "of each run");
  v("mean", x.mean, anything{}, "of times [s]");
  v("stddev", x.stddev, anything{}, "of times, as a sample (n - 1) [s]");
  v("stddev_reason", x.stddev_reason, anything{}, "why stddev is null; else empty");
  v("median", x.median, anything{}, "of times [s]");
  v("user", x.user, anything{}, "mean CPU time [s]");
  v("system", x.system, anything{}, "mean CPU time inside the kernel [s]");
  v("min", x.min, anything{}, "of times [s]");
  v("max", x.max, anything{}, "of times [s]");
  v("times", x.times, anything{}, "wall time of each repetition, from the start of its process to the end [s]");
  v("speedup", x.speedup, anything{}, "median of the baseline (synchronous; stage train: local/1) over this median");
  v("speedup_reason", x.speedup_reason, anything{}, "why speedup is null; else empty");
  v("efficiency", x.efficiency, anything{}, "speedup / workers");
  v("efficiency_reason", x.efficiency_reason, anything{}, "why efficiency is null; else empty");
  v("serial_fraction", x.serial_fraction, anything{}, "Karp and Flatt: (1/speedup - 1/workers) / (1 - 1/workers)");
  v("serial_fraction_reason", x.serial_fraction_reason, anything{}, "why serial_fraction is null; else empty");
  v("oversubscribed", x.oversubscribed, anything{}, "more workers than cores");
  v("output_sha256", x.output_sha256, anything{},
    "of the table, which all cells share; stage train: of the model's files");
  v("same_output", x.same_output, anything{}, "whether that is the first cell's");
  v("accuracy", x.accuracy, anything{}, "of the test rows, by chunk");
  v("accuracy_reason", x.accuracy_reason, anything{}, "why accuracy is null; else empty");
  v("accuracy_difference", x.accuracy_difference, anything{}, "accuracy less the baseline's");
  v("accuracy_difference_reason", x.accuracy_difference_reason, anything{},
    "why accuracy_difference is null; else empty");
  v("accuracy_differs", x.accuracy_differs, anything{}, "whether it does by more than the context's tolerance");
  v("shares", x.shares, "where the time of its cores went, in parts of 1");
  v("median_repetition", x.median_repetition, anything{}, "index of the repetition of median time");
  v("repetitions", x.repetitions, "what each run cost");
  v("samples", x.samples, "of the median repetition, over its time");
}

void describe(visitor& v, amdahl_fit& x) {
  v("policy", x.policy, anything{}, "whose speed-ups were fitted");
  v("serial_fraction", x.serial_fraction, anything{}, "s of T(n) / T(1) = s + (1 - s) / n");
  v("serial_fraction_reason", x.serial_fraction_reason, anything{}, "why serial_fraction is null; else empty");
}

void describe(visitor& v, published_figure& x) {
  v("policy", x.policy, anything{}, "that stands for the method here");
  v("method", x.method, anything{}, "as the course report measured it");
  v("seconds", x.seconds, anything{}, "for 50 files, on another machine [s]");
  v("speedup", x.speedup, anything{}, "against the serial figure beside it");
}

void describe(visitor& v, finding& x) {
  v("topic", x.topic, anything{}, "what it is about");
  v("text", x.text, anything{}, "a sentence or two");
}

void describe(visitor& v, comparison_context& x) {
  v("stage", x.stage, one_of{comparison_stages().names()}, "what is compared");
  v("date", x.date, anything{}, "UTC, at the beginning");
  v("host_name", x.host_name, anything{}, "of the machine");
  v("cpu_model", x.cpu_model, anything{}, "of its processor");
  v("num_cpus", x.num_cpus, anything{}, "that the program may use");
  v("load_avg", x.load_avg, anything{}, "over 1, 5 and 15 minutes, before the first run");
  v("load_avg_end", x.load_avg_end, anything{}, "the same, after the last");
  v("library_build_type", x.library_build_type, anything{}, "Release or Debug");
  v("compiler", x.compiler, anything{}, "that built the program");
  v("commit", x.commit, anything{}, "of the sources");
  v("versions", x.versions, "of the program and its libraries");
  v("command", x.command, anything{}, "as typed");
  v("config", x.config, anything{}, "file");
  v("config_sha256", x.config_sha256, anything{}, "of all settings, defaults filled in: config.resolved.json");
  v("corpus", x.corpus, anything{}, "as configured; the table that was given to learn from");
  v("corpus_sha256", x.corpus_sha256, anything{}, "of the corpus listing, or of the table that was learnt from");
  v("synthetic", x.synthetic, anything{}, "rendered by fugato demo-corpus");
  v("tracks", x.tracks, anything{}, "measured in each run");
  v("failed", x.failed, anything{}, "tracks that yielded no rows");
  v("rows", x.rows, anything{}, "of the table");
  v("columns", x.columns, anything{}, "features of the table");
  v("repetitions", x.repetitions, anything{}, "of each cell, in rounds over all cells");
  v("warmup", x.warmup, anything{}, "rounds before, not counted");
  v("model", x.model, anything{}, "what is learnt; empty where nothing is");
  v("split", x.split, anything{}, "how training and test rows were parted");
  v("train_rows", x.train_rows, anything{}, "learnt from");
  v("test_rows", x.test_rows, anything{}, "judged by");
  v("tolerance", x.tolerance, anything{}, "differences of accuracy up to this count as none");
}

void describe(visitor& v, comparison& x) {
  v("schema", x.schema, anything{}, "form of this file: docs/comparison.schema.json");
  v("context", x.context, "where and how it was measured");
  v("results", x.results, "one per cell: a policy with a worker count");
  v("amdahl", x.amdahl, "fits, one per policy");
  v("published", x.published, "figures of the course report, of another machine");
  v("findings", x.findings, "the analysis, written from the numbers");
}

} // namespace fugato
