#include "veltrix/cel/frame.hpp"

#include <algorithm>

#include "veltrix/cel/operations.hpp"
#include "veltrix/cel/path_scan.hpp"
#include "veltrix/cel/token_scan.hpp"

namespace veltrix::cel {

void EventFrame::start(const Program& program, Form form) {
  program_ = &program;
  form_ = form;
  ++generation_;
  local_count_ = 0;
  if (prepared_) {
    current_ = 1 - current_;
    prepared_ = false;
    works_[current_].steps = 0;
  } else {
    works_[current_].reset();
  }
  if (places_.size() < program.paths.size()) places_.resize(program.paths.size());
  if (memos_.size() < program.memo_count) memos_.resize(program.memo_count);
}

Workspace& EventFrame::prepared() noexcept {
  Workspace& next = works_[1 - current_];
  if (!prepared_) next.reset();
  prepared_ = true;
  return next;
}

void EventFrame::begin(const Program& program) { start(program, Form::kNone); }

void EventFrame::begin(const Program& program, const EventFields& fields,
                       std::string_view type_text) {
  start(program, Form::kEvent);
  event_.of(fields, type_text);
  scan_root_ = program.paths.data();
}

void EventFrame::begin(const Program& program, const EventView& event, std::string_view type_text) {
  start(program, Form::kEvent);
  event_.of(event, type_text);
  scan_root_ = program.paths.data();
}

void EventFrame::begin(const Program& program, std::string_view json) {
  start(program, Form::kJson);
  json_ = json;
  scan_root_ = program.paths.first_variable();
}

void EventFrame::begin(const Program& program, std::span<const Value> variables) {
  start(program, Form::kVariables);
  variables_.assign(variables.begin(), variables.end());
  scan_root_ = kNoPath;
}

Value EventFrame::missing(PathId path) const noexcept {
  return Value::error(Reason::kMissing, program_->paths[path].op);
}

bool EventFrame::is_scanned(PathId path) const noexcept {
  if (path == scan_root_) return true;
  if (form_ == Form::kEvent) return program_->paths[path].in_data;
  return form_ == Form::kJson && program_->paths[path].variable == 0;
}

std::string_view EventFrame::scanned_text() const noexcept {
  if (form_ == Form::kJson) return json_;
  return event_.data_kind() == DataKind::kJson ? event_.data() : std::string_view{};
}

void EventFrame::scan() noexcept {
  if (scanned_ == generation_) return;
  scanned_ = generation_;
  const PayloadTokens* const tokens = form_ == Form::kEvent ? event_.data_tokens() : nullptr;
  if (tokens != nullptr) {
    scan_tokens(program_->paths, scan_root_, *tokens, places_.data(), visits_);
  } else {
    scan_paths(program_->paths, scan_root_, scanned_text(), places_.data(), visits_);
  }
}

bool EventFrame::is_there(PathId path) const noexcept {
  for (; path != scan_root_; path = program_->paths[path].parent) {
    const PathId parent = program_->paths[path].parent;
    if (places_[path].under != places_[parent].visit) return false;
  }
  return places_[path].at != nullptr;
}

Value EventFrame::why_not_there(PathId path) const noexcept {
  // The outermost that is not there decides: it is missing, or what should have it is no object.
  for (;;) {
    const PathId parent = program_->paths[path].parent;
    if (path == scan_root_) return missing(path);
    if (is_there(parent)) {
      return *places_[parent].at == '{'
                 ? missing(path)
                 : Value::error(Reason::kNoOverload, program_->paths[path].op);
    }
    path = parent;
  }
}

Value EventFrame::find_scanned(PathId path) noexcept {
  scan();
  if (!is_there(path)) return why_not_there(path);
  const std::string_view text = scanned_text();
  const char* const at = places_[path].at;
  Value value = read_json_at(at, text.data() + text.size(), work());
  if (value.is_error()) value.size = program_->paths[path].op;
  return value;
}

Value EventFrame::whole_event() noexcept {
  auto* const entries = work().arena.array<MapEntry>(EventMembers::kMaxMembers + 1);
  if (entries == nullptr) return Value::error(Reason::kTooMuchMemory);
  std::size_t count = event_.read_all(entries, work());
  if (event_.data_kind() == DataKind::kJson) {
    const Value data = from_json(event_.data(), work());
    if (data.is_error()) return data;
    entries[count++] = {Value::string("data"), data};
  }
  return Value::map({entries, count});
}

Value EventFrame::read_root(const PathNode& node) noexcept {
  if (form_ == Form::kVariables && node.variable < variables_.size()) {
    return variables_[node.variable];
  }
  if (form_ == Form::kEvent && node.variable == 0) return whole_event();
  return Value::error(Reason::kMissing);  // nobody has given it
}

Value EventFrame::read(PathId path) noexcept {
  if (is_scanned(path)) return find_scanned(path);
  const PathNode& node = program_->paths[path];
  Value value;
  if (node.parent == kNoPath) {
    value = read_root(node);
  } else if (form_ == Form::kEvent && node.parent == program_->paths.first_variable()) {
    value = event_.read(node.member, node.name, work());
  } else {
    const Value& parent = this->path(node.parent);
    if (parent.is_error()) return parent;
    value = select(parent, node.name);
  }
  if (value.is_error()) value.size = node.op;
  return value;
}

Value EventFrame::has(PathId path) noexcept {
  Value value;
  if (is_scanned(path)) {
    // Whether it is there can be said without reading it.
    scan();
    if (is_there(path)) return Value::of(true);
    value = why_not_there(path);
  } else {
    value = this->path(path);
    if (!value.is_error()) return Value::of(true);
  }
  // Only what is missing in a map that is there itself is a plain no.
  const bool is_absent = value.reason == Reason::kMissing && value.size == program_->paths[path].op;
  return is_absent ? Value::of(false) : value;
}

}  // namespace veltrix::cel
