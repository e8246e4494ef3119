#include "server/handlers/route_table.hpp"

#include "common/http/target.hpp"
#include "server/http/answer.hpp"
#include "server/io/blocking_io.hpp"
#include "server/io/loop_io.hpp"

#include <utility>

namespace waitlab::server {

namespace {

template <class Io>
class NotFound final : public Endpoint<Io> {
 public:
  Task<void> handle(Io&, Exchange& exchange) override {
    set_problem(exchange.response, 404, "no such endpoint: " + std::string(target_path(exchange.request.target)));
    co_return;
  }
};

template <class Io>
class MethodNotAllowed final : public Endpoint<Io> {
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

template <class Io>
RouteTable<Io>::RouteTable() : not_found_(std::make_unique<NotFound<Io>>()) {}

template <class Io>
RouteTable<Io>::~RouteTable() = default;

template <class Io>
void RouteTable<Io>::add(std::string_view method, std::string_view path, std::unique_ptr<Endpoint<Io>> endpoint) {
  entries_.push_back({std::string(method), std::string(path), std::move(endpoint)});
  if (other_methods_of(path) == nullptr) {
    not_allowed_.push_back({{}, std::string(path), std::make_unique<MethodNotAllowed<Io>>()});
  }
  static_cast<MethodNotAllowed<Io>*>(other_methods_of(path))->allow(method);
}

template <class Io>
Endpoint<Io>& RouteTable<Io>::route(const Request& request) {
  const std::string_view path = target_path(request.target);
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  for (const Entry& entry : entries_) {
    if (entry.path == path && entry.method == method) return *entry.endpoint;
  }
  Endpoint<Io>* const others = other_methods_of(path);
  return others != nullptr ? *others : *not_found_;
}

template <class Io>
Endpoint<Io>* RouteTable<Io>::other_methods_of(std::string_view path) {
  for (const Entry& entry : not_allowed_) {
    if (entry.path == path) return entry.endpoint.get();
  }
  return nullptr;
}

template class RouteTable<BlockingIo>;
template class RouteTable<LoopIo>;

}  // namespace waitlab::server
