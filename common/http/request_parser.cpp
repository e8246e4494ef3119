#include "common/http/request_parser.hpp"

#include "common/http/body_reader.hpp"
#include "common/http/head.hpp"
#include "common/http/request_rules.hpp"
#include "common/http/target.hpp"

#include <optional>
#include <span>

namespace waitlab {

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

RequestError body_error(BodyReader::Error error) {
  switch (error) {
    case BodyReader::Error::long_framing:
      return {431, "chunk extensions and trailer fields are too long together (limits.header_bytes)"};
    case BodyReader::Error::long_body:
      return {413, "the body is longer than limits.body_bytes"};
    case BodyReader::Error::malformed_chunk:
    case BodyReader::Error::none:
      break;
  }
  return {400, "a chunk or a trailer field is malformed"};
}

}  // namespace

class RequestParser::Message final : private BodySink {
 public:
  explicit Message(RequestLimits limits) : limits_(limits), body_(*this, {limits.body_bytes, limits.header_bytes}) {}

  void start() {
    forget(head_, kept_head_bytes);
    head_scan_.restart();
    line_checked_ = false;
    head_complete_ = false;
    adopt({});
    forget(request_.fields, kept_fields);
    forget(request_.body, kept_body_bytes);
    request_.expects_continue = false;
    error_.reset();
  }

  std::size_t put(std::string_view bytes) {
    std::size_t used = 0;
    if (!head_complete_ && !error_) used = put_head(bytes);
    if (head_complete_ && !error_ && !body_.complete()) used += put_body(bytes.substr(used));
    return used;
  }

  bool started() const { return !std::string_view("\r\n").starts_with(head_); }
  bool head_complete() const { return head_complete_ && !error_; }
  bool complete() const { return head_complete() && body_.complete(); }
  const std::optional<RequestError>& error() const { return error_; }
  const Request& request() const { return request_; }

 private:
  std::size_t put_head(std::string_view bytes) {
    const std::size_t room = limits_.header_bytes - head_.size();
    const std::size_t used = head_scan_.put(bytes.substr(0, room));
    head_.append(bytes.substr(0, used));
    const bool ended = head_scan_.complete() || head_scan_.malformed() || bytes.size() > room;
    if (!head_scan_.past_start_line()) {
      if (ended) refuse_line();
      return used;
    }
    // The request line is judged before all that follows, so that the same bytes have the same fault however they come.
    if (ended || !line_checked_) check_line(ended);
    if (!ended || error_) return used;
    if (head_scan_.malformed()) {
      error_ = {400, "a header line is folded or does not end in CRLF"};
    } else if (head_scan_.complete()) {
      parse_head();
    } else {
      error_ = {431, "the request line and header fields are longer than limits.header_bytes"};
    }
    return used;
  }

  /// The request line and what follows it.
  std::string_view head() const {
    const std::string_view head = head_;
    return head.substr(head.starts_with("\r\n") ? 2 : 0);
  }

  void refuse_line() {
    if (head_scan_.malformed()) {
      error_ = {400, "the request line does not end in CRLF"};
    } else {
      adopt(refuse_long_line(head()));
    }
  }

  /// Its parts are kept only once the head will not move any more.
  void check_line(bool keep) {
    line_checked_ = true;
    std::string_view rest = head();
    const RequestLine line = parse_request_line(take_line(rest));
    if (keep || line.error) adopt(line);
  }

  void adopt(const RequestLine& line) {
    request_.method = line.method;
    request_.target = line.target;
    request_.version = line.version;
    error_ = line.error;
  }

  void parse_head() {
    std::string_view rest = head();
    take_line(rest);
    FramingFields framing;
    for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) {
      const auto field = parse_field(line);
      if (!field) {
        error_ = {400, "a header field is malformed"};
        return;
      }
      framing.note(*field);
      request_.fields.push_back(*field);
    }
    error_ = check_head(request_, framing);
    if (error_) return;
    request_.keep_alive = framing.persists(request_.version);
    request_.expects_continue = request_.version == 11 && !request_.field("Expect").empty();
    normalize_target();
    begin_body(framing);
  }

  void normalize_target() {
    request_.target = origin_form(request_.target, request_.method);
    if (!has_escape(request_.target)) return;
    char* const begin = head_.data() + (request_.target.data() - head_.data());
    request_.target = decode_unreserved({begin, request_.target.size()});
  }

  void begin_body(const FramingFields& framing) {
    const std::uint64_t length = framing.length.value_or(0);
    if (framing.encodings > 0) {
      body_.begin_chunked();
    } else if (length > limits_.body_bytes) {
      error_ = body_error(BodyReader::Error::long_body);
      return;
    } else {
      body_.begin_sized(length);
    }
    head_complete_ = true;
  }

  std::size_t put_body(std::string_view bytes) {
    const std::size_t used = body_.put(bytes);
    if (body_.error() != BodyReader::Error::none) error_ = body_error(body_.error());
    return used;
  }

  void on_body(std::string_view piece) override { request_.body.append(piece); }

  // A trailer field must not pass for one of the head (RFC 9110 section 6.5.1).
  void on_trailer(const HttpField&) override {}

  RequestLimits limits_;
  std::string head_;
  HeadScan head_scan_;
  bool line_checked_ = false;
  bool head_complete_ = false;
  Request request_;
  std::optional<RequestError> error_;
  BodyReader body_;
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
