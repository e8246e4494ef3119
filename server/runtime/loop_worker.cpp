#include "server/runtime/loop_worker.hpp"

#include "server/io/loop_io.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace waitlab::server {

std::unique_ptr<Io> LoopWorker::plain_io(boost::asio::io_context& loop) {
  return std::make_unique<LoopIo>(loop);
}

LoopWorker::LoopWorker(const ApplicationParts& parts, const MakeIo& make_io)
    : io_(make_io(context_)),
      application_(parts),
      lag_probe_(context_, parts.telemetry),
      housekeeping_(context_, [this] { application_.housekeep(); }),
      server_(context_, *io_, application_.service(), Answers::gathered) {}

void LoopWorker::post(std::function<void()> run) {
  boost::asio::post(context_, std::move(run));
}

}  // namespace waitlab::server
