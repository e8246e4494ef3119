#include "server/backend_client/remote_backend.hpp"

#include "server/io/blocking_io.hpp"
#include "tests/support/gated_backend.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <optional>
#include <utility>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const SocketAddress refusing = resolve_authority("127.0.0.1:1").value();
const SocketAddress refusing_too = resolve_authority("[::1]:1").value();

/// Calls from a thread that blocks.
BackendReply call(RemoteBackend& backend) {
  BlockingIo io;
  const BackendCall asked{
      .route = "/wait", .request_id = "id", .delay = {}, .deadline = std::chrono::steady_clock::now() + 30s};
  return backend.call(io, asked).get();
}

TEST(RemoteBackend, TriesEveryAddressOfItsNameInOrder) {
  GatedBackend behind;
  behind.open();
  RemoteBackend backend({"name:80", {refusing, refusing_too, resolve_authority(behind.address()).value()}});
  EXPECT_EQ(call(backend).outcome, BackendOutcome::ok);
  EXPECT_EQ(call(backend).outcome, BackendOutcome::ok);
  EXPECT_EQ(behind.connections(), 1U);
}

TEST(RemoteBackend, GoesOverToTheNextAddressWhenTheLastGoodOneRefuses) {
  GatedBackend second;
  second.open();
  std::optional<GatedBackend> first(std::in_place);
  first->open();
  RemoteBackend backend(
      {"name:80", {resolve_authority(first->address()).value(), resolve_authority(second.address()).value()}});
  EXPECT_EQ(call(backend).outcome, BackendOutcome::ok);
  first.reset();
  EXPECT_EQ(call(backend).outcome, BackendOutcome::ok);
  EXPECT_EQ(second.arrivals().size(), 1U);
}

TEST(RemoteBackend, NamesTheBackendAsItWasGivenWhenNoAddressTakesTheCall) {
  RemoteBackend backend({"name:80", {refusing, refusing_too}});
  const BackendReply reply = call(backend);
  EXPECT_EQ(reply.outcome, BackendOutcome::refused);
  EXPECT_THAT(reply.detail, HasSubstr("no backend at name:80"));
}

}  // namespace
}  // namespace waitlab::server
