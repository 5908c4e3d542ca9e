#pragma once
// The members of `event`, as to_json() would write them, read one by one from where they are: from
// the fields of an event on its way in, or from its slot. Private to this room.
//
// What to_json() leaves out is missing: empty attributes, data of an object that another language
// owns. `data` is read by the Frame, which knows which parts of it are wanted.

#include <array>
#include <string_view>

#include "veltrix/cel/paths.hpp"
#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"
#include "veltrix/event/event_fields.hpp"

namespace veltrix::cel {

class EventMembers {
 public:
  void of(const EventFields& fields, std::string_view type_text) noexcept;
  void of(const EventView& event, std::string_view type_text) noexcept;

  DataKind data_kind() const noexcept;
  std::string_view data() const noexcept;  // the payload's bytes
  /// Null: nobody knows them.
  const PayloadTokens* data_tokens() const noexcept {
    return fields_ != nullptr && fields_->data_tokens.are_of(fields_->data) ? &fields_->data_tokens
                                                                            : nullptr;
  }

  /// `name`: of an extension. kMissing where there is none. Texts point into the event or `work`.
  Value read(EventMember member, std::string_view name, Workspace& work) const noexcept;
  /// All of them but `data`, in to_json()'s order, into room for kMaxMembers; returns how many.
  std::size_t read_all(MapEntry* out, Workspace& work) const noexcept;
  static constexpr std::size_t kMaxMembers = kNamedMembers + kMaxExtensions;

 private:
  std::string_view text(EventMember member) const noexcept;
  Value id(Workspace& work) const noexcept;
  Value time(Workspace& work) const noexcept;
  Value data_base64(Workspace& work) const noexcept;
  Value extension(std::string_view name) const noexcept;
  bool extension_at(std::size_t index, Extension& out) const noexcept;

  const EventFields* fields_ = nullptr;
  const Slot* slot_ = nullptr;  // where fields_ is null
  std::string_view type_text_;
};

}  // namespace veltrix::cel
