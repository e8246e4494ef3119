#include "server/strategies/event_loop_with_pool.hpp"

#include "server/io/loop_io.hpp"

#include <memory>

namespace waitlab::server {

namespace {

/// Waits as a loop does, and gives work to a pool.
class PoolIo final : public LoopIo {
 public:
  PoolIo(boost::asio::io_context& loop, const ComputePool::Settings& settings, Tracks& threads)
      : LoopIo(loop), pool_(settings, loop, threads) {}

  bool begin(Call& call) override {
    if (call.kind() != Call::Kind::compute) return LoopIo::begin(call);
    return !pool_.try_push(static_cast<Compute&>(call)) &&
           call.advance(std::make_error_code(std::errc::resource_unavailable_try_again));
  }

  void park(Call& call) override {
    if (call.kind() != Call::Kind::compute) LoopIo::park(call);
  }

 private:
  ComputePool pool_;
};

}  // namespace

EventLoopWithPool::EventLoopWithPool(const Settings& settings, const ApplicationParts& parts)
    : LoopStrategy(parts, 1, [&](boost::asio::io_context& loop) {
        return std::make_unique<PoolIo>(loop, settings, parts.telemetry.threads);
      }) {}

}  // namespace waitlab::server
