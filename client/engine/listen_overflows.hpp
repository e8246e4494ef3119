#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <istream>
#include <optional>

namespace waitlab::client {

/// How many connections this network namespace has dropped because a listen queue was full (ListenOverflows and
/// ListenDrops count the same connections; the first of /proc/net/netstat's TcpExt is taken). Nothing where the kernel
/// does not say.
std::optional<std::uint64_t> listen_overflows();

/// The same from a text of that form.
std::optional<std::uint64_t> read_listen_overflows(std::istream& netstat);

/// Whether the address is one of this machine's, so that its listen queues are ours to see.
bool is_local(const boost::asio::ip::address& address);

}  // namespace waitlab::client
