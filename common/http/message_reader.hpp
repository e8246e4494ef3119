#pragma once

#include "common/http/head.hpp"
#include "common/http/request.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab {

/// Takes what a MessageReader finds.
class MessageSink {
 public:
  /// The views point into the head; those of a trailer field are valid during the call.
  virtual void on_field(const HttpField& field, bool in_trailer) = 0;

  virtual void on_body(std::string_view piece) = 0;

 protected:
  ~MessageSink() = default;
};

/// Beast's parser for one message, given the start line, the fields and each line between chunks as a whole. Sees to
/// what Beast refuses too early, takes too easily or does not count. Not thread-safe.
template <bool isRequest>
class MessageReader final : public boost::beast::http::basic_parser<isRequest> {
 public:
  using Error = boost::beast::error_code;

  /// `framing_bytes` limits all that chunks may well do without: extensions, zeros before a size, trailers. `line` is a
  /// buffer to use. It and the sink must outlive the reader.
  MessageReader(MessageSink& sink, std::string& line, std::uint64_t framing_bytes);

  /// Takes a start line with its CRLF.
  Error put_start_line(std::string_view line);

  /// Takes all the fields, and the empty line behind them. What a well-formed field says of where the message ends is
  /// no error: that is to be judged by all of `framing`. `body_limit` if the body will be longer than that.
  Error put_fields(std::string_view fields);

  /// Takes bytes of the body and returns how many it used: all, unless the body is complete before or there is an
  /// error: `body_limit` or `header_limit` (of `framing_bytes`), any other if a chunk or a trailer field is malformed.
  std::size_t put_body(std::string_view bytes, Error& error);

  unsigned version() const { return version_; }  ///< 10 or 11
  unsigned status() const { return status_; }    ///< of a response
  const FramingFields& framing() const { return framing_; }

 private:
  using Text = boost::beast::string_view;
  using Id = boost::beast::http::field;

  void on_request_impl(boost::beast::http::verb, Text, Text, int version, Error&) override {
    version_ = static_cast<unsigned>(version);
  }
  void on_response_impl(int status, Text, int version, Error& error) override {
    if (status < 100) error = boost::beast::http::error::bad_status;
    status_ = static_cast<unsigned>(status);
    version_ = static_cast<unsigned>(version);
  }
  void on_field_impl(Id id, Text name, Text value, Error&) override {
    take_field(id, {{name.data(), name.size()}, {value.data(), value.size()}});
  }
  void on_header_impl(Error&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
  std::size_t on_body_impl(Text body, Error&) override {
    sink_.on_body({body.data(), body.size()});
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t size, Text, Error&) override { chunk_size_ = chunk_left_ = size; }
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error& error) override {
    chunk_left_ -= body.size();
    return on_body_impl(body, error);
  }
  void on_finish_impl(Error&) override {}

  void take_field(Id id, const HttpField& field);
  std::size_t put_text(std::string_view text, Error& error) { return this->put({text.data(), text.size()}, error); }
  std::size_t put_chunk_line(std::string_view bytes, Error& error);
  void end_chunk_line(Error& error);

  MessageSink& sink_;
  std::string& line_;  ///< what came of all that stands between two chunks
  std::uint64_t framing_bytes_;
  std::uint64_t counted_ = 0;  ///< towards `framing_bytes_`
  unsigned version_ = 11;
  unsigned status_ = 0;
  FramingFields framing_;
  std::uint64_t chunk_size_ = 0;
  std::uint64_t chunk_left_ = 0;
};

}  // namespace waitlab
