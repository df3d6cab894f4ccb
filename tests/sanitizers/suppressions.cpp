// SPDX-License-Identifier: GPL-3.0-or-later
// What the sanitizers are not to report, each with its reason. Compiled in: a confined worker could not read a file.
#ifdef __SANITIZE_ADDRESS__

// CAF 0.17's broker and its proxies of remote actors hold each other when a worker process leaves: a few kB at its end.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's name
extern "C" const char* __lsan_default_suppressions() { return "leak:libcaf_io.so\nleak:libcaf_core.so\n"; }

// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }

#endif
#ifdef __SANITIZE_THREAD__

// Libraries from packages are not instrumented. What they do with memory that is theirs is not looked at; locks and
// threads of theirs count all the same, and what CAF's atomics order is told by caf_order.cpp.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's name
extern "C" const char* __tsan_default_options() { return "ignore_noninstrumented_modules=1 second_deadlock_stack=1"; }

// XGBoost's own threads wait for each other in libgomp, unseen. It and the program share functions of the standard
// library, which are the program's and instrumented, so that XGBoost seems to race with itself.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" const char* __tsan_default_suppressions() { return "race:libxgboost.so\n"; }

#endif
