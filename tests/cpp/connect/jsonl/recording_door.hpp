#pragma once
// A door that remembers the ids it took and refuses what a test tells it to refuse.

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "veltrix/engine/source.hpp"

namespace veltrix {

class RecordingDoor final : public SourceDoor {
 public:
  Result<void> publish(EventFields& fields) override {
    return take(std::string(fields.id), fields.given_id);
  }
  void malformed() override { ++malformed_count; }
  bool stopping() const noexcept override { return stop; }
  std::unique_ptr<SourceLane> open_lane() override {
    ++lanes;
    return std::make_unique<Lane>(*this);
  }
  Result<void> push(Slot* prepared) override {
    std::array<char, kUuidTextSize> scratch;
    const std::string id(EventView(*prepared).id(scratch));
    const bool given = (prepared->flags & kGivenId) != 0;
    release(prepared);
    return take(id, given);
  }
  void flush() override { ++flushes; }

  std::map<std::string, ErrorCode> refuse;
  std::map<std::string, ErrorCode> refuse_early;  // in the lane
  std::string quiet_type;                         // no queue takes it
  std::function<void(std::size_t)> after_publish;
  std::vector<std::string> ids;
  bool all_given = true;
  int malformed_count = 0;
  int flushes = 0;
  std::atomic<int> lanes{0};
  std::atomic<std::uint64_t> quiet{0};
  std::atomic<std::uint64_t> filtered{0};
  std::atomic<bool> stop{false};

 private:
  class Lane final : public SourceLane {
   public:
    explicit Lane(RecordingDoor& door) : door_(door) {}
    Result<Slot*> prepare(EventFields& fields) override {
      const auto refused = door_.refuse_early.find(std::string(fields.id));
      if (refused != door_.refuse_early.end()) return fail(refused->second, "refused early");
      if (fields.type != door_.quiet_type) return build_slot(nullptr, fields);
      ++door_.quiet;
      return nullptr;
    }
    void filtered() noexcept override { ++door_.filtered; }

   private:
    RecordingDoor& door_;
  };

  Result<void> take(const std::string& id, bool given) {
    if (const auto refused = refuse.find(id); refused != refuse.end()) {
      return fail(refused->second, "refused " + id);
    }
    ids.push_back(id);
    all_given = all_given && given;
    if (after_publish) after_publish(ids.size());
    return {};
  }
};

}  // namespace veltrix
