#include "veltrix/dispatch/timelines.hpp"

#include <algorithm>
#include <utility>

#include "veltrix/event/event_fields.hpp"

namespace veltrix {

std::uint64_t id_tag(const Slot& slot) noexcept {
  std::array<char, kUuidTextSize> scratch;
  return id_tag(EventView(slot).id(scratch));
}

std::uint64_t id_tag(std::string_view id) noexcept { return hash128(id, 0).low; }

void Timelines::add(Trace& trace, Station station) {
  std::vector<Station>& stations = trace.timeline.stations;
  if (stations.size() == kStations) stations.erase(stations.begin() + kStations / 2);
  stations.push_back(std::move(station));
}

void Timelines::make_room() {
  traces_.resize(kTraces);
  for (Trace& trace : traces_) trace.timeline.stations.reserve(kUsualStations);
  trace_with_.reserve(kTraces + 1);
}

Timelines::Trace& Timelines::open(const Slot& slot) {
  if (traces_.empty()) make_room();
  const auto [found, fresh] = trace_with_.try_emplace(slot.sequence, next_trace_ % kTraces);
  Trace& trace = traces_[found->second];
  if (!fresh) return trace;
  if (next_trace_++ >= kTraces) trace_with_.erase(trace.timeline.sequence);
  trace.timeline.stations.clear();
  trace.tag = id_tag(slot);
  trace.timeline.sequence = slot.sequence;
  trace.timeline.type = slot.type;
  trace.timeline.full = true;
  add(trace, {slot.published_ns, StationKind::kPublished, 0, 0, {}});
  return trace;
}

void Timelines::admitted(const Slot& slot, std::int64_t now) {
  add(open(slot), {now, StationKind::kAdmitted, 0, 0, {}});
}

void Timelines::ended(const Slot& slot, const AttemptStamps& stamps, StationKind kind,
                      std::string_view code, std::int64_t now) {
  Trace& trace = open(slot);
  const auto [queue, attempt, ready_ns, begun_ns] = stamps;
  if (ready_ns != 0) add(trace, {ready_ns, StationKind::kReady, queue, attempt, {}});
  if (begun_ns != 0) add(trace, {begun_ns, StationKind::kStarted, queue, attempt, {}});
  add(trace, {now, kind, queue, attempt, std::string(code)});
}

void Timelines::recent(const Slot& slot, const AttemptStamps& stamps, std::int64_t now) {
  --recent_left_;
  if (recent_.empty()) recent_.resize(kRecent);
  recent_[next_recent_++ % kRecent] = {id_tag(slot),    slot.sequence,   slot.published_ns,
                                       stamps.ready_ns, stamps.begun_ns, now,
                                       slot.type,       stamps.queue,    stamps.attempt};
}

const Timeline* Timelines::trace_of(std::uint64_t sequence) const {
  const auto found = trace_with_.find(sequence);
  return found == trace_with_.end() ? nullptr : &traces_[found->second].timeline;
}

void Timelines::find(std::uint64_t tag, std::vector<Timeline>& out) const {
  for (std::size_t place = 0; place < std::min(next_trace_, kTraces); ++place) {
    if (traces_[place].tag == tag) out.push_back(traces_[place].timeline);
  }
  for (const Recent& one : recent_) {
    if (one.tag != tag || one.sequence == 0) continue;
    Timeline timeline{one.sequence, one.type, false, {}};
    const auto note = [&](std::int64_t at, StationKind kind) {
      if (at != 0) timeline.stations.push_back({at, kind, one.queue, one.attempt, {}});
    };
    note(one.published_ns, StationKind::kPublished);
    note(one.ready_ns, StationKind::kReady);
    note(one.begun_ns, StationKind::kStarted);
    note(one.ended_ns, StationKind::kDone);
    out.push_back(std::move(timeline));
  }
}

}  // namespace veltrix
