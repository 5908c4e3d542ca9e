#include "veltrix/engine/transform.hpp"

#include "veltrix/cel/operations.hpp"

namespace veltrix {
namespace {

/// "data.customer.name" and "customer.name" are the same place.
std::string_view within_data(std::string_view path) noexcept {
  constexpr std::string_view kData = "data.";
  return path.starts_with(kData) ? path.substr(kData.size()) : path;
}

tl::unexpected<Error> in(const std::string& place, const Error& error) {
  return fail(error.code, place + ": " + error.message);
}

tl::unexpected<std::string> trouble(const std::string& part, const std::string& why) {
  return tl::make_unexpected(part + ": " + why);
}

}  // namespace

Result<std::unique_ptr<Transform>> Transform::compile(const QueueOptions& queue) {
  const TransformOptions& options = queue.transform;
  const std::string place = "queue '" + queue.name + "': transform.";
  std::unique_ptr<Transform> made(new Transform);
  RouteExpressions expressions;
  const auto add = [&](Part& part, const std::string& text) -> Result<void> {
    const auto added = expressions.add(place + part.name, text);
    if (!added) return tl::make_unexpected(added.error());
    part.expression = added->id;
    return {};
  };
  if (!options.type.empty()) {
    if (auto added = add(made->type_, options.type); !added)
      return tl::make_unexpected(added.error());
  }
  if (!options.key.empty()) {
    if (auto added = add(made->key_, options.key); !added)
      return tl::make_unexpected(added.error());
  }
  for (const std::string& path : options.drop) {
    auto dropped = made->patch_.drop(within_data(path));
    if (!dropped) return in(place + "drop", dropped.error());
  }
  for (const TransformSet& set : options.set) {
    auto opened = made->patch_.set(within_data(set.path));
    if (!opened) return in(place + "set", opened.error());
    Part& part = made->sets_.emplace_back(Part{"set " + set.path});
    if (auto added = add(part, set.value); !added) return tl::make_unexpected(added.error());
  }
  made->expressions_ = std::move(expressions).build();
  return made;
}

Transform::Text Transform::evaluate(const Part& part, cel::Frame& frame, cel::Value& out) const {
  out = expressions_.evaluate(part.expression, frame);
  if (!out.is_error()) return {};
  return trouble(part.name, expressions_.describe(part.expression, out));
}

Transform::Text Transform::key_of(const Part& part, cel::Frame& frame, std::string& out) const {
  cel::Value value;
  if (auto found = evaluate(part, frame, value); !found) return found;
  out.clear();  // null is no key
  if (value.kind != cel::Kind::kNull) cel::append_text(value, out);
  return {};
}

Transform::Text Transform::change_data(TransformScratch& scratch, EventFields& out) const {
  if (patch_.is_empty()) return {};
  if (sets_.empty() && out.data_kind != DataKind::kJson) return {};  // nothing to be dropped
  if (out.data_kind != DataKind::kNone && out.data_kind != DataKind::kJson) {
    return trouble("data", "it is bytes, which have no members");
  }
  scratch.values.resize(sets_.size());
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    cel::Value value;
    if (auto found = evaluate(sets_[i], scratch.frame, value); !found) return found;
    scratch.values[i].clear();
    if (cel::append_json(value, scratch.values[i])) continue;
    return trouble(sets_[i].name, "its value, a " + std::string(cel::name_of(value.kind)) +
                                      ", has no form in JSON");
  }
  scratch.data.clear();
  const std::string_view json = out.data_kind == DataKind::kNone ? std::string_view() : out.data;
  if (auto changed = patch_.apply(json, scratch.values, scratch.data); !changed) {
    return tl::make_unexpected(changed.error().message);
  }
  out.data = scratch.data;
  out.data_kind = DataKind::kJson;
  return {};
}

tl::expected<void, std::string> Transform::apply(const EventView& event, std::string_view type_text,
                                                 TransformScratch& scratch,
                                                 EventFields& out) const {
  event.fields(type_text, out);
  scratch.frame.begin(expressions_, event, type_text);
  if (type_.expression != kNoExpression) {
    cel::Value value;
    if (auto found = evaluate(type_, scratch.frame, value); !found) return found;
    if (value.kind != cel::Kind::kString || value.size == 0) {
      return trouble(type_.name, "an event's type is a text that is not empty");
    }
    scratch.type = value.view();
    out.type = scratch.type;
    out.type_id = kNoType;
  }
  if (key_.expression != kNoExpression) {
    if (auto found = key_of(key_, scratch.frame, scratch.key); !found) return found;
    out.partition_key = scratch.key;
  }
  return change_data(scratch, out);
}

}  // namespace veltrix
