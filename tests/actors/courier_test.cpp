// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/asking.hpp"
#include "actors/pipeline.hpp"
#include "actors/system_config.hpp"
#include "tests/actors/scratch.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

using namespace fugato;

namespace {

/// What a line holds, apart from it: a worker that is lost leaves it unanswered.
using held = std::vector<caf::typed_response_promise<receipt>>;

/// Keeps all parcels until it is told to run.
using keeping_line = line_actor::extend<caf::reacts_to<atom::run>>;

keeping_line::behavior_type keeper(keeping_line::pointer self, const std::shared_ptr<held>& what,
                                   const caf::actor& tell) {
  return {
      [=](parcel& x) -> caf::result<receipt> {
        what->push_back(self->make_response_promise<receipt>());
        caf::anon_send(tell, x.lease, std::uint64_t{x.files.at(0).bytes.size()});
        return what->back();
      },
      [=](atom::run) {
        for (auto& promise : std::exchange(*what, {}))
          promise.deliver(receipt{});
      },
  };
}

struct post_office {
  scratch folder;
  system_config config{2, false, 10};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  std::vector<std::shared_ptr<held>> what;
  std::vector<std::unique_ptr<lifetime<keeping_line>>> lines;
  std::unique_ptr<lifetime<courier_actor>> boy;

  explicit post_office(std::uint64_t most_bytes) {
    for (std::uint32_t i = 0; i < 8; ++i)
      std::ofstream(path(i)) << std::string(1000, 'x');
    boy = std::make_unique<lifetime<courier_actor>>(
        self, system.spawn<caf::detached>(
                  courier, [this](std::uint32_t i) { return path(i); }, audio_settings{}, most_bytes, sink_actor{}));
    for (int i = 0; i < 3; ++i) {
      what.push_back(std::make_shared<held>());
      lines.push_back(std::make_unique<lifetime<keeping_line>>(
          self, system.spawn(keeper, what.back(), caf::actor_cast<caf::actor>(self.ptr()))));
    }
  }

  std::string path(std::uint32_t i) const { return folder.file(std::to_string(i)); }
  void post(std::uint64_t lease, std::size_t line) {
    const auto number = static_cast<std::uint32_t>(lease);
    self->send(**boy, parcel{lease, {{number, path(number)}}, {}}, caf::actor_cast<line_actor>(**lines[line]));
  }
  /// The lease that arrives at a line next, with the whole file; 0: none does.
  std::uint64_t arrival(std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    std::uint64_t result = 0;
    bool any = false;
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!any && std::chrono::steady_clock::now() < until)
      self->receive(
          [&](std::uint64_t lease, std::uint64_t bytes) {
            CHECK(bytes == 1000);
            result = lease;
            any = true;
          },
          [](const receipt&) {}, [](caf::error&) {}, caf::after(std::chrono::milliseconds(10)) >> [] {});
    return result;
  }
  void answer(std::size_t line) { self->send(**lines[line], atom::run_v); }
  void lose(std::size_t line) { self->send_exit(**lines[line], caf::exit_reason::kill); }
};

} // namespace

TEST_CASE("what a lost line held of the bytes in flight is free for others again") {
  post_office x{2000};
  x.post(1, 0);
  x.post(2, 0);
  x.post(3, 1);
  x.post(4, 1);
  x.post(5, 2);
  CHECK(x.arrival() == 1);
  CHECK(x.arrival() == 2);
  CHECK(x.arrival(std::chrono::milliseconds(50)) == 0); // no more bytes at once
  x.lose(0);
  CHECK(x.arrival() == 3);
  CHECK(x.arrival() == 4);
  CHECK(x.arrival(std::chrono::milliseconds(50)) == 0);
  x.lose(1);
  CHECK(x.arrival() == 5);
}

TEST_CASE("bytes of a lost line are given back once, though its answer comes late") {
  post_office x{1000};
  x.post(1, 0);
  CHECK(x.arrival() == 1);
  x.post(2, 1);
  x.lose(0);
  CHECK(x.arrival() == 2);
  x.what[0]->at(0).deliver(receipt{});
  x.post(3, 2);
  x.post(4, 2);
  CHECK(x.arrival(std::chrono::milliseconds(50)) == 0);
  x.answer(1);
  CHECK(x.arrival() == 3);
  CHECK(x.arrival(std::chrono::milliseconds(50)) == 0);
}

TEST_CASE("a file that is larger than all that may be in flight goes alone") {
  post_office x{10};
  x.post(1, 0);
  x.post(2, 1);
  CHECK(x.arrival() == 1);
  CHECK(x.arrival(std::chrono::milliseconds(50)) == 0);
  x.answer(0);
  CHECK(x.arrival() == 2);
}
