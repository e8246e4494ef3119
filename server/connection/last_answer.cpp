#include "server/connection/last_answer.hpp"

#include "server/http/answer.hpp"

namespace waitlab::server {

void append_last_answer(std::string& out, Site& site, unsigned status, std::string_view detail,
                        std::string_view id_from_client) {
  const Request unread;
  Response response;
  set_problem(response, status, detail);
  std::string id;
  site.ids.assign(id, id_from_client);
  Exchange exchange{unread, response, id, std::chrono::steady_clock::time_point::max()};
  exchange.keep_alive = false;
  append_answer(out, exchange);
}

}  // namespace waitlab::server
