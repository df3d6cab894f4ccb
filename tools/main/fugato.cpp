// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/session.hpp"
#include "config/error.hpp"
#include "config/printable.hpp"
#include "config/shortage.hpp"
#include "config/spelling.hpp"
#include "config/version.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <vector>

namespace {

std::string typed;

/// Quoted where a shell would need it.
std::string shell_word(const std::string& word) {
  const std::string harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(harmless) == std::string::npos)
    return word;
  std::string result = "'";
  for (const char c : word)
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

/// OpenMP's threads, inside XGBoost, spin while they wait: training on a busy machine took five times the CPU. The
/// library reads this when it is loaded, which is after main has begun: see config/shared_library.hpp.
void let_openmp_sleep() { setenv("OMP_WAIT_POLICY", "passive", 0); }

std::string version_text() {
  std::string result;
  for (const auto& [name, version] : fugato::versions())
    result += fmt::format("{:<14} {}\n", name, version);
  return result;
}

/// What is wrong with the command line, and where help is. A word that names no command is told by itself: that one is
/// missing is what comes of it.
std::string misuse(const CLI::App* app, const CLI::Error& e) {
  const CLI::App* at = app;
  std::string path = app->get_name();
  for (auto chosen = at->get_subcommands(); !chosen.empty(); chosen = at->get_subcommands()) {
    at = chosen.front();
    path += " " + at->get_name();
  }
  std::string what = e.what();
  const std::vector<std::string> words = app->remaining(true);
  if (at->get_require_subcommand_min() > 0 && !words.empty()) {
    std::vector<std::string> names;
    for (const CLI::App* each : at->get_subcommands({}))
      names.push_back(each->get_name());
    what = fmt::format("{}: unknown command '{}'{}", path, fugato::printable(words.front(), 80),
                       fugato::hint(words.front(), {names.begin(), names.end()}));
  } else {
    what = path + ": " + fugato::printable(what, 400);
  }
  return what + "\nRun '" + path + " --help' for more information.\n";
}

} // namespace

const std::string& fugato::command_line() { return typed; }

namespace {
int program(int argc, char** argv) {
  using namespace fugato;
  for (int i = 0; i < argc; ++i)
    typed += (i == 0 ? "" : " ") + shell_word(argv[i]);
  let_openmp_sleep();
  std::signal(SIGPIPE, SIG_IGN); // see end_by_closed_pipe
  std::signal(SIGXFSZ, SIG_IGN); // that a file may not grow is an error of its writing
  const last_words words{""};

  CLI::App app{"Fugato: music features and genre classification, built of actors", "fugato"};
  app.require_subcommand(1);
  app.fallthrough(); // -q may stand behind the subcommand too
  app.failure_message(misuse);
  app.footer("Exit codes: 0 good, 1 failed, 2 wrong command line or configuration, 3 done but some tracks failed, "
             "69 no leader, 74 a result could not be written, 75 no worker, 76 worker and leader do not fit, "
             "129/130/143 stopped by SIGHUP/SIGINT/SIGTERM; run can be resumed after 74, 75 and these.");
  bool quiet = false;
  app.add_flag("-q,--quiet", quiet, "Only warnings and errors on stderr");
  app.set_version_flag("--version", version_text);
  outcome result = outcome::good;
  for (const auto add : std::array{add_run, add_extract, add_train, add_tune, add_report, add_predict, add_tag,
                                   add_config, add_list, add_corpus, add_explore, add_describe, add_demo_corpus,
                                   add_compare, add_cache, add_worker, add_simulate, add_certificates})
    add(app, result);
  app.parse_complete_callback([&] { open_terminal(quiet); });

  try {
    app.parse(argc, argv);
    return static_cast<int>(result);
  } catch (const CLI::ParseError& e) {
    if (app.exit(e) != 0)
      return static_cast<int>(outcome::misused);
    if (std::cout.flush())
      return 0;
    complain("stdout: must be writable");
    return kind_of(errc::output).exit_code;
  } catch (const error& e) {
    complain(e.what());
    return e.kind().exit_code;
  } catch (const std::filesystem::filesystem_error& e) { // a name that is too long, a folder that must not be entered
    complain(fmt::format("{}: must be a path that can be used: {}",
                         e.path1().empty() ? "the current folder" : printable(e.path1().string(), 200),
                         e.code().message()));
    return static_cast<int>(outcome::failed);
  } catch (const std::exception& e) {
    complain("internal error: " + sentence_of(e));
    return static_cast<int>(outcome::failed);
  }
}
} // namespace

int main(int argc, char** argv) {
  const int code = program(argc, argv);
  if (fugato::left_lines_behind()) {
    std::cout.flush();
    std::fflush(nullptr);
    std::_Exit(code);
  }
  return code;
}
