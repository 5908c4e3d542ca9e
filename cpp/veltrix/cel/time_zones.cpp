#include "veltrix/cel/time_zones.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "veltrix/cel/zone_file.hpp"

namespace veltrix::cel {
namespace {

constexpr std::size_t kMaxNameBytes = 64;
// Names of files that exist; three times as many as there are. Beyond it: unknown.
constexpr std::size_t kMaxZones = 2'048;
constexpr const char* kFolders[] = {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/",
                                    "/usr/share/lib/zoneinfo/", "/etc/zoneinfo/"};

/// Letters, digits, _ + - and single slashes between them: no way out of the folder, and one name
/// per file. Names come from events.
bool is_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > kMaxNameBytes) return false;
  char before = '/';
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool slash = c == '/' && before != '/';
    if (!letter && !slash && !(c >= '0' && c <= '9') && c != '_' && c != '+' && c != '-') {
      return false;
    }
    before = c;
  }
  return before != '/';
}

std::unique_ptr<const ZoneFile> load(std::string_view name) {
  for (const char* const folder : kFolders) {
    std::ifstream file(std::string(folder).append(name), std::ios::binary);
    std::string bytes;
    char block[4'096];
    while (bytes.size() < kMaxZoneFileBytes) {
      file.read(block, sizeof block);
      if (file.gcount() <= 0) break;  // a folder opens, too, and has nothing to read
      bytes.append(block, static_cast<std::size_t>(file.gcount()));
    }
    auto zone = std::make_unique<ZoneFile>();
    if (!bytes.empty() && zone->read(bytes)) return zone;
  }
  return nullptr;
}

using Zones = std::map<std::string, std::unique_ptr<const ZoneFile>, std::less<>>;

struct Registry {
  std::shared_mutex mutex;
  Zones zones;  // guarded by mutex; what is in it stays
};

/// Never destroyed: threads may still evaluate while the program ends.
Registry& registry() {
  static auto* const instance = new Registry;
  return *instance;
}

const Zones::value_type* find_zone(std::string_view name) {
  Registry& known = registry();
  {
    const std::shared_lock lock(known.mutex);
    const auto found = known.zones.find(name);
    if (found != known.zones.end()) return &*found;
    if (known.zones.size() >= kMaxZones) return nullptr;
  }
  // The file is read without the lock; of two threads that load the same one, one result is
  // dropped.
  std::unique_ptr<const ZoneFile> zone = load(name);
  if (zone == nullptr) return nullptr;
  const std::unique_lock lock(known.mutex);
  return &*known.zones.try_emplace(std::string(name), std::move(zone)).first;
}

}  // namespace

bool utc_offset(std::string_view name, std::int64_t seconds, std::int64_t& offset) noexcept {
  // Usually an expression has one zone: no lock, then.
  thread_local const Zones::value_type* last = nullptr;
  if (last == nullptr || last->first != name) {
    if (name == "UTC") {  // even where no time zones are installed
      offset = 0;
      return true;
    }
    if (!is_name(name)) return false;
    try {
      const Zones::value_type* const zone = find_zone(name);
      if (zone == nullptr) return false;
      last = zone;
    } catch (const std::exception&) {  // no memory, or a lock that cannot be taken
      return false;
    }
  }
  offset = last->second->offset_at(seconds);
  return true;
}

}  // namespace veltrix::cel
