#pragma once

#include <boost/asio/ip/address_v4.hpp>

#include <istream>
#include <optional>

namespace waitlab::client {

/// The router that IPv4 takes to where no other route leads, from a text of the form of /proc/net/route. Inside a
/// container that is the machine it runs on, as a rule. Nothing if there is none.
std::optional<boost::asio::ip::address_v4> default_gateway(std::istream& route);

}  // namespace waitlab::client
