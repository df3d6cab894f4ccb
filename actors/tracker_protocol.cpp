// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/tracker_protocol.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace fugato {
namespace {

/// "1 and rank 2". fmt::join of a range makes GCC 12 warn of fmt's own code.
template <class Ranks>
std::string enumerated(const Ranks& ranks) {
  std::string result;
  for (const auto& rank : ranks)
    result += (result.empty() ? "" : " and rank ") + std::to_string(rank);
  return result;
}

constexpr std::int32_t magic = 0xff99;
/// Names and commands are short; a text may be a model.
constexpr std::size_t most_name = 256;
constexpr std::size_t most_text = std::size_t{1} << 30U;
/// How often a rank may fail to reach its neighbours: it would try for ever.
constexpr std::uint32_t most_link_attempts = 5;
/// Connections beyond one a rank: those who are none must not use up all descriptors.
constexpr std::size_t most_others = 64;

std::string number(std::int32_t x) {
  const auto bits = static_cast<std::uint32_t>(x);
  std::string result;
  for (unsigned shift = 0; shift < 32; shift += 8)
    result += static_cast<char>(static_cast<unsigned char>(bits >> shift));
  return result;
}

std::string number(std::size_t x) { return number(static_cast<std::int32_t>(x)); }

std::string text(const std::string& x) { return number(x.size()) + x; }

} // namespace

/// Reads from what has come so far; what is incomplete is read again when more has.
class tracker_protocol::cursor {
public:
  explicit cursor(std::string& unread) : unread_(unread) {}

  std::optional<std::int32_t> number() {
    if (unread_.size() - at_ < 4)
      return std::nullopt;
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < 4; ++i)
      bits |= std::uint32_t{static_cast<unsigned char>(unread_[at_ + i])} << (8 * i);
    at_ += 4;
    return static_cast<std::int32_t>(bits);
  }

  /// Nothing, too, when it is longer than it may be: see `absurd`.
  std::optional<std::string> text(std::size_t most) {
    const auto size = number();
    if (!size)
      return std::nullopt;
    absurd_ = absurd_ || *size < 0 || static_cast<std::size_t>(*size) > most;
    if (absurd_ || unread_.size() - at_ < static_cast<std::size_t>(*size))
      return std::nullopt;
    at_ += static_cast<std::size_t>(*size);
    return unread_.substr(at_ - static_cast<std::size_t>(*size), static_cast<std::size_t>(*size));
  }

  bool absurd() const { return absurd_; }
  void done() { unread_.erase(0, std::exchange(at_, 0)); }

private:
  std::string& unread_;
  std::size_t at_ = 0;
  bool absurd_ = false;
};

const std::array<tracker_protocol::command, 3> tracker_protocol::commands{
    {{"start", &tracker_protocol::begin_start},
     {"print", &tracker_protocol::begin_print},
     {"shutdown", &tracker_protocol::begin_shutdown}}};

tracker_protocol::tracker_protocol(std::vector<std::string> names, std::shared_ptr<rank_ways> ways)
    : names_(std::move(names)), ways_(std::move(ways)), seats_(names_.size()) {}

void tracker_protocol::opened(connection from) {
  if (phase_ == phase::failed || talks_.size() >= names_.size() + most_others)
    return actions_.push_back({from, "", true});
  talks_.try_emplace(from);
}

void tracker_protocol::received(connection from, std::string_view bytes) {
  const auto found = talks_.find(from);
  if (found == talks_.end())
    return;
  found->second.unread += bytes;
  for (auto x = found; x != talks_.end() && advance(from, x->second);)
    x = talks_.find(from);
}

void tracker_protocol::closed(connection from) {
  const auto found = talks_.find(from);
  if (found == talks_.end())
    return;
  const bool needed = found->second.next >= step::waiting;
  const std::uint32_t rank = found->second.rank;
  talks_.erase(found);
  if (needed)
    fail(fmt::format("rank {} must stay until all ranks are linked, but went away", rank));
}

bool tracker_protocol::expire(double after_seconds) {
  std::vector<std::uint32_t> missing;
  for (std::uint32_t rank = 0; rank < world(); ++rank)
    if (!seats_[rank].taken)
      missing.push_back(rank);
  if (phase_ == phase::gathering)
    fail(fmt::format("all {} ranks must come within {:g} s, but rank {} did not", world(), after_seconds,
                     enumerated(missing)));
  else if (phase_ == phase::linking)
    fail(fmt::format("all ranks must be linked within {:g} s, but rank {} was not", after_seconds, linking_));
  return phase_ == phase::failed;
}

std::vector<tracker_protocol::action> tracker_protocol::take_actions() { return std::exchange(actions_, {}); }
std::vector<tracker_protocol::message> tracker_protocol::take_messages() { return std::exchange(messages_, {}); }

/// @returns whether there may be more to read
bool tracker_protocol::advance(connection from, talk& x) {
  cursor in{x.unread};
  bool more = false;
  switch (x.next) {
  case step::greeting:
    more = greet(from, x, in);
    break;
  case step::introduction:
    more = introduce(from, x, in);
    break;
  case step::text:
    more = take_text(from, x, in);
    break;
  case step::waiting:
    break;
  case step::links:
    more = take_links(from, x, in);
    break;
  case step::errors:
    more = take_errors(x, in);
    break;
  case step::port:
    more = take_port(from, x, in);
    break;
  }
  return more;
}

bool tracker_protocol::greet(connection from, talk& x, cursor& in) {
  const auto said = in.number();
  if (!said)
    return false;
  if (*said != magic) {
    close(from);
    return false;
  }
  in.done();
  send(from, number(magic));
  x.next = step::introduction;
  return true;
}

