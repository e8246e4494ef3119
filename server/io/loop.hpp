#pragma once

#include "server/io/loop_io.hpp"

#include <boost/asio/io_context.hpp>

namespace waitlab::server {

/// An event loop and the Io that waits on it. Must outlive every socket made on it. One thread runs it.
struct Loop {
  boost::asio::io_context context{1};
  LoopIo io{context};
};

}  // namespace waitlab::server
