#pragma once
// Forked processes: how code notices that it runs in a child.
//
// A child that a handler forked has one thread: a copy of the executor, in the midst of a batch of
// its parent's. If the user's code lets it come back, it must not go on there.

#include <atomic>

#include "bindings/python_attach.hpp"

namespace veltrix {

/// Counted up in every child by pthread_atfork (registry.cpp).
inline std::atomic<unsigned> g_fork_generation{0};

/// How many forks lie between the first process and this one.
inline unsigned fork_generation() noexcept {
  return g_fork_generation.load(std::memory_order_relaxed);
}

/// A state for the calling thread, which has none yet. CPython makes it under a lock, without the
/// GIL; a child forked meanwhile would wait for that lock for ever, so no fork happens then.
PyThreadState* new_thread_state() noexcept;
/// For pthread_atfork: no thread state is being made between the two.
void before_fork() noexcept;
void after_fork() noexcept;

/// Ends this process as its return, or the Python error that is set, says.
[[noreturn]] void leave_forked_child() noexcept;

/// Calls the user's code; a child that was forked there, and comes back, ends here.
template <class Call>
auto enter_user_code(const Call& call) {
  const unsigned generation = fork_generation();
  auto result = enter_python(call);
  if (fork_generation() != generation) leave_forked_child();
  return result;
}

}  // namespace veltrix
