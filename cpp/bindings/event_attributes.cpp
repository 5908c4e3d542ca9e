// What can be read from an Event, made when it is read.

#include "bindings/python.hpp"

#include <datetime.h>

#include "bindings/classes.hpp"
#include "bindings/event_object.hpp"
#include "bindings/python_attach.hpp"
#include "bindings/references.hpp"

namespace veltrix {

namespace {

const EventObject* event_of(PyObject* self) { return reinterpret_cast<const EventObject*>(self); }

PyObject* text(std::string_view view) {
  return PyUnicode_DecodeUTF8(view.data(), static_cast<Py_ssize_t>(view.size()), nullptr);
}

PyObject* text_or_none(std::string_view view) {
  if (view.empty()) Py_RETURN_NONE;
  return text(view);
}

PyObject* get_id(PyObject* self, void*) {
  std::array<char, kUuidTextSize> scratch;
  return text(EventView(*event_of(self)->slot).id(scratch));
}

PyObject* get_type(PyObject* self, void*) {
  const EventObject* event = event_of(self);
  if (event->types != nullptr && event->slot->type != kNoType) {
    return event->types->string(event->slot->type);
  }
  return text(type_text(event));
}

PyObject* get_priority(PyObject* self, void*) {
  const std::uint8_t priority = event_of(self)->slot->priority;
  if (priority == kNoPriority) Py_RETURN_NONE;
  return PyLong_FromLong(priority);
}

PyObject* get_data(PyObject* self, void*) {
  return event_data(reinterpret_cast<EventObject*>(self));
}

PyObject* get_time(PyObject* self, void*) {
  const Slot& slot = *event_of(self)->slot;
  if ((slot.flags & kHasTime) == 0) Py_RETURN_NONE;
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  const Timestamp time = EventView(slot).time();
  PyRef zone = PyRef::borrow(PyDateTime_TimeZone_UTC);
  if (time.offset_minutes != 0) {
    const PyRef delta = PyRef::steal(PyDelta_FromDSU(0, time.offset_minutes * 60, 0));
    if (!delta) return nullptr;
    zone = PyRef::steal(PyTimeZone_FromOffset(delta.get()));
    if (!zone) return nullptr;
  }
  // From the epoch by addition, since fromtimestamp() would round through a double; and in the
  // event's own zone, since the UTC of its first and last hours may lie outside the years that
  // Python knows.
  const PyRef epoch = PyRef::steal(PyDateTimeAPI->DateTime_FromDateAndTime(
      1970, 1, 1, 0, 0, 0, 0, zone.get(), PyDateTimeAPI->DateTimeType));
  constexpr std::int64_t kDay = 86'400;
  const std::int64_t local = time.seconds + time.offset_minutes * std::int64_t{60};
  std::int64_t days = local / kDay;
  std::int64_t seconds = local % kDay;
  if (seconds < 0) {
    seconds += kDay;
    --days;
  }
  const PyRef since =
      PyRef::steal(PyDelta_FromDSU(static_cast<int>(days), static_cast<int>(seconds),
                                   static_cast<int>(time.nanoseconds / 1'000)));
  if (!epoch || !since) return nullptr;
  return PyNumber_Add(epoch.get(), since.get());
}

PyObject* get_attribute(PyObject* self, void* tag) {
  const auto attribute = static_cast<Attribute>(reinterpret_cast<std::uintptr_t>(tag));
  return text_or_none(EventView(*event_of(self)->slot).get(attribute));
}

PyObject* extension_value(const Extension& extension) {
  if (extension.kind == ExtensionKind::kBoolean) {
    return PyBool_FromLong(extension.value == "true");
  }
  if (extension.kind == ExtensionKind::kInteger) {
    return PyLong_FromString(std::string(extension.value).c_str(), nullptr, 10);
  }
  return text(extension.value);
}

PyObject* get_extensions(PyObject* self, void*) {
  PyRef all = PyRef::steal(PyDict_New());
  const EventView view(*event_of(self)->slot);
  Extension extension;
  for (std::size_t i = 0; all && view.extension(i, extension); ++i) {
    const PyRef name = PyRef::steal(text(extension.name));
    const PyRef value = PyRef::steal(extension_value(extension));
    if (!name || !value || PyDict_SetItem(all.get(), name.get(), value.get()) != 0) return nullptr;
  }
  return all.release();
}

void* tag(Attribute attribute) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(attribute));
}

}  // namespace

PyObject* event_data(EventObject* event) {
  if (event->data != nullptr) return Py_NewRef(event->data);
  const Slot& slot = *event->slot;
  if (slot.data_kind() == DataKind::kReference) return Py_NewRef(referenced_object(slot));
  const bool none = slot.data_kind() == DataKind::kNone;
  if (none && event->decode == nullptr) Py_RETURN_NONE;
  const std::string_view bytes = none ? std::string_view("null") : slot.data();
  PyRef raw =
      PyRef::steal(PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size())));
  if (!raw) return nullptr;
  if (slot.data_kind() == DataKind::kBytes && event->decode == nullptr) {
    event->data = raw.release();
    return Py_NewRef(event->data);
  }
  PyObject* decode = event->decode != nullptr ? event->decode : classes().decode_json;
  const PyRef held = PyRef::borrow(decode);
  PyObject* data = enter_python([&] { return PyObject_CallOneArg(decode, raw.get()); });
  event->bad_payload = data == nullptr;
  if (data == nullptr) return nullptr;
  // A decoder is code: another thread, or the decoder itself, may have read `data` meanwhile.
  Py_XSETREF(event->data, data);
  if (!PyObject_GC_IsTracked(reinterpret_cast<PyObject*>(event))) PyObject_GC_Track(event);
  return Py_NewRef(event->data);
}

