#include "server/connection/refusal.hpp"

#include "server/http/answer.hpp"

namespace waitlab::server {

void append_refusal(std::string& out, ServerIdentity& identity, unsigned status, std::string_view detail,
                    std::string_view id_from_client) {
  const Request unread;
  Response response;
  set_problem(response, status, detail);
  std::string id;
  identity.ids.assign(id, id_from_client);
  Exchange exchange{unread, response, id, std::chrono::steady_clock::time_point::max()};
  exchange.keep_alive = false;
  append_answer(out, exchange, identity.date);
}

}  // namespace waitlab::server
