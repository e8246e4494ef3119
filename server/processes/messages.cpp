#include "server/processes/messages.hpp"

#include <utility>

namespace waitlab::server {

Letter job_letter(const Job& job, std::string_view received, int connection) {
  Letter letter;
  letter.put(job);
  letter.put_text(received);
  letter.lend(connection);
  return letter;
}

Letter served_letter(const Served& served) {
  Letter letter;
  letter.put(News::served);
  letter.put(served.token);
  letter.put(served.after);
  letter.put(served.readable_since);
  letter.put_text(served.rest);
  letter.put(served.row.has_value());
  if (served.row) {
    letter.put(*served.row);
    letter.put_text(served.row_id);
    letter.put_text(served.row_route);
  }
  return letter;
}

Served read_served(Letter& letter) {
  Served served;
  served.token = letter.take<std::uint64_t>();
  served.after = letter.take<After>();
  served.readable_since = letter.take<std::optional<TimePoint>>();
  served.rest = letter.take_text();
  if (letter.take<bool>()) {
    served.row = letter.take<RequestRow>();
    served.row_id = letter.take_text();
    served.row_route = letter.take_text();
  }
  return served;
}

}  // namespace waitlab::server
