#include "common/http/response_parser.hpp"

#include "common/http/body_reader.hpp"
#include "common/http/head.hpp"
#include "common/http/response_rules.hpp"

#include <limits>
#include <optional>

namespace waitlab {

namespace {

std::string_view body_error_text(BodyReader::Error error) {
  switch (error) {
    case BodyReader::Error::none:
      return {};
    case BodyReader::Error::malformed_chunk:
      return "a chunk or a trailer field is malformed";
    case BodyReader::Error::long_framing:
      return "chunk extensions and trailer fields are longer than 64 KiB together";
    case BodyReader::Error::long_body:
      break;
  }
  return "the body is too long to count";
}

constexpr BodyLimits response_limits{std::numeric_limits<std::uint64_t>::max(), ResponseParser::most_head_bytes};

}  // namespace

class ResponseParser::Message final : private BodySink {
 public:
  void start(bool to_head, Asked asked) {
    to_head_ = to_head;
    asked_ = asked;
    start_head();
    interim_bytes_ = 0;
    body_bytes_ = 0;
    body_.clear();
    error_.clear();
  }

  std::size_t put(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !complete() && error_.empty()) {
      const std::string_view rest = bytes.substr(used);
      used += head_complete_ ? put_body(rest) : put_head(rest);
    }
    return used;
  }

  void put_eof() {
    if (!error_.empty() || complete()) return;
    if (head_complete_) reader_.put_eof();
    if (complete()) return;
    const bool nothing = !head_complete_ && head_.empty();
    error_ = nothing ? "the connection was closed before a response" : "the connection was closed inside the response";
  }

  bool complete() const { return head_complete_ && reader_.complete() && error_.empty(); }
  bool head_complete() const { return head_complete_; }
  unsigned status() const { return status_; }
  bool keep_alive() const { return keep_alive_; }
  bool left_http() const { return left_http_; }
  const std::string& error() const { return error_; }
  const std::string& server_timing() const { return server_timing_; }
  std::uint64_t body_bytes() const { return body_bytes_; }
  const std::string& body() const { return body_; }
  void keep_body(bool keep) { keep_body_ = keep; }

 private:
  void start_head() {
    head_.clear();
    head_scan_.restart();
    line_checked_ = head_complete_ = keep_alive_ = left_http_ = false;
    status_ = 0;
    server_timing_.clear();
  }

  /// A head that comes as a whole is read where it is; only what is not whole is kept.
  std::size_t put_head(std::string_view bytes) {
    const std::size_t room = most_head_bytes - interim_bytes_ - head_.size();
    const std::size_t used = head_scan_.put(bytes.substr(0, room));
    std::string_view head = bytes.substr(0, used);
    if (!head_.empty() || !head_scan_.complete() || head_scan_.folded()) head = head_.append(head);
    if (!check_begin(head)) return used;
    if (head_scan_.malformed()) {
      error_ = "a header line is folded or does not end in CRLF";
    } else if (head_scan_.complete()) {
      if (head_scan_.folded()) unfold(head_);
      parse_head(head);
    } else if (bytes.size() > room) {
      error_ = interim_bytes_ == 0 ? "the header is longer than 64 KiB"
                                   : "interim responses and the header are longer than 64 KiB together";
    }
    return used;
  }

  /// Whether there is no error; one is kept.
  bool accept(std::string_view error) {
    if (!error.empty()) error_ = error;
    return error.empty();
  }

  /// What is no response is refused by its first bytes: its sender may wait for ours.
  bool check_begin(std::string_view head) {
    if (line_checked_) return true;
    if (!accept(check_first_bytes(head))) return false;
    if (!head_scan_.past_start_line()) return true;
    line_checked_ = true;
    const StatusLine line = parse_status_line(take_line(head));
    status_ = line.status;
    version_ = line.version;
    return accept(line.error);
  }

  void parse_head(std::string_view head) {
    const std::size_t head_bytes = head.size();
    take_line(head);
    FramingFields framing;
    for (std::string_view line = take_line(head); !line.empty(); line = take_line(head)) {
      const auto field = parse_field(line);
      if (!field) {
        error_ = "a header field is malformed";
        return;
      }
      framing.note(*field);
      note_timing(*field);
    }
    if (is_interim(status_)) {
      interim_bytes_ += head_bytes;
      start_head();
      return;
    }
    begin_body(framing);
  }

  void begin_body(const FramingFields& framing) {
    const ResponseEnd end = end_of_response(status_, framing, to_head_, asked_);
    if (!accept(end.error)) return;
    switch (end.kind) {
      case ResponseEnd::Kind::head:
        reader_.begin_empty();
        break;
      case ResponseEnd::Kind::length:
        reader_.begin_sized(*framing.length);
        break;
      case ResponseEnd::Kind::last_chunk:
        reader_.begin_chunked();
        break;
      case ResponseEnd::Kind::close:
        reader_.begin_until_close();
        break;
    }
    left_http_ = end.leaves_http;
    keep_alive_ = framing.persists(version_) && !left_http_ && !reader_.until_close() &&
                  (version_ >= 11 || framing.encodings == 0);  // RFC 9112 section 6.1
    head_complete_ = true;
  }

  std::size_t put_body(std::string_view bytes) {
    const std::size_t used = reader_.put(bytes);
    accept(body_error_text(reader_.error()));
    return used;
  }

  void note_timing(const HttpField& field) {
    if (!same_name(field.name, "Server-Timing")) return;
    if (!server_timing_.empty()) server_timing_.append(", ");
    server_timing_.append(field.value);
  }

  void on_body(std::string_view piece) override {
    body_bytes_ += piece.size();
    if (keep_body_) body_.append(piece);
  }

  void on_trailer(const HttpField& field) override { note_timing(field); }

  bool to_head_ = false;
  bool keep_body_ = false;
  Asked asked_ = Asked::nothing;
  HeadScan head_scan_{HeadScan::Folds::taken};
  std::string head_;
  std::size_t interim_bytes_ = 0;  ///< the heads of the interim responses so far
  bool line_checked_ = false;
  bool head_complete_ = false;
  unsigned status_ = 0;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool left_http_ = false;
  std::string server_timing_;
  BodyReader reader_{*this, response_limits};
  std::uint64_t body_bytes_ = 0;
  std::string body_;
  std::string error_;
};

ResponseParser::ResponseParser() : message_(std::make_unique<Message>()) {}
ResponseParser::~ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;

void ResponseParser::start(bool to_head, Asked asked) {
  message_->start(to_head, asked);
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
  return message_->status();
}
bool ResponseParser::keep_alive() const {
  return message_->keep_alive();
}
bool ResponseParser::left_http() const {
  return message_->left_http();
}
std::string_view ResponseParser::server_timing() const {
  return message_->server_timing();
}
std::uint64_t ResponseParser::body_bytes() const {
  return message_->body_bytes();
}
std::string_view ResponseParser::body() const {
  return message_->body();
}
void ResponseParser::keep_body(bool keep) {
  message_->keep_body(keep);
}

}  // namespace waitlab
