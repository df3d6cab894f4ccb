// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/files.hpp"

#include <exception>
#include <functional>
#include <string>
#include <system_error>

/// What happens where memory or threads run short.
///
/// A failed allocation that has an owner, such as the track that is being decoded, throws, and its owner answers for
/// it. Anywhere else, above all inside CAF, it would lose a message for which somebody then waits for ever: there it
/// ends the process at once, as if it were killed, which a journal survives.
namespace fugato {

/// While one lives, shortage that has no owner ends the process: the newest tells how to go on and cleans up. So does
/// a library that ends the process, as OpenMP's does when a thread of its own cannot start.
class last_words {
public:
  /// @param told a sentence that follows what was short, or empty
  /// @param clean removes what is half done; on whatever thread met the shortage, so it may fail
  explicit last_words(const std::string& told, int exit_code = 1, std::function<void()> clean = remove_unfinished);
  ~last_words();
  last_words(const last_words&) = delete;
  last_words& operator=(const last_words&) = delete;

  void speak() const;
  int exit_code() const { return exit_code_; }

private:
  std::string told_;
  int exit_code_;
  std::function<void()> clean_;
  const last_words* before_;
};

/// In its scope, on its thread, allocations that fail throw std::bad_alloc. Nothing of CAF's belongs there.
class answering_for_memory {
public:
  answering_for_memory();
  ~answering_for_memory();
  answering_for_memory(const answering_for_memory&) = delete;
  answering_for_memory& operator=(const answering_for_memory&) = delete;

private:
  bool before_;
};

/// Says what was short, and the last words.
[[noreturn]] void end_for_want_of_threads();

/// Says why and the last words: something else than a shortage leaves no other way to end than at once.
[[noreturn]] void end_at_once(const std::string& why, int exit_code);

/// Makes something that needs a thread of its own. CAF counts a thread before it starts it, and waits for it for ever.
template <class F>
auto with_thread(F make) {
  try {
    return make();
  } catch (const std::system_error&) {
    end_for_want_of_threads();
  }
}

/// The sentence for an exception that none of ours threw.
std::string sentence_of(const std::exception& e);

} // namespace fugato
