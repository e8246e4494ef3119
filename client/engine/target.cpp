#include "client/engine/target.hpp"

#include "common/http/characters.hpp"
#include "common/net/socket_address.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>

namespace waitlab::client {
namespace {

constexpr std::string_view example = "http://127.0.0.1:8080/plain";

/// The text without line breaks and their like, for messages of one line.
std::string shown(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, is_control, '?');
  return line;
}

Failure bad_url(std::string_view url, std::string_view what) {
  return {fmt::format("URL '{}': {}; write it like {}", shown(url), what, example)};
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

const char* default_port_of(bool tls) {
  return tls ? "443" : "80";
}

std::string origin_form(const boost::urls::url_view& url) {
  std::string form = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
  if (url.has_query()) form.append("?").append(std::string_view(url.encoded_query()));
  return form;
}

/// The places of a text's host and port: between the two slashes and what follows them.
struct Authority {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

std::optional<Authority> find_authority(std::string_view text) {
  const std::size_t slashes = text.find("://");
  if (slashes == std::string_view::npos) return std::nullopt;
  const std::size_t begin = slashes + 3;
  return Authority{begin, std::min(text.find_first_of("/?#", begin), text.size())};
}

/// Takes the zone of an address such as [fe80::1%25eth0] out of the text and returns it: no part of a URL's host that
/// others understand (RFC 6874 section 4). A bare % before it is understood as well, as that is how people know it.
std::string take_zone(std::string& text) {
  const auto authority = find_authority(text);
  if (!authority || !authority->in(text).starts_with('[')) return {};
  const std::size_t percent = text.find('%', authority->begin);
  const std::size_t bracket = text.find(']', authority->begin);
  if (percent >= authority->end || bracket >= authority->end || percent > bracket) return {};
  std::string zone = text.substr(percent + 1, bracket - percent - 1);
  if (zone.starts_with("25")) zone.erase(0, 2);
  const auto is_plain = [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c)) || c == '-' || c == '.' || c == '_';
  };
  if (zone.empty() || !std::ranges::all_of(zone, is_plain)) return {};
  text.erase(percent, bracket - percent);
  return zone;
}

/// "a space", "'<'", "a character of code 0x01".
std::string character_text(unsigned char c) {
  if (c == ' ') return "a space";
  return c < 0x20 || c == 0x7f ? fmt::format("a character of code 0x{:02x}", c) : fmt::format("'{}'", char(c));
}

/// The whole UTF-8 character that begins there.
std::string_view character_at(std::string_view text, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    ++end;
  return text.substr(begin, end - begin);
}

std::string encoded(std::string_view character) {
  std::string text;
  for (const char c : character)
    text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return text;
}

constexpr std::string_view write_as_xn = "write an international name in its ASCII form, xn--…";

/// Which character cannot stand there, and what to write; nothing if that is not what is wrong.
std::optional<std::string> misplaced_character(std::string_view text, const Authority& authority) {
  constexpr std::string_view nowhere = " \"<>\\^`{|}";
  const auto is_hex = [&](std::size_t at) {
    return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at]));
  };
  for (std::size_t at = authority.begin; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const bool in_host = at < authority.end;
    const std::string where = fmt::format("at character {}", columns_of(text.substr(0, at)) + 1);
    if (c >= 0x80) {
      const std::string_view character = character_at(text, at);
      return fmt::format("'{}' {} is not ASCII; {}", character, where,
                         in_host ? std::string(write_as_xn) : "write " + encoded(character));
    }
    if (c == '%' && !(is_hex(at + 1) && is_hex(at + 2)))
      return fmt::format("the % {} begins no code of two hexadecimal digits; write %25", where);
    const bool bracket = !in_host && (c == '[' || c == ']');
    if (c < 0x20 || c == 0x7f || bracket || nowhere.find(static_cast<char>(c)) != std::string_view::npos) {
      return fmt::format("{} {} cannot stand in {}", character_text(c), where,
                         in_host ? "a host" : "a URL; write " + encoded(text.substr(at, 1)));
    }
  }
  return std::nullopt;
}

/// Whether an address has the mark of a zone and then none, as in [fe80::1%25].
bool has_empty_zone(std::string_view authority) {
  return authority.starts_with('[') &&
         (authority.find("%25]") != std::string_view::npos || authority.find("%]") != std::string_view::npos);
}