PyGetSetDef event_attributes[] = {
    {"id", get_id, nullptr, "The event's id; unique together with its source.", nullptr},
    {"type", get_type, nullptr, "The event's type, as in 'clue.found'.", nullptr},
    {"source", get_attribute, nullptr, "Where the event comes from.", tag(Attribute::kSource)},
    {"subject", get_attribute, nullptr, "What the event is about, or None.",
     tag(Attribute::kSubject)},
    {"time", get_time, nullptr, "When it happened: an aware datetime, or None.", nullptr},
    {"key", get_attribute, nullptr, "The event's partition key, or None.",
     tag(Attribute::kPartitionKey)},
    {"priority", get_priority, nullptr, "The event's own priority, 0 to 9, or None.", nullptr},
    {"data", get_data, nullptr, "The payload, decoded when it is first read.", nullptr},
    {"datacontenttype", get_attribute, nullptr, "Media type of the payload, or None.",
     tag(Attribute::kContentType)},
    {"dataschema", get_attribute, nullptr, "URI of the payload's schema, or None.",
     tag(Attribute::kDataSchema)},
    {"traceparent", get_attribute, nullptr, "W3C trace context, or None.",
     tag(Attribute::kTraceParent)},
    {"correlationid", get_attribute, nullptr, "Extension correlationid, or None.",
     tag(Attribute::kCorrelationId)},
    {"causationid", get_attribute, nullptr, "Id of the event that caused this one, or None.",
     tag(Attribute::kCausationId)},
    {"expirytime", get_attribute, nullptr, "Extension expirytime (RFC 3339), or None.",
     tag(Attribute::kExpiryTime)},
    {"sequence", get_attribute, nullptr, "The producer's own sequence, or None.",
     tag(Attribute::kSequence)},
    {"recordedtime", get_attribute, nullptr, "When the producer recorded it (RFC 3339), or None.",
     tag(Attribute::kRecordedTime)},
    {"extensions", get_extensions, nullptr, "The other extensions: a new dict of str, int, bool.",
     nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace veltrix
