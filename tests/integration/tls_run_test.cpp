#include "client/engine/load_run.hpp"

#include "client/engine/first_contact.hpp"
#include "client/engine/load_plan.hpp"
#include "client/engine/tls_context.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/support/tls_peer.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Then = ScriptedAnswer::Then;
using Version = TlsPeerContext::Version;

class TlsRun : public testing::Test {
 protected:
  TlsRun() { trusted_.write(certificate_.pem()); }

  LoadOptions options_for(const ScriptedServer& server, std::uint64_t requests) const {
    LoadOptions options;
    options.url = server.url("/path");
    options.requests = requests;
    options.connections = 1;
    options.timeout = 30s;
    options.tls.ca_file = trusted_.path();
    return options;
  }

  /// Runs 4 requests on 2 connections that are all answered so, and returns what was recorded.
  LoadRecord record_of(const ScriptedAnswer& answer, const std::string& method = "GET") const {
    const ScriptedServer server([&answer](const SeenRequest&) { return answer; }, TlsPeerContext(certificate_));
    LoadOptions options = options_for(server, 4);
    options.connections = 2;
    options.method = method;
    LoadRecord record = run_load(options).value().record;
    EXPECT_EQ(record.requests.sent, 4u);
    EXPECT_EQ(record.requests.sent, record.requests.ended());
    return record;
  }

  /// What two requests come to when the server has to prove to be `host`, without the handshake that comes first.
  LoadRecord record_without_trial(const ScriptedServer& server, const std::string& host,
                                  std::chrono::nanoseconds timeout) const {
    LoadOptions options = options_for(server, 2);
    options.timeout = timeout;
    const TlsContext tls = TlsContext::make(host, options.tls).value();
    const boost::asio::ip::tcp::endpoint address(boost::asio::ip::address_v4::loopback(), server.port());
    const Loops loops = make_loops(
        options, make_plans(options, parse_target(options.url).value(), {.servers = {address}, .connection = {}}, &tls),
        make_timeline(options, Clock::now()));
    loops.front()->run({});
    return loops.front()->recorder().records().front();
  }

  std::string refusal_of(const TestCertificate& certificate) const {
    const ScriptedServer server(always_ok, TlsPeerContext(certificate));
    const auto result = run_load(options_for(server, 1));
    EXPECT_TRUE(server.requests().empty());
    return result ? "trusted" : result.error().message;
  }

  TestCertificate certificate_;
  TemporaryFile trusted_{".pem"};
};

TEST_F(TlsRun, SendsAClosedLoopOverKeptConnections) {
  for (const Version version : {Version::tls_1_2, Version::tls_1_3}) {
    const ScriptedServer server(always_ok, TlsPeerContext(certificate_, version));
    LoadOptions options = options_for(server, 100);
    options.connections = 4;
    options.threads = 2;
    const LoadResult result = run_load(options).value();
    EXPECT_TRUE(result.valid());
    EXPECT_EQ(result.record.requests.completed, 100u);
    EXPECT_EQ(result.record.connections, 4u);
    EXPECT_EQ(result.record.error_count(), 0u);
    EXPECT_THAT(server.requests().front().text, StartsWith("GET /path HTTP/1.1\r\nHost: 127.0.0.1:"));
  }
}

TEST_F(TlsRun, SendsItsFirstRequestOnTheConnectionThatTriedTheHandshake) {
  for (const Version version : {Version::tls_1_2, Version::tls_1_3}) {
    const ScriptedServer server(always_ok, TlsPeerContext(certificate_, version));
    const LoadRecord record = run_load(options_for(server, 1)).value().record;
    EXPECT_EQ(record.requests.completed, 1u);
    EXPECT_EQ(record.connections, 1u);
    EXPECT_EQ(server.connections(), 1u);
    EXPECT_GT(record.split.all().part_ns[static_cast<std::size_t>(Part::connect)], 0);
  }
}

