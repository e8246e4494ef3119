#include "common/http/response_parser.hpp"

#include "common/http/head.hpp"
#include "common/http/message_reader.hpp"
#include "common/http/response_rules.hpp"

#include <optional>
#include <utility>

namespace waitlab {

namespace http = boost::beast::http;

namespace {

std::string_view body_error_text(boost::beast::error_code error) {
  return error == http::error::header_limit ? "chunk extensions and trailer fields are longer than 64 KiB together"
                                            : "a chunk or a trailer field is malformed";
}

/// Looks for a text in a body that comes in pieces, and keeps of them what could be its begin.
class BodySearch {
 public:
  explicit BodySearch(std::string text) : text_(std::move(text)) {}

  void start() {
    end_.clear();
    found_ = false;
  }

  void put(std::string_view piece) {
    if (found_ || text_.empty()) return;
    const std::size_t kept = text_.size() - 1;
    end_.append(piece.substr(0, kept));
    found_ = end_.find(text_) != std::string::npos || piece.find(text_) != std::string_view::npos;
    if (piece.size() > kept) end_.assign(piece.substr(piece.size() - kept));
    if (end_.size() > kept) end_.erase(0, end_.size() - kept);
  }

  bool found() const { return found_; }

 private:
  std::string text_;
  std::string end_;  ///< of what has come: a byte less than the text
  bool found_ = false;
};

}  // namespace

class ResponseParser::Message final : public MessageSink {
 public:
  Message() { start(false, Asked::nothing); }

  void start(bool to_head, Asked asked) {
    to_head_ = to_head;
    asked_ = asked;
    start_head();
    interim_bytes_ = 0;
    body_bytes_ = 0;
    body_.clear();
    search_.start();
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
    boost::beast::error_code unfinished;
    if (head_complete_) reader_->put_eof(unfinished);
    if (complete()) return;
    const bool nothing = !head_complete_ && head_.empty();
    error_ = nothing ? "the connection was closed before a response" : "the connection was closed inside the response";
  }

  bool complete() const {
    return head_complete_ && error_.empty() && (end_.kind == ResponseEnd::Kind::head || reader_->is_done());
  }
  bool head_complete() const { return head_complete_; }
  unsigned status() const { return status_; }
  bool keep_alive() const { return keep_alive_; }
  bool left_http() const { return end_.leaves_http; }
  const std::string& error() const { return error_; }
  const std::string& server_timing() const { return server_timing_; }
  std::uint64_t body_bytes() const { return body_bytes_; }
  const std::string& body() const { return body_; }
  void keep_body(bool keep) { keep_body_ = keep; }
  void look_for(std::string text) { search_ = BodySearch(std::move(text)); }
  bool found() const { return search_.found(); }

 private:
  void start_head() {
    head_.clear();
    head_scan_.restart();
    fields_begin_ = 0;
    head_complete_ = keep_alive_ = false;
    status_ = 0;
    end_ = {};
    server_timing_.clear();
    start_reader();
  }

  void start_reader() {
    reader_.emplace(*this, chunk_line_, most_head_bytes);
    reader_->body_limit(boost::none);
  }

  std::size_t put_head(std::string_view bytes) {
    const std::size_t room = most_head_bytes - interim_bytes_ - head_.size();
    const std::size_t used = head_scan_.put(bytes.substr(0, room));
    head_.append(bytes.substr(0, used));
    if (!check_begin()) return used;
    if (head_scan_.malformed()) {
      error_ = "a header line is folded or does not end in CRLF";
    } else if (head_scan_.complete()) {
      if (head_scan_.folded()) unfold(head_);
      parse_fields();
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
  bool check_begin() {
    if (fields_begin_ > 0) return true;
    if (!accept(check_first_bytes(head_))) return false;
    if (!head_scan_.past_start_line()) return true;
    fields_begin_ = head_.find('\n') + 1;
    lower_version(head_, 0);
    const std::string_view line = std::string_view(head_).substr(0, fields_begin_);
    if (put_status_line(line)) return accept(status_line_error(line));
    status_ = reader_->status();
    version_ = reader_->version();
    return true;
  }

  /// Beast wants the space before a reason phrase also where there is none.
  boost::beast::error_code put_status_line(std::string_view line) {
    constexpr std::string_view no_phrase = "HTTP/1.1 200\r\n";
    if (line.size() != no_phrase.size()) return reader_->put_start_line(line);
    return reader_->put_start_line(std::string(line.substr(0, line.size() - 2)).append(" \r\n"));
  }

  void parse_fields() {
    if (reader_->put_fields(std::string_view(head_).substr(fields_begin_))) {
      error_ = "a header field is malformed";
    } else if (is_interim(status_)) {
      interim_bytes_ += head_.size();
      start_head();
    } else {
      begin_body(reader_->framing());
    }
  }

  void begin_body(FramingFields framing) {
    end_ = end_of_response(status_, framing, to_head_, asked_);
    if (!accept(end_.error)) return;
    tell_reader();
    keep_alive_ = framing.persists(version_) && !end_.leaves_http && end_.kind != ResponseEnd::Kind::close &&
                  (version_ >= 11 || framing.encodings == 0);  // RFC 9112 section 6.1
    head_complete_ = true;
  }

  /// Beast looks at no coding behind one with parameters, and at none behind the field that names chunked. Where it is
  /// mistaken, it gets a head that says where the body ends.
  void tell_reader() {
    const bool chunked = end_.kind == ResponseEnd::Kind::last_chunk;
    if (reader_->chunked() == chunked) return;
    start_reader();
    reader_->put_start_line("HTTP/1.1 200 OK\r\n");
    reader_->put_fields(chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
  }

  std::size_t put_body(std::string_view bytes) {
    boost::beast::error_code error;
    const std::size_t used = reader_->put_body(bytes, error);
    if (error) error_ = body_error_text(error);
    return used;
  }

  void on_field(const HttpField& field, bool /*in_trailer*/) override {
    if (!same_name(field.name, "Server-Timing")) return;
    if (!server_timing_.empty()) server_timing_.append(", ");
    server_timing_.append(field.value);
  }

  void on_body(std::string_view piece) override {
    body_bytes_ += piece.size();
    if (keep_body_) body_.append(piece);
    search_.put(piece);
  }

  bool to_head_ = false;
  bool keep_body_ = false;
  Asked asked_ = Asked::nothing;
  HeadScan head_scan_{HeadScan::Folds::taken};
  std::string head_;
  std::size_t interim_bytes_ = 0;  ///< the heads of the interim responses so far
  std::size_t fields_begin_ = 0;   ///< in the head, once the status line came
  bool head_complete_ = false;
  unsigned status_ = 0;
  unsigned version_ = 11;
  ResponseEnd end_;
  bool keep_alive_ = false;
  std::string server_timing_;
  std::string chunk_line_;
  std::optional<MessageReader<false>> reader_;
  std::uint64_t body_bytes_ = 0;
  std::string body_;
  BodySearch search_{""};
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
void ResponseParser::look_for(std::string text) {
  message_->look_for(std::move(text));
}
bool ResponseParser::found() const {
  return message_->found();
}

}  // namespace waitlab
