#pragma once

#include "common/http/request.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace waitlab::server {

/// A body that goes on for as long as the client listens: pieces, each made when it is due. Knows nothing of sockets
/// and never waits, so a client that reads slowly gets fewer pieces and holds up nobody. Belongs to its exchange, and
/// is used by one thread at a time.
class BodyStream {
 public:
  virtual ~BodyStream() = default;

  /// Appends the piece that is due now to `out`. Returns when the next one is.
  virtual std::chrono::steady_clock::time_point next(std::string& out) = 0;
};

class RequestState;
class Socket;

/// The answer a handler fills in. Reused by its connection, so its strings keep their memory.
struct Response {
  unsigned status = 200;
  std::string_view content_type = "text/plain";  ///< static text
  std::string_view fields;                       ///< static text: further header lines, each ended by CRLF
  std::string body;

  void restart() {
    status = 200;
    content_type = "text/plain";
    fields = {};
    body.clear();
  }
};

/// One request being handled: what came, what goes out, and where its time went. Lives for the request, used by one
/// thread at a time.
struct Exchange {
  const Request& request;
  Response& response;
  std::string_view request_id;
  std::chrono::steady_clock::time_point deadline;  ///< timeouts.request, from the moment the request was all there
  RequestState* state = nullptr;                   ///< null only where nothing is handled
  Socket* client = nullptr;                        ///< who waits for the answer; likewise
  std::chrono::nanoseconds queued{0};              ///< for a thread or its turn, and within the handler for a thread
  std::chrono::nanoseconds backend{0};
  std::chrono::nanoseconds handler{0};  ///< in the handler, its waits on the backend and for a thread excluded
  bool keep_alive = true;
  bool abandoned = false;                ///< the client went while it was waited for: there is nobody to answer
  std::unique_ptr<BodyStream> stream{};  ///< the body, in the place of the response's; the connection closes after it.
                                         ///< For HEAD too, of which it is not asked for a piece
};

}  // namespace waitlab::server
