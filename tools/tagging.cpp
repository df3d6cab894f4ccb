// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/tagging.hpp"

#include "audio/bytes.hpp"
#include "audio/clip.hpp"
#include "audio/tags.hpp"
#include "config/error.hpp"
#include "config/hash.hpp"
#include "config/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fugato {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 31U;

bool wants_empty(const std::vector<std::string>& before) { return before.empty(); }
bool wants_any(const std::vector<std::string>&) { return true; }

std::string joined(const std::vector<std::string>& genres) {
  std::string result;
  for (const std::string& x : genres)
    result += (result.empty() ? "" : "; ") + printable(x);
  return result.empty() ? "(none)" : result;
}

/// @throws error(output) when the audio of two files is not the same to the sample
void check_same_audio(std::span<const std::byte> old, std::span<const std::byte> now, const std::string& name) {
  audio_settings how;
  how.on_damage = "partial";
  how.max_seconds = 1e6;
  how.max_channels = 65536;
  const decoded a = decode(old, name, how);
  const decoded b = decode(now, name, how);
  if (a.rate != b.rate || a.channels != b.channels || a.mono != b.mono || a.damage != b.damage)
    throw error(errc::output, name + ": must decode to the same samples with its new tag, but does not: left alone");
}

tag_plan failed(tag_plan x, const std::string& sentence) {
  x.state = "failed";
  x.sentence = sentence;
  return x;
}

std::string bytes_of(const std::string& hex) {
  const std::vector<std::byte> bytes = from_hex(hex);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

const catalog<tag_mode>& tag_modes() {
  static const catalog<tag_mode> all{
      "mode",
      {{"fill-empty", "Only files without a genre get one.", wants_empty},
       {"overwrite", "A file's genre is replaced, however many values it has.", wants_any}}};
  return all;
}

void describe(visitor& v, tag_plan& x) {
  std::string path = printable_name(x.path);
  v("path", path, anything{}, "of the file");
  v("state", x.state, anything{}, "write or written, keep, same, unsure, failed");
  v("before", x.before, anything{}, "genres");
  v("after", x.after, anything{}, "genres; empty where nothing is to be written");
  v("probability", x.probability, anything{}, "of the likeliest genre");
  v("sentence", x.sentence, anything{}, "why");
}

void describe(visitor& v, tag_report& x) {
  v("applied", x.applied, anything{}, "whether files were to be changed");
  v("log", x.log, anything{}, "for --undo; empty where nothing was written");
  v("files", x.files, "in the order of the input");
}

tag_plan tag_planner::plan(const track_prediction& x) {
  tag_plan result;
  result.path = x.path;
  result.probability = x.top.front().probability;
  try {
    result.file = state_of(x.path);
    result.before = read_tags(result.file.path).genres;
  } catch (const error& e) {
    return failed(std::move(result), printable(e.what()));
  }
  const auto written_as = rules_.spelling.find(x.label);
  const std::vector<std::string> genre{written_as == rules_.spelling.end() ? x.label : written_as->second};
  if (result.before == genre)
    result.state = "same";
  else if (!tag_modes().at(rules_.mode).wants(result.before))
    result.state = "keep";
  else if (x.unsure) {
    result.state = "unsure";
    result.sentence = fmt::format("{} {:.2f} is below the threshold", x.label, result.probability);
  } else if (!seen_.insert({result.file.device, result.file.inode}).second && !rules_.part_hard_links) {
    result.state = "same";
    result.sentence = "the same file stands above under another name";
  } else if (!result.file.writable)
    return failed(std::move(result), printable(x.path + ": must be writable, but is read-only"));
  else if (result.file.links > 1 && !rules_.part_hard_links)
    return failed(std::move(result),
                  printable(fmt::format("{}: has {} hard links, which a new content would part from each other; "
                                        "--part-hard-links does so",
                                        x.path, result.file.links)));
  else {
    result.state = "write";
    result.after = genre;
  }
  return result;
}

tag_plan tag_planner::plan(const failed_prediction& x) const {
  tag_plan result;
  result.path = x.path;
  return failed(std::move(result), x.sentence);
}

void apply(const tag_plan& plan, const apply_rules& rules, tag_log& log) {
  const std::string& path = plan.file.path;
  const std::vector<std::byte> old = read_file(path, most_bytes);
  if (state_of(path) != plan.file)
    throw error(errc::output, path + ": must be as it was when it was looked at, but has changed: left alone");
  const std::vector<std::byte> now = with_genres(old, plan.after, path);
  if (rules.compare_audio)
    check_same_audio(old, now, path);
  tag_change change;
  change.path = path;
  change.path_hex = to_hex(std::as_bytes(std::span(path)));
  change.before = plan.before;
  change.after = plan.after;
  change.modified_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, plan.file.modified_ns));
  change.sha256_before = sha256_hex(old);
  change.sha256_after = sha256_hex(now);
  change.back = difference(old, now);
  if (undone(now, change.back) != old)
    throw error(errc::internal, path + ": the way back must lead to the old file, but does not: left alone");
  log.append(change);
  replace_content(plan.file, now, rules.keep_time ? std::optional(plan.file.modified_ns) : std::nullopt);
}

undo_plan plan_undo(const tag_change& x) {
  undo_plan result{x, undo_state::refused, bytes_of(x.path_hex), "", {}};
  try {
    result.file = state_of(result.path);
    const std::string found = sha256_hex(read_file(result.path, most_bytes));
    if (found == x.sha256_after && result.file.writable)
      result.state = undo_state::possible;
    else if (found == x.sha256_before)
      result.state = undo_state::done_already;
    else
      result.sentence = result.path + (found == x.sha256_after
                                           ? ": must be writable, but is read-only"
                                           : ": must be as `fugato tag` left it, but has changed since: left alone");
  } catch (const error& e) {
    result.sentence = e.what();
  }
  return result;
}

void undo(const undo_plan& x) {
  const std::vector<std::byte> now = read_file(x.file.path, most_bytes);
  const std::vector<std::byte> old = undone(now, x.change.back);
  if (sha256_hex(old) != x.change.sha256_before)
    throw error(errc::output, x.path + ": must become what it was (SHA-256 " + x.change.sha256_before +
                                  "), but the log leads elsewhere: left alone");
  replace_content(x.file, old, static_cast<std::int64_t>(x.change.modified_ns));
}

std::string undo_text(const undo_plan& x) {
  const std::string path = printable_name(x.path);
  if (x.state == undo_state::done_already)
    return fmt::format("= {}: {} (as before already)\n", path, joined(x.change.before));
  return fmt::format("{}\n- genre: {}\n+ genre: {}\n", path, joined(x.change.after), joined(x.change.before));
}

std::string diff_text(const tag_plan& x) {
  const std::string path = printable_name(x.path);
  if (x.state == "write" || x.state == "written")
    return fmt::format("{}\n- genre: {}\n+ genre: {}  ({:.2f})\n", path, joined(x.before), joined(x.after),
                       x.probability);
  if (x.state == "failed")
    return fmt::format("! {}\n", x.sentence);
  return fmt::format("= {}: {}{} ({})\n", path, joined(x.before), x.sentence.empty() ? "" : ", " + x.sentence, x.state);
}

} // namespace fugato
