#include "common/http/request_parser.hpp"

#include "common/http/head.hpp"
#include "common/http/message_reader.hpp"
#include "common/http/request_rules.hpp"
#include "common/http/target.hpp"

#include <optional>
#include <span>

namespace waitlab {

namespace http = boost::beast::http;

std::string_view Request::field(std::string_view name) const {
  for (const HttpField& candidate : fields) {
    if (same_name(candidate.name, name)) return candidate.value;
  }
  return {};
}

namespace {

// An idle connection stays small after a large request.
constexpr std::size_t kept_head_bytes = 4 * 1024;
constexpr std::size_t kept_fields = 64;
constexpr std::size_t kept_body_bytes = 64 * 1024;

template <class Buffer>
void forget(Buffer& buffer, std::size_t kept) {
  buffer.clear();
  if (buffer.capacity() > kept) buffer.shrink_to_fit();
}

RequestError body_error(boost::beast::error_code error) {
  if (error == http::error::header_limit) {
    return {431, "chunk extensions and trailer fields are too long together (limits.header_bytes)"};
  }
  if (error == http::error::body_limit) return {413, "the body is longer than limits.body_bytes"};
  return {400, "a chunk or a trailer field is malformed"};
}

}  // namespace

class RequestParser::Message final : public MessageSink {
 public:
  explicit Message(RequestLimits limits) : limits_(limits) { start(); }

  const RequestLimits& limits() const { return limits_; }

  void start() {
    forget(head_, kept_head_bytes);
    head_scan_.restart();
    fields_begin_ = 0;
    request_.method = request_.target = {};
    request_.version = 11;
    forget(request_.fields, kept_fields);
    forget(request_.body, kept_body_bytes);
    request_.expects_continue = false;
    error_.reset();
    reader_.emplace(*this, chunk_line_, limits_.header_bytes);
    reader_->body_limit(limits_.body_bytes);
  }

  std::size_t put(std::string_view bytes) {
    std::size_t used = 0;
    if (!reader_->is_header_done() && !error_) used = put_head(bytes);
    if (head_complete() && !reader_->is_done()) used += put_body(bytes.substr(used));
    return used;
  }

  void give_up() {
    if (!reader_->is_header_done() && !error_) name_parts();
  }

  bool started() const { return !std::string_view("\r\n").starts_with(head_); }
  bool head_complete() const { return reader_->is_header_done() && !error_; }
  bool complete() const { return reader_->is_done() && !error_; }
  const std::optional<RequestError>& error() const { return error_; }
  const Request& request() const { return request_; }

 private:
  std::size_t put_head(std::string_view bytes) {
    const std::size_t room = limits_.header_bytes - head_.size();
    const std::size_t used = head_scan_.put(bytes.substr(0, room));
    head_.append(bytes.substr(0, used));
    // The request line is judged before all that follows, so that the same bytes have the same fault however they come.
    if (head_scan_.past_start_line() && fields_begin_ == 0) check_line();
    if (head_scan_.complete() || head_scan_.malformed() || bytes.size() > room) {
      end_head();
    } else if (error_) {
      name_parts();
    }
    return used;
  }

  /// Where the request line begins: behind an empty line, if there is one.
  std::size_t line_begin() const { return head_.starts_with("\r\n") ? 2 : 0; }

  void check_line() {
    fields_begin_ = head_.find('\n', line_begin()) + 1;
    lower_version(head_, head_.rfind(' ', fields_begin_ - 1) + 1);
    const std::string_view line = std::string_view(head_).substr(line_begin(), fields_begin_ - line_begin());
    error_ = check_request_line(reader_->put_start_line(line), RequestLine(line.substr(0, line.size() - 2)));
    request_.version = reader_->version();
  }

  void end_head() {
    const bool has_line = fields_begin_ > 0;
    if (!has_line && head_scan_.malformed()) {
      error_ = {400, "the request line does not end in CRLF"};
      return;
    }
    name_parts();
    if (error_) return;
    if (!has_line) {
      error_ = refuse_long_line(reader_->put_start_line(std::string_view(head_).substr(line_begin())), request_.method);
    } else if (head_scan_.malformed()) {
      error_ = {400, "a header line is folded or does not end in CRLF"};
    } else if (head_scan_.complete()) {
      parse_fields();
    } else {
      error_ = {431, "the request line and header fields are longer than limits.header_bytes"};
    }
  }

  /// Only once the head will not move any more.
  void name_parts() {
    const std::size_t begin = line_begin();
    const RequestLine line(std::string_view(head_).substr(begin, head_.find("\r\n", begin) - begin));
    request_.method = line.method;
    request_.target = line.target;
  }

  void parse_fields() {
    const auto wrong = reader_->put_fields(std::string_view(head_).substr(fields_begin_));
    if (wrong && wrong != http::error::body_limit) {
      error_ = {400, "a header field is malformed"};
      return;
    }
    error_ = check_head(request_, reader_->framing());
    if (!error_ && wrong) error_ = body_error(wrong);
    if (error_) return;
    request_.keep_alive = reader_->framing().persists(request_.version);
    request_.expects_continue = request_.version == 11 && !request_.field("Expect").empty();
    normalize_target();
  }

  void normalize_target() {
    request_.target = origin_form(writable(request_.target), request_.method);
    if (has_escape(request_.target)) request_.target = decode_unreserved(writable(request_.target));
  }

  /// A part of the head.
  std::span<char> writable(std::string_view part) { return {head_.data() + (part.data() - head_.data()), part.size()}; }

  std::size_t put_body(std::string_view bytes) {
    boost::beast::error_code error;
    const std::size_t used = reader_->put_body(bytes, error);
    if (error) error_ = body_error(error);
    return used;
  }

  // A trailer field must not pass for one of the head (RFC 9110 section 6.5.1).
  void on_field(const HttpField& field, bool in_trailer) override {
    if (!in_trailer) request_.fields.push_back(field);
  }

  void on_body(std::string_view piece) override { request_.body.append(piece); }

  RequestLimits limits_;
  std::string head_;
  HeadScan head_scan_;
  std::size_t fields_begin_ = 0;  ///< in the head, once the request line came
  Request request_;
  std::optional<RequestError> error_;
  std::string chunk_line_;
  std::optional<MessageReader<true>> reader_;
};

RequestParser::RequestParser(RequestLimits limits) : message_(std::make_unique<Message>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

const RequestLimits& RequestParser::limits() const {
  return message_->limits();
}

void RequestParser::start() {
  message_->start();
}
std::size_t RequestParser::put(std::string_view bytes) {
  return message_->put(bytes);
}
void RequestParser::give_up() {
  message_->give_up();
}
bool RequestParser::started() const {
  return message_->started();
}
bool RequestParser::expects_continue() const {
  return head_complete() && request().expects_continue && request().body.empty();
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
