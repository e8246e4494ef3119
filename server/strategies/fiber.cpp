#include "server/strategies/fiber.hpp"

#include "server/io/fiber_io.hpp"

#include <memory>

namespace waitlab::server {

Fiber::Fiber(const Settings& settings, const ApplicationParts& parts)
    : LoopStrategy(parts, settings.loops,
                   [&](boost::asio::io_context& loop) { return std::make_unique<FiberIo>(loop, settings.stack); }) {}

}  // namespace waitlab::server
