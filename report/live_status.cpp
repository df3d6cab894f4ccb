// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/live_status.hpp"

#include "config/json.hpp"
#include "report/html.hpp"
#include "report/page.hpp"
#include "report/page_assets.hpp"

#include <fmt/format.h>

namespace fugato {
namespace {

/// A value of a label, as the text format escapes it.
std::string label_value(const std::string& text) {
  std::string result;
  for (const char c : text)
    result += c == '\\' ? "\\\\" : c == '"' ? "\\\"" : c == '\n' ? "\\n" : std::string(1, c);
  return result;
}

class metrics_writer {
public:
  void family(const char* name, const char* type, const char* help) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    name_ = name;
  }
  void sample(double value, const std::string& labels = "") {
    text_ += name_ + (labels.empty() ? "" : "{" + labels + "}") + fmt::format(" {}\n", value);
  }
  void single(const char* name, const char* type, const char* help, double value) {
    family(name, type, help);
    sample(value);
  }
  const std::string& text() const { return text_; }

private:
  std::string text_;
  std::string name_;
};

std::string label(const char* name, const std::string& value) {
  return fmt::format("{}=\"{}\"", name, label_value(value));
}

} // namespace

void describe(visitor& v, live_line& x) {
  v("line", x.line, anything{}, "of the phase");
  v("process", x.process, anything{}, "its id; 0: the leader's own");
  v("state", x.state, anything{}, "works, waits or gone");
  v("done", x.done, anything{}, "tasks");
  v("task", x.task, anything{}, "the first that it has in hand; empty: none");
  v("in_hand", x.in_hand, anything{}, "tasks, that one included");
  v("seconds", x.seconds, anything{}, "since it was handed them [s]");
}

void describe(visitor& v, live_box& x) {
  v("number", x.number, anything{}, "counts up over the run");
  v("name", x.name, anything{}, "of the task");
  v("line", x.line, anything{}, "that did it");
  v("start", x.start, anything{}, "since the run began [s]");
  v("seconds", x.seconds, anything{}, "that it took [s]");
}

void describe(visitor& v, live_failure& x) {
  v("number", x.number, anything{}, "counts up over the run");
  v("at", x.at, anything{}, "since the run began [s]");
  v("reason", x.reason, anything{}, "code as in failures.csv");
  v("sentence", x.sentence, anything{}, "what went wrong");
}

void describe(visitor& v, live_rate& x) {
  v("number", x.number, anything{}, "counts up over the run");
  v("at", x.at, anything{}, "since the run began [s]");
  v("rate", x.rate, anything{}, "tasks a second, over the ten seconds before [1/s]");
}

void describe(visitor& v, live_status& x) {
  v("format", x.format, anything{}, "of this status");
  v("fugato", x.fugato, anything{}, "version");
  v("command", x.command, anything{}, "as typed");
  v("seconds", x.seconds, anything{}, "since the run began [s]");
  v("phase", x.phase, anything{}, "what goes on");
  v("unit", x.unit, anything{}, "what is counted");
  v("phase_seconds", x.phase_seconds, anything{}, "since the phase began [s]");
  v("tasks", x.tasks, anything{}, "in all");
  v("done", x.done, anything{}, "of them");
  v("failed", x.failed, anything{}, "of them");
  v("in_hand", x.in_hand, anything{}, "of lines");
  v("waiting", x.waiting, anything{}, "in nobody's hands");
  v("rate", x.rate, anything{}, "tasks a second, over the last ten seconds [1/s]");
  v("mean_rate", x.mean_rate, anything{}, "over the phase [1/s]");
  v("eta_seconds", x.eta_seconds, anything{}, "until the phase is done; -1: not known [s]");
  v("audio_seconds", x.audio_seconds, anything{}, "of the tracks done [s]");
  v("x_real_time", x.x_real_time, anything{}, "seconds of audio per second of the clock");
  v("retries", x.retries, anything{}, "tasks handed out again");
  v("doubled", x.doubled, anything{}, "stragglers handed out twice");
  v("lines_gone", x.lines_gone, anything{}, "lost or dismissed");
  v("rss_bytes", x.rss_bytes, anything{}, "memory that this process holds");
  v("worker_rss_bytes", x.worker_rss_bytes, anything{}, "the same, summed over the workers that it started");
  v("cpu_seconds", x.cpu_seconds, anything{}, "of this process, user and system [s]");
  v("lines", x.lines, "who does what");
  v("rates", x.rates, "over the run, once a second or less often");
  v("stream", x.stream, "tasks that were done of late");
  v("failures", x.failures, "of late");
  v("reasons", x.reasons, "all failures of the phase");
}

