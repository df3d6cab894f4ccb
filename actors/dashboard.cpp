// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/dashboard.hpp"

#include "actors/sockets.hpp"
#include "config/error.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

using namespace std::chrono_literals;

constexpr int most_readers = 6; ///< of events; each holds a thread
constexpr int spare_threads = 3;
constexpr const char* loopback = "127.0.0.1";

struct listening_place {
  std::string host;
  int port = 0;
};

listening_place parse_place(const std::string& text) {
  listening_place result{loopback, 0};
  const auto colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "" : text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  const std::string_view port = std::string_view(text).substr(colon == std::string::npos ? 0 : colon + 1);
  std::uint16_t number = 0;
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (port.empty() || problem != std::errc{} || end != port.data() + port.size())
    throw error(errc::settings, "/dispatch/dashboard: must be HOST:PORT or a port, found '" + text + "'");
  result.port = number;
  if (!host.empty())
    result.host = host;
  return result;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> room{};
  return ::inet_pton(AF_INET, host.c_str(), room.data()) == 1 || ::inet_pton(AF_INET6, host.c_str(), room.data()) == 1;
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

/// The host of "host", "host:port", "[v6]" and "[v6]:port".
std::string host_in(std::string_view header) {
  if (header.starts_with('['))
    return lower(header.substr(1, header.find(']') - 1));
  return lower(header.substr(0, header.find(':')));
}

std::string machine_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// Whether only this machine reaches what listens there.
bool on_loopback(const std::string& host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

/// While it lives the calling thread, and those that it starts, survive writing to a reader that has gone, and httplib,
/// which would ignore SIGPIPE for the whole program, has not changed that.
class quiet_pipes {
public:
  quiet_pipes() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &mask_);
    sigaction(SIGPIPE, nullptr, &action_);
  }
  ~quiet_pipes() {
    sigaction(SIGPIPE, &action_, nullptr);
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  quiet_pipes(const quiet_pipes&) = delete;
  quiet_pipes& operator=(const quiet_pipes&) = delete;

private:
  sigset_t mask_{};
  struct sigaction action_ {};
};

} // namespace

bool names_this_server(std::string_view header, std::string_view own_host, std::string_view machine) {
  const std::string host = host_in(header);
  return !host.empty() &&
         (host == "localhost" || is_address(host) || host == lower(own_host) || host == lower(machine));
}

class dashboard::server {
public:
  server(const listening_place& place, std::shared_ptr<const run_watch> watch)
      : watch_(std::move(watch)), host_(place.host), machine_(machine_name()) {
    http_.new_task_queue = [] { return new httplib::ThreadPool(most_readers + spare_threads); };
    http_.set_keep_alive_max_count(1); // a thread is not to wait for a reader's next request
    http_.set_read_timeout(5s);
    http_.set_write_timeout(5s);
    http_.set_payload_max_length(0);
    http_.set_socket_options([](socket_t socket) { // httplib's own would share a port that is taken
      const int on = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
      ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    });
    http_.set_default_headers({{"Cache-Control", "no-store"},
                               {"X-Content-Type-Options", "nosniff"},
                               {"X-Frame-Options", "DENY"},
                               {"Referrer-Policy", "no-referrer"},
                               {"Cross-Origin-Resource-Policy", "same-origin"}});
    http_.set_pre_routing_handler(
        [this](const httplib::Request& ask, httplib::Response& answer) { return admit(ask, answer); });
    http_.Get("/", [](const httplib::Request&, httplib::Response& answer) {
      static const std::string html = live_page();
      answer.set_content(html, "text/html; charset=utf-8");
    });
    http_.Get("/api/status", [this](const httplib::Request&, httplib::Response& answer) {
      answer.set_content(live_json(watch_->status({})), "application/json");
    });
    http_.Get("/metrics", [this](const httplib::Request&, httplib::Response& answer) {
      answer.set_content(live_metrics(watch_->status({})), "text/plain; version=0.0.4; charset=utf-8");
    });
    http_.Get("/api/events", [this](const httplib::Request&, httplib::Response& answer) { begin_events(answer); });
    bind(place);
  }

