// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/compare_cell.hpp"

#include "config/error.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "tools/compare_sampler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <spawn.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fugato {
namespace {

using clock = usage_sampler::clock;

std::atomic<pid_t> running = 0;

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); }

/// What becomes of a child's stdout and stderr.
class redirection {
public:
  explicit redirection(const std::string& errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  }
  ~redirection() { posix_spawn_file_actions_destroy(&actions_); }
  redirection(const redirection&) = delete;
  redirection& operator=(const redirection&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_{};
};

pid_t start(std::vector<std::string> arguments, const std::string& errors) {
  arguments.insert(arguments.begin(), "fugato");
  std::vector<char*> argv;
  for (std::string& x : arguments)
    argv.push_back(x.data());
  argv.push_back(nullptr);
  const redirection streams{errors};
  pid_t pid = 0;
  // the program itself, even if its file was replaced since
  if (const int problem = posix_spawn(&pid, "/proc/self/exe", streams.get(), nullptr, argv.data(), environ))
    throw error(errc::internal, std::string("/proc/self/exe: must be startable: ") + std::strerror(problem));
  running = pid;
  return pid;
}

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

struct ending {
  int status = 0;
  rusage used{};
};

ending wait_for(pid_t pid) {
  ending result;
  while (wait4(pid, &result.status, 0, &result.used) < 0)
    if (errno != EINTR)
      throw error(errc::internal, std::string("wait4 must succeed: ") + std::strerror(errno));
  running = 0;
  return result;
}

void require_success(const cell_run& what, int status, const std::string& errors) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return;
  const std::string how = WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                              : fmt::format("exit code {}", WEXITSTATUS(status));
  throw error(errc::internal,
              fmt::format("{}: each run must succeed, but one ended with {}: {}", what.name, how, last_line(errors)));
}

struct time_span {
  std::uint64_t first = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t last = 0;

  double seconds() const { return last > first ? 1e-6 * static_cast<double>(last - first) : 0; }
};

time_span span_of(const std::vector<trace_event>& events) {
  time_span result;
  for (const trace_event& x : events) {
    result.first = std::min(result.first, x.start_us);
    result.last = std::max(result.last, x.start_us + x.duration_us);
  }
  return result;
}

/// Times since the run began; where the trace has another clock, since its first event.
void rebase(std::vector<trace_event>& events, std::uint64_t start_us, std::uint64_t length_us) {
  const time_span span = span_of(events);
  const bool same_clock = span.first >= start_us && span.last <= start_us + length_us;
  for (trace_event& x : events)
    x.start_us -= same_clock ? start_us : span.first;
}

/// The part of a report that is about learning.
void take_training(const run_report& report, measurement& x) {
  const training_report& t = report.training;
  x.cost.startup_wall_seconds = t.ranks.startup_wall_seconds;
  x.cost.startup_cpu_seconds = t.ranks.startup_cpu_seconds;
  x.cost.compute_cpu_seconds = std::max(0.0, t.fit_cpu_seconds - t.ranks.startup_cpu_seconds);
  x.cost.work_wall_seconds = t.fit_wall_seconds;
  x.cost.leader_peak_rss_bytes = report.peak_rss_bytes;
  x.cost.worker_peak_rss_bytes = t.ranks.peak_rss_bytes;
  x.cost.wire_bytes = t.ranks.wire_bytes;
  x.cost.messages = t.ranks.messages;
  x.work.model = t.model;
  x.work.split = t.split;
  x.work.train_rows = t.train_rows;
  x.work.test_rows = t.test_rows;
  x.work.tracks = report.corpus.tracks;
  x.work.rows = report.extraction.rows;
  x.work.columns = report.extraction.columns;
  for (const evaluation_report& e : report.evaluations)
    if (e.part == "test" && e.level == "chunk")
      x.work.accuracy = e.scores.accuracy;
}

void take_extraction(const run_report& report, measurement& x) {
  const dispatch_report& d = report.dispatch;
  const extraction_report& e = report.extraction;
  x.cost.startup_wall_seconds = d.startup_wall_seconds;
  x.cost.startup_cpu_seconds = d.startup_cpu_seconds;
  x.cost.compute_cpu_seconds = e.read_cpu_seconds + e.feature_cpu_seconds;
  x.cost.leader_peak_rss_bytes = report.peak_rss_bytes;
  x.cost.worker_peak_rss_bytes = d.worker_peak_rss_bytes;
  x.cost.wire_bytes = d.wire_bytes;
  x.cost.messages = d.messages;
  x.cost.retries = d.retries;
  x.cost.tracks_per_line = d.tracks_per_line;
  x.work.tracks = e.tracks;
  x.work.failed = e.failed;
  x.work.rows = e.rows;
  x.work.columns = e.columns;
  x.work.file_bytes = e.file_bytes;
}

/// Of all files of a model, by name.
std::string model_hash(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    files[entry.path().filename().string()] = sha256_hex(content(entry.path().string()));
  std::string listing;
  for (const auto& [name, hash] : files)
    listing += name + " " + hash + "\n";
  return sha256_hex(listing);
}

} // namespace

void kill_run() {
  if (const pid_t pid = running; pid > 0)
    kill(pid, SIGKILL);
}

void run_program(const cell_run& what) {
  const std::string error_file = what.folder + "/stderr.txt";
  require_success(what, wait_for(start(what.arguments, error_file)).status, content(error_file));
}

measurement measure_run(const cell_run& what) {
  const std::string table = what.folder + "/table.csv";
  const std::string trained = what.folder + "/trained";
  const std::string report_file = (what.learns ? trained : what.folder) + "/report.json";
  const std::string trace_file = what.folder + "/trace.json";
  const std::string error_file = what.folder + "/stderr.txt";
  std::vector<std::string> arguments = what.arguments;
  if (what.learns)
    arguments.insert(arguments.end(), {"--out", trained, "--force"});
  else
    arguments.insert(arguments.end(), {"-o", table, "--report", report_file, "--trace", trace_file});

  const auto began = clock::now();
  const pid_t pid = start(std::move(arguments), error_file);
  usage_sampler sampler{pid, began};
  const ending end = wait_for(pid);
  const auto length = clock::now() - began;
  measurement x;
  x.usage = sampler.finish();
  require_success(what, end.status, content(error_file));

  run_report report;
  read_json_file(report_file, description_of(report));
  if (what.learns) {
    take_training(report, x);
    x.work.output_sha256 = model_hash(trained + "/model");
  } else {
    take_extraction(report, x);
    x.trace = read_trace(content(trace_file), trace_file);
    const auto us = [](auto t) {
      return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(t).count());
    };
    rebase(x.trace, us(began.time_since_epoch()), us(length));
    x.work.output_sha256 = sha256_hex(content(table));
    x.cost.work_wall_seconds = span_of(x.trace).seconds();
  }
  x.cost.wall_seconds = std::chrono::duration<double>(length).count();
  x.cost.user_seconds = seconds(end.used.ru_utime);
  x.cost.system_seconds = seconds(end.used.ru_stime);
  if (x.cost.leader_peak_rss_bytes == 0)
    x.cost.leader_peak_rss_bytes = static_cast<std::uint64_t>(end.used.ru_maxrss) * 1024;
  return x;
}

} // namespace fugato
