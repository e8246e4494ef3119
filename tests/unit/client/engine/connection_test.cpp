#include "client/engine/connection.hpp"

#include "client/engine/load_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <sys/resource.h>
#include <functional>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::address_v4;
using boost::asio::ip::tcp;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// Counts what a connection tells.
struct Events final : ConnectionEvents {
  void on_response(Connection& connection) override {
    ++responses;
    if (then) then(connection);
  }
  void on_failure(Connection&, ErrorKind kind, std::string_view) override { failures.push_back(kind); }
  void on_deadline(Connection&) override {}
  void on_idle_close(Connection&) override { ++idle_closes; }

  std::function<void(Connection&)> then;  ///< what to do with a response, before the loop goes on
  int responses = 0;
  int idle_closes = 0;
  std::vector<ErrorKind> failures;
};

RequestText get_text() {
  const Target target{.host = "h", .proven_name = "h", .port = "80", .authority = "h", .origin_form = "/"};
  const LoadOptions options;
  return {options, target, request_mix(options, target).front()};
}

/// A connection of the client to this test, whose loop runs only when it is told to.
class ConnectionTest : public testing::Test {
 protected:
  /// A connection that was made before, as a run adopts it.
  void adopt(std::chrono::nanoseconds took = 3ms) {
    tcp::socket socket(io_);
    socket.connect(listener_.local_endpoint());
    peer_ = listener_.accept();
    connection_.adopt({.protocol = tcp::v4(), .socket = FileDescriptor(socket.release()), .tls = {}, .took = took});
  }

  void carry(Connection& connection) { connection.carry({.ticket = {}, .target = 0, .sent = Clock::now()}, text_); }

  /// Takes the request and answers it.
  void answer(Connection& connection) {
    std::string request(text_.size(), ' ');
    boost::asio::read(peer_, boost::asio::buffer(request));
    boost::asio::write(peer_, boost::asio::buffer(ok));
    run_until([this] { return events_.responses > 0; });
    EXPECT_TRUE(connection.open());
  }

  void run_until(auto reached) {
    io_.restart();
    while (!reached())
      io_.run_one();
  }

  /// Whether the client's side is closed, once its own bytes are read.
  bool peer_sees_the_end() {
    boost::system::error_code error;
    std::string rest;
    boost::asio::read(peer_, boost::asio::dynamic_buffer(rest), error);
    return error == boost::asio::error::eof;
  }

  boost::asio::io_context io_{1};
  tcp::acceptor listener_{io_, {address_v4::loopback(), 0}};
  tcp::socket peer_{io_};
  Events events_;
  RequestText text_ = get_text();
  Connection::Servers servers_{listener_.local_endpoint()};
  Connection connection_{io_, servers_, nullptr, "", events_};
};

TEST_F(ConnectionTest, IsFitForARequestWhileNothingCame) {
  adopt();
  EXPECT_TRUE(connection_.look());
  carry(connection_);
  answer(connection_);
  EXPECT_TRUE(connection_.look());
  EXPECT_EQ(events_.idle_closes, 0);
}

// Each before the loop could see it.
TEST_F(ConnectionTest, IsClosedWhereBytesCameThatNobodyAskedFor) {
  for (const std::string_view stray : {ok, std::string_view("\r\n"), std::string_view("HTTP/1.1 408 X\r\n\r\n")}) {
    adopt();
    boost::asio::write(peer_, boost::asio::buffer(stray));
    EXPECT_FALSE(connection_.look());
    EXPECT_FALSE(connection_.open());
    EXPECT_TRUE(peer_sees_the_end());
  }
  EXPECT_EQ(events_.idle_closes, 3);
  EXPECT_EQ(connection_.traffic().unasked, 3u);
}

TEST_F(ConnectionTest, IsClosedWhereTheServerClosedOrHalfClosedIt) {
  adopt();
  peer_.close();
  EXPECT_FALSE(connection_.look());
  adopt();
  peer_.shutdown(tcp::socket::shutdown_send);
  EXPECT_FALSE(connection_.look());
  EXPECT_TRUE(peer_sees_the_end());
  EXPECT_EQ(events_.idle_closes, 2);
  EXPECT_EQ(connection_.traffic().unasked, 0u) << "an end is no byte";
}

TEST_F(ConnectionTest, IsClosedBetweenRequestsAsWell) {
  adopt();
  carry(connection_);
  answer(connection_);
  boost::asio::write(peer_, boost::asio::buffer(ok));
  EXPECT_FALSE(connection_.look());
  EXPECT_TRUE(peer_sees_the_end());
}

TEST_F(ConnectionTest, TellsWhenTheFirstPartOfAResponseCame) {
  adopt();
  carry(connection_);
  answer(connection_);
  EXPECT_FALSE(connection_.first_part()) << "it came in one";
  carry(connection_);
  const auto begin = Clock::now();
  boost::asio::write(peer_, boost::asio::buffer(ok.substr(0, 10)));
  run_until([this] { return connection_.first_part().has_value(); });
  EXPECT_GE(*connection_.first_part(), begin);
  boost::asio::write(peer_, boost::asio::buffer(ok.substr(10)));
  run_until([this] { return events_.responses == 2; });
  EXPECT_TRUE(connection_.first_part());
}

