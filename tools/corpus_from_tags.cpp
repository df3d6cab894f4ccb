// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/corpus.hpp"
#include "audio/tags.hpp"
#include "config/csv.hpp"
#include "config/files.hpp"
#include "config/json.hpp"
#include "config/printable.hpp"
#include "models/split.hpp"
#include "tools/aliases.hpp"
#include "tools/command.hpp"
#include "tools/tagged_corpus.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

namespace fugato {
namespace {

struct options {
  std::vector<std::string> inputs;
  std::string out;
  corpus_rules rules;
  std::vector<std::string> aliases;
  std::string alias_file;
  bool json = false;
};

std::vector<tagged_track> tagged(const std::vector<track>& tracks) {
  std::vector<tagged_track> result;
  progress_line line{"reading tags"};
  std::set<std::string> seen;
  for (const track& each : tracks) {
    const std::string path = std::filesystem::absolute(each.path).lexically_normal().string();
    if (!seen.insert(path).second)
      continue;
    try {
      result.push_back({path, read_tags(path), ""});
    } catch (const error& e) {
      result.push_back({path, {}, e.what()});
      warn(e.what());
    }
    line.show({static_cast<std::uint32_t>(tracks.size()), static_cast<std::uint32_t>(result.size()), 0, 0});
  }
  return result;
}

/// A field of a list of tracks, quoted whatever it holds.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text)
    result.append(c == '"' ? 2 : 1, c);
  return result + "\"";
}

std::string list_of(const tagged_corpus& corpus) {
  std::string result = "path,label\n";
  for (const chosen_track& x : corpus.tracks)
    result += quoted(x.path) + "," + quoted(x.label) + "\n";
  return result;
}

/// The groups' file names tracks as the corpus will. One whose name would be taken for a comment or lose blanks
/// is named with a folder in front.
std::string groups_of(const tagged_corpus& corpus, const std::vector<track>& tracks) {
  std::map<std::string, std::string> group_of; // by path
  for (const chosen_track& x : corpus.tracks)
    group_of[x.path] = x.group;
  std::string result = "track,group\n";
  for (const track& x : tracks) {
    const bool odd = x.name.front() == '#' || x.name.front() == ' ' || x.name.front() == '\t';
    result += csv_field((odd ? "./" : "") + x.name) + "," + csv_field(group_of.at(x.path)) + "\n";
  }
  return result;
}

/// A row a track: enough to see what a split does with the labels.
dataset rows_of(const std::vector<track>& tracks) {
  dataset result;
  result.columns = {"none"};
  result.values.resize(tracks.size());
  for (const track& x : tracks) { // sorted by label
    if (result.label_names.empty() || result.label_names.back() != x.label)
      result.label_names.push_back(x.label);
    result.track_names.push_back(x.name);
    result.tracks.push_back(x.id);
    result.chunks.push_back(0);
    result.labels.push_back(static_cast<std::uint32_t>(result.label_names.size() - 1));
  }
  return result;
}

bool on_both_sides(const dataset& table, const split& parts) {
  std::set<std::uint32_t> learnt;
  std::set<std::uint32_t> tested;
  for (const std::uint32_t row : parts.train)
    learnt.insert(table.labels[row]);
  for (const std::uint32_t row : parts.test)
    tested.insert(table.labels[row]);
  return learnt.size() == table.label_names.size() && tested.size() == table.label_names.size();
}

/// A test size and a seed whose split has every label on both sides: small corpora need a larger test part.
/// @throws error(bad_table) when none of those tried has
split_settings find_split(const std::vector<track>& tracks, const std::string& groups) {
  const dataset table = rows_of(tracks);
  split_settings how;
  how.kind = "groups";
  how.stratified = true;
  how.groups = groups;
  std::string last = "a label was on one side only";
  for (const double size : {0.3, 0.4, 0.5})
    for (std::uint32_t seed = 42; seed < 142; ++seed)
      try {
        how.test_size = size;
        how.seed = seed;
        if (on_both_sides(table, split_rows(table, how)))
          return how;
      } catch (const error& e) {
        last = e.what();
      }
  throw error(errc::bad_table, "every label must have tracks on both sides of a split, but with test sizes from 0.3 "
                               "to 0.5 and seeds from 42 to 141: " +
                                   last + "; larger --min-groups or other --groups may help");
}

std::string config_of(const split_settings& how) {
  return fmt::format("// No group of groups.csv is on both sides of the split.\n"
                     "{{\n  \"corpus\": \"corpus.csv\",\n  \"train\": {{\"split\": {{\"kind\": \"{}\", \"groups\": "
                     "\"groups.csv\", \"test_size\": {}, \"seed\": {}, \"stratified\": true}}}}\n}}\n",
                     how.kind, how.test_size, how.seed);
}

std::string left_out_csv(const tagged_corpus& corpus) {
  std::string result = "path,reason\n";
  for (const left_out_track& x : corpus.left_out)
    result += csv_field(printable_name(x.path)) + "," + csv_field(x.reason) + "\n";
  return result;
}

outcome from_tags(options x) {
  if (!x.alias_file.empty())
    x.rules.aliases = read_aliases(x.alias_file);
  for (const std::string& text : x.aliases) // later ones count
    x.rules.aliases.push_back(parse_alias(text));
  groupings().at(x.rules.groups);
  genre_choices().at(x.rules.several);
  staged_folder folder{x.out, false};
  const std::vector<tagged_track> found = tagged(list_files(x.inputs));
  tagged_corpus corpus = corpus_of_tags(found, x.rules);
  corpus_summary& told = corpus.summary;
  if (told.labels.size() < 2) {
    print(corpus_text(told));
    throw error(errc::bad_table, fmt::format("at least two labels must have {} tracks in {} groups, but {} have",
                                             x.rules.min_per_class, x.rules.min_groups, told.labels.size()));
  }
  write_file(folder.file("corpus.csv"), list_of(corpus));
  const std::vector<track> tracks = list_corpus(folder.file("corpus.csv"));
  write_file(folder.file("groups.csv"), groups_of(corpus, tracks));
  const split_settings how = find_split(tracks, folder.file("groups.csv"));
  told.seed = how.seed;
  told.test_size = how.test_size;
  write_file(folder.file("config.json"), config_of(how));
  write_file(folder.file("left-out.csv"), left_out_csv(corpus));
  folder.commit();
  print(x.json ? to_json(told) : corpus_text(told));
  note("to learn from it: fugato run " + folder.target() + "/config.json");
  const bool unreadable =
      std::any_of(found.begin(), found.end(), [](const tagged_track& each) { return !each.problem.empty(); });
  return unreadable ? outcome::incomplete : outcome::good;
}

} // namespace

