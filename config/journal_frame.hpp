// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/journal.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// How records lie in a journal's file.
namespace fugato::journal_frame {

constexpr std::string_view magic = "fugato2\n";
constexpr std::size_t head_bytes = 9; // length, CRC, kind
constexpr std::uint8_t commit_kind = 255;
constexpr std::size_t most_payload = 1 << 30;

std::string framed(std::uint8_t kind, std::string_view payload);

/// Of the record that says that all before @p covered is on the medium.
/// @param at where that record stands, so that it is known even among broken ones
std::string commit_payload(std::uint64_t at, std::uint64_t covered);

/// "the record at byte 17 must be ..."
std::string damaged(std::uint64_t offset);

struct source {
  std::uint64_t size = 0;
  /// @returns how many bytes there were
  std::function<std::size_t(std::uint64_t at, char* to, std::size_t size)> read;
};

/// A piece of a source in memory.
class window {
public:
  /// @param piece how much is read at once
  explicit window(source from, std::size_t piece) : from_(std::move(from)), piece_(piece) {}

  std::uint64_t size() const { return from_.size; }
  /// Up to @p size bytes from @p at; fewer only at the end. Valid until the next call.
  std::string_view view(std::uint64_t at, std::size_t size);

private:
  source from_;
  std::size_t piece_;
  std::uint64_t first_ = 0;
  std::string held_;
};

/// The record there; nothing when no whole one is.
std::optional<journal_record> record_at(window& from, std::uint64_t offset);

journal_extent scan(source from, const std::string& name, const journal_visitor& visit);

} // namespace fugato::journal_frame
