// The V2 encoding of HdrHistogram, as AbstractHistogram and ZigZagEncoding of its Java library write and read it.

#include "common/histogram/base64.hpp"
#include "common/histogram/hdr_histogram.hpp"

#include <zlib.h>

#include <array>
#include <boost/endian/conversion.hpp>
#include <limits>
#include <optional>

namespace waitlab {
namespace {

constexpr std::uint32_t plain_cookie = 0x1c849303 | 0x10;
constexpr std::uint32_t compressed_cookie = 0x1c849304 | 0x10;
constexpr std::size_t plain_header_bytes = 40;
constexpr std::size_t longest_count_bytes = 9;

template <class Number>
void put(std::string& bytes, Number number) {
  std::array<unsigned char, sizeof(Number)> field;
  boost::endian::endian_store<Number, sizeof(Number), boost::endian::order::big>(field.data(), number);
  bytes.append(field.begin(), field.end());
}

/// A ZigZag LEB128 number; the ninth byte, if it comes to that, holds eight bits.
void put_packed(std::string& bytes, std::int64_t number) {
  auto rest = static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
  for (std::size_t i = 1; i < longest_count_bytes && rest > 0x7f; ++i, rest >>= 7) {
    bytes += static_cast<char>(0x80 | (rest & 0x7f));
  }
  bytes += static_cast<char>(rest);
}

/// Takes numbers from the front of some bytes. Past the end it gives zeros and is no longer `good`.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool good() const { return good_; }
  std::string_view rest() const { return rest_; }

  template <class Number>
  Number take() {
    std::array<unsigned char, sizeof(Number)> field{};
    for (auto& byte : field)
      byte = take_byte();
    return boost::endian::endian_load<Number, sizeof(Number), boost::endian::order::big>(field.data());
  }

  std::int64_t take_packed() {
    std::uint64_t number = 0;
    for (std::size_t i = 1; i <= longest_count_bytes; ++i) {
      const bool is_last = i == longest_count_bytes;
      const auto byte = take_byte();
      number |= std::uint64_t{is_last ? byte : byte & 0x7fu} << (7 * (i - 1));
      if (byte < 0x80 || is_last) break;
    }
    return static_cast<std::int64_t>(number >> 1 ^ (0 - (number & 1)));
  }

 private:
  unsigned char take_byte() {
    good_ = good_ && !rest_.empty();
    if (!good_) return 0;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  std::string_view rest_;
  bool good_ = true;
};

std::string compress(const std::string& bytes) {
  auto size = compressBound(bytes.size());
  std::string compressed(size, '\0');
  ::compress(reinterpret_cast<Bytef*>(compressed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
             bytes.size());
  compressed.resize(size);
  return compressed;
}

/// The bytes that `compressed` holds, to its last byte, or nothing if it is damaged or they are more than `limit`.
std::optional<std::string> decompress(std::string_view compressed, std::size_t limit) {
  std::string bytes(limit, '\0');
  uLongf size = limit;
  uLong used = compressed.size();
  const auto status = uncompress2(reinterpret_cast<Bytef*>(bytes.data()), &size,
                                  reinterpret_cast<const Bytef*>(compressed.data()), &used);
  if (status != Z_OK || used != compressed.size()) return {};
  bytes.resize(size);
  return bytes;
}

Failure damaged(const char* what) {
  return Failure{std::string{"damaged histogram: "} + what};
}

}  // namespace

std::string HdrHistogram::encode() const {
  const auto compressed = compress(plain_encoding());
  std::string bytes;
  put(bytes, compressed_cookie);
  put(bytes, static_cast<std::uint32_t>(compressed.size()));
  return to_base64(bytes + compressed);
}

std::string HdrHistogram::plain_encoding() const {
  std::string packed;
  std::int64_t zeros = 0;  // not yet written; those after the last count never are
  for (const auto count : counts_) {
    if (count == 0) {
      ++zeros;
      continue;
    }
    if (zeros > 0) put_packed(packed, -zeros);
    put_packed(packed, static_cast<std::int64_t>(count));
    zeros = 0;
  }
  std::string bytes;
  put(bytes, plain_cookie);
  put(bytes, static_cast<std::uint32_t>(packed.size()));
  put(bytes, std::int32_t{0});  // normalizing index offset
  put(bytes, significant_digits);
  put(bytes, lowest_ns);
  put(bytes, highest_ns);
  put(bytes, 1.0);  // integer to double conversion ratio
  return bytes + packed;
}

Result<HdrHistogram> HdrHistogram::decode(std::string_view base64) {
  const auto bytes = from_base64(base64);
  if (!bytes) return damaged("not base64 text");
  ByteReader reader{*bytes};
  if (reader.take<std::uint32_t>() != compressed_cookie) return damaged("not the compressed V2 encoding");
  if (reader.take<std::uint32_t>() != reader.rest().size()) return damaged("cut short, or too long");
  const auto plain = decompress(reader.rest(), plain_header_bytes + bucket_count * longest_count_bytes);
  if (!plain) return damaged("its compressed part cannot be read");
  HdrHistogram histogram;
  if (auto read = histogram.read_plain_encoding(*plain); !read) return read.error();
  return histogram;
}

Result<void> HdrHistogram::read_plain_encoding(std::string_view bytes) {
  ByteReader reader{bytes};
  const bool is_plain = reader.take<std::uint32_t>() == plain_cookie;
  const auto length = reader.take<std::uint32_t>();
  const auto offset = reader.take<std::int32_t>();
  const auto digits = reader.take<std::int32_t>();
  const auto lowest = reader.take<std::int64_t>();
  const auto highest = reader.take<std::int64_t>();
  const auto ratio = reader.take<double>();
  if (!is_plain || !reader.good()) return damaged("not the V2 encoding");
  if (length != reader.rest().size()) return damaged("its counts are cut short, or too long");
  if (offset != 0 || digits != significant_digits || lowest != lowest_ns || highest != highest_ns || ratio != 1.0) {
    return Failure{"histogram of another layout: only 1 us to 1 h in nanoseconds at 3 digits can be read"};
  }
  return read_counts(reader.rest());
}

Result<void> HdrHistogram::read_counts(std::string_view bytes) {
  ByteReader reader{bytes};
  std::size_t index = 0;
  while (!reader.rest().empty()) {
    const auto number = reader.take_packed();
    const auto step = number < 0 ? 0 - static_cast<std::uint64_t>(number) : 1;
    if (!reader.good() || step > counts_.size() - index) return damaged("its counts do not fit the range");
    if (number > 0) counts_[index] = static_cast<std::uint64_t>(number);
    if (number > 0 && __builtin_add_overflow(total_, counts_[index], &total_)) return damaged("its counts overflow");
    index += step;
  }
  return {};
}

}  // namespace waitlab
