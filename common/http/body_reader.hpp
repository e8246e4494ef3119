#pragma once

#include "common/http/request.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab {

/// Takes what a BodyReader finds.
class BodySink {
 public:
  virtual void on_body(std::string_view piece) = 0;

  /// A field behind a chunked body. Its views are valid during the call.
  virtual void on_trailer(const HttpField& field) = 0;

 protected:
  ~BodySink() = default;
};

struct BodyLimits {
  std::uint64_t body_bytes;     ///< of a chunked body, after de-chunking
  std::uint64_t framing_bytes;  ///< of all that a chunked body may well do without: extensions, padded sizes, trailers
};

/// Reads the body of a message from bytes, however they come, to the end that its head gives it (RFC 9112 sections 6
/// and 7). Not thread-safe.
class BodyReader {
 public:
  enum class Error : std::uint8_t { none, malformed_chunk, long_framing, long_body };

  /// `sink` must outlive the reader's use.
  BodyReader(BodySink& sink, BodyLimits limits) : sink_(sink), limits_(limits) {}

  void begin_empty();
  void begin_sized(std::uint64_t bytes);
  void begin_chunked();
  void begin_until_close();

  /// Takes bytes and returns how many it used: all, unless the body is complete before or there is an error.
  std::size_t put(std::string_view bytes);

  /// Tells that the peer closed, which completes a body that goes on until then.
  void put_eof();

  bool complete() const { return state_ == State::complete; }
  bool until_close() const { return state_ == State::until_close; }
  Error error() const { return error_; }

 private:
  enum class State : std::uint8_t { complete, sized, chunk_size, chunk, chunk_end, trailer, until_close };

  void begin(State state, std::uint64_t left);
  std::size_t put_data(std::string_view bytes);
  void put_chunk_end(char byte);
  std::size_t put_line(std::string_view bytes);
  void end_line(std::string_view line);
  void begin_chunk(std::string_view line);
  void end_trailer_line(std::string_view line);

  /// Counts bytes that are no body; false if there are too many.
  bool count_framing(std::uint64_t bytes);

  BodySink& sink_;
  BodyLimits limits_;
  State state_ = State::complete;
  Error error_ = Error::none;
  std::uint64_t left_ = 0;     ///< of a sized body, or of the chunk
  std::uint64_t body_ = 0;     ///< the sizes of the chunks so far
  std::uint64_t framing_ = 0;  ///< counted towards `framing_bytes` so far
  bool cr_ = false;            ///< whether the CR behind a chunk came
  std::string line_;           ///< the begin of a line whose end did not come yet
};

}  // namespace waitlab