std::string live_json(const live_status& x) {
  std::string result;
  bool at_start = false; // of a line: only indentation; line ends inside texts are escaped
  for (const char c : to_json(x)) {
    at_start = c == '\n' || (at_start && c == ' ');
    if (!at_start)
      result += c;
  }
  return result;
}

std::string live_metrics(const live_status& x) {
  metrics_writer out;
  out.family("fugato_build_info", "gauge", "Version of the program.");
  out.sample(1, label("version", x.fugato));
  out.family("fugato_phase_info", "gauge", "What goes on.");
  out.sample(1, label("phase", x.phase) + "," + label("unit", x.unit));
  out.single("fugato_run_seconds", "gauge", "Since the run began.", x.seconds);
  out.single("fugato_phase_seconds", "gauge", "Since the phase began.", x.phase_seconds);
  out.family("fugato_tasks", "gauge", "Tasks of the phase by state.");
  for (const auto& [state, count] :
       {std::pair("done", x.done), {"failed", x.failed}, {"in_hand", x.in_hand}, {"waiting", x.waiting}})
    out.sample(count, label("state", state));
  out.family("fugato_failures", "gauge", "Failed tasks of the phase by reason.");
  for (const failure_count& f : x.reasons)
    out.sample(f.tracks, label("reason", f.reason));
  out.single("fugato_tasks_per_second", "gauge", "Over the last ten seconds.", x.rate);
  if (x.eta_seconds >= 0)
    out.single("fugato_eta_seconds", "gauge", "Until the phase is done.", x.eta_seconds);
  out.single("fugato_audio_seconds", "gauge", "Audio of the tracks done in this phase.", x.audio_seconds);
  out.single("fugato_task_retries", "gauge", "Tasks of the phase that were handed out again.", x.retries);
  out.single("fugato_tasks_doubled", "gauge", "Stragglers of the phase that were handed out twice.", x.doubled);
  out.family("fugato_lines", "gauge", "Lines of the phase by state.");
  for (const char* state : {"works", "waits", "gone"}) {
    double count = 0;
    for (const live_line& line : x.lines)
      count += line.state == state ? 1 : 0;
    out.sample(count, label("state", state));
  }
  out.single("fugato_worker_resident_memory_bytes", "gauge", "Of the worker processes that the leader started.",
             static_cast<double>(x.worker_rss_bytes));
  out.single("process_resident_memory_bytes", "gauge", "Of the leader.", static_cast<double>(x.rss_bytes));
  out.single("process_cpu_seconds_total", "counter", "Of the leader, user and system.", x.cpu_seconds);
  return out.text();
}

std::string live_page() {
  const auto figure_of = [](const char* id, const char* name) {
    return element("div", {{"class", "card"}},
                   element("small", {}, name) + element("strong", {{"id", id}}, "-") +
                       element("small", {{"id", std::string(id) + "-note"}}));
  };
  const std::string keys = figure_of("share", "done") + figure_of("rate", "rate") + figure_of("eta", "time left") +
                           figure_of("failed", "failed") + figure_of("queue", "waiting") +
                           figure_of("memory", "memory");
  const std::string body =
      element("h1", {},
              element("span", {{"id", "phase"}}, "Connecting") + " " +
                  element("small", {{"id", "connection"}, {"role", "status"}})) +
      element("p", {{"class", "note"}, {"id", "command"}}) +
      element("div", {{"class", "progress"}, {"id", "progress"}, {"role", "progressbar"}}, element("i", {})) +
      element("div", {{"class", "keys"}}, keys) +
      section(
          "Rate", "",
          element("div", {{"class", "card"}},
                  element("div", {{"class", "canvas"}, {"style", "height:180px"}},
                          element("canvas",
                                  {{"id", "rates"}, {"role", "img"}, {"aria-label", "tasks a second over time"}})))) +
      section("Who does what", "The last minute: a row is a line, a box a task.",
              element("div", {{"class", "card"}, {"id", "stream"}}) +
                  element("div", {{"class", "table live"}}, element("table", {{"id", "lines"}}))) +
      section("Failures", "As they come; the newest first.",
              element("p", {{"id", "none-failed"}}, "None.") +
                  element("div", {{"class", "table wrapped"}, {"id", "failures"}, {"hidden", "hidden"}},
                          element("table", {}))) +
      element("footer", {}, paragraph("/api/status has this as JSON, /metrics for Prometheus. This page only looks."));
  return page("Fugato", body, assets::live_js, reach::own_server);
}

} // namespace fugato
