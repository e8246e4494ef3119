#include "server/runtime/compute_pool.hpp"

#include "server/counts/thread_track.hpp"

#include <boost/asio/post.hpp>

namespace waitlab::server {

ComputePool::ComputePool(const Settings& settings, boost::asio::io_context& loop, Tracks& threads)
    : loop_(loop), tracks_(threads), queue_(settings.queue_capacity) {
  try {
    for (std::uint32_t index = 0; index < settings.threads; ++index)
      threads_.emplace_back([this] { run(); });
  } catch (...) {
    queue_.close();
    throw;
  }
  // A thread that is not there yet is no room.
  queue_.await_consumers(settings.threads);
}

ComputePool::~ComputePool() {
  queue_.close();
}

bool ComputePool::try_push(Compute& work) {
  return !queue_.try_push(&work, [](Compute* admitted) { admitted->queue(); });
}

void ComputePool::run() {
  const ThreadTrack lane(tracks_);
  while (const auto work = queue_.pop()) {
    {
      const ScopedActivity working(Activity::running);
      (*work)->run();
    }
    boost::asio::post(loop_, [call = *work] {
      const ScopedActivity running(Activity::running);
      call->resume();
    });
  }
}

}  // namespace waitlab::server
