// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/journal.hpp"

#include "config/error.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include <vector>

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

struct record {
  std::uint64_t offset;
  std::uint8_t kind;
  std::string payload;
};

struct content {
  std::vector<record> records;
  journal_extent extent;
};

content read(const std::string& path) {
  content result;
  result.extent = scan_journal(path, [&](const journal_record& x) {
    result.records.push_back({x.offset, x.kind, std::string(x.payload)});
    return true;
  });
  return result;
}

/// The first records, whole and in order?
bool is_beginning(const content& x) {
  for (std::size_t i = 0; i < x.records.size(); ++i)
    if (i >= payloads.size() || x.records[i].payload != payloads[i] || x.records[i].kind != i)
      return false;
  return true;
}

} // namespace

TEST_CASE_FIXTURE(journal_file, "records come back as they were written, also after it was opened again") {
  fill(path);
  const content x = read(path);
  CHECK(x.records.size() == payloads.size());
  CHECK(is_beginning(x));
  CHECK(x.extent.dropped == 0);
  {
    std::size_t seen = 0;
    journal_writer more{path, [&](const journal_record&) { return ++seen > 0; }};
    CHECK(seen == payloads.size());
    const std::uint64_t at = more.append(9, "more");
    CHECK(more.read(at) == "more");
    CHECK(more.read(x.records[2].offset) == payloads[2]);
    more.flush();
    CHECK(read(path).records.back().payload == "more");
  }
  CHECK(read(path).records.size() == payloads.size() + 1);
}

TEST_CASE_FIXTURE(journal_file, "a record is with the system as soon as it is written: the process may die") {
  journal_writer x{path};
  x.append(0, payloads[0]);
  CHECK(read(path).records.size() == 1);
}

TEST_CASE_FIXTURE(journal_file, "the medium gets all within a while, without being asked") {
  journal_writer x{path};
  x.append(0, payloads[0]);
  const auto whole = [&] { return bytes().find(std::string("\x10\0\0\0", 4)) != std::string::npos; }; // a commit
  while (!whole())
    usleep(10'000);
  CHECK(read(path).records.size() == 1);
}

TEST_CASE_FIXTURE(journal_file,
                  "wherever it is cut off, the whole records are there and the writer goes on behind them") {
  fill(path);
  const std::string good = bytes();
  for (std::size_t size = 0; size < good.size(); ++size) {
    CAPTURE(size);
    put(good.substr(0, size));
    const content x = read(path);
    CHECK(is_beginning(x));
    CHECK(x.extent.bytes + x.extent.dropped == size);
    const std::size_t next = x.records.size();
    if (next == payloads.size() || (size > 60 && size < good.size() - 60 && size % 97 != 0))
      continue; // what follows takes longer
    {
      journal_writer out{path};
      out.append(static_cast<std::uint8_t>(next), payloads[next]);
    }
    const content y = read(path);
    CHECK(y.records.size() == next + 1);
    CHECK(is_beginning(y));
  }
}

TEST_CASE_FIXTURE(journal_file, "any flipped bit of what was committed is an error that names the offset") {
  fill(path);
  std::string bytes_now = bytes();
  const content whole = read(path);
  const std::size_t committed = whole.records.back().offset + 9 + whole.records.back().payload.size();
  REQUIRE(committed + 9 + 16 == bytes_now.size()); // then comes what says so
  const auto complaint = [&]() -> std::string {
    try {
      scan_journal(bytes_now, "x", [](const journal_record&) { return true; });
    } catch (const error& e) {
      return e.what();
    }
    return "";
  };
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < whole.records.size(); ++i) {
    const std::size_t first = whole.records[i].offset;
    const std::size_t end = i + 1 < whole.records.size() ? whole.records[i + 1].offset : committed;
    const std::string expected =
        "x: must be undamaged, but the record at byte " + std::to_string(first) + " is not what was written there";
    for (std::size_t at = first; at < end; ++at)
      for (int bit = 0; bit < 8; ++bit) {
        bytes_now[at] = static_cast<char>(bytes_now[at] ^ (1 << bit));
        wrong += complaint() == expected ? 0 : 1;
        bytes_now[at] = static_cast<char>(bytes_now[at] ^ (1 << bit));
      }
  }
  CHECK(wrong == 0);
  for (std::size_t at = committed; at < bytes_now.size(); ++at) {
    bytes_now[at] = static_cast<char>(bytes_now[at] ^ 4);
    CHECK(complaint().empty()); // no record is lost
    bytes_now[at] = static_cast<char>(bytes_now[at] ^ 4);
  }
}

TEST_CASE_FIXTURE(journal_file, "what had not reached the medium when the machine died is dropped, holes and all") {
  fill(path);
  const std::string good = bytes();
  const std::string tail = good.substr(8, 200) + std::string(300, '\0') + good.substr(8, 200);
  for (const std::string& lost : {std::string(4096, '\0'), tail, std::string("\xFF\xFF\xFF\xFF garbage")}) {
    put(good + lost);
    const content x = read(path);
    CHECK(x.records.size() >= payloads.size());
    CHECK(x.extent.dropped > 0);
  }
  put(std::string(4096, '\0')); // not even the beginning
  CHECK(read(path).extent.bytes == 0);
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

TEST_CASE_FIXTURE(journal_file, "a journal that was removed while it was written says so") {
  journal_writer x{path};
  x.append(0, "lost");
  fs::remove(path);
  x.append(0, "lost");
  try {
    x.flush();
    x.append(0, "lost");
    FAIL("a removed file cannot be gone on with");
  } catch (const error& e) {
    CHECK(std::string(e.what()).find("removed") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(journal_file, "what is no journal is not overwritten") {
  put("file_name,a,b\n1,2,3\n");
  CHECK_THROWS_AS(journal_writer{path}, error);
  CHECK(bytes() == "file_name,a,b\n1,2,3\n");
  journal_writer{path + "2"}.remove();
  CHECK_FALSE(fs::exists(path + "2"));
}
