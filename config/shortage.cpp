// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/shortage.hpp"

#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

constexpr std::string_view of_memory = "the memory must suffice, but an allocation failed";
constexpr std::string_view of_threads =
    "threads must start, but the system starts no more of them (for memory, or ulimit -u)";
constexpr std::string_view of_library = "the libraries must be able to go on, but one of them ended the program";

std::mutex telling; ///< held for ever by the thread that ends the process
const last_words* newest = nullptr;
std::terminate_handler usual = nullptr;
thread_local bool owned = false;
thread_local bool ending = false;

void say(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n <= 0 && errno != EINTR)
      return;
    text.remove_prefix(n > 0 ? static_cast<std::size_t>(n) : 0);
  }
}

/// Without an allocation up to the cleaning, which may end it by one.
[[noreturn]] void end(std::string_view what) {
  owned = false;
  if (std::exchange(ending, true))
    ::_exit(newest == nullptr ? 1 : newest->exit_code());
  telling.lock();
  say("fugato: ");
  say(what);
  say("\n");
  if (newest != nullptr)
    newest->speak();
  ::_exit(newest == nullptr ? 1 : newest->exit_code());
}

void allocation_failed() {
  if (owned)
    throw std::bad_alloc();
  end(of_memory);
}

/// Where a function that must not throw would have, or a thread's does.
[[noreturn]] void terminated() {
  // the destructor of a thread that runs, when another could not start and that is on its way up
  if (std::current_exception() == nullptr && std::uncaught_exceptions() > 0)
    end(of_threads);
  try {
    if (const std::exception_ptr thrown = std::current_exception())
      std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) { // Eigen throws by itself
    end(of_memory);
  } catch (const std::system_error& e) {
    if (e.code() == std::errc::resource_unavailable_try_again)
      end(of_threads);
  } catch (...) { // an error of the program's, which its core shall show
  }
  usual();
  std::abort();
}

/// Main has not returned, so that the threads are at work that this would tear down.
void ended_by_library() {
  if (newest != nullptr)
    end(of_library);
}

void install() {
  static const bool once = [] {
    usual = std::set_terminate(terminated);
    return std::atexit(ended_by_library) == 0;
  }();
  static_cast<void>(once);
  std::set_new_handler(allocation_failed);
}

} // namespace

last_words::last_words(const std::string& told, int exit_code, std::function<void()> clean)
    : told_(told.empty() ? "" : "fugato: " + told + "\n"), exit_code_(exit_code), clean_(std::move(clean)) {
  install();
  const std::lock_guard lock{telling};
  before_ = std::exchange(newest, this);
}

last_words::~last_words() {
  const std::lock_guard lock{telling};
  newest = before_;
  if (newest == nullptr)
    std::set_new_handler(nullptr);
}

void last_words::speak() const {
  say(told_);
  try {
    clean_();
  } catch (...) { // what is left is removed when the run goes on
  }
}

answering_for_memory::answering_for_memory() : before_(std::exchange(owned, true)) {}
answering_for_memory::~answering_for_memory() { owned = before_; }

void end_for_want_of_threads() { end(of_threads); }

void end_at_once(const std::string& why, int exit_code) {
  telling.lock();
  say("fugato: " + why + "\n");
  if (newest != nullptr)
    newest->speak();
  ::_exit(exit_code);
}

std::string sentence_of(const std::exception& e) {
  if (dynamic_cast<const std::bad_alloc*>(&e) != nullptr)
    return std::string(of_memory);
  const auto* const system = dynamic_cast<const std::system_error*>(&e);
  if (system != nullptr && system->code() == std::errc::resource_unavailable_try_again)
    return std::string(of_threads);
  return e.what();
}

} // namespace fugato
