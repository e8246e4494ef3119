#include "server/runtime/loop_server.hpp"

#include "server/handlers/route_table.hpp"
#include "server/io/loop_io.hpp"
#include "tests/support/patience.hpp"
#include "tests/unit/server/io/socket_pair.hpp"

#include <gtest/gtest.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <exception>

namespace waitlab::server {
namespace {

/// The kernel watches a descriptor for a loop once: whoever comes second is refused, as when its means have run out.
class UnwatchedByTheKernel : public testing::Test {
 protected:
  void occupy(int descriptor) { occupied.assign(descriptor); }

  ~UnwatchedByTheKernel() override {
    server.retire({});
    EXPECT_TRUE(server.wait_drained(Clock::now() + patience));
    occupied.release();  // its owner closes it
  }

  RouteTable routes;
  Tracer tracer;
  Telemetry telemetry{"event-loop", tracer};
  Site site;
  Loop loop;
  boost::asio::posix::stream_descriptor occupied{loop.context};
  LoopServer server{loop.context, loop.io, {site, telemetry, routes, {}}, Answers::sent};
};

TEST_F(UnwatchedByTheKernel, AConnectionEndsAndIsCounted) {
  SocketPair pair;
  occupy(pair.tested.get());
  server.adopt({std::move(pair.tested), HttpState({}), Counted(site.shared->connections)});
  char byte = 0;
  EXPECT_EQ(::recv(pair.peer.get(), &byte, 1, 0), 0);
  EXPECT_EQ(telemetry.counts.total().endings[Ending::unwatched], 1U);
}

TEST_F(UnwatchedByTheKernel, AListenerIsAFailureToStart) {
  Listener listener = Listener::open("listen", {"127.0.0.1", 0, 100, {}}).value();
  occupy(listener.descriptor());
  EXPECT_THROW(server.accept_from(listener), std::exception);
}

}  // namespace
}  // namespace waitlab::server
