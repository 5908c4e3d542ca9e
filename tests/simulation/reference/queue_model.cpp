#include "simulation/reference/queue_model.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/invariant.hpp"

namespace veltrix::simulation {

bool Line::keyed() const { return number < kUnordered; }

int Line::top() const {
  for (int priority = kPriorities - 1; priority >= 0; --priority) {
    if (waiting_of[static_cast<std::size_t>(priority)] != 0) return priority;
  }
  return -1;
}

std::uint64_t Lane::size() const {
  std::uint64_t sum = 0;
  for (const auto& [since, line] : ready) sum += line->waiting.size();
  return sum;
}

/// A lane that had nothing begins to wait; one that is full, or that waited long enough, may be
/// picked until it is.
void QueueModel::look_at_company(Lane& lane) const {
  if (!lingers()) return;
  const std::uint64_t now = lane.size();
  if (now > lane.company) {
    if (lane.company == 0) lane.gathers = true;
    if (now >= options.batch_max_events) lane.gathers = false;
  }
  if (now == 0) lane.gathers = false;
  lane.company = now;
}

bool QueueModel::gathers_anew(Lane& lane, std::int64_t now) const {
  lane.gathers = lingers() && !lane.ready.empty() && lane.size() < options.batch_max_events &&
                 !linger_is_over(lane, now);
  return lane.gathers;
}

bool QueueModel::has_room(std::uint64_t bytes, std::uint8_t priority) const {
  const double share = has_reserve(priority) ? 1 - options.reserve_share : 1;
  const double events = std::floor(options.capacity_events * share);
  const double most_bytes = std::floor(static_cast<double>(options.capacity_bytes) * share);
  return static_cast<double>(room_events + 1) <= std::max(events, 1.0) &&
         static_cast<double>(room_bytes + bytes) <= most_bytes;
}

Line& QueueModel::line_of(Entry& entry) {
  const std::uint64_t alone = kUnordered | entry.ref.event << 8 | entry.ref.place;
  const std::uint64_t key = entry.keyed() ? entry.target.key : alone;
  Line& line = lines_[key];
  line.number = key;
  return line;
}

/// The order in which a key's events are meant to run.
bool QueueModel::before(const Entry& a, const Entry& b) const {
  if (sorts() && a.time != b.time) return a.time < b.time;
  return a.sequence < b.sequence;
}

bool QueueModel::has_room_in_line(const Line& line) const {
  if (!line.keyed() || options.order != Order::kKey) return true;
  const std::size_t bound = options.capacity_per_key != 0
                                ? options.capacity_per_key
                                : std::max<std::size_t>(1, options.capacity_events / 8);
  return line.waiting.size() + static_cast<std::size_t>(line.running) < bound;
}

void QueueModel::join(Line& line, Entry& entry, std::int64_t now) {
  entry.state = Entry::kWaiting;
  entry.since = -1;
  line.waiting.push_back(&entry);
  ++line.waiting_of[entry.target.priority];
  lift(line, now);
}

/// A more urgent event lifts its key: among the urgent ones it is the youngest.
void QueueModel::lift(Line& line, std::int64_t now) {
  if (line.listed_in < 0 || line.top() == line.listed_in) return;
  ++lifted;
  unlist(line);
  line.waiting.front()->since = now;
  list_head(line, now);
}

bool QueueModel::come_in(Line& line, Entry& entry, std::int64_t now) {
  const auto place = std::find_if(line.waiting.begin(), line.waiting.end(),
                                  [&](const Entry* one) { return before(entry, *one); });
  const bool first = place == line.waiting.begin();
  const int was = line.listed_in;
  entry.state = Entry::kWaiting;
  entry.since = -1;
  if (first && !line.waiting.empty()) {
    if (was >= 0) unlist(line);
    entry.since = was >= 0 ? line.waiting.front()->since : -1;  // the key is ready as long
    line.waiting.front()->since = -1;
  }
  line.waiting.insert(place, &entry);
  ++line.waiting_of[entry.target.priority];
  if (first && was >= 0) {
    line.listed_in = was;
    lanes[static_cast<std::size_t>(was)].ready.emplace(entry.since, &line);
  }
  lift(line, now);
  return first;
}

void QueueModel::come_back(Line& line, Entry& entry) {
  entry.state = Entry::kWaiting;
  auto place = line.waiting.begin();
  while (place != line.waiting.end() && (*place)->attempt > 0 && before(**place, entry)) ++place;
  if (place != line.waiting.begin()) entry.since = -1;  // somebody is before it
  place = line.waiting.insert(place, &entry) + 1;
  if (place != line.waiting.end()) (*place)->since = -1;
  ++line.waiting_of[entry.target.priority];
}

void QueueModel::leave(Line& line, Entry& entry) {
  const auto place = std::find(line.waiting.begin(), line.waiting.end(), &entry);
  require(place != line.waiting.end(), kModel, "the model looked for a delivery in the wrong line");
  const int was = line.listed_in;
  const std::int64_t since = line.waiting.front()->since;
  if (was >= 0) unlist(line);
  line.waiting.erase(place);
  --line.waiting_of[entry.target.priority];
  if (was < 0 || line.waiting.empty()) return;
  // The key has been ready since then, whoever its head is; its class may be lower now.
  lowered += line.top() == was ? 0 : 1;
  line.waiting.front()->since = since;
  list_head(line, since);
}

Entry& QueueModel::begin(Line& line) {
  Entry& entry = *line.waiting.front();
  line.waiting.pop_front();
  --line.waiting_of[entry.target.priority];
  ++line.running;
  entry.state = Entry::kRunning;
  ++entry.attempt;
  return entry;
}

void QueueModel::list_head(Line& line, std::int64_t now) {
  Entry& head = *line.waiting.front();
  if (head.since < 0) head.since = now;
  line.listed_in = line.top();
  lanes[static_cast<std::size_t>(line.listed_in)].ready.emplace(head.since, &line);
}

void QueueModel::unlist(Line& line) {
  auto& ready = lanes[static_cast<std::size_t>(line.listed_in)].ready;
  const auto same = ready.equal_range(line.waiting.front()->since);
  const auto found =
      std::find_if(same.first, same.second, [&](const auto& one) { return one.second == &line; });
  require(found != same.second, kModel, "the model lost a ready line");
  ready.erase(found);
  line.listed_in = -1;
}

std::int64_t QueueModel::next_begin(std::uint64_t key) const {
  const auto last = begun.find(key);
  return last == begun.end() ? 0 : last->second + options.latest_every;
}

Entry* QueueModel::first_to_drop() const {
  Entry* first = nullptr;
  for (const auto& [sequence, entry] : open) {
    if (!entry->waits() || entry->state == Entry::kDelayed) continue;
    if (options.overflow == Overflow::kDropOldest) return entry;
    if (first == nullptr || entry->target.priority < first->target.priority) first = entry;
  }
  return first;
}

Entry* QueueModel::next_expired(std::int64_t now) const {
  for (const auto& [when, entry] : expiring) {
    if (when.first > now) break;
    if (entry->waits()) return entry;
  }
  return nullptr;
}

Entry* QueueModel::next_hold(std::int64_t now) const {
  Entry* next = nullptr;
  for (Entry* entry : held) {
    if (entry->hold_ends > now) continue;
    if (next == nullptr || entry->hold_ends < next->hold_ends) next = entry;
  }
  return next;
}

std::size_t QueueModel::ready() const {
  std::size_t sum = 0;
  for (const Lane& lane : lanes) sum += lane.ready.size();
  return sum;
}

std::size_t QueueModel::keyed_lines() const {
  return static_cast<std::size_t>(std::count_if(
      lines_.begin(), lines_.end(), [](const auto& one) { return one.second.keyed(); }));
}

void QueueModel::learn(double took, std::size_t ran) {
  const double mean = took / static_cast<double>(ran);
  cost = cost_known ? cost + (mean - cost) / 8 : mean;
  cost_known = true;
}

}  // namespace veltrix::simulation
