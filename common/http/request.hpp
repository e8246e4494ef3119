#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// A header field; the views are valid as long as the parser that made them holds this message.
struct HttpField {
  std::string_view name;
  std::string_view value;
};

/// An HTTP/1.x request as parsed. Views point into the parser's own buffers.
struct Request {
  std::string_view method;
  /// Origin-form, or "*": the authority of an absolute-form target is cut off, and what needs no escape in the path has
  /// none. Dot segments and empty segments stay: no endpoint is reached through them.
  std::string_view target;
  unsigned version = 11;   ///< 10 or 11
  bool keep_alive = true;  ///< whether the client lets the connection carry another request
  bool expects_continue = false;
  std::vector<HttpField> fields;
  std::string body;

  /// The first field of that name (compared without regard to case), or an empty view.
  std::string_view field(std::string_view name) const;
};

}  // namespace waitlab
