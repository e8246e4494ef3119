#include "client/engine/target.hpp"

#include "common/net/socket_address.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr std::string_view example = "http://127.0.0.1:8080/plain";

Failure bad_url(std::string_view url, std::string_view what) {
  return {fmt::format("URL '{}': {}; write it like {}", url, what, example)};
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

const char* default_port_of(bool tls) {
  return tls ? "443" : "80";
}

std::string origin_form(const boost::urls::url_view& url) {
  std::string form = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
  if (url.has_query()) form.append("?").append(std::string_view(url.encoded_query()));
  return form;
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return bad_url(text, "not a valid URL");
  const boost::urls::url_view& url = *parsed;
  const bool tls = url.scheme_id() == boost::urls::scheme::https;
  if (!tls && url.scheme_id() != boost::urls::scheme::http) return bad_url(text, "the scheme must be http or https");
  if (url.encoded_host().empty()) return bad_url(text, "the host is missing");
  if (has_control_character(url.host_address())) return bad_url(text, "the host holds a control character");
  if (url.has_userinfo()) return bad_url(text, "user names in URLs are not supported; give an Authorization header");
  const bool default_port = !url.has_port() || url.port().empty();
  if (!default_port && !parse_port(url.port())) return bad_url(text, "the port must be between 1 and 65535");
  const std::string encoded_host(url.encoded_host());
  return Target{.tls = tls,
                .host = url.host_type() == boost::urls::host_type::ipv6 ? std::string(url.encoded_host_address())
                                                                        : std::string(url.host_address()),
                .port = default_port ? default_port_of(tls) : std::string(url.port()),
                .authority = default_port ? encoded_host : fmt::format("{}:{}", encoded_host, std::string(url.port())),
                .origin_form = origin_form(url)};
}

bool is_request_path(std::string_view path) {
  return path.starts_with('/') && path.find('#') == std::string_view::npos &&
         boost::urls::parse_origin_form(path).has_value();
}

}  // namespace waitlab::client