TEST_F(TlsRun, SendsAnOpenLoop) {
  const ScriptedServer server(always_ok, TlsPeerContext(certificate_));
  LoadOptions options = options_for(server, 50);
  options.rate = 1000;
  const LoadRecord record = run_load(options).value().record;
  EXPECT_EQ(record.requests.completed, 50u);
  EXPECT_EQ(server.requests().size(), 50u);
}

TEST_F(TlsRun, ReceivesLongResponses) {
  const std::string body(100'000, 'x');
  const LoadRecord record = record_of({"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body, Then::keep});
  EXPECT_EQ(record.requests.completed, 4u);
  EXPECT_EQ(record.connections, 2u);
}

TEST_F(TlsRun, KnowsThatHeadHasNoBody) {
  const LoadRecord record = record_of({"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", Then::keep}, "HEAD");
  EXPECT_EQ(record.requests.completed, 4u);
  EXPECT_EQ(record.connections, 2u);
}

TEST_F(TlsRun, ConnectsAnewAfterAGoodbye) {
  const LoadRecord record = record_of({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Then::close}, "POST");
  EXPECT_EQ(record.requests.completed, 4u);
  EXPECT_EQ(record.connections, 4u);
  EXPECT_EQ(record.error_count(), 0u);
}

TEST_F(TlsRun, RepeatsAnIdempotentRequestThatAClosedConnectionSwallowed) {
  const ScriptedServer server(
      [](const SeenRequest& request) {
        return request.on_connection == 0 ? ok_answer() : ScriptedAnswer{"", Then::cut};
      },
      TlsPeerContext(certificate_));
  const LoadRecord record = run_load(options_for(server, 10)).value().record;
  EXPECT_EQ(record.requests.completed, 10u);
  EXPECT_EQ(record.retried, 9u);
}

// Anyone on the way can end a connection; only the server itself can say close_notify.
TEST_F(TlsRun, TakesOnlyAGoodbyeForTheEndOfABody) {
  const std::string answer = "HTTP/1.1 200 OK\r\n\r\nuntil the end";
  EXPECT_EQ(record_of({answer, Then::close}).requests.completed, 4u);
  const LoadRecord cut = record_of({answer, Then::cut});
  EXPECT_EQ(cut.requests.completed, 0u);
  EXPECT_EQ(cut.error(ErrorKind::closed_early).count, 4u);
  EXPECT_THAT(cut.error(ErrorKind::closed_early).example, HasSubstr("close_notify"));
}

TEST_F(TlsRun, TellsAResetConnection) {
  EXPECT_EQ(record_of({"", Then::reset}).error(ErrorKind::reset).count, 4u);
}

// What follows the head looks like a second request to this server, which answers when that has ended.
TEST_F(TlsRun, SendsALongBody) {
  const ScriptedServer server(
      [](const SeenRequest& request) {
        return request.on_connection == 0 ? ScriptedAnswer{"", Then::keep} : ok_answer();
      },
      TlsPeerContext(certificate_));
  LoadOptions options = options_for(server, 1);
  options.method = "POST";
  const std::string body(1'000'000, 'b');
  options.body = body + "\r\n\r\n";
  EXPECT_EQ(run_load(options)->record.requests.completed, 1u);
  EXPECT_TRUE(server.requests().back().text == body);
}

TEST_F(TlsRun, DoesNotBeginWithAServerItCannotTrust) {
  EXPECT_THAT(refusal_of(TestCertificate({.subject = "a stranger"})),
              HasSubstr("the certificate is self-signed; --ca-file trusts those of a file, --insecure any"));
  const TestCertificate elsewhere({.subject = "a server", .names = "DNS:other.example", .issuer = &certificate_});
  EXPECT_THAT(refusal_of(elsewhere), HasSubstr("the certificate is for other.example, not 127.0.0.1"));
}

TEST_F(TlsRun, TrustsAnyoneWhenToldTo) {
  const TestCertificate stranger({.names = "DNS:other.example", .valid_until = -1min});
  const ScriptedServer server(always_ok, TlsPeerContext(stranger));
  LoadOptions options = options_for(server, 5);
  options.tls = {.insecure = true, .ca_file = ""};
  EXPECT_EQ(run_load(options)->record.requests.completed, 5u);
}

TEST_F(TlsRun, DoesNotBeginWhileNobodyShakesHands) {
  const ScriptedServer server(always_ok);  // waits for a request
  LoadOptions options = options_for(server, 1);
  options.url.replace(0, 4, "https");
  options.timeout = 50ms;
  EXPECT_THAT(run_load(options).error().message, HasSubstr("the handshake took longer than the time-out"));
}

TEST_F(TlsRun, CountsAHandshakeThatFailsLater) {
  const ScriptedServer server(always_ok, TlsPeerContext(certificate_));
  const LoadRecord record = record_without_trial(server, "other.example", 30s);
  EXPECT_EQ(record.error(ErrorKind::tls_failed).count, 2u);
  EXPECT_THAT(record.error(ErrorKind::tls_failed).example, HasSubstr("not other.example"));
}

boost::asio::ip::tcp::endpoint address_of(const ScriptedServer& server) {
  return {boost::asio::ip::address_v4::loopback(), server.port()};
}

TEST_F(TlsRun, GoesToTheNextAddressWhereAHandshakeFails) {
  const TestCertificate strange({.subject = "a stranger"});
  const ScriptedServer stranger(always_ok, TlsPeerContext(strange));
  const ScriptedServer server(always_ok, TlsPeerContext(certificate_));
  const LoadOptions options = options_for(server, 3);
  const TlsContext tls = TlsContext::make("127.0.0.1", options.tls).value();
  const std::vector servers{address_of(stranger), address_of(server)};
  const auto met = meet_one_of(servers, &tls, 30s, {});
  ASSERT_TRUE(met) << met.error().message;
  EXPECT_EQ(met->servers.front(), address_of(server));
  const Loops loops = make_loops(
      options, make_plans(options, parse_target(options.url).value(), {.servers = servers, .connection = {}}, &tls),
      make_timeline(options, Clock::now()));
  loops.front()->run({});
  LoadRecord record = loops.front()->recorder().records().front();
  loops.front()->add_whole_run(record);
  EXPECT_EQ(record.requests.completed, 3u);
  EXPECT_EQ(record.connections, 1u);
  EXPECT_EQ(record.elsewhere, 1u);
}

TEST_F(TlsRun, TellsWhatIsWrongWithEachAddress) {
  const TestCertificate strange({.subject = "a stranger"});
  const ScriptedServer stranger(always_ok, TlsPeerContext(strange));
  auto gone = std::make_optional<ScriptedServer>(always_ok);
  const auto nobody = address_of(*gone);
  gone.reset();
  const TlsContext tls = TlsContext::make("127.0.0.1", {.insecure = false, .ca_file = trusted_.path()}).value();
  const std::string wrong =
      fmt::format("no TLS connection to 127.0.0.1:{}: the certificate is self-signed", stranger.port());
  const std::string refused = fmt::format("cannot connect to 127.0.0.1:{}: Connection refused", nobody.port());
  const auto error_of = [&](const std::vector<boost::asio::ip::tcp::endpoint>& servers) {
    return meet_one_of(servers, &tls, 30s, {}).error().message;
  };
  EXPECT_THAT(error_of({address_of(stranger), nobody}), AllOf(StartsWith(wrong), EndsWith("; " + refused)));
  EXPECT_THAT(error_of({nobody, address_of(stranger)}),
              AllOf(StartsWith(refused + "; " + wrong), EndsWith("is the server running, and is the port right?")));
}

TEST_F(TlsRun, CountsAHandshakeThatNeverEndsAsAConnectTimeout) {
  const ScriptedServer server(always_ok);
  EXPECT_EQ(record_without_trial(server, "localhost", 50ms).error(ErrorKind::connect_timeout).count, 2u);
}

}  // namespace
}  // namespace waitlab::client
