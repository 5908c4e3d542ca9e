#pragma once
// Expressions from text, evaluated over whatever a frame can begin with, for this room's tests.

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/cel/expression_set.hpp"
#include "veltrix/cel/operations.hpp"
#include "veltrix/cel/workspace.hpp"
#include "veltrix/event/json_reader.hpp"

namespace veltrix::cel {

inline Ast parsed(std::string_view text, const Declarations& names = {}) {
  auto ast = parse(text, names);
  if (!ast) throw std::runtime_error(render(text, ast.error().front()));
  return std::move(*ast);
}

inline ExpressionSet set_of(const std::vector<std::string>& texts, const Declarations& names = {}) {
  ExpressionSet::Builder builder;
  for (const std::string& text : texts) builder.add(parsed(text, names));
  return std::move(builder).build();
}

/// As JSON; errors as "error: missing", what has no JSON form by its kind.
inline std::string result_of(const Value& value) {
  if (value.is_error()) return "error: " + std::string(name_of(value.reason));
  std::string out;
  return append_json(value, out) ? out : std::string(name_of(value.kind));
}

inline EventFields event_with(std::string_view data) {
  EventFields fields;
  fields.id = "7";
  fields.source = "/shop";
  fields.type = "order.paid";
  fields.data_kind = DataKind::kJson;
  fields.data = data;
  return fields;
}

inline std::string on_event(std::string_view text, const EventFields& fields) {
  const ExpressionSet set = set_of({std::string(text)});
  Frame frame;
  frame.begin(set, fields, fields.type);
  return result_of(set.evaluate(0, frame));
}

inline std::string event_around(std::string_view data) {
  return R"({"specversion":"1.0","id":"7","source":"/shop","type":"order.paid","data":)" +
         std::string(data) + "}";
}

/// Also where a reader has found the payload's tokens: that must not make a difference.
inline std::string on_data(std::string_view text, std::string_view data) {
  const std::string result = on_event(text, event_with(data));
  const std::string json = event_around(data);
  JsonReader reader;
  EventFields fields;
  if (reader.read(json, false, fields) && fields.data_tokens.are_of(fields.data)) {
    const std::string again = on_event(text, fields);
    if (again != result) throw std::runtime_error(again + " instead of " + result);
  }
  return result;
}

inline std::string on_line(std::string_view text, std::string_view json) {
  const ExpressionSet set = set_of({std::string(text)}, Declarations::of_line());
  Frame frame;
  frame.begin(set, json);
  return result_of(set.evaluate(0, frame));
}

}  // namespace veltrix::cel
