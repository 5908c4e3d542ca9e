#pragma once
// Names a thread for `top`, debuggers and logs, and shields native threads from signals: Python's
// handlers run on the main thread only.

#include <string>

#include <pthread.h>
#include <signal.h>

namespace veltrix {

/// At most 15 characters are kept (the kernel's bound).
inline void name_this_thread(const std::string& name) noexcept {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
}

inline void block_signals() noexcept {
  sigset_t all;
  sigfillset(&all);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigdelset(&all, fault);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace veltrix