  ~server() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_all();
    for (int i = 0; i < 100 && readers_ > 0; ++i) // so that they learn the end
      std::this_thread::sleep_for(10ms);
    http_.stop();
    thread_.join();
  }
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  int port() const { return port_; }

private:
  struct reader {
    run_history::cursor seen;
    bool fresh = true;
  };

  void bind(const listening_place& place) {
    listen_at(place.host,
              static_cast<std::uint16_t>(place.port)); // throws what is wrong; httplib only tells that it is
    port_ = place.port == 0 ? http_.bind_to_any_port(place.host)
                            : (http_.bind_to_port(place.host, place.port) ? place.port : -1);
    if (port_ < 0)
      throw error(errc::settings, place_of(place.host, static_cast<std::uint16_t>(place.port)) +
                                      ": must be an address of this machine with a free port");
    thread_ = std::thread{[this] { http_.listen_after_bind(); }};
    while (!http_.is_running())
      std::this_thread::sleep_for(1ms);
  }

  httplib::Server::HandlerResponse admit(const httplib::Request& ask, httplib::Response& answer) const {
    using enum httplib::Server::HandlerResponse;
    if (ask.method != "GET" && ask.method != "HEAD") {
      answer.status = 405;
      answer.set_header("Allow", "GET, HEAD");
      answer.set_content("This server can only be looked at: GET.\n", "text/plain");
      return Handled;
    }
    const std::string host = ask.get_header_value("Host");
    if (ask.get_header_value_count("Host") != 1 || !names_this_server(host, host_, machine_)) {
      answer.status = 421;
      answer.set_content("The header Host must name this machine.\n", "text/plain");
      return Handled;
    }
    return Unhandled;
  }

  void begin_events(httplib::Response& answer) {
    if (readers_.fetch_add(1) >= most_readers) {
      --readers_;
      answer.status = 503;
      answer.set_content("There are as many readers as there may be.\n", "text/plain");
      return;
    }
    auto seen = std::make_shared<reader>();
    answer.set_chunked_content_provider(
        "text/event-stream", [this, seen](std::size_t, httplib::DataSink& sink) { return send_event(*seen, sink); },
        [this](bool) { --readers_; });
  }

  /// @returns whether to go on; called again and again from the reader's thread
  bool send_event(reader& to, httplib::DataSink& sink) {
    const bool first = std::exchange(to.fresh, false);
    bool last = false;
    {
      std::unique_lock lock{mutex_};
      last = wake_.wait_for(lock, first ? 0ms : 500ms, [this] { return stopping_; });
    }
    const live_status x = watch_->status(to.seen);
    if (!x.rates.empty())
      to.seen.rate = x.rates.back().number;
    if (!x.stream.empty())
      to.seen.box = x.stream.back().number;
    if (!x.failures.empty())
      to.seen.failure = x.failures.back().number;
    const std::string text = "data: " + live_json(x) + "\n\n" + (last ? "event: end\ndata: {}\n\n" : "");
    if (!sink.write(text.data(), text.size()))
      return false;
    if (last)
      sink.done();
    return true;
  }

  std::shared_ptr<const run_watch> watch_;
  std::string host_;
  std::string machine_;
  httplib::Server http_;
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::atomic<int> readers_ = 0;
  std::thread thread_;
};

dashboard::dashboard(const std::string& place, std::shared_ptr<const run_watch> watch) {
  const listening_place where = parse_place(place);
  const quiet_pipes while_starting;
  try {
    server_ = std::make_unique<server>(where, std::move(watch));
  } catch (const error& e) {
    throw error(errc::settings, std::string("/dispatch/dashboard: ") + e.what());
  }
  url_ = "http://" + place_of(where.host, static_cast<std::uint16_t>(server_->port())) + "/";
  open_ = !on_loopback(where.host);
}

dashboard::~dashboard() = default;

} // namespace fugato
