// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_report.hpp"

namespace fugato {

void run_report::add_phase(const std::string& name, const cost& spent) {
  phases.push_back({name, spent.wall_seconds, spent.cpu_seconds});
}

void describe(visitor& v, host_report& x) {
  v("name", x.name, anything{}, "of the machine");
  v("cpu", x.cpu, anything{}, "model of its processor");
  v("cores", x.cores, anything{}, "that the process may use");
  v("load_average", x.load_average, anything{}, "over 1, 5 and 15 minutes, at the end of the run");
}

void describe(visitor& v, phase_report& x) {
  v("name", x.name, anything{}, "of the phase");
  v("wall_seconds", x.wall_seconds, anything{}, "by the clock [s]");
  v("cpu_seconds", x.cpu_seconds, anything{}, "user and system, all threads [s]");
}

void describe(visitor& v, corpus_report& x) {
  v("path", x.path, anything{}, "as configured");
  v("tracks", x.tracks, anything{}, "listed");
  v("labels", x.labels, anything{}, "genres, sorted");
  v("synthetic", x.synthetic, anything{}, "rendered by fugato demo-corpus: accuracy means nothing about music");
}

void describe(visitor& v, dispatch_report& x) {
  v("policy", x.policy, anything{}, "how tracks were scheduled");
  v("lines", x.lines, anything{}, "reader, chunker, extractor");
  v("credit", x.credit, anything{}, "tracks in flight per line");
  v("tracks_per_line", x.tracks_per_line, anything{}, "how the work was shared");
  v("isa", x.isa, anything{}, "instruction sets that the lines computed by");
  v("retries", x.retries, anything{}, "tracks handed out again");
  v("lines_lost", x.lines_lost, anything{}, "lines whose worker died, fell silent, missed a deadline or sent nonsense");
  v("dropped", x.dropped, anything{}, "workers that were refused or dropped, and why");
  v("refused", x.refused, anything{}, "connections that were refused at the gate");
  v("doubled", x.doubled, anything{}, "stragglers that were given to a second worker");
  v("late", x.late, anything{}, "answers that came too late to count");
  v("overdue", x.overdue, anything{}, "of the lines lost, those over dispatch.deadline_seconds");
  v("silent", x.silent, anything{}, "of the lines lost, those whose process lived: stopped, or cut off");
  v("left", x.left, anything{}, "lines that left in good order");
  v("rejoined", x.rejoined, anything{}, "times that a worker came back");
  v("unfit", x.unfit, anything{}, "workers turned away: of another build or with other settings");
  v("no_worker_seconds", x.no_worker_seconds, anything{}, "without any line, start-up among them [s]");
  v("startup_wall_seconds", x.startup_wall_seconds, anything{}, "until every line was ready [s]");
  v("startup_cpu_seconds", x.startup_cpu_seconds, anything{},
    "the same, of this process and the workers it started [s]");
  v("worker_cpu_seconds", x.worker_cpu_seconds, anything{}, "of the workers that it started, without start-up [s]");
  v("worker_peak_rss_bytes", x.worker_peak_rss_bytes, anything{}, "summed over the workers that it started");
  v("messages", x.messages, anything{}, "between coordinator, lines and aggregator");
  v("wire_bytes", x.wire_bytes, anything{}, "of messages that left a process");
}

void describe(visitor& v, extraction_report& x) {
  v("tracks", x.tracks, anything{}, "that yielded rows");
  v("failed", x.failed, anything{}, "tracks that yielded none: failures.csv");
  v("resumed", x.resumed, anything{}, "of both, done before this run was resumed");
  v("rows", x.rows, anything{}, "chunks");
  v("columns", x.columns, anything{}, "features");
  v("short_chunks", x.short_chunks, anything{}, "chunks of fewer than 9 frames: their deltas are 0");
  v("damaged", x.damaged, anything{}, "tracks of which only the part before the damage was used");
  v("cached", x.cached, anything{}, "tracks whose rows came from the feature cache: nothing was measured");
  v("cache_stored", x.cache_stored, anything{}, "tracks whose rows went there");
  v("cache_damaged", x.cache_damaged, anything{}, "entries of the cache that were damaged, and made anew");
  v("cache_failed", x.cache_failed, anything{}, "tracks whose rows could not be put there");
  v("audio_seconds", x.audio_seconds, anything{}, "of audio in the files [s]");
  v("file_bytes", x.file_bytes, anything{}, "read");
  v("read_cpu_seconds", x.read_cpu_seconds, anything{}, "reading, decoding, resampling [s]");
  v("feature_cpu_seconds", x.feature_cpu_seconds, anything{}, "measuring [s]");
  v("cpu_seconds_per_track", x.cpu_seconds_per_track, anything{}, "reading and measuring [s]");
  v("tracks_per_second", x.tracks_per_second, anything{}, "by the clock [1/s]");
  v("x_real_time", x.x_real_time, anything{}, "seconds of audio per second of the clock");
}

void describe(visitor& v, failure_count& x) {
  v("reason", x.reason, anything{}, "code as in failures.csv");
  v("tracks", x.tracks, anything{}, "that failed so");
}

void describe(visitor& v, warning_report& x) {
  v("track", x.track, anything{}, "by its name");
  v("sentence", x.sentence, anything{}, "why its rows are doubtful");
}

void describe(visitor& v, column_weight& x) {
  v("column", x.column, anything{}, "of the table");
  v("weight", x.weight, anything{}, "see importance_kind");
}

void describe(visitor& v, training_report& x) {
  v("problem", x.problem, anything{}, "why nothing was trained; else empty");
  v("model", x.model, anything{}, "name");
  v("split", x.split, anything{}, "how training and test rows were parted");
  v("plan", x.plan, anything{}, "what the split draws");
  v("leaky", x.leaky, anything{}, "chunks of one track on both sides: figures flatter the model");
  v("seed", x.seed, anything{}, "of the split");
  v("notes", x.notes, anything{}, "what the split leaves out");
  v("train_rows", x.train_rows, anything{}, "learnt from");
  v("test_rows", x.test_rows, anything{}, "judged by");
  v("train_tracks", x.train_tracks, anything{}, "learnt from; 0 when not known");
  v("test_tracks", x.test_tracks, anything{}, "judged by; 0 when not known");
  v("fit_wall_seconds", x.fit_wall_seconds, anything{}, "learning, by the clock [s]");
  v("fit_cpu_seconds", x.fit_cpu_seconds, anything{}, "learning, all threads [s]");
  v("ranks", x.ranks, "what it took to have it learnt by ranks");
  v("importance_kind", x.importance_kind, anything{}, "what the weights of the columns are; empty: there are none");
  v("importance", x.importance, "how much the model goes by each column, heaviest first");
}

void describe(visitor& v, evaluation_report& x) {
  v("part", x.part, anything{}, "train or test");
  v("level", x.level, anything{}, "chunk, or track (mean of its chunks' probabilities)");
  v("leaky", x.leaky, anything{}, "the split leaks");
  v("scores", x.scores, "how well the model does");
}

void describe(visitor& v, repeated_report& x) {
  v("summary", x.summary, "mean and standard deviation over the splits; trials = 0: there is a single one");
  v("splits", x.splits, "each split; the first is the saved model's");
}

void describe(visitor& v, run_report& x) {
  v("format", x.format, anything{}, "of this report");
  v("fugato", x.fugato, anything{}, "version");
  v("command", x.command, anything{}, "as typed");
  v("started", x.started, anything{}, "UTC");
  v("host", x.host, "where it ran");
  v("corpus", x.corpus, "what was listened to");
  v("dispatch", x.dispatch, "how the work was scheduled");
  v("phases", x.phases, "what each part of the run cost");
  v("extraction", x.extraction, "what was measured, and how fast");
  v("failures", x.failures, "tracks that failed, by reason");
  v("warnings", x.warnings, "tracks that were used, but whose rows are doubtful");
  v("training", x.training, "what was learnt");
  v("evaluations", x.evaluations, "how well, with the first split, whose model is saved");
  v("repeated", x.repeated, "how well over all splits of the plan, when there are several");
  v("duplicates", x.duplicates, "recordings that the table seems to hold more than once");
  v("peak_rss_bytes", x.peak_rss_bytes, anything{}, "the most memory held at once");
}

void describe(visitor& v, metrics_report& x) {
  v("model", x.model, anything{}, "name");
  v("split", x.split, anything{}, "how training and test rows were parted");
  v("leaky", x.leaky, anything{}, "chunks of one track on both sides: figures flatter the model");
  v("evaluations", x.evaluations, "by part and level, with the first split");
  v("repeated", x.repeated, "over all splits of the plan, when there are several");
}

} // namespace fugato
