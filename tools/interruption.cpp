// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/interruption.hpp"

#include "config/error.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

// A handler may do next to nothing; it passes the signal to a thread that may do all.
int pipe_ends[2] = {-1, -1};

extern "C" void pass_on(int signal) {
  const int before = errno;
  const auto byte = static_cast<char>(signal);
  [[maybe_unused]] const ssize_t ignored = ::write(pipe_ends[1], &byte, 1);
  errno = before;
}

} // namespace

interruption::interruption(std::function<void()> clean, std::function<void(int)> tell)
    : clean_(std::move(clean)), tell_(std::move(tell)) {
  if (pipe2(pipe_ends, O_CLOEXEC) != 0)
    throw error(errc::internal, std::string("a pipe for signals must be had, but: ") + std::strerror(errno));
  thread_ = std::thread([this] { watch(); });
  handle();
}

interruption::~interruption() {
  restore();
  pass_on(0); // ends the thread
  thread_.join();
  for (int& end : pipe_ends)
    close(std::exchange(end, -1));
}

void interruption::handle() {
  struct sigaction action {};
  action.sa_handler = pass_on;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_IGN)
      continue;
    sigaction(signal, &action, nullptr);
    before_.emplace_back(signal, before);
  }
}

void interruption::restore() {
  for (const auto& [signal, before] : before_)
    sigaction(signal, &before, nullptr);
}

void interruption::watch() {
  char byte = 0;
  while (read(pipe_ends[0], &byte, 1) == 1 && byte != 0) {
    const bool first = signal_ == 0;
    if (first) {
      signal_ = byte;
      tell_(byte);
    }
    if (first && patient_)
      continue;
    end();
  }
}

void interruption::end() {
  clean_();
  _exit(128 + signal_);
}

} // namespace fugato
