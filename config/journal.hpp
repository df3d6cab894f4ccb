// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

/// A file of records that survives the death of its writer at any moment.
///
/// It begins with 8 bytes that name the format. A record is its payload's length
/// and a CRC-32 (each 4 bytes, of the machine's byte order), its kind (1 byte) and
/// the payload; the CRC is of length, kind and payload. After each fdatasync comes a
/// record of the journal's own: where it stands, and up to where all had reached the
/// medium. So a reader can tell what a dying machine leaves, a broken end that was
/// never promised to anybody, from damage of what was.
namespace fugato {

struct journal_record {
  std::uint64_t offset = 0; ///< in the file
  std::uint8_t kind = 0;    ///< below 255
  std::string_view payload; ///< as long as it is looked at
};

/// @returns whether to go on
using journal_visitor = std::function<bool(const journal_record&)>;

/// What of a journal can be used.
struct journal_extent {
  std::uint64_t bytes = 0;   ///< up to the end of the last whole record
  std::uint64_t dropped = 0; ///< behind it: a broken end that had not reached the medium
};

/// Shows all records in their order; memory does not grow with the file.
/// @throws error(output) when the file cannot be read, is no journal, or is damaged
///         where all had reached the medium; the sentence names file and offset
journal_extent scan_journal(const std::string& path, const journal_visitor& visit);

/// The same of bytes. @param name for the errors
journal_extent scan_journal(std::string_view bytes, const std::string& name, const journal_visitor& visit);

/// Writes records one after the other. Each is given to the system at once, so that the
/// death of the process loses none; they reach the medium together, at most 100 ms or 1 MB
/// late: an fsync a record would cost more than the work. Calls may come from several threads.
class journal_writer {
public:
  /// Goes on at the end of the whole records of an existing file, which it shows to
  /// @p visit, else begins one.
  /// @throws error(output) when the file cannot be written or is damaged; error(usage) when
  ///         another process writes to it; whatever @p visit throws
  explicit journal_writer(const std::string& path, const journal_visitor& visit = {});
  /// Writes out what is left; the file stays.
  ~journal_writer();
  journal_writer(const journal_writer&) = delete;
  journal_writer& operator=(const journal_writer&) = delete;

  /// What the file held when it was opened.
  const journal_extent& before() const { return before_; }

  /// @returns the record's offset
  /// @throws error(output) when this or an earlier record could not be written:
  ///         after a failed fsync nothing more can be believed
  std::uint64_t append(std::uint8_t kind, std::string_view payload);

  /// The payload of a record. @throws error(output) when it is no longer what was written
  std::string read(std::uint64_t offset) const;

  /// Waits until all is on the medium. @throws error(output)
  void flush();

  /// Closes and removes the file: its run is over.
  void remove();

private:
  void open(const journal_visitor& visit);
  void commit_from_time_to_time(const std::stop_token& stop);
  void commit();
  std::uint64_t put(std::uint8_t kind, std::string_view payload);
  void check() const;

  std::string path_;
  int fd_ = -1;
  journal_extent before_;
  std::mutex committing_; ///< held while all that was written is brought to the medium
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::uint64_t end_ = 0;       ///< of the file
  std::uint64_t committed_ = 0; ///< up to where it is on the medium
  std::string problem_;         ///< of the first write that failed
  std::jthread clerk_;          ///< last: ends first
};

} // namespace fugato
