// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/run_journal.hpp"

#include "config/error.hpp"
#include "config/json.hpp"

#include <cstring>
#include <set>
#include <sys/stat.h>
#include <utility>

namespace fugato {
namespace {

enum kind : std::uint8_t { identity = 1, start = 2, result = 3, failing = 4, closing = 5 };

class packer {
public:
  template <class T>
  packer& operator<<(const T& x) {
    text_.append(reinterpret_cast<const char*>(&x), sizeof x);
    return *this;
  }
  packer& operator<<(const std::string& x) {
    *this << static_cast<std::uint32_t>(x.size());
    text_ += x;
    return *this;
  }
  packer& operator<<(std::span<const float> x) {
    *this << static_cast<std::uint32_t>(x.size());
    text_.append(reinterpret_cast<const char*>(x.data()), x.size_bytes());
    return *this;
  }
  const std::string& text() const { return text_; }

private:
  std::string text_;
};

class unpacker {
public:
  explicit unpacker(const journal_record& record) : record_(record), left_(record.payload) {}

  template <class T>
  T take() {
    T result{};
    std::memcpy(&result, bytes(sizeof result).data(), sizeof result);
    return result;
  }
  std::string text() { return std::string(bytes(take<std::uint32_t>())); }
  std::vector<float> floats() {
    const std::string_view raw = bytes(std::uint64_t{take<std::uint32_t>()} * sizeof(float));
    std::vector<float> result(raw.size() / sizeof(float));
    if (!raw.empty())
      std::memcpy(result.data(), raw.data(), raw.size());
    return result;
  }
  std::uint32_t task(std::size_t tasks) {
    const auto result = take<std::uint32_t>();
    if (result >= tasks)
      fail();
    return result;
  }

private:
  [[noreturn]] void fail() const {
    throw error(errc::output, "the journal's record at byte " + std::to_string(record_.offset) +
                                  " must be of this run, but makes no sense");
  }
  std::string_view bytes(std::uint64_t n) {
    if (n > left_.size())
      fail();
    const std::string_view result = left_.substr(0, n);
    left_.remove_prefix(n);
    return result;
  }

  const journal_record& record_;
  std::string_view left_;
};

run_identity identity_of(const std::string& path, const journal_content& content) {
  if (content.records.empty() || content.records.front().kind != identity)
    throw error(errc::output, path + ": must say what the run is, but that had not been written; begin anew");
  run_identity result;
  read_json(content.records.front().payload, {path, ""}, description_of(result));
  return result;
}

void check_same(const std::string& path, const run_identity& theirs, const run_identity& own) {
  const auto differ = [&](const std::string& what, const std::string& a, const std::string& b) {
    throw error(errc::usage, path + ": must be of the same " + what + " to be resumed, but it has " + a +
                                 " and this run " + b + "; --force begins anew");
  };
  if (theirs.build != own.build)
    differ("build", theirs.build, own.build);
  if (theirs.settings != own.settings)
    differ("settings", theirs.settings, own.settings);
  if (theirs.corpus != own.corpus)
    differ("corpus", std::to_string(theirs.tracks) + " tracks with the listing's SHA-256 " + theirs.corpus,
           std::to_string(own.tracks) + " with " + own.corpus);
}

} // namespace

file_stamp stamp_of(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    return {};
  return {static_cast<std::uint64_t>(status.st_size),
          std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

void describe(visitor& v, run_identity& x) {
  v("format", x.format, between{1, 1}, "version of the journal's records");
  v("build", x.build, anything{}, "of the program");
  v("settings", x.settings, anything{}, "of the lines, JSON");
  v("corpus", x.corpus, anything{}, "SHA-256 of the listing");
  v("tracks", x.tracks, anything{}, "in the corpus");
  v("config", x.config, anything{}, "all settings, JSON");
}

run_identity identity_in(const std::string& path) { return identity_of(path, read_journal(path)); }

run_journal::run_journal(const std::string& path, run_identity own, std::span<const track> tracks)
    : tracks_(tracks), out_(path) {
  const journal_content& content = out_.before();
  if (content.records.empty()) {
    out_.append(identity, write_json(description_of(own)));
    out_.flush();
    return;
  }
  check_same(path, identity_of(path, content), own);
  replay(content);
}

void run_journal::replay(const journal_content& content) {
  std::map<std::uint32_t, file_stamp> stamps;
  std::set<std::uint32_t> in_flight;
  const auto died = [&] {
    for (const std::uint32_t task : in_flight)
      ++before_.crashes[task];
    in_flight.clear();
  };
  for (const journal_record& record : content.records) {
    unpacker in{record};
    if (record.kind == start) {
      for (auto n = in.take<std::uint32_t>(); n > 0; --n) {
        const std::uint32_t task = in.task(tracks_.size());
        stamps[task] = in.take<file_stamp>();
        in_flight.insert(task);
      }
    } else if (record.kind == result) {
      const std::uint32_t task = in.task(tracks_.size());
      auto notes = in.take<track_notes>();
      auto warning = in.text();
      before_.done.try_emplace(task, measured_before{in.floats(), std::move(warning), notes});
      in_flight.erase(task);
    } else if (record.kind == failing) {
      const std::uint32_t task = in.task(tracks_.size());
      const auto reason = kind_named(in.text()).code;
      before_.failed.push_back({task, reason, in.text()});
      in_flight.erase(task);
    } else if (record.kind == closing) {
      in_flight.clear();
    } else if (record.kind == identity) {
      died(); // a run begins: who held a track when the one before ended is suspect
    }
  }
  died();
  for (const task_failure& x : before_.failed)
    before_.done.erase(x.task);
  const auto changed = [&](std::uint32_t task) { return stamps[task] != stamp_of(tracks_[task].path); };
  before_.changed +=
      static_cast<std::uint32_t>(std::erase_if(before_.done, [&](const auto& each) { return changed(each.first); }));
  before_.changed += static_cast<std::uint32_t>(
      std::erase_if(before_.failed, [&](const task_failure& each) { return changed(each.task); }));
  // so that a later run knows where this one began
  out_.append(identity, content.records.front().payload);
}

void run_journal::started(std::span<const std::uint32_t> tasks) {
  packer out;
  out << static_cast<std::uint32_t>(tasks.size());
  for (const std::uint32_t task : tasks)
    out << task << stamp_of(tracks_[task].path);
  out_.append(start, out.text());
}

void run_journal::done(std::uint32_t task, std::span<const float> rows, const std::string& warning,
                       const track_notes& notes) {
  packer out;
  out << task << notes << warning << rows;
  out_.append(result, out.text());
}

void run_journal::failed(const task_failure& x) {
  packer out;
  out << x.task << std::string(kind_of(x.reason).name) << x.sentence;
  out_.append(failing, out.text());
}

void run_journal::closed() {
  out_.append(closing, "");
  out_.flush();
}

} // namespace fugato