bool tracker_protocol::introduce(connection from, talk& x, cursor& in) {
  const auto rank = in.number();
  const auto size = in.number();
  const auto name = in.text(most_name);
  const auto what = name ? in.text(most_name) : std::nullopt;
  if (in.absurd())
    close(from);
  if (!rank || !size || !what)
    return false;
  const auto who = std::find(names_.begin(), names_.end(), *name);
  const auto how = std::find_if(commands.begin(), commands.end(), [&](const command& c) { return c.name == *what; });
  if (who == names_.end() || how == commands.end()) {
    close(from);
    return false;
  }
  in.done();
  x.rank = static_cast<std::uint32_t>(who - names_.begin());
  (this->*how->begin)(from, x); // may end x
  return talks_.contains(from);
}

void tracker_protocol::begin_start(connection from, talk& x) {
  seat& mine = seats_[x.rank];
  if (phase_ != phase::gathering || mine.taken)
    return close(from);
  x.next = step::waiting;
  mine = {true, from, 0};
  if (std::all_of(seats_.begin(), seats_.end(), [](const seat& s) { return s.taken; })) {
    phase_ = phase::linking;
    seat_next();
  }
}

void tracker_protocol::begin_print(connection, talk& x) { x.next = step::text; }

void tracker_protocol::begin_shutdown(connection from, talk&) {
  close(from);
  if (++ended_ == world() && phase_ == phase::running)
    phase_ = phase::over;
}

bool tracker_protocol::take_text(connection from, talk& x, cursor& in) {
  auto said = in.text(most_text);
  if (said)
    messages_.push_back({x.rank, std::move(*said)});
  if (said || in.absurd())
    close(from);
  return false;
}

/// Tells the rank whose turn it is its place in the tree and in the ring.
void tracker_protocol::seat_next() {
  const std::uint32_t rank = linking_;
  const auto tree = tree_neighbours(rank);
  const bool alone = world() == 1;
  std::string bytes = number(std::size_t{rank}) +
                      number(rank == 0 ? -1 : static_cast<std::int32_t>((rank + 1) / 2) - 1) + number(names_.size()) +
                      number(tree.size());
  for (const std::uint32_t each : tree)
    bytes += number(std::size_t{each});
  for (const std::uint32_t each : {(rank + world() - 1) % world(), (rank + 1) % world()})
    bytes += alone ? number(-1) : number(std::size_t{each});
  const connection to = seats_[rank].by;
  send(to, bytes);
  link_attempts_ = 0;
  talks_.at(to).next = step::links;
}

bool tracker_protocol::take_links(connection from, talk& x, cursor& in) {
  const auto count = in.number();
  if (!count)
    return false;
  auto open = neighbours(x.rank);
  if (*count < 0 || static_cast<std::size_t>(*count) > open.size()) {
    fail(fmt::format("rank {} must have at most {} links, but names {}", x.rank, open.size(), *count));
    return false;
  }
  for (std::int32_t i = 0; i < *count; ++i) {
    const auto linked = in.number();
    if (!linked)
      return false;
    std::erase(open, static_cast<std::uint32_t>(*linked));
  }
  in.done();
  to_connect_.clear();
  std::copy_if(open.begin(), open.end(), std::back_inserter(to_connect_),
               [&](std::uint32_t rank) { return seats_[rank].awaited > 0; });
  to_await_ = open.size() - to_connect_.size();
  std::string bytes = number(to_connect_.size()) + number(to_await_);
  for (const std::uint32_t rank : to_connect_)
    bytes += text("127.0.0.1") + number(std::size_t{ways_->between(x.rank, rank)}) + number(std::size_t{rank});
  send(from, bytes);
  x.next = step::errors;
  return true;
}

bool tracker_protocol::take_errors(talk& x, cursor& in) {
  const auto errors = in.number();
  if (!errors)
    return false;
  in.done();
  x.next = *errors == 0 ? step::port : step::links;
  if (*errors != 0 && ++link_attempts_ == most_link_attempts)
    fail(fmt::format("rank {} must reach rank {}, but failed {} times", x.rank, enumerated(to_connect_),
                     link_attempts_));
  return phase_ != phase::failed;
}

bool tracker_protocol::take_port(connection from, talk& x, cursor& in) {
  const auto port = in.number();
  if (!port)
    return false;
  in.done();
  ways_->awaits(x.rank, static_cast<std::uint16_t>(*port));
  seats_[x.rank].awaited = to_await_;
  for (const std::uint32_t rank : to_connect_)
    --seats_[rank].awaited;
  close(from);
  if (++linking_ == world())
    phase_ = phase::running;
  else
    seat_next();
  return false;
}

/// A heap's: parent and children.
std::vector<std::uint32_t> tracker_protocol::tree_neighbours(std::uint32_t rank) const {
  std::vector<std::uint32_t> result;
  if (rank > 0)
    result.push_back((rank + 1) / 2 - 1);
  for (const std::uint32_t child : {2 * rank + 1, 2 * rank + 2})
    if (child < world())
      result.push_back(child);
  return result;
}

/// Those in the tree and in the ring, each once.
std::vector<std::uint32_t> tracker_protocol::neighbours(std::uint32_t rank) const {
  auto result = tree_neighbours(rank);
  for (const std::uint32_t each : {(rank + world() - 1) % world(), (rank + 1) % world()})
    if (each != rank)
      result.push_back(each);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

void tracker_protocol::send(connection to, std::string bytes) { actions_.push_back({to, std::move(bytes), false}); }

void tracker_protocol::close(connection to) {
  talks_.erase(to);
  actions_.push_back({to, "", true});
}

void tracker_protocol::fail(std::string why) {
  phase_ = phase::failed;
  problem_ = std::move(why);
  for (const auto& [each, ignored] : talks_)
    actions_.push_back({each, "", true});
  talks_.clear();
}

} // namespace fugato
