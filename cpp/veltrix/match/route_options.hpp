#pragma once
// What a route says, as it comes from the configuration. One source of truth: the pydantic model is
// checked against these fields by a house test.

#include <cstdint>
#include <string>
#include <vector>

#include "veltrix/base/limits.hpp"

namespace veltrix {

struct RouteOptions {
  std::string name;
  std::vector<std::string> type;    // type patterns; the route takes an event if one matches
  std::string where;                // … and this condition (CEL) holds; "" = for all of them
  std::vector<std::string> unless;  // routes: if one of these takes the event, this does not
  std::string key;  // a path ("data.team", "event.subject") or another expression; "" = none
  std::uint8_t priority = kNoPriority;  // 0 … 9; kNoPriority: the event's, source's, queue's
  std::string priority_expression;      // computes it, event by event; "" = `priority` counts
  std::string to;                       // name of the queue
};

}  // namespace veltrix