// As a closed loop uses it: at once, before anything else is read from it.
TEST_F(ConnectionTest, IsLookedAtWithinAResponseToo) {
  for (const bool stray : {true, false}) {
    adopt();
    events_.responses = 0;
    events_.then = [&](Connection& connection) {
      stray ? void(boost::asio::write(peer_, boost::asio::buffer(ok))) : peer_.shutdown(tcp::socket::shutdown_send);
      EXPECT_FALSE(connection.look());
      EXPECT_FALSE(connection.open());
    };
    carry(connection_);
    std::string request(text_.size(), ' ');
    boost::asio::read(peer_, boost::asio::buffer(request));
    boost::asio::write(peer_, boost::asio::buffer(ok));
    run_until([this] { return events_.responses > 0; });
    EXPECT_TRUE(peer_sees_the_end());
  }
  EXPECT_EQ(events_.idle_closes, 2);
  EXPECT_EQ(connection_.traffic().unasked, 1u);
}

TEST_F(ConnectionTest, ChargesItsFirstRequestWithWhatItTookToMake) {
  adopt(3ms);
  EXPECT_EQ(connection_.charge(), 3ms);
  EXPECT_EQ(connection_.traffic().opened, 0u) << "nobody has used it";
  carry(connection_);
  EXPECT_EQ(connection_.attempt().charged, 3ms);
  EXPECT_EQ(connection_.attempt().connect, 3ms);
  EXPECT_EQ(connection_.traffic().opened, 1u);
  answer(connection_);
  carry(connection_);
  EXPECT_EQ(connection_.attempt().connect, 0ns);
  EXPECT_EQ(connection_.traffic().opened, 1u);
}

TEST_F(ConnectionTest, ChargesNobodyForOneThatWasClosedBeforeItsUse) {
  adopt(3ms);
  connection_.drop();
  EXPECT_EQ(connection_.charge(), 0ns);
}

TEST_F(ConnectionTest, GoesToTheNextAddressWhereOneRefuses) {
  tcp::acceptor refusing(io_, {address_v4::loopback(), 0});
  const tcp::endpoint nobody = refusing.local_endpoint();
  refusing.close();
  const Connection::Servers servers{nobody, listener_.local_endpoint()};
  Connection connection(io_, servers, nullptr, "", events_);
  carry(connection);
  run_until([&] { return connection.traffic().opened == 1; });
  peer_ = listener_.accept();
  answer(connection);
  EXPECT_EQ(connection.traffic().elsewhere, 1u);
  EXPECT_THAT(events_.failures, testing::IsEmpty());
}

TEST_F(ConnectionTest, ComesBackToTheFirstAddressOnceThatTakesItAgain) {
  tcp::acceptor refusing(io_, {address_v4::loopback(), 0});
  const tcp::endpoint first = refusing.local_endpoint();
  refusing.close();
  const Connection::Servers servers{first, listener_.local_endpoint()};
  Connection connection(io_, servers, nullptr, "", events_);
  carry(connection);
  run_until([&] { return connection.traffic().opened == 1; });
  peer_ = listener_.accept();
  answer(connection);
  connection.drop();
  tcp::acceptor back(io_, first);
  carry(connection);
  run_until([&] { return connection.traffic().opened == 2; });
  EXPECT_EQ(connection.traffic().elsewhere, 1u);
}

// Out of descriptors, it would say of every address that it does not take the connection.
TEST_F(ConnectionTest, StaysWithTheFirstAddressWhereThisMachineIsAtItsLimit) {
  const tcp::acceptor second(io_, {address_v4::loopback(), 0});
  const Connection::Servers servers{listener_.local_endpoint(), second.local_endpoint()};
  Connection connection(io_, servers, nullptr, "", events_);
  carry(connection);
  run_until([&] { return connection.traffic().opened == 1; });
  connection.drop();
  RequestText& text = text_;  // a sanitizer looks at what `this` is by means of descriptors
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  connection.carry({.ticket = {}, .target = 0, .sent = {}}, text);
  ::setrlimit(RLIMIT_NOFILE, &before);  // in time for the second address
  run_until([&] { return !events_.failures.empty() || connection.traffic().opened > 1; });
  EXPECT_THAT(events_.failures, testing::ElementsAre(ErrorKind::connect_failed));
  EXPECT_EQ(connection.traffic().elsewhere, 0u);
}

TEST_F(ConnectionTest, FailsOnceWhereAllAddressesRefuse) {
  tcp::acceptor refusing(io_, {address_v4::loopback(), 0});
  const tcp::endpoint nobody = refusing.local_endpoint();
  refusing.close();
  const Connection::Servers servers{nobody, nobody};
  Connection connection(io_, servers, nullptr, "", events_);
  carry(connection);
  run_until([&] { return !events_.failures.empty(); });
  EXPECT_THAT(events_.failures, testing::ElementsAre(ErrorKind::connect_refused));
  EXPECT_EQ(connection.failed_connects(), 1u);
}

}  // namespace
}  // namespace waitlab::client
