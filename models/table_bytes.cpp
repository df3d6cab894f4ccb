// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table_bytes.hpp"

#include "config/error.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace fugato {
namespace {

/// The bytes behind one another: each part as its length and its items.
class writer {
public:
  template <class T>
  void operator()(const std::vector<T>& items) {
    count(items.size());
    append(items.data(), items.size() * sizeof(T));
  }
  void operator()(const std::vector<std::string>& items) {
    count(items.size());
    for (const std::string& item : items) {
      count(item.size());
      append(item.data(), item.size());
    }
  }
  std::string take() { return std::move(bytes_); }

private:
  void count(std::uint64_t n) { append(&n, sizeof n); }
  void append(const void* from, std::size_t n) {
    if (n > 0)
      bytes_.append(static_cast<const char*>(from), n);
  }

  std::string bytes_;
};

class reader {
public:
  explicit reader(std::string_view bytes) : left_(bytes) {}

  template <class T>
  void operator()(std::vector<T>& items) {
    const std::string_view raw = take(count(sizeof(T)) * sizeof(T));
    items.resize(raw.size() / sizeof(T));
    if (!raw.empty())
      std::memcpy(items.data(), raw.data(), raw.size());
  }
  void operator()(std::vector<std::string>& items) {
    items.resize(count(sizeof(std::uint64_t)));
    for (std::string& item : items)
      item = take(count(1));
  }
  void end() const {
    if (!left_.empty())
      throw error(errc::bad_table, fmt::format("the table's bytes must end with it, but {} are left", left_.size()));
  }

private:
  /// What is announced is not believed before it is there.
  std::uint64_t count(std::size_t least_bytes_each) {
    std::uint64_t n = 0;
    std::memcpy(&n, take(sizeof n).data(), sizeof n);
    if (n > left_.size() / least_bytes_each)
      throw error(errc::bad_table, fmt::format("the table's bytes must hold what they announce, but {} items are "
                                               "announced and {} bytes are left",
                                               n, left_.size()));
    return n;
  }
  std::string_view take(std::uint64_t n) {
    if (n > left_.size())
      throw error(errc::bad_table,
                  fmt::format("the table's bytes must be whole, but {} are missing", n - left_.size()));
    const std::string_view result = left_.substr(0, n);
    left_.remove_prefix(n);
    return result;
  }

  std::string_view left_;
};

template <class Table, class F>
void each_part(Table& x, F& f) {
  f(x.columns);
  f(x.values);
  f(x.track_names);
  f(x.tracks);
  f(x.chunks);
  f(x.label_names);
  f(x.labels);
}

bool all_below(const std::vector<std::uint32_t>& indices, std::size_t limit) {
  return std::all_of(indices.begin(), indices.end(), [&](std::uint32_t i) { return i < limit; });
}

void check(const dataset& x) {
  const auto fits = [&](const std::vector<std::uint32_t>& part) { return part.empty() || part.size() == x.rows(); };
  if (x.values.size() != x.rows() * x.width() || !fits(x.tracks) || !fits(x.chunks) || !fits(x.labels) ||
      x.tracks.size() != x.chunks.size())
    throw error(errc::bad_table, "the parts of a table must have a value for each row, but their lengths differ");
  if (!all_below(x.tracks, x.track_names.size()) || !all_below(x.labels, x.label_names.size()))
    throw error(errc::bad_table, "the rows of a table must refer to its tracks and labels, but one does not");
}

} // namespace

std::string to_bytes(const dataset& table) {
  writer out;
  each_part(table, out);
  return out.take();
}

dataset dataset_from_bytes(std::string_view bytes) {
  dataset result;
  reader in{bytes};
  each_part(result, in);
  in.end();
  check(result);
  return result;
}

} // namespace fugato
