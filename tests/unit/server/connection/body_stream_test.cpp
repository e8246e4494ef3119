#include "server/handlers/route_table.hpp"
#include "server/io/loop_io.hpp"
#include "server/runtime/loop_server.hpp"
#include "tests/support/http_connection.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

/// More than the buffers of a connection take.
constexpr std::size_t piece_bytes = 16 * 1024 * 1024;

struct StreamCounts {
  std::atomic<int> big_pieces{0};
  std::atomic<int> streams{0};
};

class Pieces final : public BodyStream {
 public:
  Pieces(StreamCounts& counts, std::string piece) : counts_(counts), piece_(std::move(piece)) { ++counts_.streams; }
  ~Pieces() override { --counts_.streams; }

  std::chrono::steady_clock::time_point next(std::string& out) override {
    out.append(piece_);
    if (piece_.size() == piece_bytes) ++counts_.big_pieces;
    return {};  // at once
  }

 private:
  StreamCounts& counts_;
  std::string piece_;
};

class Streaming final : public Endpoint {
 public:
  Streaming(StreamCounts& counts, std::string piece) : counts_(counts), piece_(std::move(piece)) {}

  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.stream = std::make_unique<Pieces>(counts_, piece_);
    co_return;
  }

 private:
  StreamCounts& counts_;
  std::string piece_;
};

class BodyStreams : public testing::Test {
 protected:
  BodyStreams() {
    routes.add("GET", "/small", std::make_unique<Streaming>(counts, "piece\n"));
    routes.add("GET", "/big", std::make_unique<Streaming>(counts, std::string(piece_bytes, 'x')));
  }

  ~BodyStreams() override {
    site.shared->draining = true;
    server->retire({});
    EXPECT_TRUE(server->wait_drained(std::chrono::steady_clock::now() + 30s));
  }

  HttpConnection get(const std::string& target) { return ask("GET", target); }

  HttpConnection ask(const std::string& method, const std::string& target) {
    if (!server) {
      server.emplace(loop.context, loop.io, Service{site, telemetry, routes, timeouts}, Answers::sent);
      server->accept_from(listener);
    }
    HttpConnection connection(listener.address().port());
    connection.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
    return connection;
  }

  void await_streams(int count) const {
    while (counts.streams != count)
      std::this_thread::yield();
  }

  StreamCounts counts;
  RouteTable routes;
  Tracer tracer;
  Telemetry telemetry{"event-loop", tracer};
  Site site;
  Timeouts timeouts;
  Listener listener = Listener::open("listen", {"127.0.0.1", 0, 100, {}}).value();
  Loop loop;
  std::optional<LoopServer> server;
};

TEST_F(BodyStreams, FollowTheHeadUntilTheClientGoes) {
  {
    HttpConnection connection = get("/small");
    const std::string head = connection.read_until("\r\n\r\n");
    EXPECT_NE(head.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(head.find("Content-Length"), std::string::npos);
    for (int piece = 0; piece < 3; ++piece)
      EXPECT_EQ(connection.read_until("\n"), "piece\n");
    EXPECT_EQ(counts.streams, 1);
  }
  await_streams(0);
}

TEST_F(BodyStreams, AreNotBegunForHeadWhichSaysNoLengthThatGetWouldNot) {
  HttpConnection connection = get("/small");
  connection.read_until("\r\n\r\n");
  HttpConnection asked = ask("HEAD", "/small");
  const HttpAnswer answer = asked.receive(true);
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.text.find("Content-Length"), std::string::npos);
  EXPECT_EQ(answer.text.find("Transfer-Encoding"), std::string::npos);
  asked.send(get_request("/nothing"));
  EXPECT_EQ(asked.receive().status, 404U);
  EXPECT_EQ(counts.streams, 1);
}

TEST_F(BodyStreams, MakeNoPieceForAClientThatHasNotReadTheLast) {
  HttpConnection slow = get("/big");
  slow.read_until("\r\n\r\n");
  HttpConnection other = get("/small");
  other.read_until("\r\n\r\n");
  for (int piece = 0; piece < 100; ++piece)
    EXPECT_EQ(other.read_until("\n"), "piece\n");
  EXPECT_EQ(counts.big_pieces, 1);
}

TEST_F(BodyStreams, CutOffAClientThatDoesNotRead) {
  timeouts.request = 20ms;
  HttpConnection deaf = get("/big");
  deaf.read_until("\r\n\r\n");
  await_streams(0);
  EXPECT_EQ(counts.big_pieces, 1);
}

TEST_F(BodyStreams, EndWhenTheServerIsToStop) {
  HttpConnection connection = get("/small");
  connection.read_until("piece\n");
  site.shared->draining = true;
  await_streams(0);
}

}  // namespace
}  // namespace waitlab::server
