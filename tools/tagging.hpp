// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/catalog.hpp"
#include "config/describe.hpp"
#include "config/replace_file.hpp"
#include "report/prediction.hpp"
#include "tools/tag_log.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Genre tags from predictions: what would be written into which file, writing it, taking it back.
namespace fugato {

/// Which genre tags are written: a row of the catalog.
struct tag_mode {
  std::string_view name;
  std::string_view summary;
  bool (*wants)(const std::vector<std::string>& before);
};

const catalog<tag_mode>& tag_modes();

struct tag_rules {
  std::string mode = "fill-empty";
  std::map<std::string, std::string> spelling; ///< label -> genre as it is written
  bool part_hard_links = false;
};

/// What becomes of one file.
struct tag_plan {
  std::string path;  ///< as found
  std::string state; ///< "write" (or "written"), "keep" (its own genre stays), "same", "unsure", "failed"
  std::vector<std::string> before;
  std::vector<std::string> after;
  double probability = 0;
  std::string sentence; ///< why, where the state alone does not tell
  file_state file;      ///< as it was looked at
};

void describe(visitor& v, tag_plan& x);

/// The whole of what `fugato tag` tells.
struct tag_report {
  bool applied = false;
  std::string log; ///< empty: nothing was written
  std::vector<tag_plan> files;
};

void describe(visitor& v, tag_report& x);

/// Plans file by file.
class tag_planner {
public:
  explicit tag_planner(tag_rules rules) : rules_(std::move(rules)) {}

  /// Looks at the file and its tags. Two paths of one file are planned once, hard links only where the rules
  /// say so, read-only files and unknown formats fail.
  tag_plan plan(const track_prediction& x);
  tag_plan plan(const failed_prediction& x) const;

private:
  tag_rules rules_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_; ///< device and inode
};

struct apply_rules {
  bool keep_time = false;    ///< whether the file's time of modification stays
  bool compare_audio = true; ///< whether old and new file are decoded and compared before the change
};

/// Writes the genre of a plan, the log first. @throws error: the file is then as before
void apply(const tag_plan& plan, const apply_rules& rules, tag_log& log);

/// What can be taken back of a change.
enum class undo_state { possible, done_already, refused };
struct undo_plan {
  tag_change change;
  undo_state state = undo_state::refused;
  std::string path; ///< to the byte
  std::string sentence;
  file_state file;
};

/// Looks whether the file is as the change left it.
undo_plan plan_undo(const tag_change& x);

/// Gives the file the bytes and the time that it had. @throws error: the file is then as before
void undo(const undo_plan& x);

/// The same of a change that is taken back.
std::string undo_text(const undo_plan& x);

/// `- genre: Rock` and `+ genre: jazz` below the path, or a line that says why not.
std::string diff_text(const tag_plan& x);

} // namespace fugato
