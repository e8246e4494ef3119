#include "server/handlers/route_table.hpp"

#include "server/io/blocking_io.hpp"

#include <gmock/gmock.h>

namespace waitlab::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class Plain final : public Endpoint {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.body = "plain\n";
    co_return;
  }
  bool quick() const noexcept override { return true; }
};

class Echo final : public Endpoint {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.body = exchange.request.body;
    co_return;
  }
};

class Routes : public testing::Test {
 protected:
  Routes() {
    table.add("GET", "/plain", std::make_unique<Plain>());
    table.add("POST", "/echo", std::make_unique<Echo>());
    table.add("GET", "/both", std::make_unique<Plain>());
    table.add("POST", "/both", std::make_unique<Echo>());
  }

  Response answer(std::string_view method, std::string_view target) {
    Request request;
    request.method = method;
    request.target = target;
    request.body = "echoed";
    Response response;
    Exchange exchange{request, response, "id", {}};
    BlockingIo io;
    table.route(request).handle(io, exchange).await_resume();
    return response;
  }

  RouteTable table;
};

TEST_F(Routes, LeadByMethodAndPath) {
  EXPECT_EQ(answer("GET", "/plain").body, "plain\n");
  EXPECT_EQ(answer("POST", "/echo").body, "echoed");
  EXPECT_EQ(answer("GET", "/both").body, "plain\n");
  EXPECT_EQ(answer("POST", "/both").body, "echoed");
}

TEST_F(Routes, LookOnlyAtThePath) {
  EXPECT_EQ(answer("GET", "/plain?a=/echo").status, 200U);
}

TEST_F(Routes, LeadHeadWhereGetGoes) {
  EXPECT_EQ(answer("HEAD", "/plain").status, 200U);
  EXPECT_EQ(answer("HEAD", "/echo").status, 405U);
}

TEST_F(Routes, AnswerNotFoundForAnUnknownPath) {
  for (const char* path : {"/", "/plain/", "/PLAIN", "/plai", "/plain2", "/%70lain", "*"}) {
    const Response response = answer("GET", path);
    EXPECT_EQ(response.status, 404U) << path;
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_THAT(response.body, HasSubstr("no such endpoint: " + std::string(path)));
  }
  EXPECT_THAT(answer("GET", "/secret?token=1").body, Not(HasSubstr("token")));
}

TEST_F(Routes, SayWhichMethodsAKnownPathAllows) {
  const Response response = answer("DELETE", "/plain");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(response.fields, "Allow: GET, HEAD\r\n");
  EXPECT_THAT(response.body, HasSubstr("allowed here: GET, HEAD"));
  EXPECT_EQ(answer("GET", "/echo").fields, "Allow: POST\r\n");
  EXPECT_EQ(answer("PUT", "/both").fields, "Allow: GET, HEAD, POST\r\n");
  EXPECT_EQ(answer("get", "/plain").status, 405U);
}

TEST_F(Routes, TellTheMethodsOfAPath) {
  const Response response = answer("OPTIONS", "/plain?a=1");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.fields, "Allow: GET, HEAD, OPTIONS\r\n");
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(answer("OPTIONS", "/echo").fields, "Allow: POST, OPTIONS\r\n");
  EXPECT_EQ(answer("OPTIONS", "/nope").status, 404U);
  EXPECT_EQ(answer("options", "/plain").status, 405U);
}

TEST_F(Routes, TellTheMethodsOfTheWholeServer) {
  const Response response = answer("OPTIONS", "*");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.fields, "Allow: GET, HEAD, POST, OPTIONS\r\n");
  EXPECT_EQ(response.body, "");
}

TEST_F(Routes, LeaveOptionsToAnEndpointThatServesIt) {
  table.add("OPTIONS", "/own", std::make_unique<Plain>());
  EXPECT_EQ(answer("OPTIONS", "/own").body, "plain\n");
  EXPECT_EQ(answer("GET", "/own").fields, "Allow: OPTIONS\r\n");
  EXPECT_EQ(answer("OPTIONS", "*").fields, "Allow: GET, HEAD, POST, OPTIONS\r\n");
}

TEST_F(Routes, TellWhichAnswersComeAtOnce) {
  Request request;
  request.method = "GET";
  request.target = "/plain";
  EXPECT_TRUE(table.route(request).quick());
  request.method = "POST";
  request.target = "/echo";
  EXPECT_FALSE(table.route(request).quick());
}

}  // namespace
}  // namespace waitlab::server
