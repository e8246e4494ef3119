#pragma once

#include <string>

namespace waitlab {

/// The path of a file that no other test uses, also not one of another run at the same time. Nothing is created; what
/// stands there when the object is destroyed is removed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& ending);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  const std::string& path() const { return path_; }
  void write(const std::string& text) const;
  std::string text() const;

 private:
  std::string path_;
};

}  // namespace waitlab
