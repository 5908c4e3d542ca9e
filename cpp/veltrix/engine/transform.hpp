#pragma once
// A queue's `transform:` at work: a new type and key, members of data dropped and set, by
// expressions over the event as it came. Immutable once made; any thread may apply it, each with a
// scratch of its own.
//
// An expression without a value is the event's last word: its delivery becomes a dead letter
// `transform_error`. A retry would find the same event and the same error.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"
#include "veltrix/cel/expression_set.hpp"
#include "veltrix/event/event_fields.hpp"
#include "veltrix/event/json_patch.hpp"
#include "veltrix/match/route_expressions.hpp"
#include "veltrix/queue/outcome.hpp"
#include "veltrix/queue/queue_options.hpp"

namespace veltrix {

/// What one thread needs to apply transforms, reused from event to event. The texts of a changed
/// event live here until the next one.
struct TransformScratch {
  cel::Frame frame;
  std::vector<std::string> values;
  std::string type, key, data;
};

class Transform {
 public:
  /// kInvalidExpression or kInvalidOption, naming queue and option.
  static Result<std::unique_ptr<Transform>> compile(const QueueOptions& queue);

  /// The changed event as views into `event` and `scratch`; the error is for people.
  tl::expected<void, std::string> apply(const EventView& event, std::string_view type_text,
                                        TransformScratch& scratch, EventFields& out) const;

  static Outcome failed(std::string why) {
    return Outcome::failed(OutcomeKind::kDead, "transform_error", std::move(why));
  }

 private:
  struct Part {
    std::string name;  // "set customer.name"
    cel::ExpressionId expression = kNoExpression;
  };
  using Text = tl::expected<void, std::string>;

  Transform() = default;
  Text evaluate(const Part& part, cel::Frame& frame, cel::Value& out) const;
  Text key_of(const Part& part, cel::Frame& frame, std::string& out) const;
  Text change_data(TransformScratch& scratch, EventFields& out) const;

  cel::ExpressionSet expressions_;
  Part type_{"type"};
  Part key_{"key"};
  std::vector<Part> sets_;  // in order of the patch's values
  JsonPatch patch_;
};

}  // namespace veltrix
