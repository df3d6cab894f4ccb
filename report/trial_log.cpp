// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/trial_log.hpp"

#include "config/error.hpp"
#include "config/json.hpp"
#include "config/read_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace fugato {
namespace {

[[noreturn]] void fail(const std::string& path) {
  throw error(errc::output, path + ": must be writable: " + std::strerror(errno));
}

std::string line_of(const trial_record& x) {
  using nlohmann::ordered_json;
  return ordered_json::parse(to_json(x)).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

trial_record record_of(const std::string& line, const std::string& place) {
  trial_record result;
  try {
    read_json(line, {place, ""}, description_of(result));
  } catch (const error& e) {
    throw error(errc::usage, e.what());
  }
  if (line_of(result) != line) // what a line leaves out would count as zero
    throw error(errc::usage, place + ": must be as a search writes it, with every field");
  return result;
}

} // namespace

void describe(visitor& v, trial_record& x) {
  v("format", x.format, between{1, 1}, "of the line");
  v("table_sha256", x.table_sha256, anything{}, "of the table and of the files that its split goes by");
  v("trial", x.what, "what was tried");
  v("result", x.result, "what came out");
}

trial_log::trial_log(std::string path, bool resume)
    : path_(std::move(path)),
      file_(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | (resume ? 0 : O_EXCL), 0666)) {
  if (file_ < 0 && errno == EEXIST)
    throw error(errc::usage, path_ + ": is what an interrupted search left; --resume goes on with it, --force begins "
                                     "anew");
  if (file_ < 0)
    fail(path_);
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    throw error(errc::usage, path_ + ": is being written by another search");
  }
}

trial_log::~trial_log() {
  if (::lseek(file_, 0, SEEK_END) == 0)
    ::unlink(path_.c_str());
  ::close(file_);
}

std::vector<trial_record> trial_log::take_up(const std::string& table_sha256) {
  std::vector<trial_record> result;
  const std::string text = read_text(path_, errc::usage);
  std::size_t start = 0;
  for (std::size_t end = 0; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    const std::string place = fmt::format("{}: line {}", path_, result.size() + 1);
    result.push_back(record_of(text.substr(start, end - start), place));
    if (result.back().table_sha256 != table_sha256)
      throw error(errc::usage, place + ": belongs to a search in another table, or with other files of the split; "
                                       "--force begins anew");
  }
  if (start < text.size() && ::ftruncate(file_, static_cast<off_t>(start)) != 0)
    fail(path_);
  return result;
}

void trial_log::append(const trial_record& x) {
  const std::string line = line_of(x) + "\n";
  for (std::string_view rest = line; !rest.empty();) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR)
      fail(path_);
    if (written > 0)
      rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file_) != 0)
    fail(path_);
}

} // namespace fugato
