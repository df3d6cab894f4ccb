// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// A file of records that survives the death of its writer at any moment.
///
/// It begins with 8 bytes that name the format. A record is its payload's length
/// and a CRC-32 (each 4 bytes, of the machine's byte order), its kind (1 byte) and
/// the payload; the CRC is of length, kind and payload.
namespace fugato {

struct journal_record {
  std::uint64_t offset = 0; ///< in the file
  std::uint8_t kind = 0;
  std::string payload;
};

/// What can be read of a journal.
struct journal_content {
  std::vector<journal_record> records;
  std::uint64_t bytes = 0; ///< up to the end of the last whole record
  bool torn = false;       ///< whether the writer died within a record; that one is left out
};

/// @throws error(output) when the file cannot be read, is no journal, or is damaged
///         elsewhere than at its very end; the sentence names file and offset
journal_content read_journal(const std::string& path);

/// Writes records one after the other. They reach the medium together, at most
/// 100 ms or 1 MB late: an fsync a record would cost more than the work.
/// Calls may come from several threads.
class journal_writer {
public:
  /// Goes on at the end of the whole records of an existing file, else begins one.
  /// @throws error(output) when the file cannot be written; error(usage) when another
  ///         process writes to it
  explicit journal_writer(const std::string& path);
  /// Writes out what is left; the file stays.
  ~journal_writer();
  journal_writer(const journal_writer&) = delete;
  journal_writer& operator=(const journal_writer&) = delete;

  /// What the file held when it was opened.
  const journal_content& before() const { return before_; }

  /// @throws error(output) when this or an earlier record could not be written:
  ///         after a failed fsync nothing more can be believed
  void append(std::uint8_t kind, std::string_view payload);

  /// Waits until all is on the medium. @throws error(output)
  void flush();

  /// Closes and removes the file: its run is over.
  void remove();

private:
  void commit_from_time_to_time(const std::stop_token& stop);
  void write_out(std::unique_lock<std::mutex>& lock);
  void check() const;

  std::string path_;
  int fd_ = -1;
  journal_content before_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string waiting_;
  std::string problem_; ///< of the first write that failed
  std::jthread clerk_;  ///< last: ends first
};

} // namespace fugato
