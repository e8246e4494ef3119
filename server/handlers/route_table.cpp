#include "server/handlers/route_table.hpp"

#include "common/http/target.hpp"
#include "server/http/answer.hpp"

#include <algorithm>
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

/// The methods that lead somewhere, to be told as Allow.
struct Methods {
  std::vector<std::string> names;
  std::string list;   ///< "GET, HEAD"
  std::string field;  ///< "Allow: GET, HEAD\r\n"

  void add(std::string_view method) {
    if (std::find(names.begin(), names.end(), method) != names.end()) return;
    names.emplace_back(method);
    list.append(list.empty() ? "" : ", ").append(method);
    field = "Allow: " + list + "\r\n";
    if (method == "GET") add("HEAD");
  }
};

class MethodNotAllowed final : public Endpoint {
 public:
  Methods methods;

  Task<void> handle(Io&, Exchange& exchange) override {
    set_problem(exchange.response, 405, "allowed here: " + methods.list);
    exchange.response.fields = methods.field;
    co_return;
  }
};

/// An empty answer that tells the methods.
class Options final : public Endpoint {
 public:
  Methods methods;

  Task<void> handle(Io&, Exchange& exchange) override {
    exchange.response.fields = methods.field;
    co_return;
  }
};

}  // namespace

/// What answers for a path where none of its methods was asked for.
class RouteTable::Resource {
 public:
  explicit Resource(std::string_view path) : path_(path) { options_.methods.add("OPTIONS"); }

  bool is(std::string_view path) const { return path_ == path; }

  void allow(std::string_view method) {
    not_allowed_.methods.add(method);
    options_.methods = not_allowed_.methods;
    options_.methods.add("OPTIONS");
  }

  Endpoint& answers(std::string_view method) {
    if (method == "OPTIONS") return options_;
    return not_allowed_;
  }

 private:
  std::string path_;
  MethodNotAllowed not_allowed_;
  Options options_;
};

RouteTable::RouteTable() : server_(std::make_unique<Resource>("*")), not_found_(std::make_unique<NotFound>()) {}

RouteTable::~RouteTable() = default;

void RouteTable::add(std::string_view method, std::string_view path, std::unique_ptr<Endpoint> endpoint) {
  entries_.push_back({std::string(method), std::string(path), std::move(endpoint)});
  if (find(path) == nullptr) resources_.push_back(std::make_unique<Resource>(path));
  find(path)->allow(method);
  server_->allow(method);
}

Endpoint& RouteTable::route(const Request& request) {
  const std::string_view path = target_path(request.target);
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  for (const Entry& entry : entries_) {
    if (entry.path == path && entry.method == method) return *entry.endpoint;
  }
  if (path == "*" && method == "OPTIONS") return server_->answers(method);
  Resource* const resource = find(path);
  return resource != nullptr ? resource->answers(method) : *not_found_;
}

RouteTable::Resource* RouteTable::find(std::string_view path) {
  const auto found =
      std::find_if(resources_.begin(), resources_.end(), [path](const auto& resource) { return resource->is(path); });
  return found == resources_.end() ? nullptr : found->get();
}

}  // namespace waitlab::server
