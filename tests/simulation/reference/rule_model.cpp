#include "simulation/reference/rule_model.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "simulation/invariant.hpp"

namespace veltrix::simulation {

namespace {
constexpr double kTie = 1e-3;  // ns; sums of the same numbers in another order

double slack(double value) { return kTie + 1e-9 * std::abs(value); }
std::size_t at(int priority) { return static_cast<std::size_t>(priority); }
}  // namespace

bool RuleModel::has_active_lane(int priority) const {
  return std::any_of(queues_.begin(), queues_.end(), [&](const QueueModel& queue) {
    return queue.pool == pool_ && queue.lanes[at(priority)].active;
  });
}

void RuleModel::refresh(QueueModel& queue) {
  for (int priority = 0; priority < kPriorities; ++priority) {
    Lane& lane = queue.lanes[at(priority)];
    const bool waited = lane.gathers;
    queue.look_at_company(lane);
    if (waited && !lane.gathers && !lane.ready.empty()) ++filled_;
    const bool active =
        !lane.ready.empty() && !lane.gathers && queue.executors < queue.options.concurrency;
    if (active && !lane.active) {
      // A class that had no work, neither ready nor running, begins without credit.
      const bool idle = !has_active_lane(priority) && busy_of_[at(priority)] == 0;
      if (idle) credit_[at(priority)] = std::min(credit_[at(priority)], 0.0);
      lane.used = std::max(lane.used, start_[at(priority)]);
    }
    lane.active = active;
  }
}

void RuleModel::look(std::int64_t now) {
  const bool any = std::any_of(queues_.begin(), queues_.end(), [&](const QueueModel& queue) {
    return queue.pool == pool_ && std::any_of(queue.lanes.begin(), queue.lanes.end(),
                                              [](const Lane& l) { return l.active; });
  });
  if (busy_ >= slots_ || !any || options_.policy == Policy::kStrict) return;
  const double full = static_cast<double>(options_.overdue_burst) * slots_;
  const double gained =
      static_cast<double>(now - looked_) * options_.overdue_share * static_cast<double>(slots_);
  tokens_ = started_ ? std::min(full, tokens_ + gained) : full;
  started_ = true;
  looked_ = now;
}

int RuleModel::lowest_allowed() const {
  const std::uint32_t bound = std::max<std::uint32_t>(1, slots_ - 1);
  return busy_low_ >= bound ? options_.reserved_from : 0;
}

bool RuleModel::reaches(int from, int to) const {
  std::set<int> seen;
  std::vector<int> open{from};
  while (!open.empty()) {
    const int here = open.back();
    open.pop_back();
    if (here == to) return true;
    if (!seen.insert(here).second) continue;
    for (const int next : queues_[at(here)].emits) open.push_back(next);
  }
  return false;
}

bool RuleModel::held(const QueueModel& queue) const {
  for (const int to : queue.emits) {
    const QueueModel& target = queues_[at(to)];
    if (target.options.overflow != Overflow::kBlock || !target.over_capacity()) continue;
    if (reaches(to, queue.number)) continue;
    ++held_;
    return true;
  }
  return false;
}

std::vector<RuleModel::Candidate> RuleModel::eligible() const {
  std::vector<Candidate> all;
  if (busy_ >= slots_) return all;
  for (QueueModel& queue : queues_) {
    if (queue.pool != pool_ || queue.executors >= queue.options.concurrency) continue;
    if (held(queue)) continue;
    for (int priority = lowest_allowed(); priority < kPriorities; ++priority) {
      const Lane& lane = queue.lanes[at(priority)];
      if (!lane.ready.empty() && !lane.gathers) all.push_back({&queue, priority});
    }
  }
  return all;
}

bool RuleModel::anything_eligible() const { return !eligible().empty(); }

double RuleModel::check(const SeenPick& pick, std::int64_t now) {
  const auto all = eligible();
  look(now);
  if (pick.queue < 0) {
    require(all.empty(), kNoIdle, "an executor was turned away while eligible work was ready");
    return 0;
  }
  const bool known = std::any_of(all.begin(), all.end(), [&](const Candidate& one) {
    return one.queue->number == pick.queue && one.priority == pick.priority;
  });
  require(known, kPickRule,
          "the pick is not eligible: no ready work there, or it waits for company, no executor or "
          "slot left for it, or held by a full queue behind it");
  const bool classes = options_.policy == Policy::kClasses;
  require(classes || pick.reason == Reason::kHighest, kPickRule, "strict means highest first");
  if (classes) check_overdue(pick, now, all);
  if (pick.reason == Reason::kOverdue) return tokens_;
  check_class(pick, all);
  check_queue(pick, all);
  return pick.reason == Reason::kMinShare ? credit_[at(pick.priority)]
                                          : std::numeric_limits<double>::infinity();
}

void RuleModel::check_overdue(const SeenPick& pick, std::int64_t now,
                              const std::vector<Candidate>& all) {
  std::int64_t longest = std::numeric_limits<std::int64_t>::max();
  std::int64_t chosen = longest;
  for (const Candidate& one : all) {
    const auto& ready = one.queue->lanes[at(one.priority)].ready;
    const std::int64_t due = ready.begin()->first + one.queue->options.max_wait;
    longest = std::min(longest, due);
    if (one.queue->number == pick.queue && one.priority == pick.priority) chosen = due;
  }
  if (pick.reason == Reason::kOverdue) {
    require(tokens_ > -slack(tokens_), kPickRule, "overdue work beyond its share of time");
    require(chosen <= now, kPickRule, "picked as overdue before its max_wait had passed");
    require(chosen == longest, kPickRule, "another queue's work is overdue for longer");
  } else {
    require(longest > now || tokens_ <= slack(tokens_), kPickRule,
            "work past its max_wait was not picked although its share is not used up");
  }
}

void RuleModel::check_class(const SeenPick& pick, const std::vector<Candidate>& all) const {
  double most = 0;
  int highest = -1;
  for (const Candidate& one : all) {
    most = std::max(most, credit_[at(one.priority)]);
    highest = std::max(highest, one.priority);
  }
  const bool classes = options_.policy == Policy::kClasses;
  const double own = credit_[at(pick.priority)];
  if (pick.reason == Reason::kMinShare) {
    require(own > -slack(own), kPickRule, "picked for its share, but its class has had it");
    require(own >= most - slack(most), kPickRule, "another class is further below its share");
  } else {
    require(!classes || most <= slack(most), kPickRule, [&] {
      return "a class below its share was passed over: " + pairs("credit", most, "own", own);
    });
    require(pick.priority == highest, kPickRule, [&] {
      return "not the highest priority: " + pairs("picked", pick.priority, "highest", highest);
    });
  }
}

void RuleModel::check_queue(const SeenPick& pick, const std::vector<Candidate>& all) const {
  double least = std::numeric_limits<double>::infinity();
  double own = least;
  for (const Candidate& one : all) {
    if (one.priority != pick.priority) continue;
    const double used = one.queue->lanes[at(one.priority)].used;
    least = std::min(least, used);
    if (one.queue->number == pick.queue) own = used;
  }
  require(own <= least + slack(least), kPickRule,
          "another queue of the class has used less time for its weight");
}

void RuleModel::charge(const SeenPick& pick, double ns) {
  if (pick.reason == Reason::kOverdue) tokens_ -= ns;
  for (int priority = 0; priority < kPriorities; ++priority) {
    const bool works = has_active_lane(priority) || busy_of_[at(priority)] != 0;
    if (priority != pick.priority && works) {
      credit_[at(priority)] += options_.min_share * ns;
    }
  }
  double& own = credit_[at(pick.priority)];
  if (pick.reason == Reason::kMinShare) own -= ns;
  if (pick.reason == Reason::kHighest) own = std::min(own, 0.0);
  if (pick.reason == Reason::kOverdue && own > 0) own = std::max(own - ns, 0.0);
  QueueModel& queue = queues_[at(pick.queue)];
  queue.lanes[at(pick.priority)].used += ns / queue.options.weight;
}

void RuleModel::hold_slot(const SeenPick& pick) {
  ++busy_;
  if (pick.priority < options_.reserved_from) ++busy_low_;
}

void RuleModel::free_slot(const SeenPick& pick) {
  --busy_;
  if (pick.priority < options_.reserved_from) --busy_low_;
}

void RuleModel::begin(const SeenPick& pick, double estimate) {
  QueueModel& queue = queues_[at(pick.queue)];
  hold_slot(pick);
  ++busy_of_[at(pick.priority)];
  double& start = start_[at(pick.priority)];
  start = std::max(start, queue.lanes[at(pick.priority)].used);
  refresh(queue);
  charge(pick, estimate);
  ++queue.executors;
  refresh(queue);
}

void RuleModel::finish(const SeenPick& pick, double estimate, double took) {
  QueueModel& queue = queues_[at(pick.queue)];
  if (!pick.fenced) --queue.executors;
  refresh(queue);
  free_slot(pick);
  --busy_of_[at(pick.priority)];
  charge(pick, took - estimate);
}

}  // namespace veltrix::simulation
