#include "common/http/request_parser.hpp"

#include "common/http/chunked.hpp"
#include "common/http/request_rules.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <optional>

namespace waitlab {

namespace beast = boost::beast;
namespace http = boost::beast::http;

std::string_view Request::field(std::string_view name) const {
  for (const HttpField& candidate : fields) {
    if (beast::iequals({candidate.name.data(), candidate.name.size()}, {name.data(), name.size()})) {
      return candidate.value;
    }
  }
  return {};
}

namespace {

constexpr std::size_t kept_body_bytes = 64 * 1024;  // an idle connection stays small after a large body

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

RequestError request_error(beast::error_code error) {
  if (error == http::error::header_limit) return {431, "the request line and header fields are too long"};
  if (error == http::error::body_limit) return {413, "the body is longer than limits.body_bytes"};
  if (error == http::error::bad_version) return {505, "the HTTP version must be 1.0 or 1.1"};
  if (error == http::error::bad_method) return {400, "the method is not a token"};
  if (error == http::error::bad_target) return {400, "the request target is malformed"};
  if (error == http::error::bad_content_length) return {400, "Content-Length is malformed or conflicts"};
  if (error == http::error::bad_transfer_encoding) return {400, "Transfer-Encoding conflicts"};
  if (error == http::error::bad_chunk) return {400, "a chunk is malformed"};
  return {400, "the request is malformed"};
}

/// Beast's parser, writing into a Request whose views point into a head that stays put.
class RequestEngine final : public http::basic_parser<true> {
 public:
  explicit RequestEngine(Request& request) : request_(request) {}

 private:
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int version,
                       beast::error_code&) override {
    request_.method = view(method);
    request_.target = view(target);
    request_.version = static_cast<unsigned>(version);
  }
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_field_impl(http::field, beast::string_view name, beast::string_view value, beast::error_code&) override {
    // A trailer field must not pass for one of the head (RFC 9110 section 6.5.1), nor does its text stay put.
    if (!is_header_done()) request_.fields.push_back({view(name), view(value)});
  }
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, beast::error_code&) override {
    request_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
    request_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(beast::error_code&) override {}

  Request& request_;
};

}  // namespace

class RequestParser::Message {
 public:
  explicit Message(RequestLimits limits) : limits_(limits) { start(); }

  void start() {
    head_.clear();
    head_scan_.restart();
    request_.method = {};
    request_.version = 11;
    request_.fields.clear();
    request_.body.clear();
    if (request_.body.capacity() > kept_body_bytes) request_.body.shrink_to_fit();
    request_.expects_continue = false;
    error_.reset();
    engine_.emplace(request_);
    // The head's limit is kept by put_head, before the engine sees it.
    engine_->header_limit(limits_.header_bytes + 1);
    engine_->body_limit(limits_.body_bytes);
  }

  std::size_t put(std::string_view bytes) {
    std::size_t used = 0;
    if (!engine_->is_header_done() && !error_) used = put_head(bytes);
    if (engine_->is_header_done() && !engine_->is_done() && !error_) used += put_body(bytes.substr(used));
    return used;
  }

  bool started() const { return !std::string_view("\r\n").starts_with(head_); }
  bool head_complete() const { return engine_->is_header_done() && !error_; }
  bool complete() const { return engine_->is_done() && !error_; }
  const std::optional<RequestError>& error() const { return error_; }
  const Request& request() const { return request_; }

 private:
  std::size_t put_head(std::string_view bytes) {
    const std::size_t room = limits_.header_bytes - head_.size();
    const std::size_t used = head_scan_.put(bytes.substr(0, room));
    head_.append(bytes.substr(0, used));
    if (head_scan_.malformed()) {
      error_ = {400, "a header line is folded or does not end in CRLF"};
    } else if (head_scan_.complete()) {
      parse_head();
    } else if (bytes.size() > room) {
      error_ = request_error(http::error::header_limit);
    }
    return used;
  }

  void parse_head() {
    const std::string_view head = std::string_view(head_).substr(leading_blank_line(head_));
    beast::error_code error;
    engine_->put({head.data(), head.size()}, error);
    if (!error && engine_->is_header_done()) {
      error_ = check_head(request_);
      if (error_) return;
      request_.keep_alive = engine_->keep_alive();
      request_.target = origin_form(request_.target);
      request_.expects_continue = request_.version == 11 && !request_.field("Expect").empty();
      return;
    }
    // The head ends in an empty line, so an engine that wants more of it has met a malformed line.
    error_ = request_error(error);
  }

  std::size_t put_body(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !engine_->is_done()) {
      const std::string_view rest = bytes.substr(used);
      if (engine_->chunked() && rest.size() < shortest_chunked_rest) break;
      const std::size_t body_before = request_.body.size();
      beast::error_code error;
      const std::size_t taken = engine_->put({rest.data(), rest.size()}, error);
      used += taken;
      if (error && error != http::error::need_more) {
        error_ = request_error(error);
        break;
      }
      // What is no body is one chunk's line, or the last one's with the trailer: of it as much is taken in as of a
      // head.
      const std::size_t framing = taken == 0 ? rest.size() : taken - (request_.body.size() - body_before);
      if (framing > limits_.header_bytes) error_ = {431, "a chunk's line or the trailer is too long"};
      if (error || error_ || taken == 0) break;
    }
    return used;
  }

  RequestLimits limits_;
  std::string head_;
  HeadScan head_scan_;
  Request request_;
  std::optional<RequestError> error_;
  std::optional<RequestEngine> engine_;
};

RequestParser::RequestParser(RequestLimits limits) : message_(std::make_unique<Message>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

void RequestParser::start() {
  message_->start();
}
std::size_t RequestParser::put(std::string_view bytes) {
  return message_->put(bytes);
}
bool RequestParser::started() const {
  return message_->started();
}
bool RequestParser::head_complete() const {
  return message_->head_complete();
}
bool RequestParser::complete() const {
  return message_->complete();
}
const std::optional<RequestError>& RequestParser::error() const {
  return message_->error();
}
const Request& RequestParser::request() const {
  return message_->request();
}

}  // namespace waitlab
