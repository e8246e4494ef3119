#include "client/commands/interrupt.hpp"

#include "common/process/process_tree.hpp"

#include <pthread.h>

namespace waitlab::client {
namespace {

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Interrupt::Interrupt() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  if (!is_ignored(SIGHUP)) sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  waiter_ = std::jthread([this](const std::stop_token& over) { wait_for_signal(over); });
}

// The directed SIGTERM only wakes the waiter from its sigwait.
Interrupt::~Interrupt() {
  waiter_.request_stop();
  pthread_kill(waiter_.native_handle(), SIGTERM);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interrupt::wait_for_signal(const std::stop_token& over) {
  int number = 0;
  sigwait(&signals_, &number);
  if (over.stop_requested()) return;
  stop_.request_stop();
  sigwait(&signals_, &number);
  if (over.stop_requested()) return;
  kill_descendants();
  std::signal(number, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  std::raise(number);
}

}  // namespace waitlab::client
