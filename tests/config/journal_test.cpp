// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/journal.hpp"

#include "config/error.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace fugato;
namespace fs = std::filesystem;

namespace {

struct journal_file {
  std::string path = (fs::temp_directory_path() / ("fugato-journal-" + std::to_string(getpid()))).string();
  journal_file() { fs::remove(path); }
  ~journal_file() { fs::remove(path); }

  std::string bytes() const {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  void put(const std::string& bytes) const { std::ofstream{path, std::ios::binary} << bytes; }
};

const std::vector<std::string> payloads{"header", "", std::string(3000, 'x'), std::string("a\0b", 3)};

void fill(const std::string& path) {
  journal_writer out{path};
  for (std::size_t i = 0; i < payloads.size(); ++i)
    out.append(static_cast<std::uint8_t>(i), payloads[i]);
}

/// The first records, whole and in order?
bool is_beginning(const journal_content& x) {
  for (std::size_t i = 0; i < x.records.size(); ++i)
    if (i >= payloads.size() || x.records[i].payload != payloads[i] || x.records[i].kind != i)
      return false;
  return true;
}

} // namespace

TEST_CASE_FIXTURE(journal_file, "records come back as they were written, also after it was opened again") {
  fill(path);
  const journal_content x = read_journal(path);
  CHECK(x.records.size() == payloads.size());
  CHECK(is_beginning(x));
  CHECK_FALSE(x.torn);
  {
    journal_writer more{path};
    CHECK(more.before().records.size() == payloads.size());
    more.append(9, "more");
    more.flush();
    CHECK(read_journal(path).records.back().payload == "more");
  }
  CHECK(read_journal(path).records.size() == payloads.size() + 1);
}

TEST_CASE_FIXTURE(journal_file,
                  "wherever it is cut off, the whole records are there and the writer goes on behind them") {
  fill(path);
  const std::string good = bytes();
  for (std::size_t size = 0; size < good.size(); size += size < 60 || size > good.size() - 40 ? 1 : 37) {
    CAPTURE(size);
    put(good.substr(0, size));
    const journal_content x = read_journal(path);
    CHECK(is_beginning(x));
    CHECK(x.records.size() < payloads.size());
    CHECK(x.torn == (x.bytes != size));
    {
      journal_writer out{path};
      out.append(static_cast<std::uint8_t>(x.records.size()), payloads[x.records.size()]);
    }
    const journal_content y = read_journal(path);
    CHECK(y.records.size() == x.records.size() + 1);
    CHECK(is_beginning(y));
  }
}

TEST_CASE_FIXTURE(journal_file, "no flipped bit gives a record that was not written") {
  fill(path);
  const std::string good = bytes();
  int refused = 0;
  for (std::size_t at = 0; at < good.size(); at += at < 100 ? 1 : 13)
    for (const int bit : {0, 3, 7}) {
      CAPTURE(at);
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      put(bad);
      try {
        const journal_content x = read_journal(path);
        CHECK(is_beginning(x));
        CHECK(x.records.size() < payloads.size());
      } catch (const error& e) {
        ++refused;
        CHECK(e.code() == errc::output);
        CHECK(std::string(e.what()).starts_with(path));
      }
    }
  CHECK(refused > 100);
}

TEST_CASE_FIXTURE(journal_file, "a second writer is refused while the first is there") {
  {
    journal_writer first{path};
    CHECK_THROWS_AS(journal_writer{path}, error);
  }
  CHECK_NOTHROW(journal_writer{path});
}

TEST_CASE("a journal on a full medium says so") {
  journal_file place;
  fs::remove(place.path);
  // every write to it fails with "no space left on device"
  fs::create_symlink("/dev/full", place.path);
  CHECK_THROWS_AS(journal_writer{place.path}, error);
}

TEST_CASE_FIXTURE(journal_file, "what is no journal is not overwritten") {
  put("file_name,a,b\n1,2,3\n");
  CHECK_THROWS_AS(journal_writer{path}, error);
  CHECK(bytes() == "file_name,a,b\n1,2,3\n");
  journal_writer{path + "2"}.remove();
  CHECK_FALSE(fs::exists(path + "2"));
}
