#include "bindings/dead_letters.hpp"

#include <array>
#include <memory>
#include <unordered_map>
#include <utility>

#include "veltrix/engine/operations.hpp"

#include "bindings/bind_statistics.hpp"
#include "bindings/classes.hpp"
#include "bindings/event_object.hpp"
#include "bindings/python_attach.hpp"
#include "bindings/python_text.hpp"

namespace veltrix {

namespace {

using HeldSlot = std::unique_ptr<Slot, void (*)(Slot*)>;

HeldSlot held(Slot* slot) {
  return {slot, [](Slot* let_go) { release(let_go); }};
}

/// A dead letter as it stood under the lock, with a reference to its slot.
struct Row {
  Row(const DeadLetter& from, const Timeline* trace) : slot(held(from.slot)), letter(from) {
    from.slot->refs.fetch_add(1, std::memory_order_relaxed);  // the letter holds one itself
    if (trace == nullptr) return;
    for (const Station& station : trace->stations) {
      if (station.queue == from.queue && station.kind >= StationKind::kRetry) {
        history.push_back(station);
      }
    }
  }
  HeldSlot slot;
  DeadLetter letter;
  std::vector<Station> history;
};

std::vector<Row> rows_of(Monitor& monitor, const std::optional<Hash128>& key) {
  const Detached detached;
  std::vector<Row> rows;
  monitor.lock();
  const Machine& machine = monitor.machine();
  for (const DeadLetter& letter : machine.dead_letters().all()) {
    if (!key || letter.key == *key) rows.emplace_back(letter, machine.trace_of(letter));
  }
  monitor.unlock();
  return rows;
}

std::string_view type_of(Monitor& monitor, std::uint32_t type) {
  return type == kNoType ? std::string_view() : monitor.types.text(type);
}

const char* name_of(StationKind kind) {
  static constexpr std::array<const char*, 9> kNames = {
      "published", "admitted", "ready", "started", "retry", "done", "dead", "dropped", "waiting"};
  return kNames[static_cast<std::size_t>(kind)];
}

py::dict to_dict(const Station& station, EngineState& state) {
  const bool has_queue = station.kind > StationKind::kAdmitted;
  py::dict out;
  out["name"] = name_of(station.kind);
  out["at"] = state.producer->wall_of(station.at_ns);
  out["queue"] =
      has_queue ? py::object(py::str(state.monitor().options(station.queue).name)) : py::none();
  out["attempt"] = station.attempt;
  out["code"] = python_text(station.code);
  return out;
}

py::list to_list(const std::vector<Station>& stations, EngineState& state) {
  py::list out;
  for (const Station& station : stations) out.append(to_dict(station, state));
  return out;
}

std::uint8_t priority_in(const Slot& slot, std::uint16_t queue) {
  for (const Delivery* d = &first_delivery(slot); d != nullptr; d = d->sibling) {
    if (d->queue == queue) return d->priority;
  }
  return kDefaultPriority;
}

/// What the edited event leaves open is the letter's: it is the same event, mended.
Slot* slot_for(EngineState& state, const Row& row, const py::handle& edited) {
  const EventView original(*row.slot);
  EventFields fields;
  original.fields(type_of(state.monitor(), row.slot->type), fields);
  std::array<char, kUuidTextSize> scratch;
  if (!edited.is_none()) {
    const EventFields letter = fields;
    const auto* event = reinterpret_cast<EventObject*>(edited.ptr());
    EventView(*event->slot).fields(type_text(event), fields);
    fields.type_id = state.producer->types().intern(fields.type);
    if ((event->slot->flags & kGivenId) == 0) {  // source and id tell events apart: both or none
      fields.id = original.id(scratch);
      fields.source = letter.source;
    }
  }
  auto slot = readdress(fields, row.letter, priority_in(*row.slot, row.letter.queue));
  if (!slot) throw_error(slot.error());
  return *slot;
}

}  // namespace

py::list dead_letters_of(EngineState& state, const std::optional<std::string>& key) {
  Monitor& monitor = state.monitor();
  std::optional<Hash128> hash;
  if (key) hash = hash128(*key, monitor.plan().key_seed);
  py::list out;
  for (const Row& row : rows_of(monitor, hash)) {
    const DeadLetter& letter = row.letter;
    py::dict entry;
    entry["number"] = letter.number;
    entry["event"] = copied_event(*row.slot, type_of(monitor, row.slot->type));
    entry["queue"] = letter.queue == kNoQueue ? py::object(py::none())
                                              : py::str(monitor.options(letter.queue).name);
    entry["attempts"] = letter.attempts;
    entry["at"] = state.producer->wall_of(letter.at_ns);
    entry["sequence"] = row.slot->sequence;
    entry["code"] = python_text(letter.code);
    entry["text"] = python_text(letter.text);
    entry["history"] = to_list(row.history, state);
    out.append(entry);
  }
  return out;
}

std::size_t redrive_letters(EngineState& state, const py::list& letters, std::int64_t spacing) {
  const std::vector<Row> rows = rows_of(state.monitor(), std::nullopt);
  std::unordered_map<std::uint64_t, const Row*> by_number;
  for (const Row& row : rows) {
    if (row.letter.queue != kNoQueue) by_number.emplace(row.letter.number, &row);
  }
  std::vector<std::pair<std::uint64_t, HeldSlot>> made;  // given back if a later one fails
  for (const py::handle& item : letters) {
    const auto wanted = item[py::int_(0)].cast<std::uint64_t>();
    const auto row = by_number.find(wanted);
    if (row == by_number.end()) continue;
    const py::object edited = item[py::int_(1)];
    if (!edited.is_none() && !is_event(edited.ptr())) {
      throw py::type_error("edit gives an Event or None, not " +
                           std::string(Py_TYPE(edited.ptr())->tp_name));
    }
    made.emplace_back(wanted, held(slot_for(state, *row->second, edited)));
  }
  std::vector<Machine::Redrive> redrives;
  redrives.reserve(made.size());
  for (auto& [number, slot] : made) redrives.push_back({number, slot.release()});
  const Detached detached;
  return redrive(state.monitor(), redrives, spacing);
}

py::list cancel_event(EngineState& state, const std::string& id, const std::string& source) {
  const std::vector<std::uint16_t> queues = [&] {
    const Detached detached;
    return cancel(state.monitor(), id, source);
  }();
  py::list out;
  for (const std::uint16_t queue : queues) out.append(state.monitor().options(queue).name);
  return out;
}

py::list timelines_of(EngineState& state, const std::string& id) {
  Monitor& monitor = state.monitor();
  const std::vector<Timeline> timelines = [&] {
    const Detached detached;
    return timeline(monitor, id);
  }();
  py::list out;
  for (const Timeline& timeline : timelines) {
    py::dict row;
    row["sequence"] = timeline.sequence;
    row["type"] = python_text(std::string(type_of(monitor, timeline.type)));
    row["full"] = timeline.full;
    row["stations"] = to_list(timeline.stations, state);
    out.append(row);
  }
  return out;
}

}  // namespace veltrix
