#include "common/http/response_parser.hpp"

#include "common/http/chunked.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <optional>

namespace waitlab {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t header_limit_bytes = 64 * 1024;

/// What is kept of a response while it is parsed.
struct Received {
  unsigned status = 0;
  std::uint64_t body_bytes = 0;
  bool keep_body = false;
  std::string body;
  std::string server_timing;
};

class ResponseEngine final : public http::basic_parser<false> {
 public:
  explicit ResponseEngine(Received& received) : received_(received) {
    header_limit(header_limit_bytes);
    body_limit(boost::none);
    eager(true);
  }

 private:
  void on_request_impl(http::verb, beast::string_view, beast::string_view, int, beast::error_code&) override {}
  void on_response_impl(int code, beast::string_view, int, beast::error_code&) override {
    received_.status = static_cast<unsigned>(code);
  }
  void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                     beast::error_code&) override {
    if (field == http::field::unknown && beast::iequals(name, "Server-Timing")) {
      if (!received_.server_timing.empty()) received_.server_timing.append(", ");
      received_.server_timing.append(value.data(), value.size());
    }
  }
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, beast::error_code&) override { return take(body); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
    return take(body);
  }
  void on_finish_impl(beast::error_code&) override {}

  std::size_t take(beast::string_view body) {
    received_.body_bytes += body.size();
    if (received_.keep_body) received_.body.append(body.data(), body.size());
    return body.size();
  }

  Received& received_;
};

}  // namespace

class ResponseParser::Message {
 public:
  Message() { start(false); }

  void start(bool to_head) {
    to_head_ = to_head;
    received_.status = 0;
    received_.body_bytes = 0;
    received_.body.clear();
    received_.server_timing.clear();
    error_.clear();
    engine_.emplace(received_);
    engine_->skip(to_head);
  }

  std::size_t put(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !complete() && error_.empty()) {
      if (head_complete() && engine_->chunked() && bytes.size() - used < shortest_chunked_rest) break;
      beast::error_code error;
      const std::size_t taken = engine_->put({bytes.data() + used, bytes.size() - used}, error);
      used += taken;
      if (engine_->is_done() && received_.status / 100 == 1) {
        start(to_head_);  // an interim response (RFC 9110 section 15.2) comes before the one that counts
        continue;
      }
      if (error == http::error::need_more) break;
      if (error) error_ = error == http::error::header_limit ? "the header is longer than 64 KiB" : error.message();
    }
    return used;
  }

  void put_eof() {
    if (!engine_->got_some()) {
      error_ = "the connection was closed before a response";
      return;
    }
    beast::error_code error;
    engine_->put_eof(error);
    if (error) error_ = "the connection was closed inside the response";
  }

  bool complete() const { return engine_->is_done(); }
  bool head_complete() const { return engine_->is_header_done(); }
  bool keep_alive() const { return engine_->keep_alive(); }
  const std::string& error() const { return error_; }
  Received& received() { return received_; }

 private:
  bool to_head_ = false;
  Received received_;
  std::string error_;
  std::optional<ResponseEngine> engine_;
};

ResponseParser::ResponseParser() : message_(std::make_unique<Message>()) {}
ResponseParser::~ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;

void ResponseParser::start(bool to_head) {
  message_->start(to_head);
}
std::size_t ResponseParser::put(std::string_view bytes) {
  return message_->put(bytes);
}
void ResponseParser::put_eof() {
  message_->put_eof();
}
bool ResponseParser::complete() const {
  return message_->complete();
}
bool ResponseParser::failed() const {
  return !message_->error().empty();
}
const std::string& ResponseParser::error() const {
  return message_->error();
}
bool ResponseParser::head_complete() const {
  return message_->head_complete();
}
unsigned ResponseParser::status() const {
  return message_->received().status;
}
bool ResponseParser::keep_alive() const {
  return message_->keep_alive();
}
std::string_view ResponseParser::server_timing() const {
  return message_->received().server_timing;
}
std::uint64_t ResponseParser::body_bytes() const {
  return message_->received().body_bytes;
}
std::string_view ResponseParser::body() const {
  return message_->received().body;
}
void ResponseParser::keep_body(bool keep) {
  message_->received().keep_body = keep;
}

}  // namespace waitlab
