#include "client/engine/tls_session.hpp"

#include "client/engine/load_run.hpp"
#include "client/engine/tls_context.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/support/tls_peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using State = TlsSession::State;
using Version = TlsPeerContext::Version;

TlsContext trusting(const TestCertificate& authority, const std::string& host = "localhost") {
  const TemporaryFile file(".pem");
  file.write(authority.pem());
  return TlsContext::make(host, {.insecure = false, .ca_file = file.path()}).value();
}

TlsContext trusting_any() {
  return TlsContext::make("localhost", {.insecure = true, .ca_file = ""}).value();
}

std::string read_all(TlsSession& session) {
  std::string text;
  std::array<char, 1000> chunk;
  while (const std::size_t count = session.read(chunk)) {
    text.append(chunk.data(), count);
  }
  return text;
}

/// Carries bytes to and fro until neither side has more; returns what the server decrypted.
std::string exchange(TlsSession& session, TlsPeer& peer) {
  std::string received;
  for (;;) {
    const std::string up(session.outgoing());
    session.sent(up.size());
    received += peer.put(up);
    const std::string down = peer.take_outgoing();
    if (up.empty() && down.empty()) return received;
    if (!down.empty()) session.put(down);
  }
}

/// How the handshake between these two ends.
struct Handshake {
  Handshake(const TlsContext& context, const TlsPeerContext& server) : session(context), peer(server) {
    session.start();
    exchange(session, peer);
  }

  TlsSession session;
  TlsPeer peer;
};

std::string error_of(const TlsContext& context, const TestCertificate& certificate) {
  const Handshake handshake(context, TlsPeerContext(certificate));
  EXPECT_EQ(handshake.session.state(), State::failed);
  EXPECT_FALSE(handshake.peer.open());
  return handshake.session.error();
}

TEST(TlsSession, CarriesTextBothWays) {
  const TestCertificate certificate;
  const TlsContext context = trusting(certificate);
  Handshake made(context, TlsPeerContext(certificate));
  ASSERT_EQ(made.session.state(), State::open) << made.session.error();
  EXPECT_EQ(made.peer.server_name(), "localhost");
  EXPECT_EQ(made.peer.protocol(), "http/1.1");
  made.session.write("question");
  EXPECT_EQ(exchange(made.session, made.peer), "question");
  made.peer.write("answer");
  exchange(made.session, made.peer);
  EXPECT_EQ(read_all(made.session), "answer");
}

