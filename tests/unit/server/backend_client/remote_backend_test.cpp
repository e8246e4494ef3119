#include "server/backend_client/remote_backend.hpp"

#include "server/io/blocking_io.hpp"
#include "tests/support/gated_backend.hpp"

#include <gmock/gmock.h>

#include <atomic>
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
BackendReply call(RemoteBackend& backend, std::string_view profile = {}) {
  BlockingIo io;
  const BackendCall asked{.route = "/wait",
                          .request_id = "id",
                          .delay = {},
                          .profile = profile,
                          .deadline = std::chrono::steady_clock::now() + 30s};
  return backend.call(io, asked).get();
}

class RemoteBackendTest : public testing::Test {
 protected:
  std::atomic<Reach> reach_{Reach::unknown};
};

TEST_F(RemoteBackendTest, TriesEveryAddressOfItsNameInOrder) {
  GatedBackend behind;
  behind.open();
  RemoteBackend backend({"name:80", {refusing, refusing_too, resolve_authority(behind.address()).value()}}, reach_);
  EXPECT_EQ(call(backend).outcome, BackendOutcome::ok);
  EXPECT_EQ(call(backend).outcome, BackendOutcome::ok);
  EXPECT_EQ(behind.connections(), 1U);
}

TEST_F(RemoteBackendTest, GoesOverToTheNextAddressWhenTheLastGoodOneRefuses) {
  GatedBackend second;
  second.open();
  std::optional<GatedBackend> first(std::in_place);
  first->open();
  RemoteBackend backend(
      {"name:80", {resolve_authority(first->address()).value(), resolve_authority(second.address()).value()}}, reach_);
  EXPECT_EQ(call(backend).outcome, BackendOutcome::ok);
  first.reset();
  EXPECT_EQ(call(backend).outcome, BackendOutcome::ok);
  EXPECT_EQ(second.arrivals().size(), 1U);
}

TEST_F(RemoteBackendTest, AsksForTheProfileWhateverItsNameHolds) {
  GatedBackend behind;
  behind.open();
  RemoteBackend backend({behind.address(), {resolve_authority(behind.address()).value()}}, reach_);
  call(backend);
  call(backend, "db");
  call(backend, "a b&delay=1ms\r\n%");
  EXPECT_THAT(behind.targets(), testing::ElementsAre("/hold?route=/wait", "/hold?route=/wait&profile=db",
                                                     "/hold?route=/wait&profile=a%20b%26delay%3D1ms%0D%0A%25"));
}

TEST_F(RemoteBackendTest, PassesOnWhichProfilesThereAre) {
  GatedBackend behind;
  behind.open();
  behind.answer_with("HTTP/1.1 400 Bad Request\r\nContent-Length: 30\r\n\r\n{\"detail\": \"there are: db, e\"}");
  RemoteBackend backend({behind.address(), {resolve_authority(behind.address()).value()}}, reach_);
  const BackendReply unknown = call(backend, "bd");
  EXPECT_EQ(unknown.outcome, BackendOutcome::unknown_profile);
  EXPECT_EQ(unknown.detail, "there are: db, e");
  EXPECT_EQ(call(backend).outcome, BackendOutcome::failed) << "which is no fault of a name that was not given";
  behind.answer_with("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(call(backend, "bd").detail, "the backend answered 400");
}

TEST_F(RemoteBackendTest, NamesTheBackendAsItWasGivenWhenNoAddressTakesTheCall) {
  RemoteBackend backend({"name:80", {refusing, refusing_too}}, reach_);
  const BackendReply reply = call(backend);
  EXPECT_EQ(reply.outcome, BackendOutcome::refused);
  EXPECT_THAT(reply.detail, HasSubstr("no backend at name:80"));
}

TEST_F(RemoteBackendTest, TellsWhetherItCouldBeReachedLast) {
  GatedBackend behind;
  behind.open();
  RemoteBackend up({"name:80", {resolve_authority(behind.address()).value()}}, reach_);
  RemoteBackend down({"name:80", {refusing}}, reach_);
  EXPECT_EQ(reach_, Reach::unknown);
  call(up);
  EXPECT_EQ(reach_, Reach::up);
  call(down);
  EXPECT_EQ(reach_, Reach::down);
  call(up);
  EXPECT_EQ(reach_, Reach::up) << "over the connection that was kept";
}

}  // namespace
}  // namespace waitlab::server
