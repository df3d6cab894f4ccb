// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/run_journal.hpp"

#include "audio/bytes.hpp"
#include "config/bytes.hpp"
#include "config/error.hpp"
#include "config/hash.hpp"
#include "config/json.hpp"
#include "config/json_difference.hpp"

#include <chrono>
#include <limits>
#include <sys/stat.h>
#include <utility>

namespace fugato {
namespace {

enum kind : std::uint8_t { identity = 1, start = 2, result = 3, failing = 4, closing = 5, ending = 6 };

/// The record's values. @throws error(output) where they make no sense
byte_unpacker values_of(const journal_record& x) {
  return {x.payload, [at = x.offset] {
            return error(errc::output, "the journal's record at byte " + std::to_string(at) +
                                           " must be of this run, but makes no sense");
          }};
}

std::uint32_t take_task(byte_unpacker& in, std::size_t tasks) {
  const auto result = in.take<std::uint32_t>();
  if (result >= tasks)
    in.fail();
  return result;
}

/// What a record of kind `result` says.
struct result_record {
  explicit result_record(const journal_record& x) {
    byte_unpacker in = values_of(x);
    task = in.take<std::uint32_t>();
    notes = in.take<track_notes>();
    warning = in.text();
    content = in.text();
    rows = in.floats();
  }
  std::uint32_t task = 0;
  track_notes notes;
  std::string warning;
  std::string content;
  std::vector<float> rows;
};

/// Since 1970 [ns]; as files are stamped
std::int64_t wall_clock() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::int64_t nanoseconds_of(const timespec& x) { return std::int64_t{x.tv_sec} * 1'000'000'000 + x.tv_nsec; }

constexpr file_stamp unseen;

/// Whether the stamps alone tell that a file is what it was.
bool vouched(const file_stamp& then, const file_stamp& found) { return then == found && then.changed_ns != 0; }

/// Whether they tell that something was done to it.
bool differ(const file_stamp& then, const file_stamp& found) {
  return then.size != found.size || then.modified_ns != found.modified_ns ||
         (then.changed_ns != 0 && then.changed_ns != found.changed_ns);
}

/// Clocks of file systems advance in steps, that of FAT in the coarsest.
constexpr std::int64_t coarsest_ns = 2'000'000'000;

run_identity identity_of(const std::string& path, const std::string& text) {
  run_identity result;
  read_json(text, {path, ""}, description_of(result));
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
    throw error(errc::usage, path + ": must be of the same settings to be resumed, but differs in " +
                                 json_difference(theirs.settings, own.settings) + "; --force begins anew");
  if (theirs.corpus != own.corpus)
    differ("corpus", std::to_string(theirs.tracks) + " tracks with the listing's SHA-256 " + theirs.corpus,
           std::to_string(own.tracks) + " with " + own.corpus);
}

} // namespace

file_stamp stamp_of(const std::string& path, std::int64_t now) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    return {};
  const std::int64_t changed = nanoseconds_of(status.st_ctim);
  return {static_cast<std::uint64_t>(status.st_size), nanoseconds_of(status.st_mtim),
          changed + coarsest_ns < now ? changed : 0};
}

void describe(visitor& v, run_identity& x) {
  v("format", x.format, between{2, 2}, "version of the journal's records");
  v("build", x.build, anything{}, "of the program");
  v("settings", x.settings, anything{}, "of the lines, JSON");
  v("corpus", x.corpus, anything{}, "SHA-256 of the listing");
  v("tracks", x.tracks, anything{}, "in the corpus");
  v("folder", x.folder, anything{}, "where the run was begun");
  v("config", x.config, anything{}, "all settings, JSON");
}

run_identity identity_in(const std::string& path) {
  std::string text;
  scan_journal(path, [&](const journal_record& x) {
    text = x.kind == identity ? x.payload : "";
    return false;
  });
  if (text.empty())
    throw error(errc::output, path + ": must say what the run is, but that had not been written; begin anew");
  return identity_of(path, text);
}

bool is_empty_journal(const std::string& path) {
  bool empty = true;
  scan_journal(path, [&](const journal_record&) { return empty = false; });
  return empty;
}

void journal_replay::died() {
  for (const std::uint32_t task : in_flight_)
    ++found_.crashes[task];
  in_flight_.clear();
}

/// What an earlier run knew of a track that is handed out once more, since its file has changed.
void journal_replay::forget(std::uint32_t task) {
  if (const auto old = found_.done.find(task); old != found_.done.end() && old->second.at < begun_at_)
    found_.done.erase(old);
  if (const auto old = failed_.find(task); old != failed_.end() && old->second.first < begun_at_)
    failed_.erase(old);
}

void journal_replay::see(const journal_record& record) {
  byte_unpacker in = values_of(record);
  if (record.kind == start) {
    for (auto n = in.take<std::uint32_t>(); n > 0; --n) {
      const std::uint32_t task = take_task(in, tasks_);
      forget(task);
      stamps_[task] = in.take<file_stamp>();
      in_flight_.insert(task);
    }
  } else if (record.kind == result) {
    const std::uint32_t task = take_task(in, tasks_);
    in.take<track_notes>();
    in.text(); // a warning,
    in.text(); // and what the file held
    found_.done.try_emplace(task, row_place{record.offset, static_cast<std::uint32_t>(in.floats().size())});
    in_flight_.erase(task);
  } else if (record.kind == failing) {
    const std::uint32_t task = take_task(in, tasks_);
    const auto reason = kind_named(in.text()).code;
    if (reason != errc::internal) // for want of memory, say: the next run may have more
      failed_.insert_or_assign(task, std::pair{record.offset, task_failure{task, reason, in.text()}});
    in_flight_.erase(task);
  } else if (record.kind == closing) {
    in_flight_.clear();
  } else if (record.kind == ending) {
    found_.finishing = in.text();
  } else if (record.kind == identity) {
    found_.finishing.clear();
    begun_at_ = record.offset;
    died(); // a run begins: who held a track when the one before ended is suspect
  } else {
    in.fail();
  }
}

bool journal_replay::unchanged(std::uint32_t task, const row_place& rows, const file_witness& now) {
  const file_stamp then = stamps_[task];
  const file_stamp found = now.stamp(task);
  if (then == unseen && found == unseen)
    ++found_.unseen;
  else if (!vouched(then, found))
    return found != unseen && now.same_bytes(task, rows);
  return true;
}

earlier_runs journal_replay::finish(const file_witness& now) {
  died();
  for (auto& [task, x] : failed_) {
    found_.done.erase(task);
    found_.failed.push_back(std::move(x.second));
  }
  found_.changed = static_cast<std::uint32_t>(
      std::erase_if(found_.done, [&](const auto& each) { return !unchanged(each.first, each.second, now); }));
  std::erase_if(found_.failed, [&](const task_failure& each) { // in case of doubt it is tried again
    const file_stamp then = stamps_[each.task];
    const file_stamp found = now.stamp(each.task);
    found_.touched += differ(then, found) ? 1 : 0;
    return !vouched(then, found) && (then != unseen || found != unseen);
  });
  return std::move(found_);
}

run_journal::run_journal(const std::string& path, run_identity own, std::shared_ptr<const track_list> corpus)
    : corpus_(std::move(corpus)), history_(corpus_->size()), out_(path, reader(path, own)) {
  before_ = history_.finish(
      {[this](std::uint32_t task) { return stamp_of(corpus_->path(task), std::numeric_limits<std::int64_t>::max()); },
       [this](std::uint32_t task, const row_place& rows) { return same_bytes(task, rows); }});
  add_notes();
  // also so that a later run knows where this one began
  out_.append(identity, write_json(description_of(own)));
  if (fresh_)
    out_.flush();
}

journal_visitor run_journal::reader(const std::string& path, const run_identity& own) {
  return [this, &path, &own](const journal_record& x) {
    if (fresh_) {
      if (x.kind != identity)
        throw error(errc::output, path + ": must say what the run is, but does not; begin anew");
      check_same(path, identity_of(path, std::string(x.payload)), own);
    }
    fresh_ = false;
    history_.see(x);
    return true;
  };
}

void run_journal::add_notes() {
  for (const auto& [task, place] : before_.done) {
    const std::string payload = out_.read(place.at);
    const result_record was{{place.at, result, payload}};
    before_.totals += was.notes;
    if (!was.warning.empty())
      before_.warnings.push_back({task, was.warning});
  }
}

bool run_journal::same_bytes(std::uint32_t task, const row_place& place) const {
  const std::string payload = out_.read(place.at);
  const result_record was{{place.at, result, payload}};
  try {
    const auto bytes = read_file(corpus_->path(task), std::numeric_limits<std::uint64_t>::max());
    return sha256_hex(bytes) == was.content;
  } catch (const error&) { // whatever is wrong with it now: the run will say so
    return false;
  }
}

void run_journal::started(std::span<const std::uint32_t> tasks) {
  byte_packer out;
  const std::int64_t now = wall_clock();
  out << static_cast<std::uint32_t>(tasks.size());
  for (const std::uint32_t task : tasks)
    out << task << stamp_of(corpus_->path(task), now);
  out_.append(start, out.text());
}

row_place run_journal::keep(const track_result& x) {
  byte_packer out;
  kept_ = true;
  out << x.track << x.notes << x.warning << std::string(x.content) << x.rows;
  return {out_.append(result, out.text()), static_cast<std::uint32_t>(x.rows.size())};
}

std::vector<float> run_journal::rows(const row_place& place) const {
  const std::string payload = out_.read(place.at);
  return result_record{{place.at, result, payload}}.rows;
}

void run_journal::failed(const task_failure& x) {
  byte_packer out;
  out << x.task << std::string(kind_of(x.reason).name) << x.sentence;
  out_.append(failing, out.text());
}

void run_journal::finishing(const std::string& what) {
  byte_packer out;
  out << what;
  out_.append(ending, out.text());
  out_.flush();
}

void run_journal::closed() {
  out_.append(closing, "");
  out_.flush();
}

} // namespace fugato
