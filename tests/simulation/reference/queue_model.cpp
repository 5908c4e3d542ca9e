#include "simulation/reference/queue_model.hpp"

#include <algorithm>

#include "simulation/invariant.hpp"

namespace veltrix::simulation {

int Line::top() const {
  for (int priority = kPriorities - 1; priority >= 0; --priority) {
    if (waiting_of[static_cast<std::size_t>(priority)] != 0) return priority;
  }
  return -1;
}

Line& QueueModel::line_of(Entry& entry) {
  const std::uint64_t alone = kUnordered | entry.ref.event << 8 | entry.ref.place;
  const std::uint64_t key = entry.target.key != 0 ? entry.target.key : alone;
  Line& line = lines_[key];
  line.number = key;
  return line;
}

bool QueueModel::has_room_in_line(const Line& line) const {
  if (line.number >= kUnordered || options.order != Order::kKey) return true;
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
  if (line.listed_in < 0) {
    if (line.running == 0 && !line.parked) list_head(line, now);
  } else if (line.top() != line.listed_in) {
    // A more urgent event lifts its key: among the urgent ones it is the youngest.
    ++lifted;
    unlist(line);
    line.waiting.front()->since = now;
    list_head(line, now);
  }
}

void QueueModel::come_back(Line& line, Entry& entry) {
  entry.state = Entry::kWaiting;
  auto place = line.waiting.begin();
  while (place != line.waiting.end() && (*place)->attempt > 0 &&
         (*place)->sequence < entry.sequence) {
    ++place;
  }
  if (place != line.waiting.begin()) entry.since = -1;  // somebody is before it
  place = line.waiting.insert(place, &entry) + 1;
  if (place != line.waiting.end()) (*place)->since = -1;
  ++line.waiting_of[entry.target.priority];
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
  require(found != same.second, "model", "the model lost a ready line");
  ready.erase(found);
  line.listed_in = -1;
}

std::size_t QueueModel::ready() const {
  std::size_t sum = 0;
  for (const Lane& lane : lanes) sum += lane.ready.size();
  return sum;
}

std::size_t QueueModel::keyed_lines() const {
  return static_cast<std::size_t>(std::count_if(
      lines_.begin(), lines_.end(), [](const auto& one) { return one.first < kUnordered; }));
}

void QueueModel::learn(double took, std::size_t ran) {
  const double mean = took / static_cast<double>(ran);
  cost = cost_known ? cost + (mean - cost) / 8 : mean;
  cost_known = true;
}

}  // namespace veltrix::simulation
