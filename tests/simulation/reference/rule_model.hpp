#pragma once
// The pick rule of dispatch/picker.hpp for one pool, worked out again from its own history of times
// and picks, by plain search. Where two answers are equally right, both are allowed.

#include <array>
#include <cstdint>
#include <vector>

#include "veltrix/dispatch/dispatch_options.hpp"

#include "simulation/reference/queue_model.hpp"

namespace veltrix::simulation {

using Queues = std::vector<QueueModel>;

class RuleModel {
 public:
  RuleModel(const DispatchOptions& options, int pool, std::uint32_t slots, Queues& queues)
      : slots_(slots), options_(options), pool_(pool), queues_(queues) {}

  /// Lanes gained or lost work, or their queue an executor.
  void refresh(QueueModel& queue);
  /// Time passes for the overdue share.
  void look(std::int64_t now);
  bool anything_eligible() const;
  /// Throws unless the rule allows this choice; returns the time that the batch may take.
  double check(const SeenPick& pick, std::int64_t now);
  void begin(const SeenPick& pick, double estimate);
  void finish(const SeenPick& pick, double estimate, double took);

  /// A pick whose executor blocks holds no slot until it returns; its class still counts as
  /// running.
  void hold_slot(const SeenPick& pick);
  void free_slot(const SeenPick& pick);
  std::uint32_t slots() const { return slots_; }
  std::uint32_t busy() const { return busy_; }
  std::uint64_t times_held() const { return held_; }
  std::uint64_t times_filled() const { return filled_; }

 private:
  struct Candidate {
    QueueModel* queue;
    int priority;
  };
  std::vector<Candidate> eligible() const;
  int lowest_allowed() const;
  bool held(const QueueModel& queue) const;
  bool reaches(int from, int to) const;
  bool has_active_lane(int priority) const;
  void charge(const SeenPick& pick, double ns);
  void check_overdue(const SeenPick& pick, std::int64_t now, const std::vector<Candidate>& all);
  void check_class(const SeenPick& pick, const std::vector<Candidate>& all) const;
  void check_queue(const SeenPick& pick, const std::vector<Candidate>& all) const;

  std::uint32_t slots_;
  const DispatchOptions& options_;
  int pool_;
  Queues& queues_;
  std::uint32_t busy_ = 0;
  std::uint32_t busy_low_ = 0;
  std::array<std::uint32_t, kPriorities> busy_of_{};
  std::array<double, kPriorities> credit_{};
  std::array<double, kPriorities> start_{};  // where a queue of that class begins to count
  double tokens_ = 0;
  bool started_ = false;
  std::int64_t looked_ = 0;
  mutable std::uint64_t held_ = 0;
  std::uint64_t filled_ = 0;  // lanes that waited until their batch was full
};

}  // namespace veltrix::simulation
