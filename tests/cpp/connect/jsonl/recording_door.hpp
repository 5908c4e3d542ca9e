#pragma once
// A door that remembers the ids it took and refuses what a test tells it to refuse.

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "veltrix/engine/source.hpp"

namespace veltrix {

class RecordingDoor final : public SourceDoor {
 public:
  Result<void> publish(EventFields& fields) override {
    const std::string id(fields.id);
    if (const auto refused = refuse.find(id); refused != refuse.end()) {
      return fail(refused->second, "refused " + id);
    }
    ids.push_back(id);
    all_given = all_given && fields.given_id;
    if (after_publish) after_publish(ids.size());
    return {};
  }
  void malformed() override { ++malformed_count; }
  bool stopping() const noexcept override { return stop; }

  std::map<std::string, ErrorCode> refuse;
  std::function<void(std::size_t)> after_publish;
  std::vector<std::string> ids;
  bool all_given = true;
  int malformed_count = 0;
  std::atomic<bool> stop{false};
};

}  // namespace veltrix
