#include "backend/config.hpp"

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>

namespace waitlab::backend {

ConfigSpec config_spec(Config& config) {
  ConfigSpec spec;
  spec.text("listen.address", config.listen.address, "IP address to listen on");
  spec.integer("listen.port", config.listen.port, 0, 65535, "TCP port to listen on; 0: any free port");
  bind_delay_profiles(spec, "", config.profiles);
  return spec;
}

Result<void> check(Config& config) {
  boost::system::error_code error;
  boost::asio::ip::make_address(config.listen.address, error);
  if (error)
    return Failure{
        fmt::format("listen.address is \"{}\": use an IP address such as 127.0.0.1 or ::1", config.listen.address)};
  return prepare_delay_profiles(config.profiles, "");
}

}  // namespace waitlab::backend
