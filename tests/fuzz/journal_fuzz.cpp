// SPDX-License-Identifier: GPL-3.0-or-later
// Journals of runs: their frames, and what their records say.
#include "actors/run_journal.hpp"
#include "config/journal.hpp"
#include "tests/fuzz/target.hpp"

#include <set>

using namespace fugato;

namespace {

constexpr std::size_t tasks = 8;

void check_history(const earlier_runs& x) {
  std::set<std::uint32_t> settled;
  for (const auto& [task, place] : x.done)
    fuzz::promise(task < tasks && settled.insert(task).second, "a track that is done is one of the corpus");
  for (const task_failure& each : x.failed)
    fuzz::promise(each.task < tasks && !settled.contains(each.task), "no track is done and has failed");
  for (const auto& [task, times] : x.crashes)
    fuzz::promise(task < tasks && times > 0, "a track that is blamed is one of the corpus");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  fuzz::attempt([&] {
    std::uint64_t end = 0;
    const journal_extent whole = scan_journal(text, "fuzz.journal", [&](const journal_record& x) {
      fuzz::promise(x.offset >= end && x.offset + x.payload.size() <= size,
                    "records follow each other within the file");
      end = x.offset + x.payload.size();
      return true;
    });
    fuzz::promise(whole.bytes + whole.dropped == size && end <= whole.bytes, "what is not whole is dropped");
    const journal_extent again = scan_journal(std::string_view(text).substr(0, whole.bytes), "fuzz.journal",
                                              [](const journal_record&) { return true; });
    fuzz::promise(again.bytes == whole.bytes && again.dropped == 0, "what is left is whole");
  });
  fuzz::attempt([&] {
    journal_replay history{tasks};
    scan_journal(text, "fuzz.journal", [&](const journal_record& x) {
      history.see(x);
      return true;
    });
    check_history(history.finish(
        {[](std::uint32_t) { return file_stamp{}; }, [](std::uint32_t, const row_place&) { return false; }}));
  });
  return 0;
}
