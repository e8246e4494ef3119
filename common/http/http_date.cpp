#include "common/http/http_date.hpp"

#include <fmt/format.h>

namespace waitlab {

namespace {

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

void HttpDate::append(std::string& out, std::time_t now) {
  const std::scoped_lock lock(mutex_);
  if (now != second_) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    fmt::format_to_n(text_.data(), text_.size(), "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                     months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                     utc.tm_sec);
    second_ = now;
  }
  out.append(text_.data(), text_.size());
}

}  // namespace waitlab
