#pragma once

#include "server/handlers/endpoint.hpp"

#include <memory>
#include <string>
#include <vector>

namespace waitlab::server {

/// Routes by method and path, compared exactly; HEAD goes where GET goes. An unknown path is 404, a known one with
/// another method 405 with Allow. OPTIONS is answered with the methods of a known path, or for * with those of all
/// (RFC 9110 section 9.3.7). Owns its endpoints.
class RouteTable final : public Router {
 public:
  RouteTable();
  ~RouteTable() override;

  void add(std::string_view method, std::string_view path, std::unique_ptr<Endpoint> endpoint);

  Endpoint& route(const Request& request) override;

 private:
  struct Entry {
    std::string method;
    std::string path;
    std::unique_ptr<Endpoint> endpoint;
  };
  class Resource;

  Resource* find(std::string_view path);

  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<Resource>> resources_;
  std::unique_ptr<Resource> server_;  ///< what * stands for
  std::unique_ptr<Endpoint> not_found_;
};

}  // namespace waitlab::server
