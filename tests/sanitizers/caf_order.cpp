// SPDX-License-Identifier: GPL-3.0-or-later
// What orders actors, for ThreadSanitizer: CAF comes as a package that is not instrumented, and its mailboxes,
// reference counts and scheduler are atomics inside it. Unseen, they let every value that a message carries look like a
// race. Each function here stands before the one of that name in CAF's libraries, calls it, and says what it
// guarantees:
//   what was done before a message was sent is over when it is handled;
//   what an actor did in one turn is over before its next, on whatever thread;
//   what was done with a shared object is over before its last owner lets go of it.
// It says no more than that, so a race between two actors over anything else is still found. Signatures are those of
// the Itanium C++ ABI: `this` comes first, and a unique_ptr is passed by its address.
#ifdef __SANITIZE_THREAD__

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

extern "C" {
void __tsan_acquire(void* address); // NOLINT(bugprone-reserved-identifier): the sanitizer's names
void __tsan_release(void* address); // NOLINT(bugprone-reserved-identifier)
}

namespace {

template <class Function>
Function* behind(const char* symbol) {
  void* const found = dlsym(RTLD_NEXT, symbol);
  if (found == nullptr) {
    std::fprintf(stderr, "CAF must have %s, or tests/sanitizers/caf_order.cpp must learn what its version has\n",
                 symbol);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

void pass_on(void* owned) {
  __tsan_acquire(owned);
  __tsan_release(owned);
}

} // namespace

// A message that is sent, and one that is handled.

#define ENQUEUE_SCHEDULED                                                                                              \
  "_ZN3caf15scheduled_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEEPNS_14execution_unitE"
#define ENQUEUE_BLOCKING                                                                                               \
  "_ZN3caf14blocking_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEEPNS_14execution_unitE"
#define VISIT_SCHEDULED "_ZN3caf15scheduled_actor15mailbox_visitorclERNS_15mailbox_elementE"
#define VISIT_BLOCKING "_ZN3caf14blocking_actor15mailbox_visitorclERNS_15mailbox_elementE"

#define VISIT_UNHANDLED "_ZNK3caf6detail20sync_request_bouncerclERKNS_15mailbox_elementE"

using enqueue = void(void*, void**, void*);
using visit = int(void*, void*);

enqueue enqueue_scheduled asm(ENQUEUE_SCHEDULED);
void enqueue_scheduled(void* self, void** message, void* unit) {
  static const auto real = behind<enqueue>(ENQUEUE_SCHEDULED);
  __tsan_release(*message);
  real(self, message, unit);
}

enqueue enqueue_blocking asm(ENQUEUE_BLOCKING);
void enqueue_blocking(void* self, void** message, void* unit) {
  static const auto real = behind<enqueue>(ENQUEUE_BLOCKING);
  __tsan_release(*message);
  real(self, message, unit);
}

visit visit_scheduled asm(VISIT_SCHEDULED);
int visit_scheduled(void* self, void* message) {
  static const auto real = behind<visit>(VISIT_SCHEDULED);
  __tsan_acquire(message);
  return real(self, message);
}

visit visit_blocking asm(VISIT_BLOCKING);
int visit_blocking(void* self, void* message) {
  static const auto real = behind<visit>(VISIT_BLOCKING);
  __tsan_acquire(message);
  return real(self, message);
}

// One that an actor finds in its mailbox at its end.
using visit_unhandled = void(void*, void*);
visit_unhandled bounce asm(VISIT_UNHANDLED);
void bounce(void* bouncer, void* message) {
  static const auto real = behind<visit_unhandled>(VISIT_UNHANDLED);
  __tsan_acquire(message);
  real(bouncer, message);
}

// An actor that is started, and its turns. Called through a pointer to its second base, `resumable`, the turn comes in
// by a door of its own (a "thunk"), which is told the address of that base.

#define LAUNCH "_ZN3caf15scheduled_actor6launchEPNS_14execution_unitEbb"
#define RESUME "_ZN3caf15scheduled_actor6resumeEPNS_14execution_unitEm"
#define RESUME_BASE "_ZThn160_N3caf15scheduled_actor6resumeEPNS_14execution_unitEm"
constexpr std::ptrdiff_t second_base = 160;

using launch = void(void*, void*, bool, bool);
using resume = int(void*, void*, std::size_t);

launch launch_scheduled asm(LAUNCH);
void launch_scheduled(void* self, void* unit, bool lazy, bool hidden) {
  static const auto real = behind<launch>(LAUNCH);
  __tsan_release(self);
  real(self, unit, lazy, hidden);
}

resume resume_scheduled asm(RESUME);
int resume_scheduled(void* self, void* unit, std::size_t most) {
  static const auto real = behind<resume>(RESUME);
  __tsan_acquire(self);
  const int result = real(self, unit, most);
  __tsan_release(self);
  return result;
}

resume resume_scheduled_base asm(RESUME_BASE);
int resume_scheduled_base(void* base, void* unit, std::size_t most) {
  return resume_scheduled(static_cast<char*>(base) - second_base, unit, most);
}

// Owners that let go.

#define DEREF "_ZNK3caf11ref_counted5derefEv"
#define RELEASE_ACTOR "_ZN3caf21intrusive_ptr_releaseEPNS_19actor_control_blockE"
#define RELEASE_ACTOR_WEAK "_ZN3caf26intrusive_ptr_release_weakEPNS_19actor_control_blockE"
#define RELEASE_MESSAGE "_ZN3caf6detail21intrusive_ptr_releaseEPKNS0_20dynamic_message_dataE"

using let_go = void(void*);

let_go deref asm(DEREF);
void deref(void* owned) {
  static const auto real = behind<let_go>(DEREF);
  pass_on(owned);
  real(owned);
}

let_go release_actor asm(RELEASE_ACTOR);
void release_actor(void* owned) {
  static const auto real = behind<let_go>(RELEASE_ACTOR);
  pass_on(owned);
  real(owned);
}

let_go release_actor_weak asm(RELEASE_ACTOR_WEAK);
void release_actor_weak(void* owned) {
  static const auto real = behind<let_go>(RELEASE_ACTOR_WEAK);
  pass_on(owned);
  real(owned);
}

let_go release_message asm(RELEASE_MESSAGE);
void release_message(void* owned) {
  static const auto real = behind<let_go>(RELEASE_MESSAGE);
  pass_on(owned);
  real(owned);
}

#endif