/// What is wrong with a host and port whose characters are right.
std::optional<std::string> wrong_authority(std::string_view authority) {
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return "the bracket before the address is not closed; write [::1]:8080";
    const std::string_view rest = authority.substr(bracket + 1);
    if (!rest.empty() && !rest.starts_with(':')) return fmt::format("'{}' follows the address; write [::1]:8080", rest);
    if (rest.find_first_not_of("0123456789", 1) == std::string_view::npos)
      return fmt::format("'{}' is no IPv6 address", authority.substr(1, bracket - 1));
  }
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  if (authority.find(':') < colon && !authority.starts_with('['))
    return "an IPv6 address needs brackets; write [::1]:8080";
  const std::string_view port = authority.substr(colon + 1);
  if (port.find_first_not_of("0123456789") == std::string_view::npos) return std::nullopt;
  return fmt::format("'{}' is no port; give a number, as in :8080", port);
}

Failure not_valid(std::string_view text) {
  constexpr std::string_view what = "not a valid URL";
  const auto authority = find_authority(text);
  if (!authority) return bad_url(text, fmt::format("{}: it must begin with http:// or https://", what));
  if (has_empty_zone(authority->in(text)))
    return bad_url(text, fmt::format("{}: the zone is empty; name an interface, as in [fe80::1%25eth0]", what));
  auto why = misplaced_character(text, *authority);
  if (!why) why = wrong_authority(authority->in(text));
  return bad_url(text, why ? fmt::format("{}: {}", what, *why) : std::string(what));
}

/// Of a registered name without its codes (RFC 3986 section 3.2.2).
constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=";

/// Whether a host without a port, by what the URL says of it, can be looked up and named.
std::optional<std::string> wrong_host(const boost::urls::url_view& url) {
  const std::string host(url.host_address());
  if (host.empty() || host == ".") return "the host is missing";
  if (has_control_character(host)) return "the host holds a control character";
  if (!is_ascii(host)) return fmt::format("the host is not ASCII; {}", write_as_xn);
  const std::size_t wrong =
      url.host_type() == boost::urls::host_type::name ? host.find_first_not_of(name_characters) : std::string::npos;
  if (wrong != std::string::npos)
    return fmt::format("{} cannot stand in a host", character_text(static_cast<unsigned char>(host[wrong])));
  return std::nullopt;
}

/// A certificate and SNI have names without the dot that ends one that is not to be completed (RFC 6066 section 3).
std::string without_final_dot(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  return host;
}

/// Host and port as they stand in the URL. Boost.URL leaves out what follows a port's digits or an address.
std::string written_authority(const boost::urls::url_view& url) {
  const std::string host(url.encoded_host());
  return url.has_port() ? fmt::format("{}:{}", host, std::string(url.port())) : host;
}

Target target_of(const boost::urls::url_view& url, bool tls, const std::string& zone) {
  const bool default_port = !url.has_port() || url.port().empty();
  const bool is_ipv6 = url.host_type() == boost::urls::host_type::ipv6;
  const std::string host(is_ipv6 ? std::string(url.encoded_host_address()) : std::string(url.host_address()));
  const std::string told = is_ipv6 ? fmt::format("[{}]", host) : host;
  return Target{.tls = tls,
                .host = zone.empty() ? host : fmt::format("{}%{}", host, zone),
                .proven_name = without_final_dot(host),
                .port = default_port ? default_port_of(tls) : std::string(url.port()),
                .authority = default_port ? told : fmt::format("{}:{}", told, std::string(url.port())),
                .origin_form = origin_form(url)};
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  std::string without_zone(text);
  const std::string zone = take_zone(without_zone);
  const auto parsed = boost::urls::parse_uri(without_zone);
  if (!parsed) return not_valid(text);
  const boost::urls::url_view& url = *parsed;
  const bool tls = url.scheme_id() == boost::urls::scheme::https;
  if (!tls && url.scheme_id() != boost::urls::scheme::http) return bad_url(text, "the scheme must be http or https");
  const auto authority = find_authority(without_zone);
  if (!authority) return not_valid(text);
  if (!url.has_userinfo() && authority->in(without_zone) != written_authority(url)) return not_valid(text);
  if (const auto wrong = wrong_host(url)) return bad_url(text, *wrong);
  if (url.has_userinfo()) return bad_url(text, "user names in URLs are not supported; give an Authorization header");
  if (!url.port().empty() && !parse_port(url.port())) return bad_url(text, "the port must be between 1 and 65535");
  return target_of(url, tls, zone);
}

bool is_request_path(std::string_view path) {
  return path.starts_with('/') && path.find('#') == std::string_view::npos &&
         boost::urls::parse_origin_form(path).has_value();
}

}  // namespace waitlab::client