void add_corpus_from_tags(CLI::App& corpus, outcome& result) {
  auto x = std::make_shared<options>();
  CLI::App* command = corpus.add_subcommand("from-tags", "A training corpus from the genre tags of one's own music");
  command->add_option("path", x->inputs, "Folders of tagged music, searched to any depth, and files")->required();
  command->add_option("-o,--out", x->out, "The folder to make: corpus.csv, groups.csv, config.json, left-out.csv")
      ->required();
  command->add_option("--min-per-class", x->rules.min_per_class, "Genres of fewer tracks are left out")
      ->capture_default_str();
  command->add_option("--min-groups", x->rules.min_groups, "Genres in fewer groups are left out")
      ->check(CLI::Range(2U, 1'000'000U))
      ->capture_default_str();
  std::string ways;
  for (const grouping& each : groupings())
    ways += fmt::format("; {}: {}", each.name, each.summary);
  command->add_option("--groups", x->rules.groups, "What is never torn apart" + ways)->capture_default_str();
  command->add_option("--several", x->rules.several, "Tracks of several genres: first counts, or skip them")
      ->capture_default_str();
  command->add_option("--alias", x->aliases, "GENRE=LABEL, e.g. \"Hip-Hop=hiphop\"; no label: left out")->take_all();
  command->add_option("--aliases", x->alias_file, "A file of such, a line each: genre,label");
  command->add_flag("--json", x->json, "As JSON");
  command->callback([x, &result] { result = from_tags(*x); });
}

} // namespace fugato
