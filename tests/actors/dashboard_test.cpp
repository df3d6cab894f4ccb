// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/dashboard.hpp"

#include "actors/sockets.hpp"
#include "tests/errors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

using namespace fugato;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::uint16_t port_in(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

/// A client that says what it is told to say, and nothing else.
class client {
public:
  client(std::uint16_t port, const std::string& text)
      : socket_(connect_to("127.0.0.1", port, std::chrono::steady_clock::now() + std::chrono::seconds(30))) {
    std::size_t sent = 0;
    while (sent < text.size()) {
      const ssize_t n = ::send(socket_.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (n > 0)
        sent += static_cast<std::size_t>(n);
      else
        wait(POLLOUT);
    }
  }

  /// What came until `end` had, or the server closed.
  const std::string& read_until(std::string_view end) {
    std::vector<char> room(65536);
    while (!contains(heard_, end)) {
      if (!wait(POLLIN))
        break;
      const ssize_t n = ::recv(socket_.get(), room.data(), room.size(), 0);
      if (n <= 0)
        break;
      heard_.append(room.data(), static_cast<std::size_t>(n));
    }
    return heard_;
  }
  std::string all() { return read_until("no text has this \x01"); }

private:
  bool wait(short what) {
    pollfd x{socket_.get(), what, 0};
    return ::poll(&x, 1, 60'000) > 0;
  }

  descriptor socket_;
  std::string heard_;
};

struct fixture {
  std::shared_ptr<run_watch> watch = std::make_shared<run_watch>();
  std::unique_ptr<dashboard> board = std::make_unique<dashboard>("0", watch);

  fixture() {
    watch->begin({"extracting", "tracks", 5, {}});
    watch->step({5, 2, 0, 0});
  }

  std::string ask(const std::string& line, const std::string& host = "localhost") const {
    return client{port_in(board->url()), line + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"}.all();
  }
};

} // namespace

TEST_CASE("a Host header names this server by address, as localhost, or by its names") {
  for (const char* good : {"127.0.0.1:8787", "127.0.0.1", "localhost:1", "LocalHost", "[::1]:8787", "[::1]",
                           "10.0.0.7:80", "box", "Box:8787", "music.example:8787"})
    CHECK_MESSAGE(names_this_server(good, "music.example", "box"), good);
  for (const char* bad : {"", ":8787", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8787", "[",
                          "[]", "[evil]:1", "box.evil", "1", "0x7f.1"})
    CHECK_MESSAGE(!names_this_server(bad, "music.example", "box"), bad);
}

TEST_CASE_FIXTURE(fixture, "what goes on is served as a page, JSON and metrics") {
  CHECK(board->url().starts_with("http://127.0.0.1:"));
  CHECK_FALSE(board->open_to_others());
  const std::string html = ask("GET /");
  CHECK(html.starts_with("HTTP/1.1 200"));
  CHECK(contains(html, "text/html; charset=utf-8"));
  CHECK(contains(html, "EventSource"));
  CHECK(contains(html, "nosniff"));
  const std::string json = ask("GET /api/status");
  CHECK(contains(json, "application/json"));
  CHECK(contains(json, "\"phase\": \"extracting\""));
  CHECK(contains(json, "\"done\": 2"));
  const std::string metrics = ask("GET /metrics");
  CHECK(contains(metrics, "fugato_tasks{state=\"done\"} 2"));
  CHECK(contains(metrics, "text/plain; version=0.0.4"));
  CHECK(ask("GET /nothing").starts_with("HTTP/1.1 404"));
  CHECK(ask("HEAD /").starts_with("HTTP/1.1 200"));
}

TEST_CASE_FIXTURE(fixture, "it can only be looked at, and only under its own name") {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    CHECK_MESSAGE(ask(std::string(method) + " /api/status").starts_with("HTTP/1.1 405"), method);
  CHECK(ask("GET /api/status", "evil.example").starts_with("HTTP/1.1 421"));
  CHECK(ask("GET /api/events", "evil.example").starts_with("HTTP/1.1 421"));
  CHECK_FALSE(contains(ask("GET /api/status", "evil.example"), "extracting"));
  const std::string none = client{port_in(board->url()), "GET /api/status HTTP/1.1\r\n\r\n"}.all();
  CHECK(none.starts_with("HTTP/1.1 421"));
}

TEST_CASE_FIXTURE(fixture, "events come while it goes on, and the end is told") {
  client reader{port_in(board->url()), "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"};
  CHECK(contains(reader.read_until("\"done\": 2"), "text/event-stream"));
  watch->step({5, 4, 0, 0});
  CHECK(contains(reader.read_until("\"done\": 4"), "\"done\": 4"));
  watch->end(true);
  board.reset();
  CHECK(contains(reader.all(), "event: end\ndata: {}\n\n"));
}

TEST_CASE_FIXTURE(fixture, "readers that leave or are too many do no harm") {
  const std::string ask_events = "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
  {
    std::vector<std::unique_ptr<client>> readers;
    for (int i = 0; i < 6; ++i) {
      readers.push_back(std::make_unique<client>(port_in(board->url()), ask_events));
      readers.back()->read_until("data: ");
    }
    CHECK(client{port_in(board->url()), ask_events}.all().starts_with("HTTP/1.1 503"));
    CHECK(contains(ask("GET /api/status"), "\"done\": 2"));
  } // all go without a word: their server writes to closed sockets, and lives
  std::string again;
  for (int i = 0; i < 600 && !contains(again, "data: "); ++i) {
    client next{port_in(board->url()), ask_events};
    again = next.read_until(i < 599 ? "\r\n\r\n" : "data: ");
    if (again.starts_with("HTTP/1.1 200"))
      again = next.read_until("data: ");
    else
      usleep(100'000);
  }
  CHECK(contains(again, "data: "));
}

TEST_CASE("a place that cannot be had is told before anything begins") {
  const auto told = [](const std::string& place) {
    return sentence(errc::settings, [&] { dashboard(place, std::make_shared<run_watch>()); });
  };
  const fixture first;
  const std::string port = std::to_string(port_in(first.board->url()));
  CHECK(contains(told("127.0.0.1:" + port), "/dispatch/dashboard: 127.0.0.1:" + port +
                                                ": must be an address of this "
                                                "machine with a free port: "));
  CHECK(contains(told(port), "Address already in use"));
  CHECK(contains(told("somewhere"), "/dispatch/dashboard: must be HOST:PORT or a port, found 'somewhere'"));
  CHECK(contains(told("127.0.0.1:99999"), "must be HOST:PORT"));
  CHECK(contains(told("no.such.host.invalid:1"), "/dispatch/dashboard: "));
}

TEST_CASE("other machines may look only where that is said, and SIGPIPE stays as it was") {
  struct sigaction before {};
  sigaction(SIGPIPE, nullptr, &before);
  const dashboard open{"0.0.0.0:0", std::make_shared<run_watch>()};
  CHECK(open.open_to_others());
  struct sigaction after {};
  sigaction(SIGPIPE, nullptr, &after);
  const bool same = after.sa_handler == before.sa_handler;
  CHECK(same);
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  CHECK(sigismember(&mask, SIGPIPE) == 0);
}

TEST_CASE("memory is that of children only") {
  CHECK(own_rss_bytes() > 1'000'000);
  CHECK(child_rss_bytes(1) == 0);
  CHECK(child_rss_bytes(static_cast<std::uint32_t>(getpid())) == 0);
}
