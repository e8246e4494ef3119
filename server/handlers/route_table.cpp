#include "server/handlers/route_table.hpp"

#include "common/http/target.hpp"
#include "server/http/answer.hpp"

#include <utility>

namespace waitlab::server {

namespace {

class NotFound final : public Endpoint {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    set_problem(exchange.response, 404, "no such endpoint: " + std::string(target_path(exchange.request.target)));
    co_return;
  }
};

class MethodNotAllowed final : public Endpoint {
 public:
  void allow(std::string_view method) {
    if (!methods_.empty()) methods_.append(", ");
    methods_.append(method);
    if (method == "GET") methods_.append(", HEAD");
    fields_ = "Allow: " + methods_ + "\r\n";
  }

  Task<void> handle(Io&, Exchange& exchange) override {
    set_problem(exchange.response, 405, "allowed here: " + methods_);
    exchange.response.fields = fields_;
    co_return;
  }

 private:
  std::string methods_;
  std::string fields_;
};

}  // namespace

RouteTable::RouteTable() : not_found_(std::make_unique<NotFound>()) {}

RouteTable::~RouteTable() = default;

void RouteTable::add(std::string_view method, std::string_view path, std::unique_ptr<Endpoint> endpoint) {
  entries_.push_back({std::string(method), std::string(path), std::move(endpoint)});
  if (other_methods_of(path) == nullptr) {
    not_allowed_.push_back({{}, std::string(path), std::make_unique<MethodNotAllowed>()});
  }
  static_cast<MethodNotAllowed*>(other_methods_of(path))->allow(method);
}

Endpoint& RouteTable::route(const Request& request) {
  const std::string_view path = target_path(request.target);
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  for (const Entry& entry : entries_) {
    if (entry.path == path && entry.method == method) return *entry.endpoint;
  }
  Endpoint* const others = other_methods_of(path);
  return others != nullptr ? *others : *not_found_;
}

Endpoint* RouteTable::other_methods_of(std::string_view path) {
  for (const Entry& entry : not_allowed_) {
    if (entry.path == path) return entry.endpoint.get();
  }
  return nullptr;
}

}  // namespace waitlab::server
