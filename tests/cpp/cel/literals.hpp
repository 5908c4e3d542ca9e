#pragma once
// Tables of operations: values written as the language writes literals, results shown the same way.
// A row says {Function::kAdd, "1, 2", "3"}; "!overflow" is an error and its reason.

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "veltrix/cel/operations.hpp"
#include "veltrix/cel/scalar_text.hpp"

namespace veltrix::cel {

struct Row {
  Function function;
  const char* arguments;
  const char* result;
};

/// Reads values, and owns what they point to. Text outside the notation is a defect of the test.
class Literals {
 public:
  std::vector<Value> read_all(std::string_view text) {
    rest_ = text;
    return items('\0');
  }
  Value read(std::string_view text) { return read_all(text).at(0); }

 private:
  void space() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
  }
  bool take(std::string_view expected) {
    space();
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  bool ends(char close) {
    space();
    return close == '\0' ? rest_.empty() : take({&close, 1});
  }

  std::vector<Value> items(char close) {
    std::vector<Value> out;
    while (!ends(close)) {
      out.push_back(value());
      take(",");
    }
    return out;
  }

  Value value() {
    if (take("null")) return Value::null();
    if (take("true")) return Value::of(true);
    if (take("false")) return Value::of(false);
    if (take("[")) return Value::list(lists_.emplace_back(items(']')));
    if (take("{")) return map();
    if (take("b'")) return Value::bytes(quoted());
    if (take("'")) return Value::string(quoted());
    if (take("!missing")) return Value::error(Reason::kMissing);
    if (take("!overflow")) return Value::error(Reason::kOverflow);
    if (take("type(")) return type();
    if (take("timestamp('")) return time(Function::kTimestamp);
    if (take("duration('")) return time(Function::kDuration);
    return number();
  }

  Value map() {
    std::vector<MapEntry> entries;
    while (!ends('}')) {
      const Value key = value();
      take(":");
      entries.push_back({key, value()});
      take(",");
    }
    return Value::map(maps_.emplace_back(std::move(entries)));
  }

  // \xHH and \n; anything else stands for itself.
  std::string_view quoted() {
    std::string& out = texts_.emplace_back();
    for (; !rest_.empty() && rest_.front() != '\''; rest_.remove_prefix(1)) {
      if (rest_.starts_with("\\x")) {
        out.push_back(static_cast<char>(std::stoi(std::string(rest_.substr(2, 2)), nullptr, 16)));
        rest_.remove_prefix(3);
      } else if (rest_.starts_with("\\n")) {
        out.push_back('\n');
        rest_.remove_prefix(1);
      } else {
        out.push_back(rest_.front());
      }
    }
    rest_.remove_prefix(1);
    return out;
  }

  Value time(Function function) {
    const Value text = Value::string(quoted());
    take(")");
    const Value out = call(function, {&text, 1}, work_);
    EXPECT_FALSE(out.is_error()) << text.view();
    return out;
  }

  Value type() {
    const Value example = value();
    take(")");
    return Value::type_of(example.kind);
  }

  Value number() {
    const std::string text(rest_.substr(0, rest_.find_first_of(",:]}) ")));
    rest_.remove_prefix(text.size());
    EXPECT_FALSE(text.empty()) << "no literal: " << rest_;
    if (text.empty()) std::abort();
    if (text == "inf" || text == "-inf" || text.find_first_of(".en") != std::string::npos) {
      return Value::of(std::strtod(text.c_str(), nullptr));
    }
    if (text.back() == 'u') return Value::of(std::uint64_t{std::stoull(text)});
    return Value::of(std::int64_t{std::stoll(text)});
  }

  std::string_view rest_;
  Workspace work_;
  std::deque<std::string> texts_;
  std::deque<std::vector<Value>> lists_;
  std::deque<std::vector<MapEntry>> maps_;
};

std::string shown(const Value& value);

inline std::string shown_text(std::string_view text, bool bytes) {
  std::string out = bytes ? "b'" : "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
    const bool plain = byte >= 0x20 && byte != 0x7F && (byte < 0x80 || !bytes);
    out.append(plain ? std::string(1, c) : escaped);
  }
  return out + "'";
}

inline std::string shown_scalar(const Value& value) {
  char text[kScalarTextSize];
  std::string out(text, write_scalar(value, text));
  if (value.kind == Kind::kUint) return out + "u";
  if (value.kind == Kind::kTimestamp) return "timestamp('" + out + "')";
  if (value.kind == Kind::kDuration) return "duration('" + out + "')";
  const bool whole = out.find_first_of(".en") == std::string::npos;
  return value.kind == Kind::kDouble && whole ? out + ".0" : out;
}

inline std::string shown_items(const Value& value) {
  std::string out;
  for (std::size_t i = 0; i < value.size; ++i) {
    if (i != 0) out += ", ";
    out += value.kind == Kind::kList
               ? shown(value.items[i])
               : shown(value.entries[i].key) + ": " + shown(value.entries[i].value);
  }
  return out;
}

inline std::string shown(const Value& value) {
  switch (value.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kString:
    case Kind::kBytes:
      return shown_text(value.view(), value.kind == Kind::kBytes);
    case Kind::kList:
      return "[" + shown_items(value) + "]";
    case Kind::kMap:
      return "{" + shown_items(value) + "}";
    case Kind::kType:
      return std::string(name_of(value.type));
    case Kind::kError:
      return "!" + std::string(name_of(value.reason));
    default:
      return shown_scalar(value);
  }
}

/// Each row with a workspace of its own.
template <std::size_t kSize>
void expect_rows(const Row (&rows)[kSize]) {
  for (const Row& row : rows) {
    Literals literals;
    Workspace work;
    const std::vector<Value> arguments = literals.read_all(row.arguments);
    EXPECT_EQ(shown(call(row.function, arguments, work)), row.result)
        << "function " << static_cast<int>(row.function) << " of " << row.arguments;
  }
}

}  // namespace veltrix::cel