TEST(TlsSession, TakesAndGivesBytesInAnyPieces) {
  const TestCertificate certificate;
  const TlsContext context = trusting(certificate);
  Handshake made(context, TlsPeerContext(certificate));
  const std::string question(20'000, 'q');
  made.session.write(question);
  std::string received;
  while (!made.session.outgoing().empty()) {
    received += made.peer.put(made.session.outgoing().substr(0, 7));
    made.session.sent(std::min<std::size_t>(7, made.session.outgoing().size()));
  }
  EXPECT_EQ(received, question);
  made.peer.write("answer");
  std::string text;
  for (const char byte : made.peer.take_outgoing()) {
    made.session.put({&byte, 1});
    text += read_all(made.session);
  }
  EXPECT_EQ(text, "answer");
}

TEST(TlsSession, TellsWhatTheCertificateIsFor) {
  const TestCertificate certificate({.names = "DNS:other.example,IP:10.0.0.1,IP:::1,DNS:a.example,DNS:b.example"});
  EXPECT_THAT(error_of(trusting(certificate), certificate),
              "the certificate is for other.example, 10.0.0.1, ::1 and 2 more, not localhost; --ca-file trusts those "
              "of a file, --insecure any");
  EXPECT_THAT(error_of(trusting(certificate, "127.0.0.1"), certificate), HasSubstr("not 127.0.0.1"));
  const TestCertificate nameless({.names = ""});
  EXPECT_THAT(error_of(trusting(nameless), nameless),
              StartsWith("the certificate names no host, and so not localhost"));
}

TEST(TlsSession, TellsThatTheCertificateIsOutOfDate) {
  const TestCertificate expired({.valid_from = -2h, .valid_until = -1h});
  EXPECT_THAT(error_of(trusting(expired), expired), StartsWith("the certificate has expired;"));
  const TestCertificate early({.valid_from = 1h, .valid_until = 2h});
  EXPECT_THAT(error_of(trusting(early), early), StartsWith("the certificate is not valid yet;"));
}

TEST(TlsSession, TellsWhoIsNotTrusted) {
  const TestCertificate authority;
  const TestCertificate stranger({.subject = "a stranger"});
  const TestCertificate issued({.subject = "a server", .issuer = &stranger});
  EXPECT_THAT(error_of(trusting(authority, "other.example"), stranger), StartsWith("the certificate is self-signed;"));
  EXPECT_THAT(error_of(trusting(authority), issued),
              AllOf(HasSubstr("issued by someone not trusted here"),
                    EndsWith("--ca-file trusts those of a file, --insecure any")));
}

TEST(TlsSession, TrustsWhatAnAuthorityIssued) {
  const TestCertificate authority;
  const TestCertificate issued({.subject = "a server", .issuer = &authority});
  const TlsContext context = trusting(authority);
  EXPECT_EQ(Handshake(context, TlsPeerContext(issued)).session.state(), State::open);
}

TEST(TlsSession, TrustsAnyCertificateWhenToldTo) {
  const TlsContext context = trusting_any();
  const TestCertificate stranger;
  for (const TestCertificate& certificate :
       {stranger, TestCertificate({.names = "DNS:other.example"}), TestCertificate({.valid_until = -1min}),
        TestCertificate({.issuer = &stranger})}) {
    EXPECT_EQ(Handshake(context, TlsPeerContext(certificate)).session.state(), State::open);
  }
}

TEST(TlsSession, ChecksAnAddressAndDoesNotNameIt) {
  const TestCertificate certificate({.names = "IP:127.0.0.1,IP:::1"});
  for (const char* address : {"127.0.0.1", "::1"}) {
    const TlsContext context = trusting(certificate, address);
    const Handshake made(context, TlsPeerContext(certificate));
    EXPECT_EQ(made.session.state(), State::open) << made.session.error();
    EXPECT_EQ(made.peer.server_name(), "");
  }
}

TEST(TlsSession, SpeaksVersion12ButNoOlder) {
  const TestCertificate certificate;
  const TlsContext context = trusting(certificate);
  EXPECT_EQ(Handshake(context, TlsPeerContext(certificate, Version::tls_1_2)).session.state(), State::open);
  const Handshake refused(context, TlsPeerContext(certificate, Version::tls_1_1));
  EXPECT_EQ(refused.session.state(), State::failed);
  EXPECT_THAT(refused.session.error(), HasSubstr("protocol"));
}

TEST(TlsSession, TellsAServerWithoutTls) {
  const TlsContext context = trusting_any();
  TlsSession session(context);
  session.start();
  session.put("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(session.state(), State::failed);
  EXPECT_EQ(session.error(), "the server does not answer in TLS; is it an http:// one?");
}

TEST(TlsSession, TellsAnEndDuringTheHandshake) {
  const TlsContext context = trusting_any();
  TlsSession session(context);
  session.start();
  session.put_eof();
  EXPECT_EQ(session.state(), State::failed);
  EXPECT_THAT(session.error(), HasSubstr("during the TLS handshake"));
}

TEST(TlsSession, TellsAnEndFromACut) {
  const TestCertificate certificate;
  const TlsContext context = trusting(certificate);
  Handshake ended(context, TlsPeerContext(certificate));
  ended.peer.write("all");
  ended.peer.close();
  exchange(ended.session, ended.peer);
  EXPECT_EQ(read_all(ended.session), "all");
  EXPECT_EQ(ended.session.state(), State::closed);
  ended.session.put_eof();
  EXPECT_EQ(ended.session.state(), State::closed);

  Handshake cut(context, TlsPeerContext(certificate));
  cut.session.put_eof();
  EXPECT_EQ(cut.session.state(), State::failed);
  EXPECT_THAT(cut.session.error(), HasSubstr("without TLS's close_notify"));
}

TEST(TlsSession, TellsBytesThatWereTamperedWith) {
  const TestCertificate certificate;
  const TlsContext context = trusting(certificate);
  Handshake made(context, TlsPeerContext(certificate));
  made.peer.write("answer");
  std::string bytes = made.peer.take_outgoing();
  bytes.back() ^= 1;
  made.session.put(bytes);
  EXPECT_EQ(read_all(made.session), "");
  EXPECT_EQ(made.session.state(), State::failed);
  EXPECT_THAT(made.session.error(), StartsWith("TLS failed: "));
}

TEST(TlsSession, SaysGoodbye) {
  const TestCertificate certificate;
  const TlsContext context = trusting(certificate);
  Handshake made(context, TlsPeerContext(certificate));
  EXPECT_FALSE(made.peer.ended());
  made.session.close();
  exchange(made.session, made.peer);
  EXPECT_TRUE(made.peer.ended());
}

TEST(TlsSession, ResumesItsLastConnection) {
  const TestCertificate certificate;
  const TlsContext context = trusting(certificate);
  for (const Version version : {Version::tls_1_2, Version::tls_1_3}) {
    const TlsPeerContext server(certificate, version);
    TlsSession session(context);
    for (const bool resumed : {false, true, true}) {
      TlsPeer peer(server);
      session.start();
      exchange(session, peer);
      EXPECT_EQ(read_all(session), "");  // takes the tickets
      EXPECT_EQ(session.state(), State::open);
      EXPECT_EQ(session.resumed(), resumed);
    }
  }
}

TEST(TlsSession, ForgetsTheTicketOfAHandshakeThatFailed) {
  const TestCertificate certificate;
  const TlsContext context = trusting(certificate);
  TlsSession session(context);
  session.start();
  session.put_eof();
  TlsPeer peer{TlsPeerContext(certificate)};
  session.start();
  exchange(session, peer);
  EXPECT_EQ(session.state(), State::open);
  EXPECT_EQ(session.error(), "");
}

// OpenSSL refuses such a name, and without one it would take a certificate for any.
TEST(TlsContext, RefusesAHostThatNoCertificateCanBeFor) {
  const auto context = TlsContext::make(std::string("a\0b", 3), {.insecure = false, .ca_file = ""});
  ASSERT_FALSE(context);
  EXPECT_THAT(context.error().message, HasSubstr("is no name that a certificate can be checked for"));
}

TEST(TlsContext, NamesTheFileThatHoldsNoCertificates) {
  const TemporaryFile file(".pem");
  const TlsOptions options{.insecure = false, .ca_file = file.path()};
  EXPECT_THAT(TlsContext::make("localhost", options).error().message,
              AllOf(HasSubstr(file.path()), HasSubstr("No such file"), HasSubstr("give a PEM file")));
  file.write("no certificate");
  EXPECT_THAT(TlsContext::make("localhost", options).error().message, HasSubstr("no certificate"));
}

}  // namespace
}  // namespace waitlab::client
