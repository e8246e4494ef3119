#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab {

struct HttpAnswer {
  unsigned status = 0;
  std::string text;  ///< the whole response as it came
  std::string body;
};

/// A client's connection to 127.0.0.1 for tests: blocking, byte by byte what the test says. Throws std::runtime_error
/// when a call fails or the server stays silent for half a minute.
class HttpConnection {
 public:
  explicit HttpConnection(std::uint16_t port);
  HttpConnection(HttpConnection&& other) noexcept;
  HttpConnection& operator=(HttpConnection&&) = delete;
  ~HttpConnection();

  void send(std::string_view bytes);

  /// Ends the client's side of the stream; responses can still come.
  void stop_sending();

  /// Resets the connection, as the kernel does for a program that was killed with bytes unread.
  void reset();

  /// The next response; `to_head` when it answers a HEAD request.
  HttpAnswer receive(bool to_head = false);

  /// Sends a GET with extra header lines, each ended by CRLF, and waits for the response.
  HttpAnswer get(const std::string& target, const std::string& lines = "");

  /// Reads until exactly these bytes have come, and takes them; throws std::runtime_error on any others.
  void wait_for(std::string_view bytes);

  /// Reads on until that text has come, and returns all up to its end.
  std::string read_until(std::string_view text);

  /// Reads until the server resets the connection, and returns all that came before; throws std::runtime_error if it
  /// ends the connection otherwise.
  std::string read_to_reset();

  /// Waits until the server closes; false if it sends something first.
  bool closed_by_server();

  /// The same, and ends this side as well; false too if the server resets the connection, before or after its end.
  bool ends_without_reset();

 private:
  bool fill();

  int socket_ = -1;
  std::string unread_;
};

/// The text of a GET request for a target, with extra header lines, each ended by CRLF.
std::string get_request(const std::string& target, const std::string& lines = "");

}  // namespace waitlab
